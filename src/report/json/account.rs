//! What the report says of the plan's accounts: where they were, whose they were, and how their keys held.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::{Moment, millis};
use super::schema;
use crate::engine::{KnownAccount, SignedAccount};
use crate::plan::Account;

/// An account of the plan, as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Account")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AccountRef {
    /// Its name in the plan.
    pub name: String,
    /// The cloud.
    #[schemars(example = &"huawei")]
    pub cloud: String,
    /// The region.
    pub region: String,
    /// Its id: what its credentials belong to, or else what the plan states.
    pub account_id: Option<String>,
    /// The Huawei Cloud project, from the plan or the environment, or looked up.
    pub project_id: Option<String>,
    /// `public` or `vpc`: which of the vendor's endpoints were used.
    pub network: String,
    /// The endpoints that the plan gives in their place, by product.
    pub endpoints: BTreeMap<String, String>,
    /// Who its credentials belong to in that account, in words; null where that was not learnt, or not asked.
    #[serde(default)]
    pub identity: Option<String>,
    /// Where its credentials came from, in words; null where it was not used.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the plan states its id.
    #[serde(default)]
    pub pinned: bool,
    /// When its credentials expire; null where they do not, or where that is not known.
    #[serde(default)]
    #[schemars(schema_with = "schema::maybe_moment")]
    pub expires_at: Option<Moment>,
    /// How often newer credentials came, the first ones not counted.
    #[serde(default)]
    pub refreshes: u32,
    /// How often newer credentials could not be had.
    #[serde(default)]
    pub refresh_failures: u32,
    /// How long nothing was sent for want of credentials, in milliseconds.
    #[serde(default)]
    pub paused_ms: u64,
    /// Why nothing more was sent for it; null where that is not so.
    #[serde(default)]
    pub closed: Option<String>,
}

impl From<&Account> for AccountRef {
    fn from(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            cloud: account.cloud.name().to_owned(),
            region: account.region.clone(),
            account_id: account.account_id.clone(),
            project_id: account.project_id().map(str::to_owned),
            network: account.network.name().to_owned(),
            endpoints: account.endpoints.clone(),
            pinned: account.account_id.is_some(),
            ..Self::default()
        }
    }
}

impl AccountRef {
    /// Returns an account of a plan with what is known of it since its sign-in.
    #[must_use]
    pub fn new(account: &Account, signed: Option<&SignedAccount>) -> Self {
        let stated = Self::from(account);
        let Some(signed) = signed else { return stated };
        Self {
            account_id: signed.identity.as_ref().map(|identity| identity.account_id.clone()).or(stated.account_id),
            project_id: signed.project_id.clone().or(stated.project_id),
            identity: signed.identity.as_ref().map(|identity| identity.name.clone()),
            source: signed.source.clone(),
            expires_at: signed.expires_at.map(Moment::from),
            refreshes: signed.refreshes,
            refresh_failures: signed.refresh_failures,
            paused_ms: millis(signed.paused),
            closed: signed.closed.clone(),
            ..stated
        }
    }

    /// Tells whether the run used it.
    pub(in crate::report) const fn is_used(&self) -> bool {
        self.source.is_some() || self.identity.is_some() || self.closed.is_some()
    }

    /// Returns what a run that goes on from the report must know; `plan` is the account as a plan has it now.
    #[must_use]
    pub fn known(&self, plan: &Account) -> KnownAccount {
        KnownAccount {
            account_id: self.account_id.clone().filter(|_| self.identity.is_some()),
            project_id: self.project_id.clone().filter(|_| plan.project_id.is_none()),
        }
    }

    /// Returns what this account and `now`, the one of the same name in a plan, differ in: the words for it, what it was
    /// and what it is.
    pub(in crate::report) fn change(&self, now: &Self) -> Option<(&'static str, String, String)> {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        // What the plan does not state is found out at the sign-in, and compared then.
        let stated = |was: &Option<String>, is: &Option<String>| match is {
            Some(_) => (shown(was), shown(is)),
            None => (String::new(), String::new()),
        };
        let endpoints = |account: &Self| {
            let listed: Vec<_> = account.endpoints.iter().map(|(product, url)| format!("{product} {url}")).collect();
            if listed.is_empty() { "the vendor's own".to_owned() } else { listed.join(", ") }
        };
        let account_id = stated(&self.account_id, &now.account_id);
        let project = stated(&self.project_id, &now.project_id);
        let fields = [
            ("cloud", (self.cloud.clone(), now.cloud.clone())),
            ("region", (self.region.clone(), now.region.clone())),
            ("account id", account_id),
            ("project", project),
            ("network", (self.network.clone(), now.network.clone())),
            ("endpoints", (endpoints(self), endpoints(now))),
        ];
        let changed = fields.into_iter().find(|(_, (was, is))| was != is);
        changed.map(|(words, (was, is))| (words, was, is))
    }
}
