//! The commands, one file each.

mod confirmed;
mod connected;
mod report;
mod schedule;
mod submit;
mod worker;

use allstop::command::at_terminal;

use self::connected::online;
use crate::cli::{Cli, Command, Connected};

/// Runs a command, and returns the exit status to end with.
#[must_use]
pub fn run(line: Cli) -> u8 {
    match line.command {
        Command::Worker(args) => at_terminal(None, |terminal| worker::worker(*args, terminal)),
        Command::Schedule(args) => schedule::schedule(args.command),
        Command::Submit(args) => {
            let shown = args.shown.clone();
            at_terminal(Some(&shown), |terminal| submit::submit(*args, terminal))
        }
        Command::Report(line) => {
            let Connected { args, connection } = *line;
            let shown = args.result.shown();
            at_terminal(Some(&shown), |terminal| {
                online(&connection, terminal, async |client| report::run(args, client, terminal).await)
            })
        }
    }
}
