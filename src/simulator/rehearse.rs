//! Plans that run against the simulator: their accounts' endpoints, projects and keys.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::config::Config;
use super::error::RehearsalError;
use super::handle::Handle;
use super::resource::{Id, Initial, Resource};
use super::start::start;
use super::wish::Wish;
use super::world::{Ground, Seeded};
use crate::base::clock::{Clock, SystemClock};
use crate::credentials::{CredentialError, CredentialProvider, Identity, Nature, SourceError};
use crate::plan::{Account, Patterns, Plan, Select, Target};
use crate::provider::Credentials;
use crate::service::products;

/// The project of Huawei Cloud accounts that name none.
const PROJECT: &str = "rehearsal-project";

/// The simulator's keys for the accounts of one plan.
#[derive(Debug, Clone)]
pub struct Keys(Vec<(String, Credentials)>);

/// Starts a simulator that has a plan's targets, in the states that the settings draw, and resources that its selections
/// can be tried on, or else what [`Config::world`] says; and leads the plan's accounts to it.
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
        if account.project_id().is_none() {
            account.project_id = Some(PROJECT.to_owned());
        }
    }
    let wishes = wishes(plan)?;
    let mut config = config.clone();
    config.is_listed |= !wishes.is_empty();
    let (resources, warnings) = match &config.world {
        Some(world) => {
            let account = |account: &'_ Account| (account.name.clone(), account.project_id().map(str::to_owned));
            let accounts: Vec<_> = plan.accounts.iter().map(account).collect();
            let accounts: Vec<_> = accounts.iter().map(|(name, project)| (&**name, project.as_deref())).collect();
            (world.resources(&accounts)?, Vec::new())
        }
        None => {
            // Few on a page, so that there are several.
            config.quirks.most_before_token.get_or_insert(5);
            made_up(&config, plan, &wishes)?
        }
    };
    let mut handle = start(&config, resources)?;
    (handle.wishes, handle.warnings) = (wishes, warnings);
    let mut keys = Vec::new();
    for (number, account) in (0..=u16::MAX).zip(&mut plan.accounts) {
        let products = products(account.cloud).into_iter();
        account.endpoints = products.map(|product| (product.name.to_owned(), handle.endpoint())).collect();
        keys.push((account.name.clone(), handle.credentials(account.cloud, number)));
    }
    Ok((handle, Keys(keys)))
}

/// Returns what a plan names, in the states that the settings draw, what can be tried on its selections, and what of that
/// cannot be made.
fn made_up(config: &Config, plan: &Plan, wishes: &[Wish]) -> Result<(Vec<Resource>, Vec<String>), RehearsalError> {
    let mut all = resources(plan)?;
    for resource in &mut all {
        resource.draw(config);
    }
    let projects: Vec<_> =
        plan.accounts.iter().map(|account| account.project_id().unwrap_or_default().to_owned()).collect();
    let protect: Vec<_> = plan.guards.protecting().into_iter().flat_map(Patterns::texts).cloned().collect();
    let now = SystemClock.now();
    let now = now.checked_add(config.clock_offset).unwrap_or(now);
    let world = Seeded::new(Ground { wishes, protect: &protect, projects: &projects, seed: config.seed, now });
    all.extend(world.resources);
    Ok((all, world.warnings))
}

/// Returns the selections of a plan, as the simulator understands them.
///
/// # Errors
///
/// Fails if it does not understand one.
pub fn wishes(plan: &Plan) -> Result<Vec<Wish>, RehearsalError> {
    let wish = |select: &Select| {
        Wish::of(select).map_err(|reason| RehearsalError::Wish { selection: select.id.to_string(), reason })
    };
    plan.selects.iter().map(wish).collect()
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
        async move {
            key.ok_or_else(|| {
                CredentialError::new(&account.name, SourceError::new(Nature::Final, "it is not in the rehearsal", ""))
            })
        }
        .boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        _: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        // A rehearsal plays the account that the plan pins.
        let identity = account.account_id.as_ref().map(|id| Identity::new(id, "rehearsal"));
        async move { Ok(identity) }.boxed()
    }

    fn shared_by(&self, account: &Account) -> String {
        account.name.clone()
    }
}
