//! Reports of earlier runs: read from their files, or made from the journals of runs that wrote none.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use crate::engine::{Record, Results, SkipReason, StageRecord, StageStatus, Status, TargetResult};
use crate::journal::{self, Header, OpenError, Replay};
use crate::plan::Plan;
use crate::report::{About, Report, RunMode, Unended};

use super::context::Context;
use super::error::SessionError;
use super::header;
use super::input::Input;
use super::listed::Listed;
use super::place::{is_journal, read_report};
use super::plan::SelectedPlan;
use super::rows::rows;

/// Reads a report, or makes it from a journal, which needs the plan of the run: `plan` is where it is now, if not at its
/// path, and `set` has the variables that are set.
///
/// # Errors
///
/// Fails when the report or the journal cannot be read, and when the plan is not the one of the journal.
pub fn read_stored(
    input: &Input,
    plan: Option<Input>,
    set: Vec<(String, String)>,
    context: &Context,
) -> Result<Report, SessionError> {
    match input {
        Input::Stdin => Ok(Report::read_from(io::stdin().lock(), Path::new("standard input"))?),
        Input::File(path) if is_journal(path) => of_journal(path, plan, set, context),
        Input::File(path) => read_report(path, context),
    }
}

/// Makes the report of what a journal has.
fn of_journal(
    path: &Path,
    plan: Option<Input>,
    set: Vec<(String, String)>,
    context: &Context,
) -> Result<Report, SessionError> {
    // Whether somebody writes it is asked before it is read: a run that has ended since has noted so.
    let is_being_written = journal::is_being_written(path);
    let mut replay = journal::read(path).map_err(OpenError::from)?;
    let mut selected = header::plan(&replay.header, plan, set, context)?;
    demand_same(&replay.header, selected.plan())?;
    let listed = Listed::of_journal(&mut selected, &replay.header, replay.frozen.take())?;
    let plan = selected.plan();
    let unended = match (replay.end, is_being_written) {
        (Some(_), _) => None,
        (None, true) => Some(Unended::GoesOn),
        (None, false) => Some(Unended::Killed),
    };
    note_unended(unended, context);
    let about = About {
        mode: match replay.header.mode {
            journal::Mode::Live => RunMode::Live,
            journal::Mode::Rehearsal => RunMode::Rehearsal,
        },
        shard: plan.shard.map(|shard| shard.to_string()),
        ..About::default()
    };
    let end = replay.end;
    let selections = listed.map(|listed| listed.selections).unwrap_or_default();
    let record = Record { selections, ..record(replay, &selected) };
    let mut report = Report::new(plan, &record, &about).into_owned();
    // Which signal ended the run, and whether its report could be written, only the run itself knew.
    report.run.exit_code = end.map_or(report.run.exit_code, |end| end.exit_code);
    report.run.unended = unended;
    Ok(report)
}

fn note_unended(unended: Option<Unended>, context: &Context) {
    match unended {
        None => {}
        Some(Unended::GoesOn) => context.ui.note("the run has not ended: this report shows its journal so far"),
        Some(Unended::Killed) => context
            .ui
            .note("the run was killed, or this is a copy of its journal: this report shows the journal's contents"),
    }
}

/// Fails unless the plan is the one of the run. That of a rehearsal led to a simulator which is gone: its text must do.
fn demand_same(header: &Header, plan: &Plan) -> Result<(), SessionError> {
    let is_same = header.mode == journal::Mode::Rehearsal && header.plan.sha256 == plan.sha256;
    let checked = if is_same { Ok(()) } else { header.check(plan) };
    checked.map_err(|changed| {
        SessionError::input(changed, "pass the original plan with --plan and its variables with --set")
    })
}

fn record(replay: Replay, selected: &SelectedPlan) -> Record {
    let Replay { header, mut past, end, .. } = replay;
    let started_at = header.started_at;
    let unreached = unreached(end.map(|end| end.status));
    let results = rows(selected, &mut past, |_| TargetResult::skipped(unreached));
    let last = results.iter().filter_map(|result| result.finished_at).max();
    let finished_at = end.map(|end| end.at).or(last).unwrap_or(started_at);
    Record {
        id: header.run,
        reason: header.reason,
        started_at,
        finished_at,
        duration: finished_at.duration_since(started_at).unsigned_abs(),
        status: end.map_or(Status::Interrupted, |end| end.status),
        stages: stages(&selected.plan, &past.stages, &results),
        results,
        ..Record::default()
    }
}

/// Returns what a journal says of each stage: one that began is done when no result of it is missing.
fn stages(plan: &Plan, began: &BTreeMap<u16, Timestamp>, results: &Results) -> Vec<StageRecord> {
    let mut records: Vec<_> = plan.stages.iter().map(|_| StageRecord::default()).collect();
    for (number, at) in began {
        if let Some(record) = records.get_mut(usize::from(*number)) {
            *record = StageRecord { started_at: Some(*at), finished_at: None, status: StageStatus::Done };
        }
    }
    for (target, result) in plan.targets.iter().zip(results.iter()) {
        let record = target.stage.and_then(|number| records.get_mut(usize::from(number)));
        let Some(record) = record.filter(|record| record.started_at.is_some()) else { continue };
        record.finished_at = record.finished_at.max(result.finished_at);
        if !result.is_final() {
            record.status = StageStatus::Failed;
        }
    }
    records
}

/// Returns why nothing was sent to a target that a journal does not mention.
const fn unreached(ended: Option<Status>) -> SkipReason {
    match ended {
        Some(Status::Deadline) => SkipReason::Deadline,
        Some(Status::Paused) => SkipReason::Paused,
        Some(Status::Aborted | Status::Completed | Status::Unlisted) => SkipReason::Aborted,
        Some(Status::Interrupted) | None => SkipReason::Interrupted,
    }
}
