//! Runs of plans that select: listed by who submits them, or by a worker when the run starts.

use std::collections::BTreeSet;
use std::time::Duration;

use allstop::engine::{Outcome, SkipReason, Status};
use allstop::report::{Destination, Report};
use allstop::simulator::{Config, ListFault, ListTrouble, Resource};
use allstop_temporal::history::gather;
use allstop_temporal::plans;
use allstop_temporal::wire::{HeldAt, RunInput, RunRef, RunResult, Versioned, run_workflow_id};
use allstop_temporal::workflow::RunFlow;
use serde_json::json;
use temporalio_client::{Client, WorkflowGetResultOptions, WorkflowStartOptions};

use crate::harness::{PATIENCE, Process, Site, TestPlan};

const THERE: [&str; 6] = ["submit", "plan.yaml", "--list-on-workers", "--yes", "--id", "there"];
const FAST: [&str; 4] = ["--checkpoint", "200ms", "--heartbeat-timeout", "2s"];

fn fast() -> Config {
    Config { speed: 1000.0, quotas: false, ..Config::default() }
}

fn plan() -> TestPlan {
    TestPlan::of(30).over(2).limited("{rate: 2000/s, burst: 100}").selecting("{flow_name: flow}")
}

/// What became of a run.
struct Ran {
    result: RunResult,
    run: RunRef,
    report: Report,
}

impl Site {
    /// Submits the plan for a worker to list.
    #[track_caller]
    fn submit_there(&self, options: &[&str]) {
        let ended = self.run(THERE.iter().chain(&FAST).chain(options).copied());
        assert_eq!((ended.code, &*ended.stdout), (0, "there\n"), "{ended:?}");
    }

    /// Waits for the end of a run, and reports it.
    async fn end_of(&self, client: &Client, id: &str) -> Ran {
        let workflow = run_workflow_id(id);
        let handle = client.get_workflow_handle::<RunFlow>(workflow.clone());
        let result = tokio::time::timeout(PATIENCE, handle.get_result(WorkflowGetResultOptions::default()));
        let result = result.await.expect("it ends").unwrap();
        let gathered = gather(client, &workflow, None, None, &self.context()).await.unwrap();
        let run = gathered.run().clone();
        let report = Destination::File(self.path("end.json"));
        drop(gathered.ended(Some(report), Vec::new()).unwrap().finish(None));
        Ran { result, run, report: self.report("end.json") }
    }

    /// Returns the names of what was stopped.
    fn stopped(&self) -> BTreeSet<String> {
        let ledger = self.cloud.ledger();
        let stopped = ledger.resources.iter().filter(|record| record.applied_at.is_some());
        stopped.map(|record| record.id.to_string()).collect()
    }

    #[track_caller]
    fn lists(&self, workers: &Process) {
        workers.says("lists what the run", PATIENCE).expect("a worker lists");
        self.cloud.wait_until(|requests| requests.reads > 0);
    }
}

fn rows(report: &Report) -> Vec<(String, Outcome, Option<SkipReason>)> {
    report.targets.iter().map(|row| (row.id.clone(), row.outcome, row.reason)).collect()
}

/// Returns how many each selection saw and took, and how much could not be listed.
fn counts(report: &Report) -> Vec<(u64, u64, usize)> {
    report.selections.iter().map(|of| (of.seen, of.matched, of.missing.len())).collect()
}

fn slow() -> ListFault {
    ListFault::new(ListTrouble::Slow(Duration::from_secs(60)))
}

#[tokio::test]
async fn both_ways_stop_what_a_local_run_stops() {
    let Some(here) = Site::new(&fast(), &plan()) else { return };
    let there = Site::new(&fast(), &plan()).unwrap();
    let local = Site::new(&fast(), &plan()).unwrap();
    let options = ["--skip", "*run-7", "--account", "a*"];

    let workers = (here.worker([]), there.worker([]));
    let submitted = here.run_with_keys(["submit", "plan.yaml", "--yes", "--id", "here"].into_iter().chain(options));
    assert_eq!(submitted.code, 0, "{submitted:?}");
    assert!(submitted.stderr.contains("the rows of a lane are kept for 72h after the lane has ended"), "{submitted:?}");
    assert!(here.cloud.ledger().requests.reads > 0, "it is listed before it is submitted");
    there.submit_there(&options);
    let (client, other) = (here.client().await, there.client().await);
    let ran = here.end_of(&client, "here").await;
    assert_eq!((ran.result.status, &ran.run.held), (Status::Completed, &None));
    let listed = there.end_of(&other, "there").await;
    assert_eq!((listed.result.status, listed.run.held.is_some()), (Status::Completed, true));
    let status = there.run(["status", "there"]);
    assert!(status.stdout.contains("\n29 targets: 29 stopped\n"), "{status:?}");
    assert!(status.stdout.contains(", submitted by unknown@"), "{status:?}");
    assert_eq!(rows(&ran.report), rows(&listed.report));
    assert_eq!(counts(&ran.report), [(30, 30, 0)]);
    assert_eq!(counts(&listed.report), [(30, 30, 0)]);
    drop(workers);

    let (report, all) = tokio::task::spawn_blocking(move || (local.run_locally(), local.stopped())).await.unwrap();
    let ids = |report: &Report| report.targets.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&report), ids(&listed.report));
    assert_eq!(all.len(), 30);
    let without: BTreeSet<_> = all.into_iter().filter(|id| !id.ends_with("run-7")).collect();
    assert_eq!((here.stopped(), there.stopped()), (without.clone(), without));
    for site in [here, there] {
        assert_eq!(site.cloud.ledger().requests.stops, 29);
    }
}

#[tokio::test]
async fn without_credentials_only_workers_can_list_and_nobody_is_asked() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    let ended = site.run(["submit", "plan.yaml", "--yes"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("credentials"), "{}", ended.stderr);
    let ended = site.run(["submit", "plan.yaml", "--list-on-workers"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("pass --yes to have it stopped unasked"), "{}", ended.stderr);
    assert_eq!(site.cloud.ledger().requests.reads, 0);

    // A worker without them says so, and in the end so does the run.
    let keyless = site.start(["worker"]);
    let ended = site.run(THERE.iter().chain(&FAST).copied().chain(["--wait", "--report", "there.json"]));
    assert!(ended.stderr.contains("The listing could not begin: "), "{ended:?}");
    assert!(!ended.stderr.contains("--partial"), "{ended:?}");
    let said = keyless.says("cannot list what the run there selects: ", PATIENCE).expect("a warning");
    let client = site.client().await;
    let ran = site.end_of(&client, "there").await;
    assert_eq!((ended.code, ran.result.status), (1, Status::Unlisted));
    let cause = ran.result.ended_by.unwrap();
    assert!(cause.contains("credentials") && said.contains(cause.lines().next().unwrap()), "{cause} {said}");
    for report in [ran.report, site.report("there.json")] {
        assert_eq!((report.run.exit_code, report.targets.len()), (1, 0));
        assert_eq!(report.run.ended_by.as_deref(), Some(&*cause));
    }
    let taken = site.run(["takeout", "there", "-o", "there.journal"]);
    assert_eq!((taken.code, &*taken.stdout), (2, ""), "{taken:?}");
    assert!(taken.stderr.contains("there is nothing to resume"), "{taken:?}");
    assert!(!site.path("there.journal").exists());
    assert_eq!(site.cloud.ledger().requests.reads, 0);
}

#[tokio::test]
async fn a_listing_waits_while_the_service_is_away_that_says_whose_keys_are() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    let identities = |times: i32| {
        let fault = json!({"fail": times, "status": 503, "code": "ServiceUnavailable", "message": "out of order"});
        site.cloud.handle().set_credential_faults(&json!({ "ali:GetCallerIdentity": fault })).unwrap();
    };
    identities(-1);
    let mut command = site.command(["worker"]);
    // It must know whose the keys are.
    command.envs(site.keys()).env("ALLSTOP_DENY_ACCOUNTS", "1234567890123456");
    let worker = Process::start(&mut command);
    site.submit_there(&[]);
    // More often than workers are asked that cannot list.
    let again = worker.says_again("lists what the run there selects", 4, PATIENCE);
    assert!(again.is_some() && worker.said("out of order").0 >= 3, "{}", worker.output());
    assert_eq!(site.cloud.ledger().requests.stops, 0);
    identities(0);
    let client = site.client().await;
    assert_eq!(site.end_of(&client, "there").await.result.status, Status::Completed, "{}", worker.output());
    assert_eq!(site.stopped().len(), 30);
}

#[tokio::test]
async fn another_worker_lists_when_one_is_killed() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    site.cloud.handle().script(slow());
    let mut first = site.worker([]);
    site.submit_there(&[]);
    site.lists(&first);
    first.kill();
    assert_eq!(site.cloud.ledger().requests.stops, 0);
    let _second = site.worker([]);
    let client = site.client().await;
    let ran = site.end_of(&client, "there").await;
    assert_eq!(ran.result.status, Status::Completed);
    let held = ran.run.held.unwrap();
    assert!(held.workflow_id.ends_with("/listed-2"), "{held:?}");
    assert_eq!((site.stopped().len(), site.cloud.ledger().requests.stops), (30, 30));
}

#[tokio::test]
async fn a_worker_that_leaves_has_another_list_at_once() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    site.cloud.handle().script(slow());
    let mut first = site.worker([]);
    site.submit_there(&[]);
    site.lists(&first);
    let _second = site.worker([]);
    first.terminate();
    assert_eq!(first.ended(Duration::from_secs(10)).code(), Some(0), "{}", first.output());
    let client = site.client().await;
    assert_eq!(site.end_of(&client, "there").await.result.status, Status::Completed);
    assert_eq!(site.cloud.ledger().requests.stops, 30);
}

#[tokio::test]
async fn guards_and_failed_listings_end_it_as_they_end_a_local_run() {
    let lost = || ListFault::new(ListTrouble::Denied).account(1).forever();
    let nothing = TestPlan::of(30).over(2).selecting("{flow_name: 'zzz-*'}");
    let cases = [
        (plan().with("guards: {max_targets: 29}"), None, Status::Aborted, 3),
        (plan().selecting("{flow_name: flow, expect: {at_most: 10}}"), None, Status::Aborted, 3),
        (plan(), Some(lost()), Status::Unlisted, 1),
        (nothing, None, Status::Completed, 4),
    ];
    for (plan, fault, status, exit) in cases {
        let Some(site) = Site::new(&fast(), &plan) else { return };
        fault.into_iter().for_each(|fault| site.cloud.handle().script(fault));
        let _worker = site.worker([]);
        let ended = site.run(THERE.iter().chain(&FAST).copied().chain(["--wait", "--report", "there.json"]));
        let report = site.report("there.json");
        let (local, site) = tokio::task::spawn_blocking(move || (site.run_locally(), site)).await.unwrap();
        assert_eq!((ended.code, report.run.status), (exit.into(), status), "{ended:?}");
        assert_eq!((local.run.exit_code, local.run.status), (exit, status));
        assert_eq!((rows(&report), counts(&report)), (rows(&local), counts(&local)));
        assert_eq!(report.selections.len(), 1);
        assert_eq!(site.cloud.ledger().requests.stops, 0);
    }
}

#[tokio::test]
async fn a_run_is_cancelled_while_it_lists() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    let cancel = || {
        let namespace = site.namespace.as_str();
        let args = ["workflow", "cancel", "--workflow-id", "allstop-run/there", "--namespace", namespace];
        assert!(site.server.temporal(args).output().unwrap().status.success());
    };
    site.cloud.handle().script(slow());
    let worker = site.worker([]);
    site.submit_there(&[]);
    site.lists(&worker);
    let status = site.run(["status", "there"]);
    assert!(status.stdout.contains("a worker lists what the plan selects; nothing was sent"), "{status:?}");
    cancel();
    let client = site.client().await;
    let ran = site.end_of(&client, "there").await;
    assert_eq!(ran.result.status, Status::Interrupted);
    assert_eq!(ran.report.run.exit_code, 130);
    assert_eq!(site.cloud.ledger().requests.stops, 0);
}

#[tokio::test]
async fn a_deadline_counts_from_the_submission() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    site.cloud.handle().script(slow());
    let _worker = site.worker([]);
    site.submit_there(&["--deadline", "2s"]);
    let client = site.client().await;
    let ran = site.end_of(&client, "there").await;
    assert_eq!(ran.result.status, Status::Deadline);
    assert_eq!(ran.report.run.exit_code, 1);
    assert_eq!(site.cloud.ledger().requests.stops, 0);
}

#[tokio::test]
async fn each_start_without_an_id_lists_anew() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    let _worker = site.worker([]);
    site.submit_there(&[]);
    let client = site.client().await;
    let ran = site.end_of(&client, "there").await;
    let event = plans::first_event(&client, &ran.run.workflow_id, None).await.unwrap();
    let input = plans::run_input(&client, &ran.run.workflow_id, &event).await.unwrap();
    let later = serde_json::json!({"kind": "fnf_execution", "flow_name": "flow", "execution_name": "later"});
    site.cloud.handle().load([serde_json::from_value::<Resource>(later).unwrap()]);

    let again = RunInput { id: None, ..input };
    let options = WorkflowStartOptions::new("allstop", run_workflow_id("again")).build();
    client.start_workflow(RunFlow::run, Versioned::new(again), options).await.unwrap();
    let second = site.end_of(&client, "again").await;
    assert_eq!(second.result.status, Status::Completed);
    assert_eq!((site.stopped().len(), site.cloud.ledger().requests.stops), (31, 31));
    let held = |ran: Ran| ran.run.held.map(|HeldAt { workflow_id, .. }| workflow_id);
    assert_ne!(held(ran), held(second));
}

#[tokio::test]
async fn a_schedule_lists_at_each_start() {
    let Some(site) = Site::new(&fast(), &plan()) else { return };
    let _worker = site.worker([]);
    let create = ["schedule", "create", "nightly", "plan.yaml", "--cron", "0 0 1 1 *"];
    let ended = site.run(create);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("pass --yes to have it stopped unasked"), "{}", ended.stderr);
    let ended = site.run(create.into_iter().chain(["--yes"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("targets: listed by each run"), "{}", ended.stdout);
    assert_eq!(site.cloud.ledger().requests.reads, 0);

    let client = site.client().await;
    let started = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!(started.code, 0, "{started:?}");
    let ran = site.end_of(&client, started.stdout.trim()).await;
    assert_eq!((ran.result.status, ran.report.run.exit_code), (Status::Completed, 0));
    assert_eq!(site.stopped().len(), 30);
}
