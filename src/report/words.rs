//! Outcomes, reasons and runs in words.

use std::time::Duration;

use indicatif::HumanCount;
use jiff::tz::TimeZone;

use super::counts::Counts;
use super::json::{Mode, Moment, Row, Run, Unended};
use super::text::{Escaped, shortened, spoken};
use crate::engine::{Outcome, SkipReason, Status};

/// How long a message may be where many rows stand below each other.
const MESSAGE: usize = 300;

/// Says what rows with this outcome are.
pub(super) const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stopped => "stopped",
        Outcome::AlreadyStopped => "had already ended or stood still",
        Outcome::Accepted => "accepted: the service took the stop, its end was not seen",
        Outcome::NotFound => "not found: the service does not know them",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown: an answer was lost or unclear, and no read settled it",
        Outcome::Skipped => "skipped",
        Outcome::WouldStop => "running now, would be stopped",
    }
}

/// The reasons for skipping, in words: first what was left out by choice.
pub(super) const SKIPPED: [(SkipReason, &str); 8] = [
    (SkipReason::Protected, "left alone: protected by the plan"),
    (SkipReason::Filtered, "left alone: not selected for this run"),
    (SkipReason::Shard, "left to other shards"),
    (SkipReason::Duplicate, "name the same resource as an earlier target"),
    (SkipReason::Aborted, "not sent: the run was ended first"),
    (SkipReason::Interrupted, "not sent: the run was interrupted first"),
    (SkipReason::Deadline, "not sent: the deadline came first"),
    (SkipReason::Credentials, "not sent: the account's credentials were refused"),
];

/// Says in a few words why a target is as its row says; empty where there is nothing to say. Escaped on a terminal.
pub(super) fn why(row: &Row) -> String {
    let reason = row.reason.map(|reason| match (reason, &row.duplicate_of) {
        (SkipReason::Duplicate, Some(first)) => format!("names the same resource as {first}"),
        (reason, _) => reason_words(reason).to_owned(),
    });
    let error = row.error.as_ref().map(|error| {
        let code = error.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        format!("{}{code}: {}", error.class.name().replace('_', " "), error.message)
    });
    let state = row.state.as_ref().map(|state| format!("state {state}"));
    let told: Vec<_> = reason.into_iter().chain(error.or(state)).collect();
    said(&told)
}

/// Joins what is told of a row, or of many, to one text, shortened and harmless on a terminal.
pub(super) fn said(told: &[String]) -> String {
    Escaped(&shortened(&told.join("; "), MESSAGE)).to_string()
}

/// Says why nothing was sent.
pub(super) fn reason_words(reason: SkipReason) -> &'static str {
    SKIPPED.iter().find(|(known, _)| *known == reason).map_or(reason.name(), |(_, words)| words)
}

/// Says that the run of a report ended early, and why, or that it has no end.
pub(super) const fn ended(run: &Run) -> Option<&'static str> {
    match run.unended {
        None => early_end(run.status),
        Some(Unended::GoesOn) => {
            Some("The run goes on: what is not done yet is shown as if it had been interrupted now.")
        }
        Some(Unended::Killed) => Some("The run was killed: no process writes its journal."),
    }
}

/// Says that a run ended early, and why.
pub(super) const fn early_end(status: Status) -> Option<&'static str> {
    match status {
        Status::Completed => None,
        Status::Aborted => Some("The run ended early: a guard or the failure threshold ended it."),
        Status::Interrupted => Some("The run ended early: it was interrupted."),
        Status::Deadline => Some("The run ended early: its deadline came."),
    }
}

/// Returns what a run was for, in words.
pub(super) const fn mode_words(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "live run",
        Mode::Rehearsal => "rehearsal",
        Mode::DryRun => "dry run",
    }
}

/// Writes a moment in the time zone that the run's plan states, else in UTC: `2026-11-22 13:00:00 +08:00
/// (Asia/Shanghai)` or `2026-11-22 05:00:00 UTC`.
pub(super) fn moment(run: &Run, at: Moment) -> String {
    let stated = run.plan.timezone.as_deref().and_then(|name| TimeZone::get(name).ok());
    match stated.as_ref().and_then(|zone| Some((zone, zone.iana_name()?))) {
        Some((zone, name)) if name != "UTC" => {
            format!("{} ({name})", at.timestamp().to_zoned(zone.clone()).strftime("%F %T %:z"))
        }
        Some(_) | None => at.timestamp().strftime("%F %T UTC").to_string(),
    }
}

/// Says when a run began, how long it took and how it ended: `2026-11-22 05:00:00 UTC, took 2m 5s, exit status 1`.
pub(super) fn times(run: &Run) -> String {
    let (started, took) = (moment(run, run.started_at), spoken(Duration::from_millis(run.duration_ms)));
    match run.unended {
        None => format!("{started}, took {took}, exit status {}", run.exit_code),
        Some(_) => format!("{started}, last heard of {took} later, no exit status"),
    }
}

/// Lists the outcomes that occur: `5 stopped, 1 failed`.
pub(super) fn counted(counts: &Counts) -> String {
    let counts = Outcome::ALL.map(|outcome| (outcome, counts.of_outcome(outcome)));
    let told = counts.into_iter().filter(|(_, rows)| *rows > 0);
    let told: Vec<_> = told.map(|(outcome, rows)| format!("{} {}", HumanCount(rows), plain(outcome))).collect();
    told.join(", ")
}

/// Returns an outcome's name without underscores.
pub(super) fn plain(outcome: Outcome) -> String {
    outcome.name().replace('_', " ")
}
