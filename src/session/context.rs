//! What a session has of the process it runs in.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::base::clock::{Clock, SystemClock};
use crate::base::environment::Environment;

use super::ui::Ui;
use crate::credentials::{CredentialProvider, SystemProvider};
use crate::notify::Notifier;
use crate::transport::Transport;

/// The environment and the user interface of a session.
#[derive(Clone)]
#[non_exhaustive]
pub struct Context {
    /// The environment variables that plans, accounts and shards are completed from.
    pub environment: Environment,
    /// Who is told and asked.
    pub ui: Arc<dyn Ui>,
    /// Who finds the credentials of accounts.
    pub credentials: Arc<dyn CredentialProvider>,
    /// Where traces and metrics of runs go.
    #[cfg(feature = "otel")]
    pub telemetry: Option<Arc<crate::telemetry::Telemetry>>,
    /// Who delivers notifications. All sessions of a process share one, so that the limits of the chats hold.
    pub notifier: Arc<Notifier>,
}

impl Context {
    /// Creates a context that finds credentials in every way that the vendors' tools do.
    #[must_use]
    pub fn new(environment: Environment, ui: Arc<dyn Ui>) -> Self {
        let told = Arc::clone(&ui);
        let credentials = SystemProvider::new(environment.clone()).log(move |line| told.detail(line));
        let credentials = Arc::new(credentials);
        let notifier = Arc::new(Notifier::new(environment.clone()));
        Self {
            environment,
            ui,
            credentials,
            #[cfg(feature = "otel")]
            telemetry: None,
            notifier,
        }
    }

    /// Asks `provider` for credentials instead.
    #[must_use]
    pub fn with_credentials(self, provider: impl CredentialProvider + 'static) -> Self {
        Self { credentials: Arc::new(provider), ..self }
    }

    /// Delivers notifications with `transport` instead of an HTTP client.
    #[must_use]
    pub fn with_notify_transport(self, transport: impl Transport + 'static) -> Self {
        Self { notifier: Arc::new(Notifier::with_transport(Arc::new(transport))), ..self }
    }

    /// Returns who finds the credentials of accounts for the run of this id.
    pub(super) fn provider_of(&self, run: &str) -> Arc<dyn CredentialProvider> {
        self.credentials.for_run(run).unwrap_or_else(|| Arc::clone(&self.credentials))
    }

    /// Returns the wall time.
    pub(crate) fn now(&self) -> Timestamp {
        SystemClock.now()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("environment", &self.environment).finish_non_exhaustive()
    }
}
