//! What finds the credentials of accounts, and says whose they are.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::described::Described;
use super::error::CredentialError;
use super::identity::Identity;
use crate::plan::Account;
use crate::provider::Credentials;

/// Finds the credentials of accounts.
///
/// A provider is asked side by side for several accounts. It keeps no time: a run decides when credentials are due.
pub trait CredentialProvider: Send + Sync {
    /// Returns what requests of `account` are signed with now; a later call may return newer ones.
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>>;

    /// Returns the same with what the source says of them: their expiry, whose they are.
    ///
    /// A run asks once at its start, again before they expire, and once more when a service refuses them. Newer ones
    /// replace them.
    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        async { Ok(Issued::new(self.credentials(account).await?)) }.boxed()
    }

    /// Asks the vendor whose credentials these are, with one request. `None` where the provider does not tell: then
    /// nothing is compared with the plan's `account_id`, and an account that has one is refused.
    fn identify<'a>(
        &'a self,
        _account: &'a Account,
        _credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        async { Ok(None) }.boxed()
    }

    /// Finds the Huawei Cloud project of an account's region, with the credentials that were issued last; `None` where the
    /// provider does not tell.
    fn project<'a>(
        &'a self,
        _account: &'a Account,
        _issued: &'a Issued,
    ) -> BoxFuture<'a, Result<Option<String>, CredentialError>> {
        async { Ok(None) }.boxed()
    }

    /// Says where the credentials of `account` come from, such as `ALI_AK and ALI_SK`: names, never values.
    ///
    /// `None` where the provider does not say; hints are then without it.
    fn source(&self, _account: &Account) -> Option<String> {
        None
    }

    /// Returns a provider of its own for the run of this id, where that matters: the sessions of roles are named by it, so
    /// that the cloud's audit log tells which run it was. `None` where one provider serves all runs.
    fn for_run(&self, _run: &str) -> Option<Arc<dyn CredentialProvider>> {
        None
    }

    /// Says the same for somebody who checks a plan, with what is odd or wrong about it. It asks nobody, starts no program,
    /// and reads no file that the plan names.
    fn describe(&self, account: &Account) -> Described {
        Described::new(self.source(account).unwrap_or_default())
    }

    /// Returns a text that is equal for accounts that share one source: it is asked once for all of them. By default the
    /// regions of one account ([`Account::base`]) share one.
    fn shared_by(&self, account: &Account) -> String {
        account.base_name().to_owned()
    }
}

/// Credentials, and what their source says of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Issued {
    /// What requests are signed with.
    pub credentials: Credentials,
    /// When they expire, by the clock of whoever issued them; `None` where they do not, or where that is not known.
    pub expires_at: Option<Timestamp>,
    /// The time of the response that brought them, by the same clock; `None` where it did not say.
    pub issued_at: Option<Timestamp>,
    /// Whose they are, where the response says so.
    pub identity: Option<Identity>,
    /// Whether the same source may return others later.
    pub is_renewable: bool,
    /// The Huawei Cloud project that they are for, where the source says so.
    pub project_id: Option<String>,
}

impl Issued {
    /// Returns credentials of which no more is known.
    #[must_use]
    pub const fn new(credentials: Credentials) -> Self {
        Self { credentials, expires_at: None, issued_at: None, identity: None, is_renewable: false, project_id: None }
    }
}
