//! What every run of the process has in common.

use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;

use super::counted::Counts;
use super::export;
use super::resource::resource;
use super::run::{Providers, RunTelemetry};
use super::sender::Sender;
use super::settings::Settings;
use crate::base::environment::Environment;
use crate::report::Label;

/// Sends traces and metrics of runs, as the variables of OpenTelemetry say.
#[derive(Debug, Clone)]
pub struct Telemetry {
    settings: Settings,
    environment: Environment,
}

impl Telemetry {
    /// Reads the variables; `None` where they name no endpoint, or disable it. Calls `warn` with what cannot be used,
    /// which is ignored.
    ///
    /// The SDK of OpenTelemetry reads further ones from the process itself: headers, limits, the sampler, and the
    /// attributes of the resource.
    #[must_use]
    pub fn of_environment(environment: &Environment, warn: impl FnMut(&str)) -> Option<Self> {
        Some(Self { settings: Settings::of(environment, warn)?, environment: environment.clone() })
    }

    /// Begins the telemetry of a run: of this id, with the labels that its metrics have.
    ///
    /// # Errors
    ///
    /// Fails, with a message, when no client can be made.
    pub fn begin(&self, run: &str, labels: Vec<Label>, began: Timestamp) -> Result<RunTelemetry, String> {
        let Settings { traces, metrics, timeout, names_service, parent } = &self.settings;
        let is_secure = traces.iter().chain(metrics).any(|url| url.scheme() == "https");
        let sender = Sender::start(&self.environment, *timeout, is_secure)?;
        let (resource, counts) = (resource(*names_service), Arc::new(Counts::default()));
        let spans = |url| export::traces(url, &sender, resource.clone(), &counts);
        let traces = traces.as_ref().map(spans).transpose()?;
        let metrics = metrics.as_ref().map(|url| export::metrics(url, &sender, resource.clone())).transpose()?;
        let began = (run, labels, SystemTime::from(began));
        Ok(RunTelemetry::begin(began, parent, Providers { traces, metrics }, (sender, counts)))
    }
}
