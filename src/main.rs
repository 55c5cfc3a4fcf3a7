//! The `allstop` program: parses the command line, runs a command, ends with its exit status.

use std::process::ExitCode;

use allstop::{cli, command};
use mimalloc::MiMalloc;

/// A request is some two hundred short-lived allocations; the system's allocator takes an eighth of a run for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match cli::parse() {
        Ok(line) => ExitCode::from(command::run(line)),
        // clap ends the process by itself: with 2 for a bad invocation and 0 for help.
        Err(error) => error.exit(),
    }
}
