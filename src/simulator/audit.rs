//! Compares what was reported of targets with what really happened to their resources.

use std::collections::HashSet;
use std::fmt;

use super::entry::Counts;
use super::ledger::{Ledger, Record};
use super::phase::Phase;
use super::resource::{Id, Initial};
use crate::engine::Outcome;
use crate::error::ErrorClass;
use crate::plan::{Account, Target};

/// What a row of a report claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// What its target came to.
    pub outcome: Outcome,
    /// Whether the response to a stop was lost: without it, nobody can distinguish this run's stop from another one.
    pub in_doubt: bool,
}

impl Claim {
    /// Takes the claim of a row whose attempts ended with errors of these classes, or with none.
    #[must_use]
    pub fn new(outcome: Outcome, attempts: impl IntoIterator<Item = Option<ErrorClass>>) -> Self {
        let in_doubt = attempts.into_iter().any(|class| {
            matches!(class, Some(ErrorClass::Server | ErrorClass::Network | ErrorClass::Timeout | ErrorClass::Protocol))
        });
        Self { outcome, in_doubt }
    }
}

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
/// If several rows name one resource, skipped rows do not count as long as another row was not skipped. A row of a kind
/// without a model is a disagreement: nobody has judged it.
pub fn audit<'a>(
    ledger: &Ledger,
    accounts: &[Account],
    rows: impl IntoIterator<Item = (&'a Target, Claim)>,
) -> Vec<Disagreement> {
    let rows: Vec<_> = rows.into_iter().map(|(target, claim)| (target, Id::of(target, accounts), claim)).collect();
    let is_asked = |claim: &Claim| claim.outcome != Outcome::Skipped;
    let asked: HashSet<_> =
        rows.iter().filter(|(.., claim)| is_asked(claim)).filter_map(|(_, id, _)| id.as_ref().ok()).collect();
    let judged =
        rows.iter().filter(|(_, id, claim)| is_asked(claim) || id.as_ref().map_or(true, |id| !asked.contains(id)));
    judged
        .filter_map(|(target, id, claim)| {
            let truth = match id {
                Ok(id) => objection(*claim, ledger.resource(id))?,
                Err(no_model) => no_model.to_string(),
            };
            Some(Disagreement { target: target.id().into(), outcome: claim.outcome, truth })
        })
        .collect()
}

/// Says what is wrong with a claim; `None` where it can be true.
fn objection(claim: Claim, record: Option<&Record>) -> Option<String> {
    let Claim { outcome, in_doubt } = claim;
    let Some(record) = record.filter(|record| !record.life.absent) else {
        return match outcome {
            Outcome::NotFound | Outcome::Failed | Outcome::Skipped | Outcome::Unknown => None,
            Outcome::Stopped | Outcome::AlreadyStopped | Outcome::Accepted | Outcome::WouldStop => {
                Some("there is no such resource".to_owned())
            }
        };
    };
    let Counts { requests, applied, taken, .. } = record.counts;
    let (asked, applied, taken) = (requests > 0, applied > 0, taken > 0);
    let stands = matches!(record.state, Phase::Stopped | Phase::Ended);
    let is_ours = applied || taken || in_doubt;
    let stood = matches!(record.initial, Initial::Stopped | Initial::Ended);
    let objections: &[(bool, &str)] = match outcome {
        Outcome::Stopped => &[(!stands, "it is not stopped"), (!is_ours, "it was not this run that stopped it")],
        Outcome::AlreadyStopped => &[(!stands, "it is not stopped"), (applied, "it was this run that stopped it")],
        Outcome::Accepted => &[(!taken, "no stop was accepted")],
        Outcome::NotFound => &[(true, "it exists")],
        Outcome::Failed => &[(applied, "a stop took effect"), (was_met_at_rest(record), "it was not running")],
        Outcome::Skipped => &[(asked, "a stop request was sent")],
        Outcome::WouldStop => &[(asked, "a stop request was sent"), (stood, "it was not running")],
        Outcome::Unknown => &[],
    };
    let reason = objections.iter().find(|(wrong, _)| *wrong).map(|(_, reason)| *reason)?;
    Some(format!("{reason} ({})", evidence(record)))
}

/// Returns whether it stood still when a request last reached it, or the service could have told that it was about to.
///
/// `false` if no request has reached it: nobody has seen its state.
fn was_met_at_rest(record: &Record) -> bool {
    let info = record.id.model.info();
    match record.last_met {
        None | Some(Phase::Running) => false,
        Some(Phase::Stopping) => info.word(Phase::Stopping) != info.word(Phase::Running),
        Some(Phase::Stopped | Phase::Ended) => true,
    }
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

    use super::super::entry::Life;
    use super::super::service::Model;
    use super::*;

    /// Returns what is on record of a resource: how it began and is, the stop requests, and those taken and applied.
    fn record(kind: &str, initial: Initial, state: Phase, [requests, taken, applied]: [u32; 3]) -> Record {
        let model = Model::of_kind(kind).expect("a model");
        let id = Id { model, account: 0, scope: "p".into(), name: "f".into() };
        let counts = Counts { requests, applied, taken, ..Counts::default() };
        let last_met = (requests > 0).then_some(state);
        Record {
            id: Arc::new(id),
            initial,
            state,
            last_met,
            applied_at: None,
            counts,
            said: Vec::new(),
            life: Life::default(),
            facts: None,
            around: None,
        }
    }

    fn agreeing(record: Option<&Record>, in_doubt: bool) -> Vec<&'static str> {
        let claims = Outcome::ALL.map(|outcome| Claim { outcome, in_doubt });
        let agreeing = claims.into_iter().filter(|claim| objection(*claim, record).is_none());
        agreeing.map(|claim| claim.outcome.name()).collect()
    }

    #[test]
    fn each_truth_allows_only_outcomes_that_say_it() {
        use {Initial as I, Phase as P};
        for (initial, state, counts, allowed) in [
            (I::Running, P::Running, [0, 0, 0], "failed unknown skipped would_stop"),
            (I::Running, P::Running, [3, 0, 0], "failed unknown"),
            (I::Running, P::Stopping, [1, 1, 1], "accepted unknown"),
            (I::Running, P::Stopped, [2, 1, 1], "stopped accepted unknown"),
            // What somebody else stopped, and what had ended: nothing of it is this run's, and it does not run.
            (I::Stopped, P::Stopped, [1, 0, 0], "already_stopped unknown"),
            (I::Ended, P::Ended, [2, 0, 0], "already_stopped unknown"),
            (I::Ended, P::Ended, [0, 0, 0], "already_stopped failed unknown skipped"),
            // A service that takes the stop of what stands still, too.
            (I::Stopped, P::Stopped, [1, 1, 0], "stopped already_stopped accepted unknown"),
            // On its way to a stop by somebody else, which the service's word tells.
            (I::Stopping, P::Stopping, [1, 0, 0], "unknown"),
            (I::Stopping, P::Stopping, [0, 0, 0], "failed unknown skipped would_stop"),
            (I::Stopping, P::Stopped, [1, 0, 0], "already_stopped unknown"),
        ] {
            let record = record("drs_job", initial, state, counts);
            assert_eq!(agreeing(Some(&record), false).join(" "), allowed, "{record:?}");
        }
        assert_eq!(agreeing(None, false), ["not_found", "failed", "unknown", "skipped"]);
    }

    #[test]
    fn whoever_lost_an_answer_cannot_tell_whose_stop_it_was() {
        let ended = record("live_flow", Initial::Ended, Phase::Ended, [2, 0, 0]);
        assert_eq!(agreeing(Some(&ended), true), ["stopped", "already_stopped", "unknown"]);
        let runs = record("live_flow", Initial::Running, Phase::Running, [2, 0, 0]);
        assert_eq!(agreeing(Some(&runs), true), ["failed", "unknown"]);
        let claim = |classes: &[Option<ErrorClass>]| Claim::new(Outcome::Stopped, classes.iter().copied()).in_doubt;
        for class in [ErrorClass::Network, ErrorClass::Timeout, ErrorClass::Server, ErrorClass::Protocol] {
            assert!(claim(&[None, Some(class), Some(ErrorClass::Throttled)]), "{class}");
        }
        assert!(!claim(&[None, Some(ErrorClass::Throttled), Some(ErrorClass::Conflict), Some(ErrorClass::Rejected)]));
    }

    #[test]
    fn without_a_word_for_stopping_it_may_fail() {
        let allowed = |kind| agreeing(Some(&record(kind, Initial::Stopping, Phase::Stopping, [1, 0, 0])), false);
        assert_eq!(allowed("fnf_execution"), ["failed", "unknown"]);
        assert_eq!(allowed("drs_job"), ["unknown"]);
    }

    #[test]
    fn a_disagreement_reads_like_a_sentence() {
        let record = record("live_flow", Initial::Running, Phase::Running, [2, 0, 0]);
        let truth = objection(Claim::new(Outcome::Stopped, []), Some(&record));
        let disagreement =
            Disagreement { target: "live_flow:f".into(), outcome: Outcome::Stopped, truth: truth.expect("a lie") };
        let sentence = "live_flow:f is reported as stopped, but it is not stopped (running, 2 stop requests)";
        assert_eq!(disagreement.to_string(), sentence);
    }
}
