//! The ids of a plan's targets and accounts. Only a plan makes them, so each leads to something in it.

use std::ops::Index;

use super::account::Account;
use super::model::Plan;
use super::select::Select;
use super::stage::Stage;
use super::target::Target;

/// The number of a target in [`Plan::targets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TargetId(u32);

impl TargetId {
    /// Returns the number, from 0.
    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    /// Returns the place in a list with one entry a target.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Makes an id for a test that has no plan.
    #[cfg(test)]
    pub(crate) const fn of_test(number: u32) -> Self {
        Self(number)
    }
}

/// The number of an account in [`Plan::accounts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AccountId(u16);

impl AccountId {
    /// Returns the number, from 0.
    pub(crate) const fn number(self) -> u16 {
        self.0
    }

    /// Returns the place in a list with one entry an account.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Target {
    /// Returns the id of its account.
    pub(crate) const fn account_id(&self) -> AccountId {
        AccountId(self.account)
    }
}

impl Select {
    /// Returns the ids of its accounts.
    pub(crate) fn account_ids(&self) -> impl Iterator<Item = AccountId> {
        self.accounts.iter().copied().map(AccountId)
    }
}

impl Plan {
    /// Returns the account of one of its targets.
    #[must_use]
    pub fn account_of(&self, target: &Target) -> &Account {
        &self[target.account_id()]
    }

    /// Returns the stage of one of its targets, if the plan has stages.
    #[must_use]
    pub fn stage_of(&self, target: &Target) -> Option<&Stage> {
        self.stages.get(usize::from(target.stage?))
    }

    /// Returns the ids of all targets, in plan order.
    pub(crate) fn target_ids(&self) -> impl ExactSizeIterator<Item = TargetId> + use<> {
        (0..u32::try_from(self.targets.len()).unwrap_or(u32::MAX)).map(TargetId)
    }

    /// Returns the ids of all accounts, in plan order.
    pub(crate) fn account_ids(&self) -> impl ExactSizeIterator<Item = AccountId> + use<> {
        (0..u16::try_from(self.accounts.len()).unwrap_or(u16::MAX)).map(AccountId)
    }

    /// Returns the id of the target with this number, if there is one.
    pub(crate) fn target_id(&self, number: u32) -> Option<TargetId> {
        ((number as usize) < self.targets.len()).then_some(TargetId(number))
    }
}

// Indexing panics where a plan was changed after its ids were made, or where a target names an account that is not
// there. Both are faults of this program or of a plan that was built by hand.

impl Index<TargetId> for Plan {
    type Output = Target;

    fn index(&self, id: TargetId) -> &Target {
        &self.targets[id.index()]
    }
}

impl Index<AccountId> for Plan {
    type Output = Account;

    fn index(&self, id: AccountId) -> &Account {
        &self.accounts[id.index()]
    }
}
