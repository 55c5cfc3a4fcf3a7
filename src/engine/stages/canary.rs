//! The canary of a stage: the targets that are stopped first, and what their outcomes prove.

use crate::engine::outcome::Outcome;
use crate::plan::{NotFound, Plan, VerifyMode};

/// A canary, and how far it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    /// How many targets must prove that the stop works.
    size: u64,
    /// How many have.
    proven: u64,
    /// How many targets had their outcome before it passed.
    pub(super) taken: u64,
}

/// What the outcome of one of its targets says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// The stop works.
    Proof,
    /// Nothing: another target takes its place.
    Nothing,
    Failure,
}

impl Trial {
    pub(super) const fn of(size: u64) -> Self {
        Self { size, proven: 0, taken: 0 }
    }

    /// Tells whether the stage's other targets may be sent.
    pub(super) const fn is_passed(self) -> bool {
        self.proven >= self.size
    }

    /// Returns how many more targets it needs, besides `running` ones.
    pub(super) const fn lacks(self, running: u64) -> u64 {
        self.size.saturating_sub(self.proven).saturating_sub(running)
    }

    /// Takes the outcome of a target of the stage; tells whether it fails the canary.
    pub(super) fn fails(&mut self, outcome: Outcome, plan: &Plan) -> bool {
        if self.is_passed() {
            return false;
        }
        self.taken += 1;
        let verdict = judge(outcome, plan);
        self.proven += u64::from(verdict == Verdict::Proof);
        verdict == Verdict::Failure
    }
}

fn judge(outcome: Outcome, plan: &Plan) -> Verdict {
    match outcome {
        Outcome::Stopped => Verdict::Proof,
        Outcome::Accepted if plan.verify.mode == VerifyMode::Off => Verdict::Proof,
        Outcome::NotFound if plan.guards.not_found == NotFound::Ok => Verdict::Proof,
        Outcome::AlreadyStopped => Verdict::Nothing,
        Outcome::Accepted
        | Outcome::NotFound
        | Outcome::Failed
        | Outcome::Unknown
        | Outcome::Skipped
        | Outcome::WouldStop => Verdict::Failure,
    }
}
