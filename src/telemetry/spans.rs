//! The spans of targets, with their attempts as events. They are made when a target has its outcome, so that none is
//! held until then.

use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::metrics::Histogram;
use opentelemetry::trace::{Event as SpanEvent, Span, SpanKind, Status, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;

use super::attributes::{of_labels, own};
use super::counted::Counts;
use crate::engine::{Attempt, Event, Observer, Outcome, TargetResult};
use crate::plan::{Plan, Target};
use crate::report::Label;

/// Makes a span of each target that something was sent for.
#[derive(Debug)]
pub struct TargetSpans {
    pub(super) plan: Arc<Plan>,
    /// The span of the run; `None` where no traces are sent, or where nobody wants this one.
    pub(super) traces: Option<(SdkTracer, Context)>,
    pub(super) counts: Arc<Counts>,
    /// How long it took to stop a target; `None` where no metrics are sent.
    pub(super) took: Option<Histogram<f64>>,
    pub(super) labels: Vec<Label>,
}

impl Observer for TargetSpans {
    fn on_event(&mut self, event: &Event<'_>) {
        if let Event::Finished { target, result, .. } = *event
            && let Some(target) = self.plan.targets.get(target)
        {
            self.span(target, result);
            self.measure(target, result);
        }
    }
}

impl TargetSpans {
    fn span(&self, target: &Target, result: &TargetResult) {
        let (Some((tracer, run)), Some(began)) = (&self.traces, result.started_at) else { return };
        let builder = tracer
            .span_builder(format!("stop {}", target.kind.name))
            .with_kind(SpanKind::Client)
            .with_start_time(SystemTime::from(began))
            .with_attributes(self.attributes(target, result))
            .with_events(result.attempts.iter().map(event).collect());
        let mut span = builder.start_with_context(tracer, run);
        if matches!(result.outcome, Outcome::Failed | Outcome::Unknown) {
            let message = result.error.as_ref().map_or_else(String::new, |error| error.message.to_string());
            span.set_status(Status::error(message));
        }
        match result.finished_at {
            Some(ended) => span.end_with_timestamp(SystemTime::from(ended)),
            None => span.end(),
        }
        self.counts.end();
    }

    fn attributes(&self, target: &Target, result: &TargetResult) -> Vec<KeyValue> {
        let account = self.plan.account_of(target);
        let evidence = result.evidence.map(|evidence| own("evidence", evidence.name()));
        let reason = result.reason.map(|reason| own("reason", reason.name()));
        let state = result.state.as_deref().map(|state| own("state", state.to_owned()));
        let error = result.error.as_ref().map(|error| KeyValue::new("error.type", error.class.name()));
        [
            own("target.id", target.id().into_owned()),
            own("kind", target.kind.name),
            own("account", account.name.clone()),
            KeyValue::new("cloud.region", account.region.clone()),
            own("outcome", result.outcome.name()),
            own("reads", i64::from(result.reads)),
        ]
        .into_iter()
        .chain(evidence)
        .chain(reason)
        .chain(state)
        .chain(error)
        .collect()
    }

    fn measure(&self, target: &Target, result: &TargetResult) {
        let Some(took) = &self.took else { return };
        let (Some(began), Some(ended), Outcome::Stopped) = (result.started_at, result.finished_at, result.outcome)
        else {
            return;
        };
        let labels = [("account", self.plan.account_of(target).name.clone()), ("kind", target.kind.name.to_owned())];
        took.record(ended.duration_since(began).as_secs_f64(), &of_labels(self.labels.iter().chain(&labels)));
    }
}

/// Makes an attempt an event of its target's span.
fn event(attempt: &Attempt) -> SpanEvent {
    let seconds = |time: std::time::Duration| time.as_secs_f64();
    let status = attempt.http_status.map(|status| KeyValue::new("http.response.status_code", i64::from(status)));
    let code = attempt.code.as_deref().map(|code| own("code", code.to_owned()));
    let request = attempt.request_id.as_deref().map(|id| own("request_id", id.to_owned()));
    let retry = attempt.retry_in.map(|wait| own("retry_in", seconds(wait)));
    let attributes = [
        own("attempt", i64::from(attempt.n)),
        own("verdict", attempt.class.map_or("ok", |class| class.name())),
        own("duration", seconds(attempt.duration)),
    ];
    let attributes = attributes.into_iter().chain(status).chain(code).chain(request).chain(retry);
    SpanEvent::new("attempt", SystemTime::from(attempt.at), attributes.collect(), 0)
}
