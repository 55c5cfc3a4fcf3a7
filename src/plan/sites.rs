//! Which accounts of a plan are one place of the cloud, whatever they are called: a resource there is one resource.

use std::collections::HashMap;

use crate::base::environment::Environment;
use crate::provider::{Cloud, Principal};

use super::account::Account;
use super::credential_source::CredentialSource;
use super::model::Plan;
use super::suggest;
use super::target::Target;

/// For every account of a plan, the number of the first one that is the same place.
pub(super) struct Sites(Vec<u16>);

/// What two accounts in one region have in common if they are one place; one of these is enough.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Sign<'a> {
    /// A project belongs to one account.
    Project(&'a str),
    /// The account that the plan pins the credentials to, or that of their role.
    Owner(&'a str),
    /// Where the credentials come from.
    Source(&'a CredentialSource),
    /// The variable with the key.
    Variable(&'a str),
    /// The key's id.
    Key(&'a str),
    /// The key, or the account, that a provider found.
    Principal(&'a Principal),
}

impl Sites {
    /// Finds the places from the plan, the keys in the environment, and those that are known already.
    pub(super) fn of<'a>(
        accounts: &'a [Account],
        environment: &'a Environment,
        principal: impl Fn(usize) -> Option<&'a Principal>,
    ) -> Self {
        let mut sites: Vec<u16> = (0..=u16::MAX).take(accounts.len()).collect();
        let mut first_with = HashMap::new();
        for (number, account) in accounts.iter().enumerate() {
            // Host names are case-insensitive.
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

    /// Tells whether two targets name the same resource.
    pub(super) fn names_same(&self, one: &Target, other: &Target) -> bool {
        let params = one.kind.params;
        one.kind == other.kind
            && self.of_account(one.account) == self.of_account(other.account)
            && one.params.identity(params).eq(other.params.identity(params))
    }

    /// Says which two of the `listed` accounts are one place, if two are.
    pub(super) fn listed_twice(&self, accounts: &[Account], listed: &[u16]) -> Option<String> {
        let mut first_of = HashMap::new();
        listed.iter().find_map(|again| {
            let first = *first_of.entry(self.of_account(*again)).or_insert(*again);
            let [first, again] = [first, *again].map(usize::from);
            let (first, again) = accounts.get(first).zip(accounts.get(again)).filter(|_| first != again)?;
            Some(format!("{}: a selection of both would list everything there twice", same(first, again)))
        })
    }

    /// Tells whether every account is a place of its own.
    pub(super) fn are_apart(&self) -> bool {
        (0..=u16::MAX).zip(&self.0).all(|(number, site)| number == *site)
    }
}

/// Says that two accounts are one place.
pub(super) fn same(first: &Account, again: &Account) -> String {
    let (first, again) = (suggest::quote(&first.name), suggest::quote(&again.name));
    format!("the accounts {first} and {again} are the same account of the cloud in the same region")
}

impl Plan {
    /// Says which two of these accounts, by number, are one place once the keys are known, by account number; `None`
    /// where each is a place of its own. One selection would list everything there twice.
    ///
    /// Without the keys, the reader has refused what it can.
    #[must_use]
    pub fn same_place(&self, accounts: &[u16], keys: &[Option<Principal>]) -> Option<String> {
        let environment = Environment::default();
        let sites = Sites::of(&self.accounts, &environment, |number| keys.get(number)?.as_ref());
        sites.listed_twice(&self.accounts, accounts)
    }
}

fn signs<'a>(
    account: &'a Account,
    environment: &'a Environment,
    principal: Option<&'a Principal>,
) -> impl Iterator<Item = Sign<'a>> {
    let source = Some(Sign::Source(&account.credentials));
    let principal = principal.map(Sign::Principal);
    let signs = match (account.cloud, account.project(environment)) {
        // An account has several projects, and only the same credentials lead to the same one.
        (Cloud::Huawei, Some(project)) => [Some(Sign::Project(project)), None, None, None, None],
        (Cloud::Huawei, None) => [source, principal, None, None, None],
        (Cloud::Alibaba, _) => {
            let variable = account.key_variables().first().copied();
            let key = variable.and_then(|name| environment.get(name)).map(str::trim).filter(|key| !key.is_empty());
            [account.known_id().map(Sign::Owner), source, variable.map(Sign::Variable), key.map(Sign::Key), principal]
        }
    };
    signs.into_iter().flatten()
}

#[cfg(test)]
mod tests;
