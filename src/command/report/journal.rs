//! The report that a journal gives: of a run that was killed before it could write one, or goes on.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use allstop::engine::{Record, SkipReason, Status, TargetResult};
use allstop::environment::Environment;
use allstop::journal::{self, Header, OpenError, Replay};
use allstop::plan::{Choice, Plan};
use allstop::report::{About, Report, RunMode, Tally, Unended};

use super::super::{book, options, say, shard};
use super::Failure;
use crate::cli::JournalArgs;

/// Tells whether a journal stands at `path`.
pub(super) fn is_at(path: &Path) -> bool {
    let mut beginning = [0; MARK.len()];
    // Looking into a pipe would take away what is read from it.
    path.is_file()
        && File::open(path).and_then(|mut file| file.read_exact(&mut beginning)).is_ok()
        && beginning == *MARK
}

/// What every journal begins with, and no report.
const MARK: &[u8; 11] = b"{\"journal\":";

/// Makes the report of what a journal knows.
pub(super) fn report(path: &Path, args: &JournalArgs, environment: &Environment) -> Result<Report, Failure> {
    let is_being_written = journal::is_being_written(path);
    let replay = journal::read(path).map_err(OpenError::from)?;
    let header = &replay.header;
    let loaded = match &args.plan {
        Some(path) => super::super::load(path, args.set.clone(), environment)?,
        None => super::super::load_again(&header.plan.path, args.set.clone(), environment)?,
    };
    let mut plan = loaded.plan;
    shard::take(&mut plan, book::shard(header)?);
    options::complete(&mut plan, environment);
    demand_same(header, &plan)?;
    // Whether somebody writes it is asked before it is read: a run that has ended since has told so.
    let unended = match replay.end {
        Some(_) => None,
        None if is_being_written => Some(Unended::GoesOn),
        None => Some(Unended::Killed),
    };
    match unended {
        None => {}
        Some(Unended::GoesOn) => say::aside("note: the run goes on: this is what its journal knows so far"),
        Some(Unended::Killed) => {
            say::aside("note: the run was killed, or this is a copy of its journal: this is what the journal knows");
        }
    }
    let about = About {
        mode: match header.mode {
            journal::Mode::Live => RunMode::Live,
            journal::Mode::Rehearsal => RunMode::Rehearsal,
        },
        shard: plan.shard.map(|shard| shard.to_string()),
        ..About::default()
    };
    let end = replay.end;
    let record = record(replay, &plan);
    let tally = Tally::of(&plan, &record.results);
    let mut report = Report::counted(&plan, &record, &about, &tally).into_owned();
    // Which signal ended the run, and whether its report could be written, only the run itself knew.
    report.run.exit_code = end.map_or(report.run.exit_code, |end| end.exit_code);
    report.run.unended = unended;
    Ok(report)
}

/// Fails unless the plan is the one of the run. That of a rehearsal led to a cloud which is gone: its text must do.
fn demand_same(header: &Header, plan: &Plan) -> Result<(), Failure> {
    let is_same = header.mode == journal::Mode::Rehearsal && header.plan.sha256 == plan.sha256;
    let checked = if is_same { Ok(()) } else { header.check(plan) };
    checked.map_err(|changed| {
        Failure::input(&changed, "name the plan as it was with --plan, and its variables with --set")
    })
}

fn record(replay: Replay, plan: &Plan) -> Record {
    let left_out = book::left_out(&replay);
    let Replay { header, past, end, .. } = replay;
    let started_at = header.started_at;
    let choices = plan.choices(|number, _| left_out.get(number).is_none_or(Option::is_none));
    let results = (0_u32..).zip(choices).map(|(number, choice)| {
        // The plan's guards may be others by now: what was done stays so.
        past.row(number).unwrap_or_else(|| {
            TargetResult::skipped(match choice {
                Choice::Duplicate => SkipReason::Duplicate,
                Choice::Protected => SkipReason::Protected,
                Choice::Elsewhere => SkipReason::Shard,
                Choice::Unselected => SkipReason::Filtered,
                Choice::Stop => left(end.map(|end| end.status)),
            })
        })
    });
    let results: Vec<TargetResult> = results.collect();
    let last = results.iter().filter_map(|result| result.finished_at).max();
    let finished_at = end.map(|end| end.at).or(last).unwrap_or(started_at);
    Record {
        id: header.run,
        reason: header.reason,
        started_at,
        finished_at,
        duration: finished_at.duration_since(started_at).unsigned_abs(),
        status: end.map_or(Status::Interrupted, |end| end.status),
        results: results.into_iter().collect(),
        ..Record::default()
    }
}

/// Returns why nothing was sent to a target of which nothing is known.
const fn left(ended: Option<Status>) -> SkipReason {
    match ended {
        Some(Status::Deadline) => SkipReason::Deadline,
        Some(Status::Aborted | Status::Completed) => SkipReason::Aborted,
        Some(Status::Interrupted) | None => SkipReason::Interrupted,
    }
}
