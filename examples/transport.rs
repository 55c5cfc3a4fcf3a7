//! A custom transport around the default one: it counts requests, and stores no secret.
//!
//! `cargo run --example transport`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use allstop::BoxFuture;
use allstop::engine::{Record, Run};
use allstop::http::{Response, SignedRequest};
use allstop::plan::{Plan, Variables};
use allstop::simulator::{self, Config};
use allstop::transport::{HttpTransport, SendError, Transport};

const PLAN: &str = "
version: 1
accounts:
  prod: {cloud: alibaba, region: cn-hangzhou}
  media: {cloud: huawei, region: cn-north-4, project_id: p1}
defaults: {account: prod}
retry: {connect_timeout: 1s, request_timeout: 5s}
targets:
  - {kind: fnf_execution, flow_name: etl, execution_name: run-1}
  - {kind: live_flow, account: media, flow_id: channel-7}
";

/// The number of requests, by method and path.
type Counts = Arc<Mutex<BTreeMap<String, usize>>>;

/// Counts requests. Queries and headers may contain a signature, so they are not stored.
struct Counting {
    inner: HttpTransport,
    counts: Counts,
}

impl Transport for Counting {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        let name = format!("{} {}", request.method, request.url.path());
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
        self.inner.send(request)
    }
}

/// Runs the plan and returns the requests.
pub(crate) fn counted() -> Result<(Record, BTreeMap<String, usize>), Box<dyn Error>> {
    let mut plan = Plan::parse(PLAN.as_bytes(), "transport.yaml".as_ref(), &Variables::default())?.plan;
    let (_cloud, keys) = simulator::rehearse(&Config { speed: 100.0, ..Config::default() }, &mut plan)?;
    let counts = Counts::default();
    // The client that a run of this plan would use, with its timeouts, and TLS if an endpoint needs it.
    let transport = Counting { inner: HttpTransport::of_plan(&plan)?, counts: Arc::clone(&counts) };
    let run = Run::new(plan).credentials(keys).speed(100.0).transport(transport);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let record = runtime.block_on(run.execute())?;
    let counts = counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok((record, counts))
}

fn main() -> Result<(), Box<dyn Error>> {
    for (name, count) in counted()?.1 {
        println!("{count} × {name}");
    }
    Ok(())
}
