//! The sub-commands, one file each: they wire the library's parts together and hold no policy.

mod args;
mod check;
mod columns;
mod completions;
mod descriptors;
mod explain;
mod init;
mod man;
mod page;
mod pager;
mod process;
mod prompt;
mod report;
mod run;
mod schema;
mod signals;
mod simulate;
mod system;
mod terminal;

use std::sync::Arc;

use allstop::environment::Environment;
use allstop::report::OutputLine;
use allstop::session::SessionError;

use crate::cli::{Command, Output, ShownOptions};
use process::Process;
use signals::Leave;
use terminal::Terminal;

/// Runs a command and returns its exit status; `leave` ends the process before it returns.
pub(crate) fn run(command: Command, leave: Leave) -> u8 {
    descriptors::raise();
    let environment = Environment::of_process();
    let shown = shown(&command);
    let is_json = shown.is_some_and(|shown| shown.output == Output::Json);
    let (terminal, refused) = match shown.map(|shown| Terminal::shown(shown, environment.clone())) {
        None => (Terminal::new(environment.clone()), None),
        Some(Ok(terminal)) => (terminal, None),
        Some(Err(error)) => (Terminal::new(environment.clone()), Some(error)),
    };
    let process = Process { environment, terminal: Arc::new(terminal), leave };
    let code = match refused.map_or_else(|| carry_out(command, &process), Err) {
        Ok(code) => code,
        Err(error) => {
            process.terminal.error(&error);
            if is_json {
                // If this cannot be written, the exit status still says the rest.
                let _ = process.terminal.print_json(&OutputLine::of_failure(error.status().code(), error.text()));
            }
            error.status().code()
        }
    };
    process.terminal.finish();
    code
}

fn carry_out(command: Command, process: &Process) -> Result<u8, SessionError> {
    match command {
        Command::Run(args) => run::run(args, process),
        Command::Resume(args) => run::resume(args, process),
        Command::Retry(args) => run::retry(args, process),
        Command::Check(args) => check::check(args, process),
        Command::Completions(args) => completions::completions(&args, process),
        Command::Man(args) => man::man(&args, process),
        Command::Explain(args) => explain::explain(&args, process),
        Command::Init(args) => init::init(&args, process),
        Command::Schema(args) => schema::schema(&args, process),
        Command::Report(args) => report::report(args, process),
        Command::Simulate(args) => simulate::simulate(args, process),
    }
}

/// Returns how a command is to show its run, if it is one that runs a plan.
const fn shown(command: &Command) -> Option<&ShownOptions> {
    match command {
        Command::Run(args) => Some(&args.shown),
        Command::Resume(args) => Some(&args.shown),
        Command::Retry(args) => Some(&args.shown),
        Command::Check(_)
        | Command::Simulate(_)
        | Command::Report(_)
        | Command::Init(_)
        | Command::Explain(_)
        | Command::Schema(_)
        | Command::Completions(_)
        | Command::Man(_) => None,
    }
}
