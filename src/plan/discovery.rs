//! Plans that only list: they select resources of some kinds in the accounts of another plan.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::account::Account;
use super::format;
use super::guards::Guards;
use super::limits::{Limits, Retry, Verify};
use super::model::Plan;
use super::select::Select;
use super::target::Labels;
use crate::service::{Kind, Params};

impl Plan {
    /// Returns a plan that has one account and stops nothing.
    #[must_use]
    pub fn of_account(account: Account) -> Self {
        Self {
            name: account.name.clone(),
            path: PathBuf::new(),
            sha256: String::new(),
            accounts: vec![account],
            limits: Limits::default(),
            retry: Retry::default(),
            verify: Verify::default(),
            guards: Guards::default(),
            notify: Vec::new(),
            stages: Vec::new(),
            targets: Vec::new(),
            selects: Vec::new(),
            reviewed: None,
            shard: None,
        }
    }

    /// Returns the plan with one selection a kind, of all accounts of its cloud, in place of its targets. The values are
    /// those of `select`.
    ///
    /// # Errors
    ///
    /// Fails with the kind and the reason where a value is none that `select` can have.
    pub fn selecting(&self, wanted: impl IntoIterator<Item = (Kind, Value)>) -> Result<Self, (Kind, String)> {
        let mut plan = Self { reviewed: None, ..self.part(|_| false, |_| true) };
        plan.selects =
            wanted.into_iter().map(|(kind, value)| self.select_of(kind, &value)).collect::<Result<_, _>>()?;
        plan.selects.retain(|select| !select.accounts.is_empty());
        Ok(plan)
    }

    fn select_of(&self, kind: Kind, value: &Value) -> Result<Select, (Kind, String)> {
        let query = format::query_of(kind, value).map_err(|error| (kind, error))?;
        let accounts = (0..).zip(&self.accounts).filter(|(_, account)| account.cloud == kind.cloud);
        let id: Arc<str> = kind.name.into();
        Ok(Select {
            labels: Labels::new(Select::labels([].into(), &id, false)),
            id,
            kind,
            accounts: accounts.map(|(number, _)| number).collect(),
            params: Params::new(kind.params.iter().map(|_| None)),
            query,
            position: 0,
            stage: None,
        })
    }
}
