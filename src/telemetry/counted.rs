//! Counts what is exported: what is lost is said.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// How many spans there were, and how many of them arrived.
#[derive(Debug, Default)]
pub(super) struct Counts {
    ended: AtomicU64,
    sent: AtomicU64,
    failure: OnceLock<String>,
}

impl Counts {
    /// Counts a span that has ended.
    pub(super) fn end(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how many have ended.
    pub(super) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }

    /// Returns how many were not sent.
    pub(super) fn lost(&self) -> u64 {
        self.ended().saturating_sub(self.sent.load(Ordering::Relaxed))
    }

    /// Returns why the first of them could not be sent, where that was tried.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }
}

/// An exporter that counts.
#[derive(Debug)]
pub(super) struct Counted {
    exporter: opentelemetry_otlp::SpanExporter,
    counts: Arc<Counts>,
}

impl Counted {
    pub(super) const fn new(exporter: opentelemetry_otlp::SpanExporter, counts: Arc<Counts>) -> Self {
        Self { exporter, counts }
    }
}

impl SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len() as u64;
        let exported = self.exporter.export(batch).await;
        match &exported {
            Ok(()) => drop(self.counts.sent.fetch_add(spans, Ordering::Relaxed)),
            Err(error) => drop(self.counts.failure.set(error.to_string())),
        }
        exported
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.exporter.shutdown()
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
