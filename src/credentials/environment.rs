//! Credentials in environment variables.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};

use super::described::Described;
use super::error::{CredentialError, Nature, SourceError};
use super::offline::{default_keys, named_keys, not_set};
use super::provider::CredentialProvider;
use crate::base::environment::Environment;
use crate::plan::{Account, CredentialSource};
use crate::provider::Credentials;

/// Finds credentials in environment variables: those a plan names, or the cloud's own.
///
/// White space around a value is dropped: shells and secret stores add line ends, and no key has any. A variable
/// that the plan names must be set; of the vendor's own, the security token may be absent.
#[derive(Debug, Clone)]
pub struct EnvironmentProvider(Environment);

impl EnvironmentProvider {
    /// Looks in `environment` from now on.
    #[must_use]
    pub const fn new(environment: Environment) -> Self {
        Self(environment)
    }

    fn find(&self, account: &Account) -> Result<Credentials, SourceError> {
        match &account.credentials {
            CredentialSource::Default => default_keys(&self.0, account.cloud)?.ok_or_else(|| {
                let [id, secret, _] = account.cloud.key_variables();
                not_set(&[id, secret])
            }),
            CredentialSource::Env(names) => named_keys(&self.0, names),
            CredentialSource::Profile(_)
            | CredentialSource::File(_)
            | CredentialSource::Process(_)
            | CredentialSource::Uri(_)
            | CredentialSource::Metadata(_)
            | CredentialSource::Pod
            | CredentialSource::Oidc(_)
            | CredentialSource::Role(_)
            | CredentialSource::Password(_) => {
                Err(SourceError::new(Nature::Final, "this provider finds keys in variables alone", ""))
            }
        }
    }
}

impl CredentialProvider for EnvironmentProvider {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        ready(self.find(account).map_err(|cause| CredentialError::new(account.base_name(), cause))).boxed()
    }

    fn source(&self, account: &Account) -> Option<String> {
        let names = account.key_variables();
        let set: Vec<_> = names.into_iter().filter(|name| self.0.get(name).is_some()).collect();
        let (last, others) = set.split_last()?;
        Some(if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) })
    }

    fn describe(&self, account: &Account) -> Described {
        let problem = self.find(account).err();
        Described { problem, ..Described::new(self.source(account).unwrap_or_default()) }
    }
}

/// Returns the account's Huawei Cloud project: the plan's, or the one in the vendor's own variable.
#[must_use]
pub(crate) fn project_id(account: &Account, environment: &Environment) -> Option<String> {
    account.project(environment).map(str::to_owned)
}

#[cfg(test)]
mod tests;
