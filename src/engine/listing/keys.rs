//! The keys of one account while it is listed.
//!
//! One request at a time asks until a service has accepted the key: services lock keys that are refused again and again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::MutexGuard as AsyncGuard;

use crate::engine::attempt::AccountKeys;
use crate::engine::keyring::{Keyring, Refusal};
use crate::error::{ApiError, ErrorClass};
use crate::plan::AccountId;
use crate::provider::huawei::is_key_lock;

/// How often a key may be refused before its account is closed: once may be the trouble of a gateway.
const MOST_REFUSALS: u32 = 2;

/// What requests of one account are signed with.
pub(super) struct Keys {
    keyring: Arc<Keyring>,
    /// The first account that has them, in its region.
    account: AccountId,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How often keys were refused in a row.
    refusals: u32,
    closed: Option<ApiError>,
}

impl Keys {
    pub(super) fn new(keyring: Arc<Keyring>, account: AccountId) -> Self {
        let closed = keyring.refused_at_sign_in(account).map(closed);
        Self { keyring, account, state: Mutex::new(State { refusals: 0, closed }) }
    }

    /// Waits until a request may be signed; holds the gate while no service has accepted the key.
    ///
    /// # Errors
    ///
    /// Fails when the account is closed.
    pub(super) async fn gate(&self) -> Result<Option<AsyncGuard<'_, ()>>, ApiError> {
        self.current().await?;
        let guard = self.keyring.single(self.account).await;
        self.current().await?;
        Ok(guard)
    }

    /// Returns what to sign with, and waits for newer keys where the present ones cannot be used.
    ///
    /// # Errors
    ///
    /// Fails when the account is closed.
    pub(super) async fn current(&self) -> Result<Arc<AccountKeys>, ApiError> {
        if let Some(error) = &self.state().closed {
            return Err(error.clone());
        }
        self.keyring.usable(self.account).await.map_err(|why| closed(&why))
    }

    /// Takes in that a service accepted the key.
    pub(super) fn accepted(&self, generation: u32) {
        self.keyring.accepted(self.account, generation);
        self.state().refusals = 0;
    }

    /// Takes in that a service refused the keys of this generation. Closes the account when there are no newer ones and
    /// the refusal was not the first. Tells whether the request may leave again, as it is signed with newer keys.
    pub(super) async fn refused(&self, generation: u32, error: &ApiError) -> bool {
        let is_locked = error.message.as_deref().is_some_and(is_key_lock);
        let mut changes = self.keyring.changes();
        loop {
            match self.keyring.refused(self.account, generation, is_locked) {
                Refusal::Outdated => return true,
                // The sender lives as long as the keyring.
                Refusal::Asking => drop(changes.changed().await),
                Refusal::Final => break,
            }
        }
        let mut state = self.state();
        state.refusals += 1;
        if state.refusals >= MOST_REFUSALS {
            state.closed.get_or_insert_with(|| error.clone());
        }
        state.closed.is_none()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn closed(why: &str) -> ApiError {
    ApiError { class: Some(ErrorClass::Auth), message: Some(why.into()), ..ApiError::default() }
}
