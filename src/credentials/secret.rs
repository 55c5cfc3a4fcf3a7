//! Secrets that a plan says the place of: a variable or a file that holds one and nothing else.

use std::path::Path;

use secrecy::SecretString;

use super::error::{Nature, SourceError};
use super::offline::secret_of_file;
use crate::base::environment::Environment;
use crate::plan::SecretAt;

/// Reads a secret; `what` names it, such as `the password of ops`.
pub(crate) fn secret_at(at: &SecretAt, what: &str, environment: &Environment) -> Result<SecretString, SourceError> {
    match at {
        SecretAt::File(path) => in_file(path, what, environment),
        SecretAt::Env(variable) => {
            let value = environment.get(variable).map(str::trim).filter(|value| !value.is_empty());
            value.map(Into::into).ok_or_else(|| {
                let message = format!("{variable}, which is to hold {what}, is not set");
                SourceError::new(Nature::Final, message, "set it, or name another variable or a file")
            })
        }
    }
}

/// Reads the secret in a file; `what` names it, such as `the OIDC token`.
pub(super) fn in_file(path: &Path, what: &str, environment: &Environment) -> Result<SecretString, SourceError> {
    secret_of_file(path, environment).map_err(|error| {
        let message = format!("{what}: {}", error.message());
        SourceError::new(error.nature(), message, "check the file; it is read again each time")
    })
}
