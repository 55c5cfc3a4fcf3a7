//! Carries the runs out whose histories are recorded.

use allstop::simulator::{Config, Faults};
use temporalio_client::{Client, NamespacedClient, WorkflowExecutionInfo, WorkflowFetchHistoryOptions};
use temporalio_common::protos::temporal::api::history::v1::History;

use super::contents::before;
use super::{directory, file, records};
use crate::harness::{Fleet, Pace, Process, Server, Site, Size, Submission, TestPlan};

/// The workflow of the quota of the first account.
const QUOTA: &str = "allstop-quota/alibaba/a0/cn-hangzhou/fnf:StopExecution";

fn site(plan: &TestPlan) -> Site {
    Site::new(&config(), plan).expect("a Temporal server")
}

fn config() -> Config {
    Config { speed: 40.0, ..Config::default() }
}

fn submit<'s>(site: &'s Site, id: &str, options: &[&str]) -> Submission<'s> {
    let submission = Submission::start(site, Pace::of(Size::of_process()), id, options);
    submission.is_submitted();
    submission
}

#[test]
fn histories_are_recorded() {
    if !records() {
        return;
    }
    std::fs::create_dir_all(directory()).unwrap();
    undisturbed();
    listed();
    taken_up();
    lost();
    failures();
    closed();
    unserved();
    long();
}

/// An undisturbed run, one with a share of failures and a deadline, one that is cancelled, and two that take turns at a quota.
fn undisturbed() {
    let size = Size::of_process();
    let site = site(&TestPlan::of(120).limited("{rate: 20/s, burst: 5}").with("guards: {max_failures: 5}"));
    let _fleet = Fleet::of(&site, 1);
    submit(&site, "plain", &["--only", "run-1?"]).done(size);
    submit(&site, "guarded", &["--only", "run-2?", "--deadline", "1h", "--max-failures", "3"]).done(size);
    let (first, second) = (submit(&site, "first", &["--only", "run-*"]), submit(&site, "second", &["--only", "run-?"]));
    second.done(size);
    first.done(size);
    let cancelled = submit(&site, "cancelled", &[]);
    site.cloud.wait_for_stops(130);
    cancelled.process.interrupt();
    cancelled.done(size);
    record_runs(&site, &["plain", "guarded", "first", "second", "cancelled"], 1);
    record(&site, QUOTA, "allstop-quota");
}

/// A run whose targets a worker lists.
fn listed() {
    let site = site(&TestPlan::of(10).selecting("{flow_name: flow}"));
    let _fleet = Fleet::of(&site, 1);
    submit(&site, "listed", &["--list-on-workers", "--deadline", "1h"]).done(Size::of_process());
    record_runs(&site, &["listed"], 0);
}

/// A run whose worker is killed: another one goes on.
fn taken_up() {
    let site = site(&TestPlan::of(40).limited("{rate: 20/s, burst: 5}"));
    let mut fleet = Fleet::of(&site, 1);
    let submission = submit(&site, "taken-up", &[]);
    site.cloud.wait_for_stops(15);
    fleet.kill(0);
    fleet.replace(0);
    submission.done(Size::of_process());
    record_lanes(&site, "taken-up", 1);
}

/// A run that is cancelled when its worker has just been killed.
fn lost() {
    let site = site(&TestPlan::of(60).limited("{rate: 20/s, burst: 5}"));
    let mut fleet = Fleet::of(&site, 2);
    let submission = submit(&site, "lost", &[]);
    site.cloud.wait_for_stops(15);
    let holder = fleet.holder("a0 ");
    fleet.kill(holder);
    site.temporal(["workflow", "cancel", "--workflow-id", "allstop-run/lost"]);
    submission.done(Size::of_process());
    record_lanes(&site, "lost", 1);
}

/// A run of three lanes that has as many failures as it may have.
fn failures() {
    let plan = TestPlan::of(180).over(3).limited("{rate: 100/s, burst: 10, concurrency: 1}");
    let config = Config { speed: 200.0, faults: Faults::Some, seed: 3, ..Config::default() };
    let site = Site::new(&config, &plan.with("retry: {max_attempts: 1}")).expect("a Temporal server");
    let _fleet = Fleet::of(&site, 1);
    submit(&site, "failures", &["--max-failures", "4"]).done(Size::of_process());
    record_runs(&site, &["failures"], 3);
}

/// A run of two lanes of one account whose key is wrong. One waits for a share of the failures.
fn closed() {
    let site = site(&TestPlan::of(2));
    let endpoint = site.cloud.endpoint();
    let text = std::fs::read_to_string(site.path("plan.yaml")).unwrap();
    let text = text.replace("{fnf: ", &format!("{{elasticsearch: '{endpoint}', fnf: "));
    let other = "  - {kind: elasticsearch_task, account: a0, instance_id: es-cn-1}\n";
    std::fs::write(site.path("plan.yaml"), text + other).unwrap();
    let mut worker = site.command(["worker"]);
    worker.envs(site.keys().iter().map(|(name, key)| (name, key.chars().rev().collect::<String>())));
    worker.envs(site.keys().iter().filter(|(name, _)| name.ends_with("_ID")));
    let _worker = Process::start(&mut worker);
    submit(&site, "closed", &["--max-failures", "1"]).done(Size::of_process());
    record_runs(&site, &["closed"], 2);
}

/// A run that no worker serves while it holds the quota, and another run that gets it.
fn unserved() {
    let size = Size::of_process();
    let site = site(&TestPlan::of(120).limited("{rate: 10/s, burst: 5}").in_parts(2));
    let mut others = Fleet::of_queue(&site, 1, "other");
    let first = submit(&site, "unserved", &["--label", "part=p0", "--queue", "other"]);
    site.cloud.wait_for_stops(10);
    others.kill(0);
    let stops = site.cloud.ledger().requests.stops;
    let _fleet = Fleet::of(&site, 1);
    let second = submit(&site, "served", &["--label", "part=p1"]);
    site.cloud.wait_for_stops(stops + 15);
    others.replace(0);
    first.done(size);
    second.done(size);
    record_lanes(&site, "unserved", 1);
    record(&site, QUOTA, "allstop-quota/unserved");
}

/// Two runs that take turns, at a server that has workflows go on as new ones after a few events.
fn long() {
    let size = Size::of_process();
    let server = Server::configured(&["limit.historyCount.suggestContinueAsNew=30"]).expect("a Temporal server");
    let site = Site::at(server, &config(), &TestPlan::of(240).limited("{rate: 10/s, burst: 5}").in_parts(2));
    let _fleet = Fleet::of(&site, 1);
    let runs = [("long", "part=p0"), ("longer", "part=p1")].map(|(id, part)| submit(&site, id, &["--label", part]));
    for run in runs {
        run.done(size);
    }
    record_lanes(&site, "long", 1);
    record(&site, QUOTA, "allstop-quota/long");
}

/// Records runs, and so many lanes of each.
fn record_runs(site: &Site, runs: &[&str], lanes: usize) {
    for run in runs {
        let workflow = format!("allstop-run/{run}");
        record(site, &workflow, &workflow);
        record_lanes(site, run, lanes);
    }
}

/// Records the first so many lanes of a run.
fn record_lanes(site: &Site, run: &str, lanes: usize) {
    for lane in (0..lanes).map(|lane| format!("allstop-run/{run}/lane-{lane}")) {
        record(site, &lane, &lane);
    }
}

/// Records a workflow under a name, and what it last went on from.
fn record(site: &Site, workflow: &str, name: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = site.client().await;
        let json = history(&client, workflow, None).await;
        std::fs::write(file(name), &json).unwrap();
        let begun: History = serde_json::from_slice(&json).unwrap();
        if let Some(before) = before(&begun) {
            let json = history(&client, workflow, Some(before.to_owned())).await;
            std::fs::write(file(&format!("{name}/before")), json).unwrap();
        }
    });
}

async fn history(client: &Client, workflow: &str, run: Option<String>) -> Vec<u8> {
    let info = WorkflowExecutionInfo::builder().namespace(client.namespace()).workflow_id(workflow).maybe_run_id(run);
    let history = info.build().bind_untyped(client.clone()).fetch_history(WorkflowFetchHistoryOptions::default());
    history.to_json().await.unwrap()
}
