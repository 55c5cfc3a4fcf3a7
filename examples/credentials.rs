//! A custom credentials provider: keys from a vault, and an account that is not in the vault.
//!
//! `cargo run --example credentials`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::HashMap;
use std::error::Error;

use allstop::credentials::{CredentialError, CredentialProvider, Nature, SourceError};
use allstop::engine::{Record, Run};
use allstop::plan::{Account, Plan, Variables};
use allstop::provider::{Cloud, Credentials};
use allstop::simulator::{self, Config};
use allstop::{BoxFuture, SecretString};

const PLAN: &str = "
version: 1
accounts: {prod: {cloud: alibaba, region: cn-hangzhou}}
defaults: {account: prod}
targets:
  - {kind: elasticsearch_task, instance_id: es-cn-1}
";

/// A vault. Here it is a map; in production it is a service.
pub(crate) struct Vault(HashMap<String, (String, SecretString)>);

impl Vault {
    async fn read(&self, name: &str) -> Option<(String, SecretString)> {
        self.0.get(name).cloned()
    }
}

impl CredentialProvider for Vault {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        Box::pin(async move {
            let Some((id, secret)) = self.read(&account.name).await else {
                let cause = SourceError::new(Nature::Final, "the vault has no such entry", "check the name of the account");
                return Err(CredentialError::new(&account.name, cause));
            };
            Ok(Credentials::AccessKey { id, secret, security_token: None })
        })
    }
}

/// Runs the plan with the keys of a vault that has the account `known`.
pub(crate) fn signed(known: &str) -> Result<Record, Box<dyn Error>> {
    let mut plan = Plan::parse(PLAN.as_bytes(), "credentials.yaml".as_ref(), &Variables::default())?.plan;
    let (cloud, _keys) = simulator::rehearse(&Config::default(), &mut plan)?;
    let Credentials::AccessKey { id, secret, .. } = cloud.credentials(Cloud::Alibaba, 0) else {
        return Err("the simulator gives out access keys".into());
    };
    let vault = Vault(HashMap::from([(known.to_owned(), (id, secret))]));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(Run::new(plan).credentials(vault).execute())?)
}

fn main() -> Result<(), Box<dyn Error>> {
    for result in signed("prod")?.results.iter() {
        println!("{}", result.outcome.name());
    }
    if let Err(error) = signed("another") {
        println!("error: {error}");
    }
    Ok(())
}
