//! What people can do about a target's error, as its result says it.

use std::sync::Arc;

use super::hint::{self, Circumstances, Signer};
use super::outcome::TargetResult;
use crate::plan::{Plan, TargetId};

/// Adds advice to results.
pub(super) struct Adviser {
    plan: Arc<Plan>,
    /// Where the credentials of each account come from, in words; by account.
    sources: Vec<Option<String>>,
}

impl Adviser {
    pub(super) const fn new(plan: Arc<Plan>, sources: Vec<Option<String>>) -> Self {
        Self { plan, sources }
    }

    /// Adds what to do about a target's error, unless that is there already.
    pub(super) fn advise(&self, id: TargetId, mut result: TargetResult, circumstances: Circumstances) -> TargetResult {
        let Some(mut error) = result.error.take() else { return result };
        if error.hint.is_none() {
            let target = &self.plan[id];
            let account = target.account_id();
            let source = self.sources[account.index()].as_deref();
            let signer = Signer { account: &self.plan[account].name, source };
            error.hint = Some(hint::of_result((&result, &error), circumstances, target.kind, signer).into());
        }
        TargetResult { error: Some(error), ..result }
    }
}
