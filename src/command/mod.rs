//! The sub-commands, one file each: they wire the library's parts together and hold no policy.

mod beside;
mod book;
mod check;
mod completions;
mod confirm;
mod descriptors;
mod errand;
mod explain;
mod failure;
mod inherit;
mod init;
mod man;
mod options;
mod output;
mod page;
mod pager;
mod rehearsal;
mod report;
mod resume;
mod retry;
mod run;
mod say;
mod schema;
mod selection;
mod shard;
mod shell;
mod signals;
mod simulate;
mod system;

use std::io::{self, IsTerminal};
use std::path::Path;

use allstop::environment::Environment;
use allstop::plan::{Loaded, Look, Plan, PlanSource, Variables};
use allstop::report::Line;
use console::Term;

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
    descriptors::raise();
    let process = Process { environment: Environment::of_process(), leave };
    let is_for_programs = command.is_for_programs();
    let result = match command {
        Command::Run(args) => run::run(args, &process),
        Command::Resume(args) => resume::resume(args, &process),
        Command::Retry(args) => retry::retry(args, &process),
        Command::Check(args) => check::check(args, &process.environment),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => man::man(&args, &process.environment),
        Command::Explain(args) => explain::explain(&args, &process.environment),
        Command::Init(args) => init::init(&args),
        Command::Schema(args) => schema::schema(&args),
        Command::Report(args) => report::report(args, &process.environment),
        Command::Simulate(args) => simulate::simulate(args, &process.environment),
    };
    let code = match result {
        Ok(code) => code,
        Err(failure) => {
            let code = failure.show();
            if is_for_programs && !failure.is_told() {
                // What cannot be written to standard output has no other way to be told; the exit status says the rest.
                let _ = output::write(&Line::of_failure(code, failure.text()));
            }
            code
        }
    };
    say::finish();
    code
}

/// Reads the plan at the path that a report or a journal names, and shows its warnings.
fn load_again(path: &Path, set: Vec<(String, String)>, environment: &Environment) -> Result<Loaded, Failure> {
    if path.try_exists().unwrap_or(true) {
        return load(path, set, environment);
    }
    let message = format!("the plan of that run is not there any more: {}", path.display());
    Err(Failure::input(message, "name the file that has it now with --plan; nothing was sent"))
}

/// Reads a plan and shows its warnings.
fn load(path: &Path, set: Vec<(String, String)>, environment: &Environment) -> Result<Loaded, Failure> {
    let variables = Variables { set: set.into_iter().collect(), environment: environment.clone() };
    let look = look(environment);
    let on_github = environment.get("GITHUB_ACTIONS") == Some("true");
    let annotated = |text: String, annotations: String| if on_github { annotations + &text } else { text };
    let source = if path == Path::new("-") { PlanSource::Stdin } else { path.into() };
    let loaded = Plan::read(source, &variables)
        .map_err(|errors| Failure::plan(&errors, annotated(errors.render(look), errors.annotations())))?;
    let warnings = &loaded.warnings;
    if !warnings.is_empty() {
        say::drawn(&annotated(warnings.render(look), warnings.annotations()));
    }
    Ok(loaded)
}

/// Returns how diagnostics look on standard error.
fn look(environment: &Environment) -> Look {
    let colour = colours(environment, io::stderr().is_terminal());
    let columns = columns(&Term::stderr());
    Look { colour, width: columns.unwrap_or(Look::PLAIN.width), folds: columns.is_some() }
}

/// Returns how many columns a stream has; `None` where it is no terminal, or one that does not know.
fn columns(stream: &Term) -> Option<usize> {
    stream.size_checked().map(|(_, columns)| usize::from(columns))
}

/// Tells whether to use colours on a stream.
fn colours(environment: &Environment, is_terminal: bool) -> bool {
    is_terminal && !say::is_json() && environment.get("NO_COLOR").is_none() && environment.get("TERM") != Some("dumb")
}
