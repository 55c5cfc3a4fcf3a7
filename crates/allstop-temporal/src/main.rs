//! The `allstop-temporal` program: parses the command line, runs a command, ends with its exit status.

use std::process::ExitCode;

use allstop_temporal::{cli::Cli, command};

fn main() -> ExitCode {
    match allstop::cli::parse::<Cli>() {
        Ok(line) => ExitCode::from(command::run(line)),
        // clap ends the process by itself: with 2 for a bad invocation and 0 for help.
        Err(error) => error.exit(),
    }
}
