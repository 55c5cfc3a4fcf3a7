//! The sub-commands, one file each: they wire the library's parts together and hold no policy.

mod accounts;
mod args;
mod check;
mod columns;
mod completions;
mod discover;
mod explain;
mod init;
mod lists;
mod man;
mod page;
mod pager;
mod prompt;
mod report;
mod review;
mod run;
mod schema;
mod signals;
mod simulate;
mod system;
mod terminal;
mod watch;
mod world;

use std::sync::Arc;

use allstop::environment::Environment;
use allstop::report::OutputLine;
use allstop::session::SessionError;

use crate::cli::{Command, Output, ResumeArgs, RetryArgs, RunArgs, ShownOptions};
use terminal::Terminal;

/// Runs a command and returns its exit status.
pub(crate) fn run(command: Command) -> u8 {
    system::raise_descriptors();
    let shown = shown(&command);
    let is_json = shown.is_some_and(|shown| shown.output == Output::Json);
    let (terminal, refused) = match Terminal::new(Environment::of_process(), shown) {
        Ok(terminal) => (terminal, None),
        Err((terminal, error)) => (terminal, Some(error)),
    };
    let terminal = &Arc::new(terminal);
    let code = match refused.map_or_else(|| carry_out(command, terminal), Err) {
        Ok(code) => code,
        Err(error) => {
            terminal.error(&error);
            if is_json {
                // If this cannot be written, the exit status still says the rest.
                let _ = terminal.print_json(&OutputLine::of_failure(error.status().code(), error.text()));
            }
            error.status().code()
        }
    };
    terminal.finish();
    code
}

fn carry_out(command: Command, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    match command {
        Command::Run(args) => run::run(args, terminal),
        Command::Resume(args) => run::resume(args, terminal),
        Command::Retry(args) => run::retry(args, terminal),
        Command::Watch(args) => watch::watch(*args, terminal),
        Command::Accounts(args) => accounts::accounts(args, terminal),
        Command::Check(args) => check::check(args, terminal),
        Command::Discover(args) => discover::discover(args, terminal),
        Command::Plan(args) => review::review(args, terminal),
        Command::Completions(args) => completions::completions(&args, terminal),
        Command::Man(args) => man::man(&args, terminal),
        Command::Explain(args) => explain::explain(&args, terminal),
        Command::Init(args) => init::init(&args, terminal),
        Command::Schema(args) => schema::schema(&args, terminal),
        Command::Report(args) => report::report(args, terminal),
        Command::Simulate(args) => simulate::simulate(args, terminal),
    }
}

/// Returns how a command is to show its run, if it is one that runs a plan.
fn shown(command: &Command) -> Option<&ShownOptions> {
    if let Command::Watch(args) = command {
        return Some(&args.shown);
    }
    let (Command::Run(RunArgs { shown, .. })
    | Command::Resume(ResumeArgs { shown, .. })
    | Command::Retry(RetryArgs { shown, .. })) = command
    else {
        return None;
    };
    Some(shown)
}
