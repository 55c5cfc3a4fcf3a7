//! Credentials in environment variables.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};

use super::described::Described;
use super::error::{CredentialError, Nature, SourceError};
use super::provider::CredentialProvider;
use crate::base::environment::Environment;
use crate::plan::{Account, CredentialNames, CredentialSource};
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

    fn find(&self, account: &Account) -> Result<Credentials, CredentialError> {
        let variables = Variables { environment: &self.0, account: account.base_name() };
        match &account.credentials {
            CredentialSource::Default => {
                let [id, secret, token] = account.cloud.key_variables();
                let [id, secret] = variables.all([id, secret])?;
                Ok(access_key(id, secret, variables.get(token)?))
            }
            CredentialSource::Env(names) => variables.named(names),
            _ => Err(variables.error(Nature::Final, "this provider finds keys in variables alone", "")),
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
            _ => return None,
        };
        let set: Vec<_> = names.into_iter().filter(|name| self.0.get(name).is_some()).collect();
        let (last, others) = set.split_last()?;
        Some(if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) })
    }

    fn describe(&self, account: &Account) -> Described {
        let problem = self.find(account).err().map(|error| error.cause().clone());
        Described { problem, ..Described::new(self.source(account).unwrap_or_default()) }
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
            _ => Err(self.error(
                Nature::Final,
                "`credentials` must name the variables of one access key or of one auth token",
                "set `access_key_id` and `access_key_secret`, or only `auth_token`",
            )),
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
            let message = format!("{} not set", missing.join(", "));
            let hint = "set them, or name other variables under the account's `credentials: {env: …}`";
            Err(self.error(Nature::Absent, &message, hint))
        }
    }

    fn error(&self, nature: Nature, message: &str, hint: &'static str) -> CredentialError {
        CredentialError::new(self.account, SourceError::new(nature, message, hint))
    }

    fn get(&self, variable: &str) -> Result<Option<&'a str>, CredentialError> {
        let value = self.environment.get(variable).map(str::trim).filter(|value| !value.is_empty());
        if value.is_some_and(|value| !value.bytes().all(|byte| matches!(byte, b' '..=b'~'))) {
            let message = format!("invalid character in {variable}");
            let hint = "check the value for a line break or a control character";
            return Err(self.error(Nature::Final, &message, hint));
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests;
