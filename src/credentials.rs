//! Where an account's credentials come from.
//!
//! A provider only finds credentials. It does not sign, and does not ask the cloud whether they are valid.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use jiff::Timestamp;

use crate::base::environment::Environment;
use crate::plan::{Account, CredentialNames, CredentialSource};
use crate::provider::Credentials;

/// Finds the credentials of accounts.
///
/// Accounts that take their key from the same variables, in the plan's words, are one account of the cloud, whatever a
/// provider returns for each. The regions of one account ([`Account::base`]) have the same credentials: a run asks for
/// those of the first one that it uses.
pub trait CredentialProvider: Send + Sync {
    /// Returns what requests of `account` are signed with now; a later call may return newer ones.
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>>;

    /// Returns the same with the time of their expiry, where the provider knows it.
    ///
    /// A run asks once at its start, again before they expire, and once more when a service refuses them. Newer ones
    /// replace them; the same ones, or an error, change nothing.
    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        async { Ok(Issued { credentials: self.credentials(account).await?, expires_at: None }) }.boxed()
    }

    /// Says where the credentials of `account` come from, such as `ALI_AK and ALI_SK`: names, never values.
    ///
    /// `None` where the provider does not say; hints are then without it.
    fn source(&self, _account: &Account) -> Option<String> {
        None
    }
}

/// Credentials, and how long they can be used.
#[derive(Debug, Clone)]
pub struct Issued {
    /// What requests are signed with.
    pub credentials: Credentials,
    /// When they expire; `None` where they do not, or where that is not known.
    pub expires_at: Option<Timestamp>,
}

/// An account without usable credentials. Its texts name variables and never show their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Variables are unset, or blank.
    #[error("account {account} has no credentials: {} not set", .variables.join(", "))]
    Missing {
        /// The account's name in the plan.
        account: String,
        /// The names of all that are missing.
        variables: Vec<String>,
    },
    /// A variable's value cannot be a credential.
    #[error("account {account}: invalid character in {variable}")]
    Malformed {
        /// The account's name in the plan.
        account: String,
        /// The name of the variable.
        variable: String,
    },
    /// A provider of your own has none to give.
    #[error("account {account} has no credentials: {reason}")]
    Unavailable {
        /// The account's name in the plan.
        account: String,
        /// Why, without a secret in it.
        reason: String,
    },
    /// The plan names half an access key, nothing, or too much.
    #[error("account {account}: `credentials` must name the variables of one access key or of one auth token")]
    Names {
        /// The account's name in the plan.
        account: String,
    },
}

impl CredentialError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "set them, or name other variables under the account's `credentials: {env: …}`",
            Self::Malformed { .. } => "check the value for a line break or a control character",
            Self::Unavailable { .. } => "check the source of the credentials",
            Self::Names { .. } => "set `access_key_id` and `access_key_secret`, or only `auth_token`",
        }
    }
}

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

    fn find(&self, account: &Account) -> Result<Credentials, CredentialError> {
        let variables = Variables { environment: &self.0, account: account.base_name() };
        match &account.credentials {
            CredentialSource::Default => {
                let [id, secret, token] = account.cloud.key_variables();
                let [id, secret] = variables.all([id, secret])?;
                Ok(access_key(id, secret, variables.get(token)?))
            }
            CredentialSource::Env(names) => variables.named(names),
        }
    }
}

impl CredentialProvider for EnvironmentProvider {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        ready(self.find(account)).boxed()
    }

    fn source(&self, account: &Account) -> Option<String> {
        let names = match &account.credentials {
            CredentialSource::Default => account.cloud.key_variables().to_vec(),
            CredentialSource::Env(names) => {
                let CredentialNames { access_key_id, access_key_secret, security_token, auth_token } = names;
                let names = [access_key_id, access_key_secret, security_token, auth_token];
                names.into_iter().flatten().map(String::as_str).collect()
            }
        };
        let set: Vec<_> = names.into_iter().filter(|name| self.0.get(name).is_some()).collect();
        let (last, others) = set.split_last()?;
        Some(if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) })
    }
}

/// Returns the account's Huawei Cloud project: the plan's, or the one in the vendor's own variable.
#[must_use]
pub(crate) fn project_id(account: &Account, environment: &Environment) -> Option<String> {
    account.project(environment).map(str::to_owned)
}

fn access_key(id: &str, secret: &str, security_token: Option<&str>) -> Credentials {
    Credentials::AccessKey { id: id.to_owned(), secret: secret.into(), security_token: security_token.map(Into::into) }
}

/// The environment, read on behalf of one account.
struct Variables<'a> {
    environment: &'a Environment,
    account: &'a str,
}

impl<'a> Variables<'a> {
    fn named(&self, names: &CredentialNames) -> Result<Credentials, CredentialError> {
        let CredentialNames { access_key_id, access_key_secret, security_token, auth_token } = names;
        match (access_key_id, access_key_secret, security_token, auth_token) {
            (Some(id), Some(secret), None, None) => {
                let [id, secret] = self.all([id, secret])?;
                Ok(access_key(id, secret, None))
            }
            (Some(id), Some(secret), Some(token), None) => {
                let [id, secret, token] = self.all([id, secret, token])?;
                Ok(access_key(id, secret, Some(token)))
            }
            (None, None, None, Some(token)) => {
                let [token] = self.all([token])?;
                Ok(Credentials::AuthToken(token.into()))
            }
            _ => Err(CredentialError::Names { account: self.account.to_owned() }),
        }
    }

    /// Reads variables that must all be set, and names every one that is not.
    fn all<const N: usize>(&self, variables: [&str; N]) -> Result<[&'a str; N], CredentialError> {
        let mut values = [""; N];
        let mut missing = Vec::new();
        for (value, variable) in values.iter_mut().zip(variables) {
            match self.get(variable)? {
                Some(found) => *value = found,
                None => missing.push(variable.to_owned()),
            }
        }
        if missing.is_empty() {
            Ok(values)
        } else {
            Err(CredentialError::Missing { account: self.account.to_owned(), variables: missing })
        }
    }

    fn get(&self, variable: &str) -> Result<Option<&'a str>, CredentialError> {
        let value = self.environment.get(variable).map(str::trim).filter(|value| !value.is_empty());
        if value.is_some_and(|value| !value.bytes().all(|byte| matches!(byte, b' '..=b'~'))) {
            return Err(CredentialError::Malformed { account: self.account.to_owned(), variable: variable.to_owned() });
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests;
