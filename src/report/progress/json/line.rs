//! The lines of the JSON progress, version 1: one flat object each. `docs/progress.md` describes every field.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::engine::{Evidence, Outcome, Record, SkipReason, Status};
use crate::error::ErrorClass;
use crate::report::json::millis;
use crate::report::{Moment, OutcomeCounts};

/// The version of these lines.
pub(super) const VERSION: u32 = 1;

/// A line with its moment.
#[derive(Serialize)]
pub(super) struct Stamped<'a> {
    pub(super) at: Moment,
    #[serde(flatten)]
    pub(super) line: &'a Line<'a>,
}

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Line<'a> {
    /// The run begins.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Started { version: u32, run: &'a str, targets: u64, left_out: u64, lanes: u64, expected_ms: Option<u64> },
    /// A lane of the run, told once after its start.
    Lane(Lane<'a>),
    /// The whole run, every second.
    Progress(Whole),
    /// A lane, every second while there is something to do in it.
    LaneProgress(LaneNow),
    /// A lane slows down or pauses.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Slowed { lane: usize, class: ErrorClass, pause_ms: u64, from: Option<f64>, rate: Option<f64> },
    /// A lane that learnt a rate has come some way back up from it.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Quickened { lane: usize, from: f64, rate: Option<f64> },
    /// A lane's service fails, told once.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Failing { lane: usize, class: ErrorClass, message: &'a str },
    /// A lane is given up.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    GivenUp { lane: usize, class: ErrorClass },
    /// A stop request is over; with `-v`.
    Attempt(AttemptLine<'a>),
    /// A state was read; with `-vv`.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Read { id: &'a str, lane: usize, state: Option<&'a str> },
    /// A target has its outcome; with `-v`.
    Finished(Fact<'a>),
    /// Something that a person would be told in words.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Note { text: Cow<'a, str> },
    /// Lines are missing here: they could not be written in time.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Dropped { lines: u64 },
    /// What kept the program from doing its work.
    #[expect(missing_docs, reason = "docs/progress.md describes every field")]
    Error { text: Cow<'a, str>, exit_code: u8 },
    /// The run is over and reported.
    Ended(RunEnd<'a>),
}

/// What a lane is.
#[derive(Debug, Serialize)]
pub struct Lane<'a> {
    pub lane: usize,
    pub account: &'a str,
    pub region: &'a str,
    pub api: &'a str,
    pub kind: Option<&'static str>,
    pub targets: u64,
    pub rate: f64,
    pub burst: u32,
    pub expected_ms: Option<u64>,
}

/// How far the whole run is.
#[derive(Debug, Serialize)]
pub struct Whole {
    pub elapsed_ms: u64,
    pub targets: u64,
    pub done: u64,
    pub left_out: u64,
    #[serde(flatten)]
    pub outcomes: ByOutcome,
    pub rate: Option<f64>,
    pub left_ms: Option<u64>,
}

/// How far a lane is.
#[derive(Debug, Serialize)]
pub struct LaneNow {
    pub lane: usize,
    pub targets: u64,
    pub done: u64,
    pub queued: u64,
    pub retrying: u64,
    pub rate: Option<f64>,
    pub left_ms: Option<u64>,
    pub learnt_rate: Option<f64>,
    pub held_ms: Option<u64>,
    pub held_for: Option<ErrorClass>,
}

/// One stop request and what came of it.
#[derive(Debug, Serialize)]
pub struct AttemptLine<'a> {
    pub id: &'a str,
    pub lane: usize,
    pub n: u32,
    pub http_status: Option<u16>,
    pub code: Option<&'a str>,
    pub message: Option<&'a str>,
    pub request_id: Option<&'a str>,
    pub class: Option<ErrorClass>,
    pub duration_ms: u64,
    pub retry_in_ms: Option<u64>,
}

/// The final fact about a target.
#[derive(Debug, Serialize)]
pub struct Fact<'a> {
    pub id: &'a str,
    pub lane: Option<usize>,
    pub outcome: Outcome,
    pub evidence: Option<Evidence>,
    pub reason: Option<SkipReason>,
    pub class: Option<ErrorClass>,
    pub code: Option<&'a str>,
    pub message: Option<&'a str>,
}

/// How a run ended.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "docs/progress.md describes every field")]
pub struct RunEnd<'a> {
    pub run: &'a str,
    pub status: Status,
    pub exit_code: u8,
    pub verdict: &'a str,
    pub duration_ms: u64,
    pub targets: u64,
    #[serde(flatten)]
    pub outcomes: ByOutcome,
    pub report: Option<&'a str>,
    pub next: Option<&'a str>,
}

impl<'a> RunEnd<'a> {
    /// Says how a run ended, with which outcomes and exit status; `next` is the command that takes up what is open.
    #[must_use]
    pub fn new(
        (record, counts, exit_code): (&'a Record, &OutcomeCounts, u8),
        verdict: &'a str,
        report: Option<&'a str>,
        next: Option<&'a str>,
    ) -> Self {
        Self {
            run: &record.id,
            status: record.status,
            exit_code,
            verdict,
            duration_ms: millis(record.duration),
            targets: counts.targets,
            outcomes: ByOutcome(Outcome::ALL.map(|outcome| (outcome, counts.of_outcome(outcome))).into()),
            report,
            next,
        }
    }
}

/// How many targets have each outcome; a field for each.
#[derive(Debug)]
pub struct ByOutcome(pub Vec<(Outcome, u64)>);

impl Serialize for ByOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(outcome, rows)| map.serialize_entry(outcome.name(), rows))?;
        map.end()
    }
}
