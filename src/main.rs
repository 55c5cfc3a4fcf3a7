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
        Ok(command) => ExitCode::from(command::run(command, leave)),
        // clap ends the process by itself: with 2 for a bad invocation and 0 for help.
        Err(error) => error.exit(),
    }
}

/// Ends the process at once, as the second signal asks.
#[expect(clippy::disallowed_methods, reason = "the one place that ends the process early")]
fn leave(status: u8) -> ! {
    std::process::exit(status.into())
}
