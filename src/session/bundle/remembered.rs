//! What the sign-ins of a run's parts have learnt of its accounts, for the parts that follow in the same process.
//!
//! The parts of a run sign in one after another, where a run that is not divided signs in once. Whose a key is does not
//! change, so nobody is asked again for the same key; and keys that serve longer are used where newer ones cannot be had now.
//! Nor is anybody asked again for a key that was refused: services lock keys after failed sign-ins.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::base::clock::{Clock, SystemClock};
use crate::credentials::{CredentialError, CredentialProvider, Described, Identity, Issued, Nature, SourceError};
use crate::plan::Account;
use crate::provider::{Cloud, Credentials};

/// A source of keys: accounts of one cloud share it.
type Source = (Cloud, String);

/// What is known of the keys of a source.
struct Known {
    /// The latest keys, and whose they are where that was learnt.
    issued: Issued,
    /// The Huawei Cloud projects that were looked up with them, by region.
    projects: HashMap<String, String>,
    /// Why they were refused.
    refused: Option<SourceError>,
    /// Held while somebody asks whose they are.
    asking: Arc<tokio::sync::Mutex<()>>,
}

impl Known {
    fn new(issued: Issued) -> Self {
        Self { issued, projects: HashMap::new(), refused: None, asking: Arc::default() }
    }
}

/// What is known of the keys of a run's accounts.
#[derive(Default)]
pub(super) struct Remembered(Mutex<HashMap<Source, Known>>);

impl Remembered {
    /// Returns a provider for one part of the run, which asks `inner` for what is not known.
    pub(super) fn before(self: &Arc<Self>, inner: Arc<dyn CredentialProvider>) -> Arc<dyn CredentialProvider> {
        Arc::new(Remembering { inner, remembered: Arc::clone(self), asked: Mutex::default() })
    }

    /// Takes in the latest keys of a source; completes them with whose they are, where they are those that are known.
    fn issued(&self, source: Source, mut issued: Issued) -> Issued {
        let mut known = self.lock();
        match known.get(&source).filter(|known| known.issued.credentials.are(&issued.credentials)) {
            Some(same) => issued.identity = issued.identity.or_else(|| same.issued.identity.clone()),
            None => {
                let identity = issued.identity.clone().map(undated);
                let issued = Issued { identity, issued_at: None, ..issued.clone() };
                known.insert(source, Known::new(issued));
            }
        }
        issued
    }

    /// Returns the latest keys of a source, where they still serve.
    fn serving(&self, source: &Source) -> Option<Issued> {
        let issued = self.lock().get(source)?.issued.clone();
        issued.expires_at.is_none_or(|at| SystemClock.now() < at).then_some(issued)
    }

    /// Reads or changes what is known of a source, where these are its latest keys.
    fn of_same<T>(&self, source: &Source, keys: &Credentials, with: impl FnOnce(&mut Known) -> T) -> Option<T> {
        self.lock().get_mut(source).filter(|known| known.issued.credentials.are(keys)).map(with)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Source, Known>> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time at which it was told says something of the vendor's clock only then.
fn undated(identity: Identity) -> Identity {
    Identity { told_at: None, ..identity }
}

/// The provider of one part of a run.
struct Remembering {
    inner: Arc<dyn CredentialProvider>,
    remembered: Arc<Remembered>,
    /// The sources that were asked in this part.
    asked: Mutex<HashSet<Source>>,
}

impl Remembering {
    fn source_of(&self, account: &Account) -> Source {
        (account.cloud, self.inner.shared_by(account))
    }

    fn is_first(&self, source: &Source) -> bool {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(source.clone())
    }
}

impl CredentialProvider for Remembering {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        async { Ok(self.issue(account).await?.credentials) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        async move {
            let source = self.source_of(account);
            let is_first = self.is_first(&source);
            match self.inner.issue(account).await {
                Ok(issued) => Ok(self.remembered.issued(source, issued)),
                // Later on, whoever asks has these keys already.
                Err(error) if is_first && error.nature() == Nature::Passing => {
                    self.remembered.serving(&source).ok_or(error)
                }
                Err(error) => Err(error),
            }
        }
        .boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        async move {
            let source = self.source_of(account);
            let asking = self.remembered.of_same(&source, credentials, |known| Arc::clone(&known.asking));
            let asking = asking.unwrap_or_default();
            let _asking = asking.lock().await;
            let known = self
                .remembered
                .of_same(&source, credentials, |known| (known.refused.clone(), known.issued.identity.clone()));
            match known {
                Some((Some(refused), _)) => return Err(CredentialError::new(account.base_name(), refused)),
                Some((None, Some(identity))) => return Ok(Some(identity)),
                Some((None, None)) | None => {}
            }
            let identified = self.inner.identify(account, credentials).await;
            self.remembered.of_same(&source, credentials, |known| match &identified {
                Ok(identity) => known.issued.identity = identity.clone().map(undated),
                Err(error) => known.refused = Some(error.cause().clone()).filter(|_| error.nature() == Nature::Refused),
            });
            identified
        }
        .boxed()
    }

    fn project<'a>(
        &'a self,
        account: &'a Account,
        issued: &'a Issued,
    ) -> BoxFuture<'a, Result<Option<String>, CredentialError>> {
        async move {
            let (source, region, keys) = (self.source_of(account), &account.region, &issued.credentials);
            let known = self.remembered.of_same(&source, keys, |known| known.projects.get(region).cloned());
            if let Some(project) = known.flatten() {
                return Ok(Some(project));
            }
            let project = self.inner.project(account, issued).await?;
            if let Some(project) = &project {
                self.remembered.of_same(&source, keys, |known| known.projects.insert(region.clone(), project.clone()));
            }
            Ok(project)
        }
        .boxed()
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

#[cfg(test)]
mod tests;
