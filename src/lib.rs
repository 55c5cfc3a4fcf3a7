//! Stops many cloud tasks at once and tells the truth about each of them.
//!
//! The program `allstop` is a command line in front of this library. [`plan`] reads what to stop, [`session`] prepares,
//! confirms and reports a run, [`engine`] runs it, [`report`] has the results.
//!
//! # Example
//!
//! A plan is run against the simulator and reported:
//!
//! ```
//! use std::sync::Arc;
//!
//! use allstop::environment::Environment;
//! use allstop::plan::{Plan, Variables};
//! use allstop::report::{Destination, Report};
//! use allstop::session::{
//!     BeginOptions, Context, RehearsalOptions, SelectedPlan, SelectionOptions, Session, SessionOptions,
//!     SilentUi,
//! };
//! use allstop::simulator::Faults;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let file = directory.path().join("report.json");
//! let text = "
//! version: 1
//! accounts:
//!   prod: {cloud: alibaba, region: cn-hangzhou}
//! defaults: {account: prod}
//! targets:
//!   - {kind: fnf_execution, flow_name: etl, execution_name: run-1}
//!   - {kind: elasticsearch_task, instance_id: es-cn-1}
//! ";
//! let context = Context::new(Environment::of_process(), Arc::new(SilentUi));
//!
//! // Prepare: read the plan and select targets; here, all of them.
//! let loaded = Plan::parse(text.as_bytes(), "example.yaml".as_ref(), &Variables::default())?;
//! let selected = SelectedPlan::new(loaded, SelectionOptions::default(), &context)?;
//! let mut begin = BeginOptions::default();
//! begin.report = Some(Destination::File(file.clone()));
//! // Without a rehearsal, the run stops the real targets, and somebody must confirm it.
//! let mut rehearsal = RehearsalOptions::default();
//! (rehearsal.faults, rehearsal.speed) = (Some(Faults::None), Some(100.0));
//! begin.rehearsal = Some(rehearsal);
//! let ready = Session::begin(selected, begin, SessionOptions::default(), &context).ready()?;
//! ready.confirm()?;
//!
//! // Run: the closure may add observers, credentials, a transport, a signal to end early.
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let ran = runtime.block_on(ready.run(|run| run))?;
//!
//! // Report: write the JSON report and its exports.
//! let finished = ran.finish(None);
//! assert!(finished.unwritten.is_empty());
//! assert_eq!(finished.exit_code, 0);
//! assert!(Report::read(&file)?.targets.iter().all(|row| row.outcome.name().ends_with("stopped")));
//! # Ok(())
//! # }
//! ```
//!
//! [`Session::resume`](session::Session::resume) and [`Session::retry`](session::Session::retry) take the place of
//! `begin` for what an earlier run left. A [`Ui`](session::Ui) is told what happens and asked for confirmation.
//!
//! # Parts of your own
//!
//! [`engine::Run`] runs a plan without files and questions. It takes a [`Transport`](transport::Transport), a
//! [`CredentialProvider`](credentials::CredentialProvider), a [`Clock`](clock::Clock), a [`Journal`](engine::Journal) and
//! [`Observer`](engine::Observer)s. The directory `examples/` has a complete program for each of the larger ones. The
//! types of other crates that their signatures need are re-exported here: [`BoxFuture`], [`Bytes`],
//! [`CancellationToken`], [`HeaderMap`], [`Method`], [`SecretString`], [`Timestamp`] and [`Url`].
//!
//! # Features
//!
//! - `cli` (default): the program, and all of the following. Another program has the same options, confirmation,
//!   progress and result with `cli`, `command`, `system` and `terminal`.
//! - `terminal`: tables and progress bars.
//! - `html`: the report as a page for a browser.
//! - `simulator`: rehearsals, and the simulator as a server.
//!
//! Without features, the library builds none of the crates that only those need.

// Without a feature, nobody shows some words and numbers; the default build finds what is dead.
#![cfg_attr(not(all(feature = "html", feature = "terminal")), allow(dead_code, unused_imports))]

// What the signatures of the traits and types above are made of, so that nobody needs these crates in the same version.
pub use ::http::{HeaderMap, Method};
pub use bytes::Bytes;
pub use futures::future::BoxFuture;
pub use jiff::Timestamp;
pub use secrecy::SecretString;
pub use tokio_util::sync::CancellationToken;
pub use url::Url;

#[doc(hidden)]
pub mod advice;
mod base;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod command;
pub mod credentials;
pub mod engine;
pub mod error;
pub mod explain;
pub mod http;
pub mod journal;
pub mod notify;
pub mod plan;
pub mod provider;
pub mod report;
pub mod schema;
pub mod service;
pub mod session;
#[cfg(feature = "simulator")]
pub mod simulator;
#[cfg(feature = "cli")]
pub mod system;
#[cfg(feature = "cli")]
pub mod terminal;
pub mod transport;
#[doc(hidden)]
pub mod wording;

#[doc(hidden)]
pub use base::escape::Escaped;
pub use base::{ExitStatus, clock, environment, rate};
