//! A running simulator in the hands of who started it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::cloud::Cloud as SimulatedCloud;
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
