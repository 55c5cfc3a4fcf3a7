//! A plan led to the simulator: its accounts' endpoints, projects and keys.

use std::io;

use futures::FutureExt;
use futures::future::BoxFuture;

use super::config::Config;
use super::handle::Handle;
use super::resource::Resource;
use crate::credentials::{CredentialError, CredentialProvider};
use crate::plan::{Account, Plan};
use crate::provider::Credentials;
use crate::service::products;

/// The project of Huawei Cloud accounts that name none.
const PROJECT: &str = "rehearsal-project";

/// The simulator's keys for the accounts of one plan.
#[derive(Debug, Clone)]
pub struct Keys(Vec<(String, Credentials)>);

/// Starts a simulator that holds a plan's targets, in the states that the settings draw, and leads the plan's accounts to it.
///
/// Returns the keys that the accounts need there, for [`Run::credentials`](crate::engine::Run::credentials).
///
/// # Errors
///
/// Fails when the port is taken, or the system has no thread or socket left.
pub fn rehearse(config: &Config, plan: &mut Plan) -> io::Result<(Handle, Keys)> {
    for account in &mut plan.accounts {
        account.project_id.get_or_insert_with(|| PROJECT.to_owned());
    }
    let targets = plan.targets.iter();
    let resources = targets.filter_map(|t| Resource::of(t, plan.accounts.get(usize::from(t.account))?));
    let resources = resources.map(|resource| resource.drawn(config));
    let handle = super::start(config, resources)?;
    let mut keys = Vec::new();
    for (number, account) in (0_u16..).zip(&mut plan.accounts) {
        let products = products(account.cloud).into_iter();
        account.endpoints = products.map(|product| (product.name.to_owned(), handle.endpoint())).collect();
        keys.push((account.name.clone(), handle.credentials(account.cloud, number)));
    }
    Ok((handle, Keys(keys)))
}

impl CredentialProvider for Keys {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        let key = self.0.iter().find(|(name, _)| *name == account.name).map(|(_, key)| key.clone());
        async move { key.ok_or_else(|| CredentialError::Names { account: account.name.clone() }) }.boxed()
    }
}
