//! A running simulator in the hands of who started it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::oneshot;

use super::cloud::Cloud as SimulatedCloud;
use super::identity::{CredentialLedger, CredentialSettingsError, Revocation};
use super::ledger::{Ledger, Requests};
use super::list_fault::ListFault;
use super::resource::Resource;
use super::wish::Wish;
use crate::provider::{Cloud, Credentials};

/// A running simulator; it ends when this is dropped.
pub struct Handle {
    pub(super) address: SocketAddr,
    pub(super) cloud: Arc<SimulatedCloud>,
    pub(super) wishes: Vec<Wish>,
    pub(super) warnings: Vec<String>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// Returns the address it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base URL of all five services, without a trailing slash.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the permanent access key of account number `account`.
    #[must_use]
    pub fn credentials(&self, cloud: Cloud, account: u16) -> Credentials {
        self.cloud.keys.permanent(cloud, account)
    }

    /// Returns the temporary access key, with security token, of account number `account`.
    #[must_use]
    pub fn temporary_credentials(&self, cloud: Cloud, account: u16) -> Credentials {
        self.cloud.keys.temporary(cloud, account)
    }

    /// Returns the Huawei Cloud `X-Auth-Token` of account number `account`.
    #[must_use]
    pub fn auth_token(&self, account: u16) -> Credentials {
        self.cloud.keys.auth_token(account)
    }

    /// Adds resources and returns how many of them were new.
    pub fn load(&self, resources: impl IntoIterator<Item = Resource>) -> usize {
        self.cloud.load(resources)
    }

    /// Changes resources, as if somebody had: their states and what listings show of them become what these say. Returns how
    /// many of them are there; what they are part of stays.
    pub fn change(&self, resources: impl IntoIterator<Item = Resource>) -> usize {
        self.cloud.change(resources)
    }

    /// Returns the selections that it was started for, for [`audit_selected`](super::audit_selected).
    #[must_use]
    pub fn wishes(&self) -> &[Wish] {
        &self.wishes
    }

    /// Returns what could not be made for them to be tried on, in words.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Scripts a fault of listings.
    pub fn script(&self, fault: ListFault) {
        self.cloud.script(fault);
    }

    /// Waits, blocking the thread, until the requests are `enough`; tells whether they were within `at_most`.
    ///
    /// Tests interrupt a program this way at a moment that they choose: when so many stop requests have come in.
    #[must_use]
    pub fn wait_until(&self, at_most: Duration, enough: impl Fn(&Requests) -> bool) -> bool {
        self.cloud.wait_until(at_most, enough)
    }

    /// Returns the id of account number `account`, as the cloud tells whose a key is.
    #[must_use]
    pub fn account_id(&self, cloud: Cloud, account: u16) -> String {
        self.cloud.with_issuer(|issuer| issuer.account_id(cloud, account))
    }

    /// Returns the world that credentials are of, in its parts: accounts, users, roles, id tokens and so on. It has the
    /// secrets that open it, but none that was issued.
    #[must_use]
    pub fn credentials_world(&self) -> Value {
        self.cloud.with_issuer(|issuer| issuer.world())
    }

    /// Replaces parts of the world that credentials are of.
    ///
    /// # Errors
    ///
    /// Fails if a part is not known, or is not as it must be; then nothing is replaced.
    pub fn set_credentials_world(&self, parts: &Value) -> Result<(), CredentialSettingsError> {
        self.cloud.with_issuer(|issuer| issuer.set(parts))
    }

    /// Scripts faults of the operations that issue credentials, such as
    /// `{"ali:AssumeRole": {"lifetime_s": 3, "after": 1, "fail": 2, "status": 503}}`.
    ///
    /// # Errors
    ///
    /// Fails if an operation is not known, or a fault is not as it must be; then nothing is scripted.
    pub fn set_credential_faults(&self, faults: &Value) -> Result<(), CredentialSettingsError> {
        self.cloud.with_issuer(|issuer| issuer.script(faults))
    }

    /// Revokes what an operation issued, or everything that was issued, and returns how many.
    ///
    /// # Errors
    ///
    /// Fails if the operation is not known.
    pub fn revoke(&self, op: Option<&str>) -> Result<usize, CredentialSettingsError> {
        let what = Revocation { op: op.map(str::to_owned), key: None };
        self.cloud.with_issuer(|issuer| issuer.revoke(&what))
    }

    /// Revokes one key, also a permanent one.
    pub fn revoke_key(&self, id: &str) {
        let what = Revocation { op: None, key: Some(id.to_owned()) };
        // It fails only for an operation that is not known.
        let _ = self.cloud.with_issuer(|issuer| issuer.revoke(&what));
    }

    /// Sets how far the simulator's clock is ahead of the system's.
    pub fn set_clock(&self, offset: SignedDuration) {
        self.cloud.set_clock(offset);
    }

    /// Returns what really happened to credentials up to now.
    #[must_use]
    pub fn credential_ledger(&self) -> CredentialLedger {
        self.cloud.credential_ledger(self.cloud.now())
    }

    /// Returns what really happened up to now.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.cloud.ledger(self.cloud.now())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("address", &self.address).finish_non_exhaustive()
    }
}
