//! A provider of credentials that asks another one once for all accounts that share a source.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::OnceCell;

use crate::credentials::{CredentialError, CredentialProvider, Described, Identity, Issued, SourceError};
use crate::plan::Account;
use crate::provider::{Cloud, Credentials};

/// Asks another provider once for all accounts that share a source, so that each account can sign in by itself.
pub(super) struct AskedOnce {
    inner: Arc<dyn CredentialProvider>,
    /// How often keys were asked for, by account.
    asked: Mutex<HashMap<String, usize>>,
    issued: Answers<Round, Issued>,
    identities: Answers<Round, Option<Identity>>,
    projects: Answers<(Round, String), Option<String>>,
}

/// A source, and for the how-manieth time it is asked: an account may ask again for newer keys.
type Round = (Cloud, String, usize);

impl AskedOnce {
    pub(super) fn new(inner: Arc<dyn CredentialProvider>) -> Self {
        Self {
            inner,
            asked: Mutex::default(),
            issued: Answers::default(),
            identities: Answers::default(),
            projects: Answers::default(),
        }
    }

    /// Returns the keys that an account got last, with whose they are where that was learnt.
    pub(super) fn known(&self, account: &Account) -> Option<Issued> {
        let round = self.round(account);
        let mut issued = self.issued.known(&round)?.ok()?;
        let identified = || self.identities.known(&round)?.ok()?;
        issued.identity = issued.identity.or_else(identified);
        Some(issued)
    }

    fn round(&self, account: &Account) -> Round {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.get(&account.name).copied().unwrap_or_default();
        (account.cloud, self.inner.shared_by(account), times)
    }

    fn count(&self, account: &Account) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        *asked.entry(account.name.clone()).or_default() += 1;
    }
}

impl CredentialProvider for AskedOnce {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        async { Ok(self.issue(account).await?.credentials) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        self.count(account);
        let round = self.round(account);
        async move { self.issued.get(round, account, || self.inner.issue(account)).await }.boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        let round = self.round(account);
        async move { self.identities.get(round, account, || self.inner.identify(account, credentials)).await }.boxed()
    }

    fn project<'a>(
        &'a self,
        account: &'a Account,
        issued: &'a Issued,
    ) -> BoxFuture<'a, Result<Option<String>, CredentialError>> {
        let place = (self.round(account), account.region.clone());
        async move { self.projects.get(place, account, || self.inner.project(account, issued)).await }.boxed()
    }

    fn source(&self, account: &Account) -> Option<String> {
        self.inner.source(account)
    }

    fn describe(&self, account: &Account) -> Described {
        self.inner.describe(account)
    }

    fn shared_by(&self, account: &Account) -> String {
        self.inner.shared_by(account)
    }
}

/// An answer, once it is there.
type Answer<V> = Arc<OnceCell<Result<V, SourceError>>>;

/// What was answered.
struct Answers<K, V>(Mutex<HashMap<K, Answer<V>>>);

impl<K, V> Default for Answers<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq, V: Clone> Answers<K, V> {
    /// Asks unless somebody has or does: then that answer is for this account, too.
    async fn get<'a>(
        &self,
        key: K,
        account: &Account,
        ask: impl FnOnce() -> BoxFuture<'a, Result<V, CredentialError>>,
    ) -> Result<V, CredentialError> {
        let answer = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        let asked = answer.get_or_init(|| async { ask().await.map_err(|error| error.cause().clone()) }).await;
        asked.clone().map_err(|cause| CredentialError::new(account.base_name(), cause))
    }

    fn known(&self, key: &K) -> Option<Result<V, SourceError>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key)?.get().cloned()
    }
}
