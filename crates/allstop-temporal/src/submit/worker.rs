//! The command that starts a worker.

use allstop::session::quoted;

use crate::wire::{QUEUE, served_for};

/// Returns the command that starts a worker of a task queue, for runs of the queue `runs`.
#[must_use]
pub fn worker_of(queue: &str, runs: &str) -> String {
    let name = served_for(queue, runs);
    let served = if name.is_some() { runs } else { queue };
    let of = if served == QUEUE { String::new() } else { format!(" --queue {}", quoted(served)) };
    let only = name.map_or_else(String::new, |name| format!(" --for {}", quoted(name)));
    format!("allstop-temporal worker{of}{only}")
}
