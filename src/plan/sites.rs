//! Which accounts of a plan are one place of the cloud, whatever they are called: a resource there is one resource.

use std::collections::HashMap;

use crate::base::environment::Environment;
use crate::provider::{Cloud, Principal};

use super::model::{Account, Plan};

/// For every account of a plan, the number of the first one that is the same place.
pub(super) struct Sites(Vec<u16>);

/// What two accounts in one region have in common if they are one place; one of these is enough.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Sign<'a> {
    /// A project belongs to one account; where the plan names none, all take that of the same variable.
    Project(Option<&'a str>),
    /// The account that the plan pins the credentials to.
    Owner(&'a str),
    /// The variable with the key.
    Variable(&'a str),
    /// The key's id.
    Key(&'a str),
    /// The key that a provider found.
    Principal(&'a Principal),
}

impl Sites {
    /// Finds the places by what the plan says and by the keys in the environment.
    pub(super) fn known(accounts: &[Account], environment: &Environment) -> Self {
        Self::of(accounts, environment, |_| None)
    }

    fn of<'a>(
        accounts: &'a [Account],
        environment: &'a Environment,
        principal: impl Fn(usize) -> Option<&'a Principal>,
    ) -> Self {
        let mut sites: Vec<u16> = (0..).take(accounts.len()).collect();
        let mut first_with = HashMap::new();
        for (number, account) in accounts.iter().enumerate() {
            // A host name says the same in capitals.
            let region = account.region.to_ascii_lowercase();
            for sign in signs(account, environment, principal(number)) {
                let Some(own) = sites.get(number).copied() else { continue };
                let other = *first_with.entry((account.cloud, region.clone(), sign)).or_insert(own);
                // The number may have been a place of its own when it was noted.
                let other = sites.get(usize::from(other)).copied().unwrap_or(other);
                let (first, later) = (own.min(other), own.max(other));
                if first != later {
                    sites.iter_mut().filter(|site| **site == later).for_each(|site| *site = first);
                }
            }
        }
        Self(sites)
    }

    /// Returns the number of the first account that is the same place.
    pub(super) fn of_account(&self, account: u16) -> u16 {
        self.0.get(usize::from(account)).copied().unwrap_or(account)
    }

    /// Tells whether every account is a place of its own.
    fn are_apart(&self) -> bool {
        (0..).zip(&self.0).all(|(number, site)| number == *site)
    }
}

fn signs<'a>(
    account: &'a Account,
    environment: &'a Environment,
    principal: Option<&'a Principal>,
) -> impl Iterator<Item = Sign<'a>> {
    let signs = match account.cloud {
        Cloud::Huawei => [Some(Sign::Project(account.project(environment))), None, None, None],
        Cloud::Alibaba => {
            let variable = account.key_variable();
            let key = variable.and_then(|name| environment.get(name)).map(str::trim).filter(|key| !key.is_empty());
            [
                account.account_id.as_deref().map(Sign::Owner),
                variable.map(Sign::Variable),
                key.map(Sign::Key),
                principal.map(Sign::Principal),
            ]
        }
    };
    signs.into_iter().flatten()
}

impl Plan {
    /// Returns the plan as it is once the keys are known, by account number; `None` where that changes nothing.
    ///
    /// A plan that was read knows the keys of the environment; those of another provider show only now that accounts
    /// are one place, where a resource is stopped once and protected under all its names.
    pub(crate) fn with_keys(&self, keys: &[Option<Principal>]) -> Option<Self> {
        let environment = Environment::default();
        let sites = Sites::of(&self.accounts, &environment, |number| keys.get(number)?.as_ref());
        if sites.are_apart() {
            return None;
        }
        let found = super::resolve::duplicates(&self.targets, &sites);
        let is_new = |(number, first): &(u32, u32)| {
            self.targets.get(*number as usize).map(|t| t.duplicate_of) != Some(Some(*first))
        };
        if !found.iter().any(is_new) {
            return None;
        }
        let mut plan = self.clone();
        for (number, first) in found {
            if let Some(target) = plan.targets.get_mut(number as usize) {
                target.duplicate_of = Some(first);
            }
        }
        Some(plan)
    }
}

#[cfg(test)]
mod tests;
