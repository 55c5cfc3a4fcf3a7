//! The OIDC token that is exchanged for keys.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use crate::base::clock::{Clock, SystemClock};
use crate::base::duration::spoken;
use crate::credentials::client::{Refusal, Reply};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::jwt;
use crate::credentials::secret;
use crate::credentials::surroundings::Surroundings;
use crate::error::ErrorClass;

/// What the token is called.
const WHAT: &str = "the OIDC token";

/// Where an OIDC token is.
#[derive(Debug, Clone, Copy)]
pub(in crate::credentials) enum IdToken<'a> {
    /// In this file, which is read each time: whoever brings the token renews it there.
    File(&'a Path),
    /// In a variable.
    Given(&'a SecretString),
}

impl IdToken<'_> {
    /// Reads it.
    pub(super) fn read(self, around: Surroundings<'_>) -> Result<SecretString, SourceError> {
        match self {
            Self::File(path) => secret::in_file(path, WHAT, around.environment),
            Self::Given(token) => Ok(token.clone()),
        }
    }

    /// Says why the service does not take it; `reply` is the service's.
    pub(super) fn refused(self, token: &SecretString, refusal: &Refusal, reply: &Reply) -> SourceError {
        let name = self.name();
        let now = reply.date().unwrap_or_else(|| SystemClock.now());
        let expiry = jwt::expiry(token.expose_secret()).filter(|expiry| *expiry <= now);
        let expired = match expiry {
            Some(expiry) => Some(format!("{name} expired {} ago", spoken(now.duration_since(expiry).unsigned_abs()))),
            None => refusal.says("expired").then(|| format!("{name} has expired ({})", refusal.words())),
        };
        let last = |message: String, hint: &'static str| SourceError::new(Nature::Final, message, hint);
        let words = refusal.words();
        match (refusal.class, expired) {
            (ErrorClass::Auth | ErrorClass::Denied, Some(expired)) => last(expired, "check what renews it"),
            (ErrorClass::Denied, None) => {
                let hint = "check the agency's trust policy: the provider, the audience and the subject of the token";
                last(format!("{name} may not assume the agency ({words})"), hint)
            }
            (ErrorClass::Auth, None) => {
                let hint = "check its issuer and its audience against the identity provider";
                last(format!("{name} is refused ({words})"), hint)
            }
            _ => refusal.error_with("check the names of the identity provider and of the agency"),
        }
    }

    fn name(self) -> String {
        match self {
            Self::File(path) => format!("{WHAT} in {}", path.display()),
            Self::Given(_) => WHAT.to_owned(),
        }
    }
}
