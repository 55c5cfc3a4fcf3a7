//! Compares what was reported of targets with what really happened to their resources.

use std::collections::HashSet;
use std::fmt;

use super::ledger::{Ledger, Record};
use super::resource::{Id, Initial, Phase};
use crate::plan::{Account, Target};
use crate::run::Outcome;

/// A row of a report that does not agree with the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The target's id.
    pub target: Box<str>,
    /// What was reported of it.
    pub outcome: Outcome,
    /// What really happened, in words.
    pub truth: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is reported as {}, but {}", self.target, self.outcome.name(), self.truth)
    }
}

/// Compares rows of a report with the ledger and returns the disagreements, in the rows' order.
///
/// Where several rows name one resource, those that were skipped say nothing as long as another one was not. Rows of
/// kinds that the simulator does not have cannot disagree.
pub fn audit<'a>(
    ledger: &Ledger,
    rows: impl IntoIterator<Item = (&'a Target, &'a Account, Outcome)>,
) -> Vec<Disagreement> {
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|(target, account, outcome)| Some((target, Id::of(target, account)?, outcome)))
        .collect();
    let asked: HashSet<_> =
        rows.iter().filter(|(.., outcome)| *outcome != Outcome::Skipped).map(|(_, id, _)| id).collect();
    let judged = rows.iter().filter(|(_, id, outcome)| *outcome != Outcome::Skipped || !asked.contains(id));
    judged
        .filter_map(|(target, id, outcome)| {
            let truth = objection(*outcome, ledger.resource(id))?;
            Some(Disagreement { target: target.id().into(), outcome: *outcome, truth })
        })
        .collect()
}

/// Says what is wrong with an outcome; `None` where it can be true.
fn objection(outcome: Outcome, record: Option<&Record>) -> Option<String> {
    let Some(record) = record else {
        return match outcome {
            Outcome::NotFound | Outcome::Failed | Outcome::Skipped | Outcome::Unknown => None,
            Outcome::Stopped | Outcome::AlreadyStopped | Outcome::Accepted | Outcome::WouldStop => {
                Some("there is no such resource".to_owned())
            }
        };
    };
    let (asked, applied) = (record.counts.requests > 0, record.counts.applied > 0);
    let stands = matches!(record.state, Phase::Stopped | Phase::Ended);
    let objections: &[(bool, &str)] = match outcome {
        Outcome::Stopped => &[(!stands, "it is not stopped")],
        Outcome::AlreadyStopped => &[(!stands, "it is not stopped"), (applied, "it was this run that stopped it")],
        Outcome::Accepted => &[(!applied && record.initial == Initial::Running, "no stop took effect")],
        Outcome::NotFound => &[(true, "it exists")],
        Outcome::Failed => &[(applied, "a stop took effect")],
        Outcome::Skipped => &[(asked, "a stop request was sent")],
        Outcome::WouldStop => {
            &[(asked, "a stop request was sent"), (record.initial != Initial::Running, "it was not running")]
        }
        Outcome::Unknown => &[],
    };
    let reason = objections.iter().find(|(wrong, _)| *wrong).map(|(_, reason)| *reason)?;
    Some(format!("{reason} ({})", evidence(record)))
}

fn evidence(record: &Record) -> String {
    let state = match record.state {
        Phase::Running => "running",
        Phase::Stopping => "stopping",
        Phase::Stopped => "stopped",
        Phase::Ended => "ended",
    };
    let requests = record.counts.requests;
    let effect = record.applied_at.map_or_else(String::new, |at| format!(", in effect since {at}"));
    format!("{state}, {requests} stop requests{effect}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::entry::Counts;
    use super::super::service::Service;
    use super::*;

    fn record(initial: Initial, state: Phase, requests: u32, applied: u32) -> Record {
        let id = Id { service: Service::Live, account: 0, scope: "p".into(), name: "f".into() };
        let counts = Counts { requests, applied, ..Counts::default() };
        Record { id: Arc::new(id), initial, state, applied_at: None, counts, said: Vec::new() }
    }

    fn agreeing(record: Option<&Record>) -> Vec<&'static str> {
        Outcome::ALL.into_iter().filter(|outcome| objection(*outcome, record).is_none()).map(Outcome::name).collect()
    }

    #[test]
    fn each_truth_allows_only_outcomes_that_say_it() {
        use {Initial as I, Phase as P};
        for (record, allowed) in [
            (record(I::Running, P::Running, 0, 0), vec!["failed", "unknown", "skipped", "would_stop"]),
            (record(I::Running, P::Running, 3, 0), vec!["failed", "unknown"]),
            (record(I::Running, P::Stopping, 1, 1), vec!["accepted", "unknown"]),
            (record(I::Running, P::Stopped, 2, 1), vec!["stopped", "accepted", "unknown"]),
            (record(I::Stopped, P::Stopped, 1, 0), vec!["stopped", "already_stopped", "accepted", "failed", "unknown"]),
            (
                record(I::Ended, P::Ended, 0, 0),
                vec!["stopped", "already_stopped", "accepted", "failed", "unknown", "skipped"],
            ),
        ] {
            assert_eq!(agreeing(Some(&record)), allowed, "{record:?}");
        }
        assert_eq!(agreeing(None), ["not_found", "failed", "unknown", "skipped"]);
    }

    #[test]
    fn a_disagreement_reads_like_a_sentence() {
        let truth = objection(Outcome::Stopped, Some(&record(Initial::Running, Phase::Running, 2, 0)));
        let disagreement =
            Disagreement { target: "live_flow:f".into(), outcome: Outcome::Stopped, truth: truth.expect("a lie") };
        let sentence = "live_flow:f is reported as stopped, but it is not stopped (running, 2 stop requests)";
        assert_eq!(disagreement.to_string(), sentence);
    }
}
