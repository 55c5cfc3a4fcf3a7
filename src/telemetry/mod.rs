//! Traces and metrics of runs, sent with OpenTelemetry's protocol over HTTP. Only with the feature `otel`.
//!
//! A run is a trace: a span for the run, a span for each target that something was sent for, and an event for each
//! attempt. The standard variables of OpenTelemetry say where it goes; without an endpoint in them, nothing is sent.
//! What cannot be sent is a warning, and never changes a run.
//!
//! A [session](crate::session) does all of it by itself, once its
//! [context is traced](crate::session::Context::traced). Who runs the [engine](crate::engine) alone gives it the
//! observer:
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use allstop::environment::Environment;
//! use allstop::plan::Plan;
//! use allstop::report::{RunMode, metrics_labels};
//! use allstop::telemetry::Telemetry;
//! use jiff::Timestamp;
//!
//! # fn trace(plan: Arc<Plan>, run: allstop::engine::Run, began: Timestamp) -> Option<allstop::engine::Run> {
//! let telemetry = Telemetry::of_environment(&Environment::of_process(), |warning| eprintln!("{warning}"))?;
//! let labels = metrics_labels(RunMode::Live, &plan);
//! let traced = telemetry.begin(run.run_id(), labels, began).ok()?;
//! # Some(
//! run.observer(traced.observer(plan))
//! // And at the end: traced.end(&metrics, &report.run)
//! # )
//! # }
//! ```

mod attributes;
mod counted;
mod export;
mod process;
mod resource;
mod run;
mod sender;
mod settings;
mod spans;

pub use process::Telemetry;
pub use run::RunTelemetry;
pub use spans::TargetSpans;
