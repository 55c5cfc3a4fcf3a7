//! The lines of the JSON progress, version 1: one flat object each. `docs/progress.md` describes every field.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Serialize, Serializer};

use crate::engine::{Evidence, Missing, Outcome, Record, SkipReason, Status};
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
#[expect(missing_docs, reason = "docs/progress.md describes every field")]
pub enum Line<'a> {
    /// The run begins.
    Started { version: u32, run: &'a str, targets: u64, left_out: u64, lanes: u64, expected_ms: Option<u64> },
    /// A lane of the run, once after its start.
    Lane {
        lane: usize,
        account: &'a str,
        region: &'a str,
        api: &'a str,
        kind: Option<&'static str>,
        targets: u64,
        rate: f64,
        burst: u32,
        expected_ms: Option<u64>,
    },
    /// The whole run, every second.
    Progress {
        elapsed_ms: u64,
        targets: u64,
        done: u64,
        left_out: u64,
        #[serde(flatten)]
        outcomes: ByOutcome,
        rate: Option<f64>,
        left_ms: Option<u64>,
    },
    /// A lane, every second while there is something to do in it.
    LaneProgress {
        lane: usize,
        targets: u64,
        done: u64,
        queued: u64,
        retrying: u64,
        rate: Option<f64>,
        left_ms: Option<u64>,
        learnt_rate: Option<f64>,
        held_ms: Option<u64>,
        held_for: Option<ErrorClass>,
    },
    /// A lane slows down or pauses.
    Slowed { lane: usize, class: ErrorClass, pause_ms: u64, from: Option<f64>, rate: Option<f64> },
    /// A slowed lane becomes faster.
    Quickened { lane: usize, from: f64, rate: Option<f64> },
    /// A lane's service fails, once.
    Failing { lane: usize, class: ErrorClass, message: &'a str },
    /// A lane's service refused a request that stops several targets.
    SmallerBatches { lane: usize, most: usize, class: ErrorClass, message: &'a str },
    /// Newer keys of an account are there.
    CredentialsRefreshed { account: &'a str },
    /// Nothing is sent for an account until newer keys are there.
    CredentialsWaiting { account: &'a str, reason: &'a str, left_ms: u64 },
    /// Nothing is sent for an account any more.
    CredentialsClosed { account: &'a str, reason: &'a str },
    /// A lane is given up.
    GivenUp { lane: usize, class: ErrorClass },
    /// A stage begins, or goes on.
    Stage { stage: usize, name: &'a str, targets: usize },
    /// The run pauses.
    Pausing { stage: usize, name: &'a str, pause_ms: Option<u64> },
    /// A stop request is over; with `-v`.
    Attempt {
        id: &'a str,
        lane: usize,
        n: u32,
        http_status: Option<u16>,
        code: Option<&'a str>,
        message: Option<&'a str>,
        request_id: Option<&'a str>,
        class: Option<ErrorClass>,
        duration_ms: u64,
        retry_in_ms: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        batch: Option<u32>,
    },
    /// A state was read; with `-vv`.
    Read { id: &'a str, lane: usize, state: Option<&'a str> },
    /// A target has its outcome; with `-v`.
    Finished {
        id: &'a str,
        lane: Option<usize>,
        outcome: Outcome,
        evidence: Option<Evidence>,
        reason: Option<SkipReason>,
        class: Option<ErrorClass>,
        code: Option<&'a str>,
        message: Option<&'a str>,
    },
    /// The listing of one kind in one account, every second, and when all listings are over.
    Listing {
        account: &'a str,
        kind: &'static str,
        units: u64,
        of_units: u64,
        matched: u64,
        done: bool,
        elapsed_ms: u64,
        left_ms: Option<u64>,
    },
    /// Something could not be listed; before the end.
    NotListed {
        account: &'a str,
        region: &'a str,
        what: &'a str,
        class: ErrorClass,
        code: Option<&'a str>,
        message: &'a str,
        request_id: Option<&'a str>,
        hint: Option<&'a str>,
    },
    /// Information in words.
    Note { text: Cow<'a, str> },
    /// Lines are missing here: they could not be written in time.
    Dropped { lines: u64 },
    /// What kept the program from doing its work.
    Error { text: Cow<'a, str>, exit_code: u8 },
    /// The run is over and reported.
    Ended {
        run: &'a str,
        status: Status,
        exit_code: u8,
        verdict: &'a str,
        duration_ms: u64,
        targets: u64,
        #[serde(flatten)]
        outcomes: ByOutcome,
        report: Option<&'a str>,
        next: Option<&'a str>,
    },
}

impl<'a> Line<'a> {
    /// Returns a line for each unit that the selections of a run could not list; one that several ask for has one.
    pub fn not_listed(record: &'a Record) -> impl Iterator<Item = Self> {
        let mut known = HashSet::new();
        let missing =
            record.selections.iter().flat_map(|selection| selection.missing.iter().map(move |unit| (selection, unit)));
        let units = missing.filter(move |(selection, unit)| {
            known.insert((&*selection.kind, &*unit.account, &*unit.region, &*unit.what))
        });
        units.map(|(_, Missing { account, region, what, error })| Self::NotListed {
            account,
            region,
            what,
            class: error.class,
            code: error.code.as_deref(),
            message: &error.message,
            request_id: error.request_id.as_deref(),
            hint: error.hint.as_deref(),
        })
    }

    /// Says how a run ended, with which outcomes and exit status; `next` is the command that continues it.
    #[must_use]
    pub fn ended(
        (record, counts, exit_code): (&'a Record, &OutcomeCounts, u8),
        verdict: &'a str,
        report: Option<&'a str>,
        next: Option<&'a str>,
    ) -> Self {
        Self::Ended {
            run: &record.id,
            status: record.status,
            exit_code,
            verdict,
            duration_ms: millis(record.duration),
            targets: counts.targets,
            outcomes: ByOutcome::of(|outcome| counts.of_outcome(outcome)),
            report,
            next,
        }
    }
}

/// How many targets have each outcome; a field for each.
#[derive(Debug)]
pub struct ByOutcome([(Outcome, u64); Outcome::ALL.len()]);

impl ByOutcome {
    pub(super) fn of(count: impl Fn(Outcome) -> u64) -> Self {
        Self(Outcome::ALL.map(|outcome| (outcome, count(outcome))))
    }
}

impl Serialize for ByOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(outcome, rows)| (outcome.name(), rows)))
    }
}
