//! The credentials of one account while it is listed.
//!
//! One request at a time asks until a service has accepted the key: services lock keys that are refused again and again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::MutexGuard as AsyncGuard;

use crate::credentials::CredentialProvider;
use crate::engine::attempt::AccountKeys;
use crate::error::ApiError;
use crate::plan::Account;
use crate::provider::Credentials;

/// How often a key may be refused before its account is closed: once may be the trouble of a gateway.
const MOST_REFUSALS: u32 = 2;

/// What requests of one account are signed with.
pub(super) struct Keys {
    state: Mutex<State>,
    is_proven: AtomicBool,
    gate: tokio::sync::Mutex<()>,
}

struct State {
    keys: Arc<AccountKeys>,
    /// How often the present keys were refused.
    refusals: u32,
    closed: Option<ApiError>,
}

impl Keys {
    pub(super) fn new(credentials: Credentials) -> Self {
        let keys = Arc::new(AccountKeys::new(credentials, 0));
        let state = Mutex::new(State { keys, refusals: 0, closed: None });
        Self { state, is_proven: AtomicBool::new(false), gate: tokio::sync::Mutex::new(()) }
    }

    /// Waits until a request may be signed; holds the gate while no service has accepted the key.
    pub(super) async fn gate(&self) -> Option<AsyncGuard<'_, ()>> {
        if self.is_proven.load(Ordering::Acquire) {
            return None;
        }
        let guard = self.gate.lock().await;
        (!self.is_proven.load(Ordering::Acquire)).then_some(guard)
    }

    /// Returns what to sign with.
    ///
    /// # Errors
    ///
    /// Fails when the account is closed.
    pub(super) fn current(&self) -> Result<Arc<AccountKeys>, ApiError> {
        let state = self.state();
        match &state.closed {
            Some(error) => Err(error.clone()),
            None => Ok(Arc::clone(&state.keys)),
        }
    }

    /// Takes in that a service accepted the key.
    pub(super) fn accepted(&self) {
        self.is_proven.store(true, Ordering::Release);
        self.state().refusals = 0;
    }

    /// Takes in that a service refused the keys of this generation. Asks the provider for newer ones; closes the account
    /// when there are none and the refusal was not the first. Tells whether the request may leave again.
    pub(super) async fn refused(
        &self,
        generation: u32,
        error: &ApiError,
        (provider, account): (&dyn CredentialProvider, &Account),
    ) -> bool {
        if self.state().keys.generation != generation {
            return true;
        }
        let newer = provider.credentials(account).await.ok();
        let mut state = self.state();
        if state.keys.generation != generation {
            return true;
        }
        if let Some(newer) = newer.filter(|newer| !state.keys.are(newer)) {
            state.keys = Arc::new(AccountKeys::new(newer, generation + 1));
            state.refusals = 0;
            return true;
        }
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
