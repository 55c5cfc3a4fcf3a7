//! The targets that a retry takes up, found in the plan.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::json::{AccountRef, NamedValue, Report, Row, RowSource};
use crate::engine::{KnownAccount, Outcome, Status};
use crate::plan::{Account, CompletePlan, Plan, Seen, Select, Target};
use crate::service::{Kind, Params, Value};

/// Targets of a report that a plan no longer has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanMismatch {
    /// No target of the plan has these ids.
    #[error("the plan no longer has {}", listed(.0))]
    Gone(Vec<String>),
    /// Targets of the plan have these ids, but name other resources than those of the report.
    #[error("the plan now has other resources under {}", listed(.0))]
    Changed(Vec<String>),
    /// An account is another one than it was, so that its targets' names mean other resources.
    #[error("the account `{account}` has changed since the report was made: {what} {was}, now {is}")]
    Moved {
        /// The account's name in the plan.
        account: String,
        /// What of it has changed.
        what: &'static str,
        /// What it was.
        was: String,
        /// What it is.
        is: String,
    },
}

impl PlanMismatch {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Gone(_) => {
                "pass the original plan with --plan, or use `allstop run` with this plan; nothing was sent"
            }
            Self::Moved { .. } => {
                "restore the plan and the environment, or use `allstop run` with the plan; nothing was sent"
            }
            Self::Changed(_) => {
                "set the same variables as in the first run, or pass the original plan with --plan; nothing was sent"
            }
        }
    }
}

impl Row {
    /// Returns whether a retry takes the target up: it does not count as done and was not left out by choice.
    ///
    /// A resource that the service does not know is not retried. Neither is what the run's own selection, shard or guards
    /// left out: a retry must not reach further than its run did.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.disposition.is_retried(self.outcome)
    }

    /// Returns the target that the row is about; `None` where the plan has not its account, or this program not its kind.
    fn target(&self, plan: &Plan) -> Option<Target> {
        let kind = Kind::named(&self.kind)?;
        let account = plan.accounts.iter().position(|account| account.name == self.account)?;
        if plan.accounts.get(account)?.cloud != kind.cloud {
            return None;
        }
        let given = |name: &str| self.params.0.iter().find(|(given, _)| given == name).map(|(_, value)| value);
        let mut values = Vec::with_capacity(kind.params.len());
        for param in kind.params {
            let value = given(param.name);
            if param.identifying && !matches!(value, Some(NamedValue::Text(_))) {
                return None;
            }
            values.push(value.map(|value| match value {
                NamedValue::Text(text) => Value::Text(text),
                NamedValue::Flag(flag) => Value::Flag(*flag),
            }));
        }
        let target = Target {
            own_id: None,
            kind,
            account: u16::try_from(account).ok()?,
            params: Params::new(values),
            labels: Arc::clone(&self.labels),
            stage: plan
                .stages
                .iter()
                .position(|stage| Some(&stage.name) == self.stage.as_ref())
                .and_then(|n| n.try_into().ok()),
            duplicate_of: None,
            selection: self.selection.as_deref().map(Into::into),
            seen: self.seen.as_deref().map(|seen| Box::new(Seen::from(seen))),
        };
        let own_id = (target.made_id() != self.id).then(|| self.id.as_str().into());
        Some(Target { own_id, ..target })
    }

    /// Returns whether a target of a plan names the resource that this row is about.
    fn names(&self, target: &Target, plan: &Plan) -> bool {
        let account = plan.account_of(target);
        let given = |name: &str| self.params.0.iter().find(|(given, _)| given == name).map(|(_, value)| value);
        let same = |value: Value<'_>, given: Option<&NamedValue>| given == Some(&NamedValue::from(value));
        let mut identity = target.params.given(target.kind.params).filter(|(param, _)| param.identifying);
        self.kind == target.kind.name
            && (&account.name, &account.region) == (&self.account, &self.region)
            && identity.all(|(param, value)| same(value, given(param.name)))
    }
}

impl<T: RowSource> Report<T> {
    /// Returns whether a row is of a reviewed plan and its run has not begun to stop it. Nobody knows whether it still
    /// matches, or whether the plan still counts: a retry lists nothing, and another run of the plan does.
    #[must_use]
    pub fn is_unbegun(&self, row: &Row) -> bool {
        self.run.reviewed.is_some() && row.is_open() && row.outcome == Outcome::Skipped
    }

    /// Returns whether [such rows](Self::is_unbegun) are there.
    #[must_use]
    pub fn has_unbegun(&self) -> bool {
        self.run.reviewed.is_some() && self.targets.open().any(|row| self.is_unbegun(&row))
    }
}

impl Report {
    /// Returns whether its run was ended before anything that it selects was found: nothing was sent then.
    #[must_use]
    pub fn was_ended_while_listing(&self) -> bool {
        let is_unsent = |row: &Row| row.selection.is_none() && row.attempts.is_empty();
        !self.selections.is_empty() && self.run.status != Status::Completed && self.targets.iter().all(is_unsent)
    }

    /// Says which selections of a plan matched more or fewer resources in its run than the plan expects.
    #[must_use]
    pub fn unexpected(&self, plan: &Plan) -> Vec<String> {
        let matched = |select: &Select| {
            let listed = self.selections.iter().find(|listed| *listed.id == *select.id && !listed.accounts.is_empty());
            listed.map(|listed| listed.matched + listed.left_out.named_already)
        };
        plan.selects.iter().filter_map(|select| select.unexpected(matched(select)?)).collect()
    }

    /// Returns whether a retry of this report takes a row up: it is [open](Row::is_open), and no
    /// [reviewed target that was not begun](Self::is_unbegun).
    #[must_use]
    pub fn retries(&self, row: &Row) -> bool {
        row.is_open() && !self.is_unbegun(row)
    }

    /// Returns which accounts of the cloud those of a plan were, by name.
    #[must_use]
    pub fn known_accounts(&self, plan: &Plan) -> BTreeMap<String, KnownAccount> {
        let known = |account: &Account| {
            let earlier = self.accounts.iter().find(|earlier| earlier.name == account.name)?;
            Some((account.name.clone(), earlier.known(account)))
        };
        plan.accounts.iter().filter_map(known).collect()
    }

    /// Returns the numbers of the plan's targets that a retry [takes up](Self::retries), in plan order.
    ///
    /// # Errors
    ///
    /// Fails when an open target has no counterpart in the plan, or one that names another resource, and when its account
    /// is not what it was.
    pub fn remainder(&self, plan: &Plan) -> Result<Vec<usize>, PlanMismatch> {
        let mut open: HashMap<&str, &Row> =
            self.targets.iter().filter(|row| self.retries(row)).map(|row| (row.id.as_str(), row)).collect();
        let (mut found, mut changed) = (Vec::with_capacity(open.len()), Vec::new());
        for (number, target) in plan.targets.iter().enumerate() {
            match open.remove(&*target.id()) {
                Some(row) if row.names(target, plan) => found.push(number),
                Some(row) => changed.push(row.id.clone()),
                None => {}
            }
        }
        if !open.is_empty() {
            let rows = self.targets.iter().filter(|row| open.contains_key(row.id.as_str()));
            return Err(PlanMismatch::Gone(rows.map(|row| row.id.clone()).collect()));
        }
        if !changed.is_empty() {
            return Err(PlanMismatch::Changed(changed));
        }
        self.demand_same_accounts(plan)?;
        Ok(found)
    }

    /// Returns the plan with the targets that its run found in the place of its selections. Nothing is listed again.
    ///
    /// # Errors
    ///
    /// Fails when the plan has not the account of such a target, and on a row that no run writes.
    pub fn with_found(&self, plan: &Plan) -> Result<CompletePlan, PlanMismatch> {
        let mut named = 0;
        let mut found = Vec::new();
        for row in &self.targets {
            if row.selection.is_none() {
                named += 1;
                continue;
            }
            let target = row.target(plan).ok_or_else(|| PlanMismatch::Gone(vec![row.id.clone()]))?;
            found.push((named, target));
        }
        Ok(plan.with_targets_at(found))
    }

    /// Fails when an account with open targets is another one in the plan; an earlier version's report does not say.
    fn demand_same_accounts(&self, plan: &Plan) -> Result<(), PlanMismatch> {
        let in_use: HashSet<&str> =
            self.targets.iter().filter(|row| self.retries(row)).map(|row| row.account.as_str()).collect();
        for earlier in self.accounts.iter().filter(|account| in_use.contains(account.name.as_str())) {
            let now = plan.accounts.iter().find(|account| account.name == earlier.name).map(AccountRef::from);
            if let Some((what, was, is)) = now.and_then(|now| earlier.change(&now)) {
                return Err(PlanMismatch::Moved { account: earlier.name.clone(), what, was, is });
            }
        }
        Ok(())
    }
}

/// Lists ids, only the first few where they are many.
fn listed(ids: &[String]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<_> = ids.iter().take(SHOWN).map(|id| format!("`{id}`")).collect();
    match ids.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
