//! Schedules at a real server.

mod changes;
mod due;
mod overlap;
mod runs;
mod times;

use allstop::Timestamp;
use allstop::report::Report;
use allstop::simulator::Config;
use serde_json::Value;
use temporalio_client::{UntypedWorkflow, WorkflowGetResultOptions};

use crate::harness::{PATIENCE, Site};

const TWO: &str = "30 2 * * *";

fn fast() -> Config {
    Config { speed: 1000.0, ..Config::default() }
}

/// Waits for the end of a run, and returns its report.
async fn reported(site: &Site, run: &str) -> Report {
    let client = site.client().await;
    let workflow = client.get_workflow_handle::<UntypedWorkflow>(format!("allstop-run/{run}"));
    let ended = workflow.get_result(WorkflowGetResultOptions::default());
    tokio::time::timeout(PATIENCE, ended).await.unwrap().unwrap();
    let file = format!("{}.json", run.replace(':', "-"));
    let ended = site.run(["report", run, "--report", &file]);
    assert!(site.path(&file).exists(), "{ended:?}");
    site.report(&file)
}

/// Creates a schedule, and returns what was shown.
#[track_caller]
fn created(site: &Site, name: &str, more: &[&str]) -> Value {
    let args = ["schedule", "create", name, "plan.yaml", "--yes", "--output", "json"];
    let ended = site.run(args.into_iter().chain(more.iter().copied()));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

#[track_caller]
fn described(site: &Site, name: &str) -> Value {
    let ended = site.run(["schedule", "describe", name, "--output", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// Has a schedule start a run, and returns its name.
#[track_caller]
fn triggered(site: &Site, name: &str) -> String {
    let ended = site.run(["schedule", "trigger", name]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended.stdout.trim().to_owned()
}

fn now() -> Timestamp {
    use allstop::clock::{Clock, SystemClock};
    SystemClock.now()
}
