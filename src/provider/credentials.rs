//! Credentials as signers need them; redacted wherever they could be printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::sign_error::SignError;

/// What a request is signed with.
#[derive(Clone)]
pub enum Credentials {
    /// An access key, permanent or temporary.
    AccessKey {
        /// The access key id; not a secret, but shown nowhere either.
        id: String,
        /// The access key secret.
        secret: SecretString,
        /// The security token of a temporary key.
        security_token: Option<SecretString>,
    },
    /// A Huawei Cloud `X-Auth-Token`, which is sent instead of a signature.
    AuthToken(SecretString),
}

/// An access key, borrowed for one signature.
pub(super) struct AccessKey<'a> {
    pub(super) id: &'a str,
    pub(super) secret: &'a SecretString,
    /// The security token of a temporary key.
    pub(super) token: Option<&'a str>,
}

/// Tells whose credentials these are without telling what they are: equal for equal keys, and for one account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Principal(String);

impl Principal {
    /// Returns the principal of an account of a cloud, by its id.
    #[must_use]
    pub fn of_account(id: &str) -> Self {
        Self(format!("account {id}"))
    }
}

impl Credentials {
    /// Returns a fingerprint of the access key id or the token.
    #[must_use]
    pub fn principal(&self) -> Principal {
        let key = match self {
            Self::AccessKey { id, .. } => id.as_str(),
            Self::AuthToken(token) => token.expose_secret(),
        };
        let digest = Sha256::digest(key.as_bytes());
        Principal(data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default()))
    }

    /// Tells whether these are the same, secrets included.
    pub(crate) fn are(&self, others: &Self) -> bool {
        let secrets = |of: &Self| of.secrets().map(|secret| secret.expose_secret().to_owned()).collect::<Vec<_>>();
        self.principal() == others.principal() && secrets(self) == secrets(others)
    }

    /// Tells whether it is an access key that expires.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::AccessKey { security_token: Some(_), .. })
    }

    /// Returns the access key.
    ///
    /// # Errors
    ///
    /// Fails for an auth token.
    pub(super) fn access_key(&self) -> Result<AccessKey<'_>, SignError> {
        match self {
            Self::AccessKey { id, secret, security_token } => {
                let token = security_token.as_ref().map(ExposeSecret::expose_secret);
                Ok(AccessKey { id, secret, token })
            }
            Self::AuthToken(_) => Err(SignError::Credentials("auth token")),
        }
    }

    /// Returns what must be shown nowhere.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        let (first, second) = match self {
            Self::AccessKey { secret, security_token, .. } => (secret, security_token.as_ref()),
            Self::AuthToken(token) => (token, None),
        };
        std::iter::once(first).chain(second)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessKey { .. } => f.write_str("AccessKey(redacted)"),
            Self::AuthToken(_) => f.write_str("AuthToken(redacted)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let key =
            Credentials::AccessKey { id: "LTAIid".into(), secret: "hush".into(), security_token: Some("token".into()) };
        let text = format!("{key:?} {:?}", Credentials::AuthToken("token".into()));
        assert_eq!(text, "AccessKey(redacted) AuthToken(redacted)");
    }

    #[test]
    fn equal_keys_are_one_principal() {
        let key = |id: &str, secret: &str| Credentials::AccessKey {
            id: id.into(),
            secret: secret.into(),
            security_token: None,
        };
        assert_eq!(key("a", "x").principal(), key("a", "y").principal());
        assert_ne!(key("a", "x").principal(), key("b", "x").principal());
    }
}
