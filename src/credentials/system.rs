//! Finds credentials in every way that the vendors' own tools do.

use std::collections::HashMap;
use std::fmt;
use std::mem::{Discriminant, discriminant};
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;

use super::alibaba::sts;
use super::client::Clients;
use super::described::Described;
use super::error::{CredentialError, Nature, SourceError};
use super::fetch::{fetch, iam_endpoint};
use super::guess::Guess;
use super::huawei;
use super::identity::Identity;
use super::links::{Chain, Links};
use super::offline::{Reads, Resolution, resolve};
use super::patience::{MOST, patiently};
use super::provider::{CredentialProvider, Issued};
use super::session_name::session_name;
use super::sharing::shared_by;
use super::source::Source;
use super::stand_in::{Asked, is_stand_in};
use super::surroundings::Surroundings;
use crate::base::environment::Environment;
use crate::plan::Account;
use crate::provider::{Cloud, Credentials};

/// Finds credentials in every way that the vendors' own tools do: variables, profiles, files, programs, metadata services,
/// OIDC tokens and roles.
///
/// What may work a moment later is asked again, up to three times: whose keys are, their project, and a source that has
/// brought nothing yet. A source that has brought keys is asked once each time; when to ask it again, the run decides.
pub struct SystemProvider {
    environment: Environment,
    clients: Clients,
    session: String,
    is_patient: bool,
    log: Option<Tell>,
    links: Links,
    /// The metadata services that nobody has configured.
    alibaba: Guess,
    huawei: Guess,
    /// The sources that have brought keys, as [`shared_by`] names them, and what sort each is.
    known: Mutex<HashMap<String, Discriminant<Source>>>,
}

/// Takes lines of text.
type Tell = Arc<dyn Fn(&str) + Send + Sync>;

impl SystemProvider {
    /// Looks in `environment` from now on, also for the home directory. Reads and sends nothing yet.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self {
            clients: Clients::new(environment.clone()),
            environment,
            session: "allstop".to_owned(),
            is_patient: true,
            log: None,
            links: Links::default(),
            alibaba: Guess::default(),
            huawei: Guess::default(),
            known: Mutex::default(),
        }
    }

    /// Names the sessions of roles whose names nobody gave; the clouds' audit logs show it.
    #[must_use]
    pub fn session(self, name: &str) -> Self {
        Self { session: session_name(name), ..self }
    }

    /// Says whether what may work a moment later is asked again; it is by default.
    #[must_use]
    pub const fn patient(mut self, is_patient: bool) -> Self {
        self.is_patient = is_patient;
        self
    }

    /// Tells `log` each line that programs which print keys write to their standard error. It is thrown away by default.
    #[must_use]
    pub fn log(self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { log: Some(Arc::new(log)), ..self }
    }

    fn around<'a>(&'a self, account: &'a Account, iam_endpoint: Option<&'a str>) -> Surroundings<'a> {
        let Self { environment, clients, session, .. } = self;
        Surroundings { account, environment, clients, session, iam_endpoint, log: self.log.as_deref() }
    }

    async fn issued(&self, account: &Account) -> Result<Issued, SourceError> {
        let shared = shared_by(account);
        let Resolution { source, tried, .. } = resolve(account, &self.environment, Reads::Everything);
        let before = self.known(&shared);
        let source = match (source, before) {
            // Nothing is configured any more, where something was.
            (Err(error), Some(_)) if error.nature() == Nature::Absent => return Err(gone()),
            (source, _) => source?,
        };
        if before.is_some_and(|before| before != discriminant(&source)) {
            return Err(gone());
        }
        let around = self.around(account, iam_endpoint(&source));
        let guess = match account.cloud {
            Cloud::Alibaba => &self.alibaba,
            Cloud::Huawei => &self.huawei,
        };
        let chain = Chain { links: &self.links, shared: &shared, guess, tried: &tried };
        let issued = patiently(self.retries(&source, &shared), || fetch(&source, around, chain)).await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(shared, discriminant(&source));
        Ok(issued)
    }

    /// Returns what sort of source has brought keys, if one has.
    fn known(&self, shared: &str) -> Option<Discriminant<Source>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(shared).copied()
    }

    /// Returns how often a source is asked again.
    fn retries(&self, source: &Source, shared: &str) -> usize {
        if !self.is_patient || self.known(shared).is_some() {
            return 0;
        }
        // A program that hangs costs a minute each time.
        if matches!(source, Source::Process(_)) { 1 } else { MOST }
    }

    /// Returns the source of an account whose keys are there, where more than its cloud matters.
    fn source_beside(&self, account: &Account) -> Option<Source> {
        match account.cloud {
            Cloud::Alibaba => None,
            Cloud::Huawei => resolve(account, &self.environment, Reads::Everything).source.ok(),
        }
    }

    /// Returns how often a question about keys that are there is asked again.
    const fn more(&self) -> usize {
        if self.is_patient { MOST } else { 0 }
    }

    async fn identified(&self, account: &Account, credentials: &Credentials) -> Result<Option<Identity>, SourceError> {
        let source = self.source_beside(account);
        let around = self.around(account, source.as_ref().and_then(iam_endpoint));
        if is_stand_in(around, Asked::Identity) {
            return Ok(None);
        }
        let ask = || match account.cloud {
            Cloud::Alibaba => sts::caller_identity(around, credentials).boxed(),
            Cloud::Huawei => huawei::identity::identify(around, credentials).boxed(),
        };
        patiently(self.more(), ask).await.map(Some)
    }

    async fn found_project(&self, account: &Account, issued: &Issued) -> Result<Option<String>, SourceError> {
        let source = self.source_beside(account);
        let around = self.around(account, source.as_ref().and_then(iam_endpoint));
        match account.cloud {
            Cloud::Alibaba => Ok(None),
            Cloud::Huawei if issued.project_id.is_none() && is_stand_in(around, Asked::Project) => Ok(None),
            Cloud::Huawei => {
                let ask = || huawei::project::find(around, issued).boxed();
                patiently(self.more(), ask).await.map(Some)
            }
        }
    }
}

impl CredentialProvider for SystemProvider {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        async { Ok(self.issue(account).await?.credentials) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        async move { self.issued(account).await.map_err(|cause| of(account, cause)) }.boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        async move { self.identified(account, credentials).await.map_err(|cause| of(account, cause)) }.boxed()
    }

    fn project<'a>(
        &'a self,
        account: &'a Account,
        issued: &'a Issued,
    ) -> BoxFuture<'a, Result<Option<String>, CredentialError>> {
        async move { self.found_project(account, issued).await.map_err(|cause| of(account, cause)) }.boxed()
    }

    fn for_run(&self, run: &str) -> Option<Arc<dyn CredentialProvider>> {
        let provider = Self { log: self.log.clone(), ..Self::new(self.environment.clone()).patient(self.is_patient) };
        Some(Arc::new(provider.session(&format!("allstop-{run}"))))
    }

    fn source(&self, account: &Account) -> Option<String> {
        Some(resolve(account, &self.environment, Reads::ProfilesOnly).words)
    }

    fn shared_by(&self, account: &Account) -> String {
        shared_by(account)
    }

    fn describe(&self, account: &Account) -> Described {
        let resolution = resolve(account, &self.environment, Reads::ProfilesOnly);
        let words = resolution.outlook();
        let Resolution { source, notes, .. } = resolution;
        let is_guess = matches!(source, Ok(Source::Metadata { is_guess: true, .. }));
        // A file that was not read is no fault.
        let problem = source.err().filter(|error| error.nature() != Nature::Passing);
        Described { words, notes, problem, is_guess }
    }
}

impl fmt::Debug for SystemProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemProvider").field("environment", &self.environment).finish_non_exhaustive()
    }
}

/// Says that a source that has brought keys is not there any more: another one is never taken in its place.
fn gone() -> SourceError {
    let hint = "bring it back as it was when the run began";
    SourceError::new(Nature::Final, "the source that the credentials came from is gone", hint)
}

fn of(account: &Account, cause: SourceError) -> CredentialError {
    CredentialError::new(account.base_name(), cause)
}

#[cfg(test)]
mod tests;
