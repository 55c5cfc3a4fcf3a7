//! Finds credentials in every way that the vendors' own tools do.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::client::Clients;
use super::error::CredentialError;
use super::fetch::fetch;
use super::identity::Identity;
use super::offline::{Reads, resolve};
use super::provider::{CredentialProvider, Issued};
use super::surroundings::Surroundings;
use crate::base::environment::Environment;
use crate::plan::Account;
use crate::provider::Credentials;

/// Finds credentials in every way that the vendors' own tools do: variables, profiles, files, programs, metadata services,
/// OIDC tokens and roles.
#[derive(Debug)]
pub struct SystemProvider {
    environment: Environment,
    clients: Clients,
    session: String,
}

impl SystemProvider {
    /// Looks in `environment` from now on, also for the home directory.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self { clients: Clients::new(environment.clone()), environment, session: "allstop".to_owned() }
    }
}

impl CredentialProvider for SystemProvider {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        async { Ok(self.issue(account).await?.credentials) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        async move {
            let Self { environment, clients, session } = self;
            let wrap = |cause| CredentialError::new(account.base_name(), cause);
            let source = resolve(account, environment, Reads::Everything).source.map_err(wrap)?;
            fetch(&source, Surroundings { account, environment, clients, session, iam_endpoint: None })
                .await
                .map_err(wrap)
        }
        .boxed()
    }

    fn identify<'a>(
        &'a self,
        _account: &'a Account,
        _credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        async { Ok(None) }.boxed()
    }

    fn source(&self, account: &Account) -> Option<String> {
        Some(resolve(account, &self.environment, Reads::ProfilesOnly).words)
    }
}
