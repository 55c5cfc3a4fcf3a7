//! The sub-commands, one file each: they wire the library's parts together and hold no policy.
//!
//! Another program has commands of its own, and the same terminal, confirmation and result: it runs each of them
//! [at a terminal](at_terminal()), has its sessions [confirmed], and [finishes](finish) what ran.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use std::sync::Arc;
//!
//! use allstop::cli::{self, PlanArgs, RunOptions, SelectionArgs, ShownOptions};
//! use allstop::command::{at_terminal, confirmed, finish};
//! use allstop::session::{AfterListing, BeginOptions, SelectedPlan, Session, SessionError};
//! use allstop::system::Signals;
//! use allstop::terminal::Terminal;
//! use clap::Parser;
//!
//! /// Runs a plan in a way of its own.
//! #[derive(Parser)]
//! struct Line {
//!     #[command(flatten)]
//!     plan: PlanArgs,
//!     #[command(flatten)]
//!     selection: SelectionArgs,
//!     #[command(flatten)]
//!     options: RunOptions,
//!     #[command(flatten)]
//!     shown: ShownOptions,
//! }
//!
//! fn main() -> ExitCode {
//!     match cli::parse::<Line>() {
//!         Ok(line) => {
//!             let shown = line.shown.clone();
//!             at_terminal(Some(&shown), |terminal| run(line, terminal)).into()
//!         }
//!         Err(error) => error.exit(),
//!     }
//! }
//!
//! fn run(line: Line, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
//!     let context = terminal.context();
//!     let selected = SelectedPlan::load(&line.plan.plan, line.plan.set, line.selection.into(), &context)?;
//!     let session = Session::begin(selected, BeginOptions::default(), line.options.into(), &context);
//!     let signals = Signals::new(context.ui);
//!     let (runtime, prepared) = confirmed(session, &line.shown, &signals, terminal)?;
//!     let ran = match prepared {
//!         AfterListing::Ready(ready) => runtime.block_on(ready.run(|run| run.drain_on(signals.drain())))?,
//!         AfterListing::Ended(ran) => *ran,
//!     };
//!     Ok(finish(ran, &line.shown, &signals, terminal))
//! }
//! ```

mod accounts;
mod at_terminal;
mod check;
mod completions;
mod discover;
mod explain;
mod init;
mod lists;
mod man;
mod notify;
mod page;
mod pager;
mod report;
mod review;
mod run;
mod schema;
mod simulate;
mod steps;
mod watch;
mod world;

use std::sync::Arc;

use crate::cli::{Cli, Command, ResumeArgs, RetryArgs, RunArgs, ShownOptions};
use crate::session::SessionError;
use crate::terminal::Terminal;

pub use at_terminal::at_terminal;
pub use steps::{Lists, confirmed, confirmed_for_others, finish, print_result, refuse_two};

/// Runs the command that a command line of `allstop` names, and returns its exit status.
#[must_use]
pub fn run(line: Cli) -> u8 {
    let shown = shown(&line.command).cloned();
    at_terminal(shown.as_ref(), |terminal| carry_out(line.command, terminal))
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
        Command::Notify(args) => notify::notify(args, terminal),
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
