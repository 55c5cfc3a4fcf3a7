//! A custom observer that prints each result and ends the run after the third.
//!
//! `cargo run --example observer`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use allstop::CancellationToken;
use allstop::ExitStatus;
use allstop::engine::{Event, Observer, Outcome, Record, Run};
use allstop::plan::{Plan, Variables};
use allstop::report::exit_status;
use allstop::simulator::{self, Config};

const PLAN: &str = "
version: 1
accounts: {prod: {cloud: alibaba, region: cn-hangzhou}}
defaults: {account: prod}
limits: {concurrency: 1}
targets:
  - {kind: elasticsearch_task, instance_id: es-cn-1}
  - {kind: elasticsearch_task, instance_id: es-cn-2}
  - {kind: elasticsearch_task, instance_id: es-cn-3}
  - {kind: elasticsearch_task, instance_id: es-cn-4}
  - {kind: elasticsearch_task, instance_id: es-cn-5}
";

/// Counts the stopped targets, and ends the run when there are enough.
struct Enough {
    left: usize,
    end: CancellationToken,
}

impl Observer for Enough {
    fn on_event(&mut self, event: &Event<'_>) {
        let Event::Finished { target, result, .. } = event else { return };
        println!("target {target} is {}", result.outcome.name());
        if result.outcome == Outcome::Stopped {
            self.left = self.left.saturating_sub(1);
        }
        if self.left == 0 {
            self.end.cancel();
        }
    }
}

/// Runs the plan until three targets are stopped; the others are skipped.
pub(crate) fn watched() -> Result<(Record, ExitStatus), Box<dyn Error>> {
    let mut plan = Plan::parse(PLAN.as_bytes(), "observer.yaml".as_ref(), &Variables::default())?.plan;
    let (_cloud, keys) = simulator::rehearse(&Config::default(), &mut plan)?;
    let end = CancellationToken::new();
    let run = Run::new(plan.clone()).credentials(keys).drain_on(end.clone()).observer(Enough { left: 3, end });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let record = runtime.block_on(run.execute())?;
    let status = exit_status(&plan, &record, None);
    Ok((record, status))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (record, status) = watched()?;
    println!("the run {:?} ended after {:?} with exit status {}", record.id, record.duration, status.code());
    Ok(())
}
