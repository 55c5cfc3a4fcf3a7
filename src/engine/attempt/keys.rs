//! The credentials of one account, as requests are signed with them.

use std::sync::Arc;

use super::echo::Secrets;
use crate::provider::Credentials;

/// Credentials of one account.
pub(in crate::engine) struct AccountKeys {
    pub(in crate::engine) credentials: Credentials,
    /// How many others the account had before.
    pub(in crate::engine) generation: u32,
    /// What responses must not repeat of them.
    pub(super) secrets: Arc<Secrets>,
}

impl AccountKeys {
    pub(in crate::engine) fn new(credentials: Credentials, generation: u32) -> Self {
        Self { secrets: Arc::new(Secrets::of(&credentials)), credentials, generation }
    }

    /// Tells whether these are the same, secrets included.
    pub(in crate::engine) fn are(&self, credentials: &Credentials) -> bool {
        self.credentials.are(credentials)
    }
}
