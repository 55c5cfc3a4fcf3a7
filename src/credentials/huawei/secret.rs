//! Files that hold one secret and nothing else: tokens and passwords.

use std::path::Path;

use secrecy::SecretString;

use crate::credentials::error::SourceError;
use crate::credentials::offline::secret_of_file;
use crate::credentials::surroundings::Surroundings;

/// Reads the secret in a file; `what` names it, such as `the OIDC token`.
pub(super) fn in_file(path: &Path, what: &str, around: Surroundings<'_>) -> Result<SecretString, SourceError> {
    secret_of_file(path, around.environment).map_err(|error| {
        let message = format!("{what}: {}", error.message());
        SourceError::new(error.nature(), message, "check the file; it is read again each time")
    })
}
