//! Where traces and metrics go, as the standard variables of OpenTelemetry say.

use std::time::Duration;

use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use url::Url;

use crate::base::environment::Environment;
use crate::base::escape::Escaped;

/// How long one request may take, where no variable says so.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the variables say.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// Where traces go.
    pub(super) traces: Option<Url>,
    /// Where metrics go.
    pub(super) metrics: Option<Url>,
    /// How long one request may take.
    pub(super) timeout: Duration,
    /// Whether they name the service.
    pub(super) names_service: bool,
    /// The span that runs are children of, if there is one.
    pub(super) parent: opentelemetry::Context,
}

impl Settings {
    /// Reads the variables; `None` where nothing is to be sent. Calls `warn` with what cannot be used.
    pub(super) fn of(environment: &Environment, mut warn: impl FnMut(&str)) -> Option<Self> {
        if environment.get("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return None;
        }
        let mut endpoint = |signal| match Signal(signal).endpoint(environment) {
            Ok(endpoint) => endpoint,
            Err(warning) => {
                warn(&warning);
                None
            }
        };
        let (traces, metrics) = (endpoint("TRACES"), endpoint("METRICS"));
        if traces.is_none() && metrics.is_none() {
            return None;
        }
        let parent = parent(environment).unwrap_or_else(|warning| {
            warn(&warning);
            opentelemetry::Context::new()
        });
        let timeout = environment.get("OTEL_EXPORTER_OTLP_TIMEOUT").and_then(|millis| millis.trim().parse().ok());
        let attributes = environment.get("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default().split(',');
        let named = attributes.filter_map(|pair| pair.split_once('=')).any(|(name, _)| name.trim() == "service.name");
        Some(Self {
            traces,
            metrics,
            timeout: timeout.map_or(TIMEOUT, Duration::from_millis),
            names_service: named || environment.get("OTEL_SERVICE_NAME").is_some(),
            parent,
        })
    }
}

/// One sort of telemetry, by its name in the variables.
#[derive(Clone, Copy)]
struct Signal(&'static str);

impl Signal {
    /// Returns where it goes; `None` where it is not sent.
    fn endpoint(self, environment: &Environment) -> Result<Option<Url>, String> {
        let own = format!("OTEL_EXPORTER_OTLP_{}_ENDPOINT", self.0);
        let (name, endpoint, path) = match (environment.get(&own), environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")) {
            (Some(endpoint), _) => (&*own, endpoint, ""),
            (None, Some(endpoint)) => ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, self.path()),
            (None, None) => return Ok(None),
        };
        let exporter = format!("OTEL_{}_EXPORTER", self.0);
        match environment.get(&exporter) {
            None | Some("otlp") => {}
            Some("none") => return Ok(None),
            Some(other) => return Err(format!("{exporter} is `{}`: only `otlp` and `none` are known", Escaped(other))),
        }
        self.check_protocol(environment)?;
        // The value may have a password: it is not shown.
        let invalid = || format!("{name} is not an http or https URL, so nothing is sent there");
        let whole =
            if path.is_empty() { endpoint.to_owned() } else { format!("{}{path}", endpoint.trim_end_matches('/')) };
        let url: Url = whole.parse().map_err(|_| invalid())?;
        if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none() {
            return Err(invalid());
        }
        Ok(Some(url))
    }

    fn path(self) -> &'static str {
        if self.0 == "TRACES" { "/v1/traces" } else { "/v1/metrics" }
    }

    fn check_protocol(self, environment: &Environment) -> Result<(), String> {
        let own = format!("OTEL_EXPORTER_OTLP_{}_PROTOCOL", self.0);
        let stated = [&*own, "OTEL_EXPORTER_OTLP_PROTOCOL"].into_iter();
        let stated = stated.filter_map(|name| Some((name, environment.get(name)?))).next();
        match stated {
            Some((name, protocol)) if protocol != "http/protobuf" => Err(format!(
                "{name} is `{}`: this program sends http/protobuf only, usually to port 4318, so it sends nothing",
                Escaped(protocol)
            )),
            Some(_) | None => Ok(()),
        }
    }
}

/// The variables of the environment that carry the context of a trace.
struct Carrier<'e>(&'e Environment);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(&key.to_ascii_uppercase())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.names().collect()
    }
}

/// Returns the span that a workflow has given to its steps, in a context.
fn parent(environment: &Environment) -> Result<opentelemetry::Context, String> {
    let none = opentelemetry::Context::new();
    if environment.get("TRACEPARENT").is_none() {
        return Ok(none);
    }
    let parent = TraceContextPropagator::new().extract_with_context(&none, &Carrier(environment));
    match parent.span().span_context().is_valid() {
        true => Ok(parent),
        false => {
            Err("TRACEPARENT is not of the form 00-TRACE-PARENT-FLAGS; the run begins a trace of its own".to_owned())
        }
    }
}
