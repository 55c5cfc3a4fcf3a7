//! The `allstop` program: parses the command line, runs a command, ends with its exit status.

mod cli;
mod command;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A request is some two hundred short-lived allocations; the system's allocator takes an eighth of a run for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match cli::parse() {
        Ok(command) => ExitCode::from(command::run(command)),
        // clap ends the process by itself: with 2 for a bad invocation and 0 for help.
        Err(error) => error.exit(),
    }
}
