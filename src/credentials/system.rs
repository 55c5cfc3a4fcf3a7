//! Finds credentials in every way that the vendors' own tools do.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::client::Clients;
use super::described::Described;
use super::error::{CredentialError, Nature};
use super::fetch::{Surroundings, fetch};
use super::identity::Identity;
use super::offline::{Reads, Resolution, resolve};
use super::provider::{CredentialProvider, Issued};
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
        Self { environment, clients: Clients::default(), session: "allstop".to_owned() }
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
            fetch(&source, Surroundings { account, environment, clients, session }).await.map_err(wrap)
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

    fn describe(&self, account: &Account) -> Described {
        let Resolution { source, words, notes, .. } = resolve(account, &self.environment, Reads::ProfilesOnly);
        // A file that was not read is no fault.
        let problem = source.err().filter(|error| error.nature() != Nature::Passing);
        Described { words, notes, problem }
    }
}
