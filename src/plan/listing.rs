//! Which targets a plan would stop and which it would leave alone, by name.

use crate::base::escape::Escaped;

use super::choice::Choice;
use super::model::Plan;
use super::table;
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

    /// Names the targets that would be stopped and those that are protected: at most this many of each, and how many
    /// more there are.
    #[must_use]
    pub fn shown(&self, most: usize) -> String {
        let parts = [(Choice::Stop, "To be stopped:\n"), (Choice::Protected, "Protected and left alone:\n")];
        let parts = parts.into_iter().filter(|(choice, _)| self.of(*choice).next().is_some());
        parts.map(|(choice, heading)| heading.to_owned() + &self.part(choice, most)).collect()
    }

    fn part(&self, choice: Choice, most: usize) -> String {
        let mut text = table::draw(self.of(choice).take(most).map(|target| self.line(target)), usize::MAX);
        match self.of(choice).count().saturating_sub(most) {
            0 => {}
            more => text.push_str(&format!("  and {} more\n", table::number(more as u64))),
        }
        text
    }

    fn of(&self, choice: Choice) -> impl Iterator<Item = &'p Target> {
        self.iter().filter(move |(chosen, _)| *chosen == choice).map(|(_, target)| target)
    }

    /// Returns the id, what it is where the id does not say, and whose where there are several accounts.
    fn line(&self, target: &Target) -> [String; 4] {
        let (id, made) = (target.id(), target.made_id());
        let what = if id.starts_with(&made) { String::new() } else { made };
        let account = self.plan.accounts.get(usize::from(target.account)).filter(|_| self.has_several_accounts);
        let (account, region) = account.map_or(("", ""), |account| (&account.name, &account.region));
        [&id, &*what, account, region].map(|cell| Escaped(cell).to_string())
    }
}
