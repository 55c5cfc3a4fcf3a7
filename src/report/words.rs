//! Rows and runs in words.

use std::time::Duration;

use crate::base::count::HumanCount;
use jiff::tz::TimeZone;

use super::counts::OutcomeCounts;
use super::json::{Moment, Row, RunInfo, RunMode, Unended};
use super::text::{Escaped, shortened, spoken};
use crate::engine::{Outcome, SkipReason, Status};
use crate::wording::{self, label, listed_reason};

/// How long a message may be in a list of rows.
const MESSAGE: usize = 300;

/// Says in a few words why a row has its outcome; empty if there is nothing to say. Escaped.
pub(super) fn why(row: &Row) -> String {
    let reason = row.reason.map(|reason| match (reason, &row.duplicate_of) {
        (SkipReason::Duplicate, Some(first)) => format!("duplicate of {first}"),
        (reason, _) => listed_reason(reason),
    });
    let error = row.error.as_ref().map(|error| {
        let code = error.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        format!("{}{code}: {}", label(error.class.name()), error.message)
    });
    let state = row.state.as_ref().map(|state| format!("state {state}"));
    let told: Vec<_> = reason.into_iter().chain(error.or(state)).collect();
    said(&told)
}

/// Joins the facts about a row, or about many, to one text, shortened and escaped.
pub(super) fn said(told: &[String]) -> String {
    Escaped(&shortened(&told.join("; "), MESSAGE)).to_string()
}

/// Says that the run of a report ended early, and why, or that it has no end.
pub(super) fn ended(run: &RunInfo) -> Option<String> {
    match run.unended {
        None => match (run.ended_by.as_deref(), early_end(run.status)) {
            (Some(cause), None) if run.status == Status::Unlisted => Some(unlisted(cause)),
            (Some(cause), Some(_)) => Some(early_end_by(cause)),
            (_, words) => words,
        },
        Some(Unended::GoesOn) => Some("The run has not ended: unfinished targets are shown as interrupted.".to_owned()),
        Some(Unended::Killed) => Some("The run was killed: no process writes its journal.".to_owned()),
    }
}

/// Says that a run ended early, and why. Of one that could not list everything, the verdict says so.
pub(super) fn early_end(status: Status) -> Option<String> {
    let is_early = !matches!(status, Status::Completed | Status::Unlisted);
    is_early.then(|| format!("The run ended early: {}.", wording::status(status).means))
}

/// Says what kept a run from listing what its plan selects; escaped, in one line.
pub(super) fn unlisted(cause: &str) -> String {
    let cause = cause.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("The listing could not begin: {}.", Escaped(cause.trim_end_matches('.')))
}

/// Says that a run ended early, and what ended it; escaped.
pub(super) fn early_end_by(cause: &str) -> String {
    format!("The run ended early: {}.", Escaped(cause.trim_end_matches('.')))
}

/// Returns what a run was for, in words.
pub(super) const fn mode_words(run: RunMode) -> &'static str {
    mode(run).short
}

/// Returns the words for a mode.
pub(super) const fn mode(run: RunMode) -> wording::Words {
    let [live, rehearsal, dry_run] = wording::MODES;
    match run {
        RunMode::Live => live,
        RunMode::Rehearsal => rehearsal,
        RunMode::DryRun => dry_run,
    }
}

/// Writes a moment in the time zone that the run's plan states, else in UTC: `2026-11-22 13:00:00 +08:00
/// (Asia/Shanghai)` or `2026-11-22 05:00:00 UTC`.
pub(super) fn moment(run: &RunInfo, at: Moment) -> String {
    let stated = run.plan.timezone.as_deref().and_then(|name| TimeZone::get(name).ok());
    match stated.as_ref().and_then(|zone| Some((zone, zone.iana_name()?))) {
        Some((zone, name)) if name != "UTC" => {
            format!("{} ({name})", at.timestamp().to_zoned(zone.clone()).strftime("%F %T %:z"))
        }
        Some(_) | None => at.timestamp().strftime("%F %T UTC").to_string(),
    }
}

/// Says when a run began, how long it took and how it ended: `2026-11-22 05:00:00 UTC, took 2 min 5 s, exit status 1`.
pub(super) fn times(run: &RunInfo) -> String {
    let (started, took) = (moment(run, run.started_at), spoken(Duration::from_millis(run.duration_ms)));
    match run.unended {
        None => format!("{started}, took {took}, exit status {}", run.exit_code),
        Some(_) => format!("{started}, last journal entry after {took}, no exit status"),
    }
}

/// Lists the outcomes that occur: `5 stopped, 1 failed`.
pub(super) fn counted_outcomes(counts: &OutcomeCounts) -> String {
    let counts = Outcome::ALL.map(|outcome| (outcome, counts.of_outcome(outcome)));
    let told = counts.into_iter().filter(|(_, rows)| *rows > 0);
    let told: Vec<_> = told.map(|(outcome, rows)| format!("{} {}", HumanCount(rows), plain(outcome))).collect();
    told.join(", ")
}

/// Returns an outcome's name without underscores.
pub(super) fn plain(outcome: Outcome) -> String {
    label(outcome.name())
}
