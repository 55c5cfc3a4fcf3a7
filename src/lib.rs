//! Stops many cloud tasks at once and tells the truth about each of them.
//!
//! The program `allstop` is a thin wrapper around this library: [`plan`] reads what to stop, [`engine`] carries it out,
//! [`report`] tells what came of it, and [`simulator`] is a cloud to try all of it against.
//!
//! # Example
//!
//! A plan carried out against the built-in cloud, and its report:
//!
//! ```
//! use std::sync::Arc;
//!
//! use allstop::plan::{Plan, Variables};
//! use allstop::report::{About, RunMode, Report};
//! use allstop::engine::{Outcome, Run};
//! use allstop::simulator::{self, Config};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let text = "
//! version: 1
//! accounts:
//!   prod: {cloud: alibaba, region: cn-hangzhou}
//! defaults: {account: prod}
//! targets:
//!   - {kind: fnf_execution, flow_name: etl, execution_name: run-1}
//!   - {kind: elasticsearch_task, instance_id: es-cn-1}
//! ";
//! let mut plan = Plan::parse(text.as_bytes(), "example.yaml".as_ref(), &Variables::default())?.plan;
//!
//! // Leave out the next two lines and `credentials` and `speed` below to stop the real things.
//! let config = Config { speed: 100.0, ..Config::default() };
//! let (cloud, keys) = simulator::rehearse(&config, &mut plan)?;
//!
//! let plan = Arc::new(plan);
//! let run = Run::new(Arc::clone(&plan)).credentials(keys).speed(100.0).reason(Some("example".into()));
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let record = runtime.block_on(run.execute())?;
//! assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
//! assert_eq!(cloud.ledger().requests.bad_auth, 0);
//!
//! let report = Report::new(&plan, &record, &About { mode: RunMode::Rehearsal, ..About::default() });
//! assert_eq!(report.run.exit_code, 0);
//! let mut json = Vec::new();
//! report.write_json(&mut json)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Parts of your own
//!
//! A run takes a [`Transport`](transport::Transport), a [`CredentialProvider`](credentials::CredentialProvider), a
//! [`Clock`](clock::Clock), a [`Journal`](engine::Journal) and [`Observer`](engine::Observer)s. The folder `examples/` has a
//! whole program for each of the larger ones. The types of other crates that their signatures need are re-exported
//! here: [`BoxFuture`], [`Bytes`], [`CancellationToken`], [`HeaderMap`], [`Method`], [`SecretString`], [`Timestamp`]
//! and [`Url`].

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

pub mod advice;
mod base;
pub mod credentials;
pub mod engine;
pub mod error;
pub mod explain;
pub mod http;
pub mod journal;
pub mod plan;
pub mod provider;
pub mod report;
pub mod schema;
pub mod service;
pub mod session;
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod transport;
pub mod wording;

pub use base::{ExitStatus, clock, environment, rate};
