//! Which targets a plan would stop, and which it protects.

use super::account::Account;
use super::choice::Choice;
use super::model::Plan;
use super::target::Target;

/// The targets of a plan with what a run is to do about each.
#[derive(Debug, Clone)]
pub struct Listing<'p> {
    plan: &'p Plan,
    choices: Vec<Choice>,
    has_several_accounts: bool,
}

impl Plan {
    /// Lists the targets; `selected` is given each target's number and the target.
    #[must_use]
    pub fn listing(&self, selected: impl Fn(usize, &Target) -> bool) -> Listing<'_> {
        let choices = self.choices(selected).collect();
        Listing { plan: self, choices, has_several_accounts: self.has_several_accounts() }
    }

    /// Tells whether the targets are of several accounts: an id alone does not say whose it is then.
    #[must_use]
    pub fn has_several_accounts(&self) -> bool {
        let mut accounts = self.targets.iter().map(|target| target.account);
        let first = accounts.next();
        accounts.any(|account| Some(account) != first)
    }
}

impl<'p> Listing<'p> {
    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// Returns every target with what a run is to do about it, in the plan's order.
    pub fn iter(&self) -> impl Iterator<Item = (Choice, &'p Target)> {
        self.choices.iter().copied().zip(&self.plan.targets)
    }

    /// Tells whether there are more to be stopped, or more that are protected, than `most`.
    #[must_use]
    pub fn is_longer_than(&self, most: usize) -> bool {
        [Choice::Stop, Choice::Protected].into_iter().any(|choice| self.of(choice).nth(most).is_some())
    }

    /// Returns the targets with this choice, in the plan's order.
    pub fn of(&self, choice: Choice) -> impl Iterator<Item = &'p Target> {
        self.iter().filter(move |(chosen, _)| *chosen == choice).map(|(_, target)| target)
    }

    /// Returns whose a target is, where the targets are of several accounts.
    #[must_use]
    pub fn account(&self, target: &Target) -> Option<&'p Account> {
        self.has_several_accounts.then(|| self.plan.account_of(target))
    }
}
