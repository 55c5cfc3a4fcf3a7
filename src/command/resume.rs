//! `allstop resume`: goes on with a run that was interrupted or killed.

use std::path::PathBuf;
use std::sync::Arc;

use allstop::clock::{Clock, SystemClock};
use allstop::journal::{self, Header};

use super::Process;
use super::book::{self, Book, Resumed};
use super::errand::Errand;
use super::failure::Failure;
use super::say;
use super::shard;
use crate::cli::ResumeArgs;

pub(super) fn resume(args: ResumeArgs, process: &Process) -> Result<u8, Failure> {
    let ResumeArgs { from: path, plan, set, options } = args;
    options.speak()?;
    if options.rehearse || options.dry_run || options.journal.is_some() {
        let message = "--rehearse, --dry-run and --journal make no sense for a run that has begun";
        return Err(Failure::input(message, "leave them out; nothing was sent"));
    }
    let replay = journal::read(&path).map_err(journal::OpenError::from)?;
    refuse_unreal(&replay.header)?;
    demand_variables(&replay.header, &set)?;
    let at = plan.unwrap_or_else(|| replay.header.plan.path.clone());
    let mut plan = super::load(&at, set.clone(), &process.environment)?.plan;
    shard::take(&mut plan, book::shard(&replay.header)?);
    options.apply(&mut plan, &process.environment);
    replay.header.check(&plan).map_err(|changed| Failure::input(&changed, changed.hint()))?;
    let (replay, writer) = journal::resume(&path, SystemClock.now())?;
    let report = options.report.clone().or_else(|| replay.header.report.clone());
    let left_out = book::left_out(&replay);
    say::aside(format_args!(
        "going on with run {}: {} of {} targets are done, {} are in doubt",
        replay.header.run,
        replay.past.done.len(),
        replay.header.targets,
        replay.past.open.len()
    ));
    let errand = Errand {
        plan: Arc::new(plan),
        set,
        left_out,
        report: report.unwrap_or_else(|| PathBuf::from("-")),
        retry_of: None,
        book: Book::Resumed(Box::new(Resumed { path, past: replay.past, writer: Arc::new(writer) })),
        options,
    };
    errand.carry_out(process)
}

fn refuse_unreal(header: &Header) -> Result<(), Failure> {
    match header.mode {
        journal::Mode::Live => Ok(()),
        journal::Mode::Rehearsal => {
            Err(Failure::input("the journal is of a rehearsal, whose cloud is gone", "rehearse the plan again"))
        }
    }
}

/// Asks for the variables that the run began with; their values are in no journal.
fn demand_variables(header: &Header, set: &[(String, String)]) -> Result<(), Failure> {
    let is_lacking = |name: &&String| !set.iter().any(|(given, _)| given == *name);
    let lacking: Vec<_> = header.set.iter().filter(is_lacking).map(|name| format!("--set {name}=…")).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let message = format!("the run began with variables that are not set now: {}", lacking.join(" "));
    Err(Failure::input(message, "give them the values they had; nothing was sent"))
}
