//! Why there are no credentials.

use std::borrow::Cow;

/// An account without usable credentials. Its texts name variables, files and services, and never show a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialError {
    account: String,
    cause: SourceError,
}

/// A source without usable credentials, whichever account it is for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SourceError {
    message: String,
    hint: Cow<'static, str>,
    nature: Nature,
}

/// What can be expected of another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Nothing is configured.
    Absent,
    /// It may work a moment later: no response, a timeout, a busy or broken service.
    Passing,
    /// It fails until somebody changes something, such as a file, a login or a permission.
    Final,
    /// The service refused the keys that were to be exchanged or identified.
    Refused,
    /// They are not those that the plan wants.
    Wrong,
    /// The service has locked the key for some minutes after failed sign-ins.
    Locked,
}

impl SourceError {
    /// Creates an error: what is wrong, without the account's name, and what to do about it.
    pub fn new(nature: Nature, message: impl Into<String>, hint: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), hint: hint.into(), nature }
    }

    /// Returns what can be expected of another try.
    #[must_use]
    pub const fn nature(&self) -> Nature {
        self.nature
    }

    /// Returns what is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what to do about it; it may be empty.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl CredentialError {
    /// Says that the credentials of an account, by its name in the plan, cannot be had.
    pub fn new(account: impl Into<String>, cause: SourceError) -> Self {
        Self { account: account.into(), cause }
    }

    /// Returns the account's name in the plan.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns why.
    #[must_use]
    pub const fn cause(&self) -> &SourceError {
        &self.cause
    }

    /// Returns what can be expected of another try.
    #[must_use]
    pub const fn nature(&self) -> Nature {
        self.cause.nature
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.cause.hint
    }
}

impl std::fmt::Display for CredentialError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { account, cause: SourceError { message, nature, .. } } = self;
        match nature {
            Nature::Absent => write!(f, "no credentials for {account}. {message}"),
            Nature::Passing | Nature::Final | Nature::Refused | Nature::Wrong | Nature::Locked => {
                write!(f, "account {account}: {message}")
            }
        }
    }
}

impl std::error::Error for CredentialError {}
