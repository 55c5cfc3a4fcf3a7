//! The sub-commands, one file each: they wire the library's parts together and hold no policy.

mod book;
mod check;
mod confirm;
mod errand;
mod failure;
mod options;
mod rehearsal;
mod report;
mod resume;
mod retry;
mod run;
mod say;
mod selection;
mod shell;
mod signals;
mod simulate;

use std::io::{self, IsTerminal};
use std::path::Path;

use allstop::environment::Environment;
use allstop::plan::{Loaded, Plan, Variables};

use crate::cli::Command;
use failure::Failure;
use signals::Leave;

/// What a command has of the process it runs in.
struct Process {
    environment: Environment,
    leave: Leave,
}

/// Runs a command and returns its exit status; `leave` ends the process before it returns.
pub(crate) fn run(command: Command, leave: Leave) -> u8 {
    let process = Process { environment: Environment::of_process(), leave };
    let result = match command {
        Command::Run(args) => run::run(args, &process),
        Command::Resume(args) => resume::resume(args, &process),
        Command::Retry(args) => retry::retry(args, &process),
        Command::Check(args) => check::check(args, &process.environment),
        Command::Report(args) => report::report(args, &process.environment),
        Command::Simulate(args) => simulate::simulate(args, &process.environment),
    };
    match result {
        Ok(code) => code,
        Err(failure) => failure.show(),
    }
}

/// Reads a plan and shows its warnings.
fn load(path: &Path, set: Vec<(String, String)>, environment: &Environment) -> Result<Loaded, Failure> {
    let variables = Variables { set: set.into_iter().collect(), environment: environment.clone() };
    let colour = colours(environment, io::stderr().is_terminal());
    let loaded = Plan::load(path, &variables).map_err(|errors| Failure::plan(errors.render(colour)))?;
    if !loaded.warnings.is_empty() {
        say::aside(loaded.warnings.render(colour));
    }
    Ok(loaded)
}

/// Tells whether to use colours on a stream.
fn colours(environment: &Environment, is_terminal: bool) -> bool {
    is_terminal && environment.get("NO_COLOR").is_none() && environment.get("TERM") != Some("dumb")
}
