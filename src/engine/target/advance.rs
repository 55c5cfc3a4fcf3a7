//! The one way in: what a reply says about a target, and its next step.

use super::{Moment, Rules, Step, TargetState};
use crate::engine::attempt::Finding;
use crate::plan::Plan;

impl TargetState {
    /// Takes what a reply says about the target, and decides.
    pub(in crate::engine) fn advance(&mut self, finding: Finding, plan: &Plan, at: Moment) -> Step {
        let rules = Rules::of(plan, plan[self.id].kind);
        match finding {
            Finding::Unsigned(message) => Step::Done(self.unsendable(message, at.wall)),
            Finding::Stop(verdict, status) => self.responded(verdict, status, &rules, at),
            Finding::RefusedTogether(verdict, status) => self.refused_together(verdict, status, &rules, at),
            Finding::NoResponse(error) => self.got_no_response(error, &rules, at),
            Finding::State(observation) => self.observed(observation, &rules, at),
        }
    }
}
