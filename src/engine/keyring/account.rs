//! What is known of an account that has signed in, for people and for the report.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{Keyring, SourceId};
use crate::credentials::{CredentialError, Identity, Nature};
use crate::engine::error::RunError;
use crate::engine::journal::{AccountNote, KnownAccount};
use crate::plan::{Account, AccountId, Plan};
use crate::provider::Cloud;

/// What is known of an account that has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignedAccount {
    /// The account's name in the plan.
    pub name: String,
    /// The cloud.
    pub cloud: Cloud,
    /// The region.
    pub region: String,
    /// Whose the keys are; `None` where that could not be learnt.
    pub identity: Option<Identity>,
    /// Where the keys come from, in words, without a secret.
    pub source: Option<String>,
    /// Whether the plan names the account's id.
    pub is_pinned: bool,
    /// The Huawei Cloud project.
    pub project_id: Option<String>,
    /// Whether the project was looked up.
    pub is_project_found: bool,
    /// Whether newer keys can be had when these expire.
    pub is_renewable: bool,
    /// When the keys expire; `None` where they do not, or where that is not known.
    pub expires_at: Option<Timestamp>,
    /// How often newer keys came.
    pub refreshes: u32,
    /// How often newer keys could not be had.
    pub refresh_failures: u32,
    /// How long nothing was sent for want of keys.
    pub paused: Duration,
    /// Why nothing more is sent, if so.
    pub closed: Option<String>,
}

impl SignedAccount {
    /// Returns the note of it for a journal; `None` where nothing is known of it.
    #[must_use]
    pub fn note(&self) -> Option<AccountNote> {
        let KnownAccount { account_id, project_id } = self.known();
        let identity = self.identity.as_ref().map(|identity| identity.name.clone());
        let is_known = account_id.is_some() || project_id.is_some();
        let (name, refreshes) = (self.name.clone(), self.refreshes);
        is_known.then_some(AccountNote { name, account_id, identity, project_id, refreshes })
    }

    /// Returns the account as it is, with what happened to its keys in an earlier part of the run as well.
    #[must_use]
    pub fn following(self, earlier: &Self) -> Self {
        Self {
            refreshes: self.refreshes + earlier.refreshes,
            refresh_failures: self.refresh_failures + earlier.refresh_failures,
            paused: self.paused + earlier.paused,
            ..self
        }
    }

    /// Returns an account of which no more is known than the plan says.
    #[must_use]
    pub fn unknown(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            cloud: account.cloud,
            region: account.region.clone(),
            identity: None,
            source: None,
            is_pinned: account.account_id.is_some(),
            project_id: account.project_id().map(str::to_owned),
            is_project_found: account.project_id.is_none() && account.found_project.is_some(),
            is_renewable: false,
            expires_at: None,
            refreshes: 0,
            refresh_failures: 0,
            paused: Duration::ZERO,
            closed: None,
        }
    }

    /// Returns what a later part of the run must know.
    #[must_use]
    pub fn known(&self) -> KnownAccount {
        KnownAccount {
            account_id: self.identity.as_ref().map(|identity| identity.account_id.clone()),
            project_id: self.project_id.clone().filter(|_| self.is_project_found),
        }
    }
}

impl Keyring {
    /// Says what is known of each account in use, in the plan's order.
    #[must_use]
    pub fn accounts(&self) -> Vec<SignedAccount> {
        self.ids_in_use().map(|id| self.signed(id)).collect()
    }

    fn ids_in_use(&self) -> impl Iterator<Item = AccountId> {
        self.plan.account_ids().filter(|id| self.in_use.get(id.index()) == Some(&true))
    }

    /// Returns why the keys of an account were refused at its sign-in, if they were.
    pub(in crate::engine) fn refused_at_sign_in(&self, account: AccountId) -> Option<&str> {
        self.refused.iter().find(|(refused, _)| *refused == account).map(|(_, why)| why.as_str())
    }

    /// Says what is known of the accounts that have a source.
    pub(in crate::engine) fn accounts_of(&self, source: SourceId) -> Vec<SignedAccount> {
        let accounts = self.plan.account_ids().zip(&self.sources).filter(|(_, of)| **of == Some(source));
        accounts.map(|(id, _)| self.signed(id)).collect()
    }

    fn signed(&self, id: AccountId) -> SignedAccount {
        let account = &self.plan[id];
        let found = self.projects.get(id.index()).cloned().flatten();
        let mut signed = SignedAccount {
            source: self.provider.source(account),
            closed: self.refused_at_sign_in(id).map(str::to_owned),
            ..SignedAccount::unknown(account)
        };
        signed.is_project_found |= found.is_some();
        signed.project_id = found.or(signed.project_id);
        let source = self.sources.get(id.index()).copied().flatten();
        let state = self.state();
        if let Some(slot) = source.and_then(|source| state.slots.get(source.index())) {
            signed.identity = slot.identity().cloned();
            signed.expires_at = slot.expires_at();
            signed.is_renewable = slot.is_renewable();
            (signed.refreshes, signed.refresh_failures) = (slot.refreshes, slot.refresh_failures);
            signed.paused = slot.paused(Instant::now());
            let in_region = |(closed, _): &&(AccountId, String)| {
                self.sources.get(closed.index()) == Some(&source) && self.plan[*closed].region == account.region
            };
            let of_key = state.closed.iter().find(in_region).map(|(_, why)| why.clone());
            signed.closed = slot.closed().map(str::to_owned).or(of_key);
        }
        signed
    }

    /// Returns a plan completed by what the sign-in found: projects, and targets that are duplicates as two accounts are
    /// one place of the cloud. `None` where nothing was found.
    pub(in crate::engine) fn complete(&self, plan: &Plan) -> Option<Plan> {
        let lacks = |(account, found): (&Account, &Option<String>)| account.project_id().is_none() && found.is_some();
        let is_lacking = plan.accounts.iter().zip(&self.projects).any(lacks);
        let owners = self.owners();
        if !is_lacking {
            return plan.with_keys(&owners);
        }
        let mut plan = plan.clone();
        self.find_projects(&mut plan);
        Some(plan.with_keys(&owners).unwrap_or(plan))
    }

    /// Puts the projects that were looked up into a plan.
    pub(crate) fn find_projects(&self, plan: &mut Plan) {
        for (account, found) in plan.accounts.iter_mut().zip(&self.projects) {
            account.found_project = found.clone().or_else(|| account.found_project.take());
        }
    }

    /// Refuses to go on with what another account has begun.
    pub(crate) fn refuse_others(&self, known: &BTreeMap<String, KnownAccount>) -> Result<(), RunError> {
        let mut may_pass = true;
        let mut other = |account: AccountId| {
            let name = &self.plan[account].name;
            let before = known.get(name)?.account_id.as_ref()?;
            let was = format!("account {name} was {before} when the run began, and its credentials");
            match self.signed(account).identity {
                Some(now) if now.account_id == *before => None,
                Some(now) => {
                    may_pass = false;
                    Some(format!("{was} belong to {}", now.account_id))
                }
                None => {
                    let why = self.unknown_at_sign_in(account);
                    may_pass &= why.is_some_and(|error| error.nature() == Nature::Passing);
                    let why = why.map_or_else(String::new, |error| format!(": {}", error.cause().message()));
                    Some(format!("{was} are not known{why}"))
                }
            }
        };
        let others: Vec<_> = self.ids_in_use().filter_map(&mut other).collect();
        match others.is_empty() {
            true => Ok(()),
            false if may_pass => Err(RunError::Unidentified(Box::new(RunError::Pinned(others)))),
            false => Err(RunError::Pinned(others)),
        }
    }

    /// Returns why it could not be learnt at the sign-in of an account whose its keys are.
    fn unknown_at_sign_in(&self, account: AccountId) -> Option<&CredentialError> {
        let source = self.sources.get(account.index()).copied().flatten()?;
        self.unknown.get(source.index())?.as_ref()
    }
}
