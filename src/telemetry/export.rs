//! The providers of OpenTelemetry's SDK: what collects and sends.

use std::sync::Arc;

use opentelemetry::metrics::{Histogram, MeterProvider};
use opentelemetry_otlp::{MetricExporter, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{Instrument, PeriodicReader, SdkMeterProvider, Stream};
use opentelemetry_sdk::trace::{BatchSpanProcessor, SdkTracerProvider};
use url::Url;

use super::attributes::of_labels;
use super::counted::{Counted, Counts};
use super::sender::Sender;
use crate::report::{BOUNDS, Family, Label, RunMetrics, Samples, Unit};

/// The name of what measures.
pub(super) const SCOPE: &str = env!("CARGO_PKG_NAME");

/// How many samples one metric may have; the SDK folds more into one.
const MOST_SAMPLES: usize = 1_000_000;

/// Makes what sends spans, in batches and from a queue: where it is full, spans are dropped.
pub(super) fn traces(
    endpoint: &Url,
    sender: &Sender,
    resource: Resource,
    counts: &Arc<Counts>,
) -> Result<SdkTracerProvider, String> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(sender.clone())
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint.as_str())
        .build()
        .map_err(|error| error.to_string())?;
    let processor = BatchSpanProcessor::builder(Counted::new(exporter, Arc::clone(counts))).build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_span_processor(processor).build())
}

/// Makes what sends metrics.
pub(super) fn metrics(endpoint: &Url, sender: &Sender, resource: Resource) -> Result<SdkMeterProvider, String> {
    let exporter = MetricExporter::builder()
        .with_http()
        .with_http_client(sender.clone())
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint.as_str())
        .build()
        .map_err(|error| error.to_string())?;
    let all = |_: &Instrument| Stream::builder().with_cardinality_limit(MOST_SAMPLES).build().ok();
    let reader = PeriodicReader::builder(exporter).build();
    Ok(SdkMeterProvider::builder().with_resource(resource).with_reader(reader).with_view(all).build())
}

/// Makes the metric of the times that it took to stop targets.
pub(super) fn took(provider: &SdkMeterProvider) -> Histogram<f64> {
    let meter = provider.meter(SCOPE);
    meter.f64_histogram("allstop.run.stop.duration").with_unit("s").with_boundaries(BOUNDS.to_vec()).build()
}

/// Takes the metrics of a run that has ended. Times were taken one by one.
pub(super) fn take(provider: &SdkMeterProvider, metrics: &RunMetrics) {
    if let Some(at) = metrics.succeeded_at {
        let gauge = provider.meter(SCOPE).f64_gauge("allstop.last.success.timestamp").with_unit("s").build();
        gauge.record(at, &attributes(metrics, &[]));
    }
    for family in &metrics.families {
        if let Samples::Gauge(samples) = &family.samples {
            let gauge = gauge(provider, family);
            for sample in samples {
                gauge.record(sample.value, &attributes(metrics, &sample.labels));
            }
        }
    }
}

fn gauge(provider: &SdkMeterProvider, family: &Family) -> opentelemetry::metrics::Gauge<f64> {
    let name = format!("allstop.{}", family.name.replace('_', "."));
    let meter = provider.meter(SCOPE);
    let gauge = meter.f64_gauge(name).with_description(family.help);
    match family.unit {
        Unit::Count => gauge.build(),
        Unit::Seconds => gauge.with_unit("s").build(),
    }
}

fn attributes(metrics: &RunMetrics, own: &[Label]) -> Vec<opentelemetry::KeyValue> {
    of_labels(metrics.labels.iter().chain(own))
}
