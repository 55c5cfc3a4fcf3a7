//! Plans that run against the simulator: their accounts' endpoints, projects and keys.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::config::Config;
use super::error::RehearsalError;
use super::handle::Handle;
use super::resource::{Id, Initial, Resource};
use super::start::start;
use crate::credentials::{CredentialError, CredentialProvider};
use crate::plan::{Account, Plan, Target};
use crate::provider::Credentials;
use crate::service::products;

/// The project of Huawei Cloud accounts that name none.
const PROJECT: &str = "rehearsal-project";

/// The simulator's keys for the accounts of one plan.
#[derive(Debug, Clone)]
pub struct Keys(Vec<(String, Credentials)>);

/// Starts a simulator that has a plan's targets, in the states that the settings draw, and leads the plan's accounts to
/// it.
///
/// Returns the keys that the accounts need there, for [`Run::credentials`](crate::engine::Run::credentials).
///
/// # Errors
///
/// Fails if the simulator has no model of a target's kind, if the port is taken, or if the system is out of threads or
/// sockets.
pub fn rehearse(config: &Config, plan: &mut Plan) -> Result<(Handle, Keys), RehearsalError> {
    for account in &mut plan.accounts {
        // The simulator tells regions apart by their keys only.
        account.base = None;
        account.project_id.get_or_insert_with(|| PROJECT.to_owned());
    }
    let mut resources = resources(plan)?;
    for resource in &mut resources {
        resource.draw(config);
    }
    let handle = start(config, resources)?;
    let mut keys = Vec::new();
    for (number, account) in (0..=u16::MAX).zip(&mut plan.accounts) {
        let products = products(account.cloud).into_iter();
        account.endpoints = products.map(|product| (product.name.to_owned(), handle.endpoint())).collect();
        keys.push((account.name.clone(), handle.credentials(account.cloud, number)));
    }
    Ok((handle, Keys(keys)))
}

/// Returns the resources that a plan names, all of them running.
///
/// # Errors
///
/// Fails if the simulator has no model of a target's kind.
pub fn resources(plan: &Plan) -> Result<Vec<Resource>, RehearsalError> {
    let resource = |target: &Target| {
        let id = Id::of(target, &plan.accounts);
        let id = id.map_err(|cause| RehearsalError::NoModel { target: target.id().into_owned(), cause })?;
        Ok(Resource::new(id, Initial::Running))
    };
    plan.targets.iter().map(resource).collect()
}

impl CredentialProvider for Keys {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        let key = self.0.iter().find(|(name, _)| *name == account.name).map(|(_, key)| key.clone());
        async move { key.ok_or_else(|| CredentialError::Names { account: account.name.clone() }) }.boxed()
    }
}
