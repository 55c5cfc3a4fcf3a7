//! The commands, one file each.

mod confirmed;
mod connected;
mod schedule;
mod submit;
mod worker;

use allstop::command::at_terminal;

use crate::cli::{Cli, Command};

/// Runs a command, and returns the exit status to end with.
#[must_use]
pub fn run(line: Cli) -> u8 {
    match line.command {
        Command::Worker(args) => at_terminal(None, |terminal| worker::worker(args, terminal)),
        Command::Schedule(args) => schedule::schedule(args.command),
        Command::Submit(args) => {
            let shown = args.shown.clone();
            at_terminal(Some(&shown), |terminal| submit::submit(*args, terminal))
        }
    }
}
