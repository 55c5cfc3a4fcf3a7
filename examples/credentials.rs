//! A custom credentials provider: temporary keys from a vault, and an account that is not in the vault.
//!
//! `cargo run --example credentials`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::HashMap;
use std::error::Error;
use std::sync::Mutex;

use allstop::credentials::{CredentialError, CredentialProvider, Identity, Issued, Nature, SourceError};
use allstop::engine::{Record, Run};
use allstop::plan::{Account, Plan, Variables};
use allstop::provider::{Cloud, Credentials};
use allstop::simulator::{self, Config};
use allstop::{BoxFuture, SecretString, Timestamp};

const PLAN: &str = "
version: 1
accounts: {prod: {cloud: alibaba, region: cn-hangzhou, account_id: '1865410598556969'}}
defaults: {account: prod}
targets:
  - {kind: elasticsearch_task, instance_id: es-cn-1}
";

/// A vault. Here it is a map; in production it is a service.
pub(crate) struct Vault {
    entries: Mutex<HashMap<String, (String, SecretString)>>,
    /// When the keys expire. Here it is always the same; a vault has it for each key.
    expires_at: Timestamp,
    /// The account of the cloud that the keys belong to.
    owner: String,
}

impl Vault {
    pub(crate) fn new(name: &str, key: (String, SecretString), owner: &str) -> Result<Self, Box<dyn Error>> {
        let entries = Mutex::new([(name.to_owned(), key)].into());
        Ok(Self { entries, expires_at: "2100-01-01T00:00:00Z".parse()?, owner: owner.to_owned() })
    }

    async fn read(&self, account: &Account) -> Result<Credentials, CredentialError> {
        let error = |nature, message: &str, hint: &'static str| {
            CredentialError::new(account.base_name(), SourceError::new(nature, message, hint))
        };
        let entries = self.entries.lock().map_err(|_| error(Nature::Passing, "the vault is sealed", ""))?;
        let found = entries.get(account.base_name()).cloned();
        let (id, secret) = found.ok_or_else(|| {
            error(Nature::Final, "the vault has no such entry", "check the name of the account in the plan")
        })?;
        Ok(Credentials::AccessKey { id, secret, security_token: None })
    }
}

impl CredentialProvider for Vault {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        Box::pin(self.read(account))
    }

    /// Says when the keys expire: the run asks again before that, and when a service refuses them.
    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        Box::pin(async move {
            let mut issued = Issued::new(self.read(account).await?);
            issued.expires_at = Some(self.expires_at);
            issued.is_renewable = true;
            Ok(issued)
        })
    }

    /// Says whose the keys are: the run compares it with the plan's `account_id`.
    fn identify<'a>(
        &'a self,
        _account: &'a Account,
        _credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        Box::pin(async move { Ok(Some(Identity::new(&*self.owner, "user vault"))) })
    }

    /// Says where they come from, for reports and hints.
    fn source(&self, account: &Account) -> Option<String> {
        Some(format!("the vault's entry {}", account.base_name()))
    }
}

/// Runs the plan with the keys of a vault that has the account `known`, which belong to `owner`.
pub(crate) fn signed(known: &str, owner: &str) -> Result<Record, Box<dyn Error>> {
    let mut plan = Plan::parse(PLAN.as_bytes(), "credentials.yaml".as_ref(), &Variables::default())?.plan;
    let (cloud, _keys) = simulator::rehearse(&Config::default(), &mut plan)?;
    let Credentials::AccessKey { id, secret, .. } = cloud.credentials(Cloud::Alibaba, 0) else {
        return Err("the simulator gives out access keys".into());
    };
    let vault = Vault::new(known, (id, secret), owner)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(Run::new(plan).credentials(vault).execute())?)
}

fn main() -> Result<(), Box<dyn Error>> {
    for result in signed("prod", "1865410598556969")?.results.iter() {
        println!("{}", result.outcome.name());
    }
    for (known, owner) in [("another", "1865410598556969"), ("prod", "1234567890123456")] {
        if let Err(error) = signed(known, owner) {
            println!("error: {error}");
        }
    }
    Ok(())
}
