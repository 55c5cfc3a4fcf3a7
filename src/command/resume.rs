//! `allstop resume`: goes on with a run that was interrupted or killed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::engine::SkipReason;
use allstop::journal::{self, Header, Replay};
use allstop::plan::{Choice, Plan};
use allstop::report::spoken;

use super::Process;
use super::beside;
use super::book::{self, Book, Resumed};
use super::errand::Errand;
use super::failure::Failure;
use super::inherit;
use super::run::inputs;
use super::say;
use super::shard;
use crate::cli::{BeginOptions, ResumeArgs};

pub(super) fn resume(args: ResumeArgs, process: &Process) -> Result<u8, Failure> {
    let ResumeArgs { from: path, plan, set, report, mut options } = args;
    options.speak()?;
    let (replay, reopened) = journal::reopen(&path).map_err(|error| beside::no_journal(error, &path))?;
    let header = &replay.header;
    refuse_unreal(header)?;
    demand_variables(header, &set)?;
    let loaded = match plan {
        Some(path) => super::load(&path, set.clone(), &process.environment)?,
        None => super::load_again(&header.plan.path, set.clone(), &process.environment)?,
    };
    let (inputs, mut plan) = (inputs(&loaded), loaded.plan);
    shard::take(&mut plan, book::shard(header)?);
    let kept = inherit::keep(&mut options, header, SystemClock.now())?;
    options.apply(&mut plan, &process.environment);
    header.check(&plan).map_err(|changed| Failure::input(&changed, changed.hint()))?;
    let report = report.or_else(|| header.report.clone()).unwrap_or_else(|| PathBuf::from("-"));
    let left_out = book::left_out(&replay);
    say::aside(status(&replay, &plan, &left_out));
    kept.into_iter().for_each(say::aside);
    let reason = header.reason.clone();
    let errand = Errand {
        plan: Arc::new(plan),
        inputs,
        set,
        left_out,
        report,
        retry_of: None,
        book: Book::Resumed(Box::new(Resumed { path, past: replay.past, reopened })),
        begin: BeginOptions { reason, ..BeginOptions::default() },
        options,
    };
    errand.carry_out(process)
}

/// Says which run it is, how old it is, and how far.
fn status(replay: &Replay, plan: &Plan, left_out: &[Option<SkipReason>]) -> String {
    // What the run leaves alone is counted nowhere, here as in its progress and its summary.
    let choices = plan.choices(|number, _| left_out.get(number).is_none_or(Option::is_none));
    let targets = choices.filter(|choice| *choice == Choice::Stop).count();
    let age = Duration::try_from(SystemClock.now().duration_since(replay.header.started_at)).unwrap_or_default();
    format!(
        "going on with run {}, which began {} ago, at {:.0}: {} of {} targets are done, {} are in doubt",
        replay.header.run,
        spoken(inherit::whole(age).max(Duration::from_secs(1))),
        replay.header.started_at,
        replay.past.done.len(),
        targets,
        replay.past.open.len()
    )
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
