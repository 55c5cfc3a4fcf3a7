//! The commands, one file each.

mod cancel;
mod confirmed;
mod connected;
mod report;
mod schedule;
mod status;
mod submit;
mod takeout;
mod unsealed;
mod watched;
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
        Command::Status(line) => {
            let Connected { args, connection } = *line;
            let shown = args.result().shown();
            at_terminal(Some(&shown), |terminal| {
                online(&connection, terminal, async |client| status::run(args, client, terminal).await)
            })
        }
        Command::Cancel(line) => {
            let Connected { args, connection } = *line;
            at_terminal(None, |terminal| {
                online(&connection, terminal, async |client| cancel::run(args, client, terminal).await)
            })
        }
        Command::Takeout(line) => {
            let Connected { args, connection } = *line;
            at_terminal(None, |terminal| {
                online(&connection, terminal, async |client| takeout::run(args, client, terminal).await)
            })
        }
    }
}
