//! The telemetry of one run.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, SystemTime};

use opentelemetry::Context;
use opentelemetry::metrics::Histogram;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use super::attributes::own;
use super::counted::Counts;
use super::export::{self, SCOPE};
use super::sender::Sender;
use super::spans::TargetSpans;
use crate::base::count::HumanCount;
use crate::base::duration::spoken;
use crate::engine::Outcome;
use crate::plan::Plan;
use crate::report::{Label, RunInfo, RunMetrics};
use crate::wording;

/// How long a run waits at most for what is still to be sent.
const PATIENCE: Duration = Duration::from_secs(5);

/// The trace and the metrics of one run that has begun. Its clones are of the same run.
#[derive(Debug, Clone)]
pub struct RunTelemetry(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    traces: Option<Trace>,
    took: Option<Histogram<f64>>,
    counts: Arc<Counts>,
    labels: Vec<Label>,
    sender: Sender,
    /// What sends; `None` once the run has ended.
    providers: Mutex<Option<Providers>>,
}

/// The span of the run.
#[derive(Debug)]
struct Trace {
    tracer: SdkTracer,
    run: Context,
}

/// What sends.
#[derive(Debug)]
pub(super) struct Providers {
    pub(super) traces: Option<SdkTracerProvider>,
    pub(super) metrics: Option<SdkMeterProvider>,
}

impl RunTelemetry {
    /// Begins the span of the run, as a child of `parent`.
    pub(super) fn begin(
        (run, labels, began): (&str, Vec<Label>, SystemTime),
        parent: &Context,
        providers: Providers,
        (sender, counts): (Sender, Arc<Counts>),
    ) -> Self {
        let traces = providers.traces.as_ref().map(|provider| {
            let tracer = provider.tracer(SCOPE);
            let about = labels.iter().map(|(name, value)| own(name, value.clone()));
            let span = tracer
                .span_builder("allstop run")
                .with_kind(SpanKind::Internal)
                .with_start_time(began)
                .with_attributes(about.chain([own("run", run.to_owned())]).collect::<Vec<_>>())
                .start_with_context(&tracer, parent);
            Trace { tracer, run: parent.with_span(span) }
        });
        let took = providers.metrics.as_ref().map(export::took);
        let providers = Mutex::new(Some(providers));
        Self(Arc::new(Shared { traces, took, counts, labels, sender, providers }))
    }

    /// Returns an observer of the run of this plan, which makes the spans of its targets.
    #[must_use]
    pub fn observer(&self, plan: Arc<Plan>) -> TargetSpans {
        let Shared { traces, took, counts, labels, .. } = &*self.0;
        let wanted = traces.as_ref().filter(|trace| trace.is_wanted());
        TargetSpans {
            plan,
            traces: wanted.map(|trace| (trace.tracer.clone(), trace.run.clone())),
            counts: Arc::clone(counts),
            took: took.clone(),
            labels: labels.clone(),
        }
    }

    /// Ends the span of the run and sends the rest, for 5 seconds at most; returns what could not be sent, in words.
    /// The run is that of its report. A run ends once.
    #[must_use]
    pub fn end(&self, metrics: &RunMetrics, run: &RunInfo) -> Option<String> {
        let providers = self.0.providers.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        if let Some(trace) = &self.0.traces {
            trace.end(metrics, run);
            if trace.is_wanted() {
                self.0.counts.end();
            }
        }
        if let Some(provider) = &providers.metrics {
            export::take(provider, metrics);
        }
        let unsent = shut_down(providers);
        self.warning(unsent)
    }

    /// Says what could not be sent.
    fn warning(&self, unsent: Option<String>) -> Option<String> {
        let Shared { counts, sender, .. } = &*self.0;
        let why = sender.trouble().or_else(|| counts.failure()).or(unsent.as_deref());
        match (counts.lost(), why) {
            (0, _) if unsent.is_none() => None,
            (0, why) => Some(format!(
                "the metrics could not be sent to the OpenTelemetry endpoint: {}",
                why.unwrap_or("the reason is not known")
            )),
            (lost, why) => Some(format!(
                "{} of {} spans were not sent to the OpenTelemetry endpoint: {}",
                HumanCount(lost),
                HumanCount(counts.ended()),
                why.unwrap_or("the queue was full")
            )),
        }
    }
}

impl Trace {
    /// Tells whether the span is recorded: the parent, or the sampler, may not want it.
    fn is_wanted(&self) -> bool {
        self.run.span().span_context().is_sampled()
    }

    fn end(&self, metrics: &RunMetrics, run: &RunInfo) {
        let span = self.run.span();
        span.set_attribute(own("status", wording::status(run.status).name));
        span.set_attribute(own("exit_status", i64::from(run.exit_code)));
        for outcome in Outcome::ALL {
            let number = metrics.targets(outcome);
            span.set_attribute(own(&format!("targets.{}", outcome.name()), number));
        }
        if !metrics.succeeded {
            span.set_status(Status::error(format!("exit status {}", run.exit_code)));
        }
        span.end_with_timestamp(SystemTime::from(run.finished_at.timestamp()));
    }
}

/// Sends the rest; returns why something could not be sent in time.
fn shut_down(providers: Providers) -> Option<String> {
    let (done, ended) = mpsc::channel();
    let thread = std::thread::Builder::new().spawn(move || {
        let traced = providers.traces.map(|provider| provider.shutdown_with_timeout(PATIENCE));
        let measured = providers.metrics.map(|provider| provider.shutdown_with_timeout(PATIENCE));
        let unsent = traced.and_then(Result::err).or_else(|| measured.and_then(Result::err));
        let _ = done.send(unsent.map(|error| error.to_string()));
    });
    match thread {
        Ok(_) => {
            ended.recv_timeout(PATIENCE).unwrap_or_else(|_| Some(format!("no response within {}", spoken(PATIENCE))))
        }
        Err(error) => Some(format!("cannot start a thread: {error}")),
    }
}

impl Drop for Shared {
    /// Waits for nothing where the run did not end.
    fn drop(&mut self) {
        if let Some(providers) = self.providers.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = std::thread::Builder::new().spawn(move || drop(providers));
        }
    }
}
