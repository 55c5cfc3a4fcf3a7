//! What the run was: who asked for it, when, how long, under which id.

use std::time::Duration;

use super::super::counts::Retries;
use super::super::json::{Moment, Rehearsal, Report};
use super::super::stages;
use super::super::text::{Escaped, spoken};
use super::super::whose::whose_of;
use super::super::words::{mode_words, moment};
use crate::base::count::{HumanCount, counted};

/// One fact about the run.
#[derive(Debug)]
pub(super) struct Fact {
    /// What it is.
    pub(super) label: &'static str,
    /// What is said of it.
    pub(super) value: String,
    /// What is said besides, where there is more.
    pub(super) note: Option<String>,
    /// The moment that it is, in milliseconds since 1970, for who reads it in another time zone.
    pub(super) at: Option<i64>,
}

impl Fact {
    fn new(label: &'static str, value: &str) -> Self {
        Self { label, value: Escaped(value).to_string(), note: None, at: None }
    }

    fn at(self, at: Moment) -> Self {
        Self { at: Some(at.timestamp().as_millisecond()), ..self }
    }

    fn note(self, note: &str) -> Self {
        Self { note: Some(Escaped(note).to_string()), ..self }
    }
}

/// Returns the facts of a run, those that do not apply left out.
pub(super) fn facts<R>(report: &Report<R>) -> Vec<Fact> {
    let run = &report.run;
    let requests: u64 = report.lanes.iter().map(|lane| lane.requests).sum();
    let optional = |label, value: &Option<String>| value.as_deref().map(|value| Fact::new(label, value));
    let facts = [
        Some(Fact::new("Plan", &run.plan.name).note(&run.plan.path)),
        Some(optional("Reason", &run.reason).unwrap_or_else(|| Fact::new("Reason", "none given"))),
        Some(Fact::new("Mode", mode_words(run.mode))),
        Some(Fact::new("Took", &spoken(Duration::from_millis(run.duration_ms)))),
        Some(Fact::new("Started", &moment(run, run.started_at)).at(run.started_at)),
        Some(Fact::new("Ended", &moment(run, run.finished_at)).at(run.finished_at)),
        Some(Fact::new("Requests", &HumanCount(requests).to_string()).note(&stops(report))),
        retries(&report.summary.retries).map(|text| Fact::new("Retries", &text)),
        report.rehearsal.as_ref().map(rehearsed),
        stages::said(&run.stages, run.status).map(|words| Fact::new("Stages", &words)),
        optional("Shard", &run.shard),
        Some(Fact::new("Run", &run.id)),
        optional("Retry of run", &run.retry_of),
        optional("Resumed from", &run.resumed_from),
        Some(Fact::new("Plan's SHA-256", &run.plan.sha256)),
    ];
    let accounts = whose_of(&report.accounts);
    let accounts = accounts.iter().map(|line| Fact::new("Account", line));
    facts.into_iter().flatten().chain(accounts).collect()
}

fn stops<R>(report: &Report<R>) -> String {
    let others = if report.selections.is_empty() { "read states" } else { "list or read states" };
    format!("{}, the other requests {others}", counted(report.summary.attempts, "stop request"))
}

/// Says which stop requests were followed by another attempt.
fn retries(retries: &Retries) -> Option<String> {
    let causes = [
        ("throttled", retries.throttled),
        ("conflict", retries.conflict),
        ("server", retries.server),
        ("network", retries.network),
        ("clock", retries.clock),
        ("credentials", retries.credentials),
    ];
    let said: Vec<_> = causes
        .iter()
        .filter(|(_, times)| *times > 0)
        .map(|(name, times)| format!("{} {name}", HumanCount(*times)))
        .collect();
    if said.is_empty() { None } else { Some(said.join(", ")) }
}

fn rehearsed(rehearsal: &Rehearsal) -> Fact {
    let Rehearsal { seed, faults, speed, agrees, .. } = rehearsal;
    let value =
        if *agrees { "the simulator's ledger agrees with every row" } else { "the simulator's ledger DISAGREES" };
    Fact::new("Rehearsal", value).note(&format!("faults {faults}, seed {seed}, {speed} times faster"))
}
