//! Schedules at a real server.

use std::time::Duration;

use allstop::engine::{Outcome, Status};
use allstop::report::Report;
use allstop::simulator::Config;
use allstop_temporal::schedule::Cron;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::IntoRequest;
use temporalio_client::{
    RpcOptions, UntypedWorkflow, WorkflowDescribeOptions, WorkflowExecutionStatus, WorkflowGetResultOptions,
};
use temporalio_common::protos::temporal::api::schedule::v1::{IntervalSpec, Schedule, ScheduleSpec};
use temporalio_common::protos::temporal::api::workflowservice::v1::{DescribeScheduleRequest, UpdateScheduleRequest};

use crate::harness::{PATIENCE, Site, Storage, TestPlan, answered};

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

#[tokio::test]
async fn every_run_of_a_schedule_is_one_of_its_own_and_its_report_is_true() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(20).over(2)) else { return };
    let shown = created(&site, "nightly", &["--cron", TWO, "--reason", "every night"]);
    assert_eq!(shown["plan"]["targets"], 20);
    assert_eq!((&shown["cron"], &shown["time_zone"]), (&TWO.into(), &"UTC".into()));
    assert_eq!((&shown["overlap"], &shown["catchup_seconds"]), (&"skip".into(), &3600.into()));
    let _worker = site.worker(["--reports", "kept/reports"]);

    let first = triggered(&site, "nightly");
    assert!(first.starts_with("nightly-20") && first.ends_with('Z'), "{first}");
    let report = reported(&site, &first).await;
    let judgement = site.judge(&report);
    judgement.assert_sound();
    assert_eq!((judgement.open, report.run.status), (0, Status::Completed));
    assert_eq!(report.run.reason.as_deref(), Some("every night"));
    let kept = site.report(&format!("kept/reports/{}.report.json", report.run.id));
    assert_eq!((kept.targets, kept.run.exit_code), (report.targets, report.run.exit_code));

    let second = triggered(&site, "nightly");
    let again = reported(&site, &second).await;
    assert!(site.path(&format!("kept/reports/{}.report.json", again.run.id)).exists());
    assert!(again.targets.iter().all(|row| row.outcome == Outcome::AlreadyStopped));
    assert_ne!(report.run.id, again.run.id, "client tokens differ from night to night");
    let shown = described(&site, "nightly");
    let ids: Vec<_> = shown["recent"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&*again.run.id, &*report.run.id]);
    // The server's own word about the schedule is behind: it has the second run as in progress still.
    assert_eq!((&shown["running"], &shown["recent"][0]["state"]), (&Value::Array(Vec::new()), &"completed".into()));
    let ended = site.run(["schedule", "describe", "nightly"]);
    assert!(
        ended.stdout.contains(&format!("last      {second}: completed (report {}.report.json)", again.run.id)),
        "{ended:?}"
    );
}

#[test]
fn a_run_that_goes_on_is_not_joined_by_another_one() {
    let plan = TestPlan::of(100).limited("{rate: 1/s, burst: 1}");
    let Some(site) = Site::new(&Config::default(), &plan) else { return };
    created(&site, "nightly", &["--cron", TWO]);
    let _worker = site.worker([]);
    let run = triggered(&site, "nightly");
    site.cloud.wait_for_stops(1);
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(ended.stderr.contains("a run of the schedule is still in progress"), "{}", ended.stderr);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["started"], &shown["skipped"]), (&1.into(), &1.into()));
    let (running, recent) = (&shown["running"][0], &shown["recent"][0]);
    assert_eq!((&running["run"], running), (&run.as_str().into(), recent));
    assert!(running["scheduled_at"].is_string() && running["started_at"].is_string(), "{running}");

    let ended = site.run(["schedule", "delete", "nightly"]);
    assert!(ended.code == 0 && ended.stderr.contains(&format!("its run {run} continues")), "{}", ended.stderr);
    assert_eq!(site.run(["schedule", "describe", "nightly"]).code, 2);
}

#[tokio::test]
async fn a_run_that_goes_on_is_cancelled_for_the_next_one_where_the_schedule_says_so() {
    let plan = TestPlan::of(100).limited("{rate: 2/s, burst: 1}");
    let Some(site) = Site::new(&Config::default(), &plan) else { return };
    created(&site, "nightly", &["--cron", TWO, "--overlap", "cancel"]);
    let _worker = site.worker([]);
    let run = triggered(&site, "nightly");
    // At this rate in another second: the id of a run has the second in which it is started.
    site.cloud.wait_for_stops(4);
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!((ended.code, &*ended.stdout), (0, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("starts when the one in progress has ended"), "{}", ended.stderr);
    let report = reported(&site, &run).await;
    assert_eq!(report.run.status, Status::Interrupted);
    let shown = described(&site, "nightly");
    let recent = shown["recent"].as_array().unwrap().iter().find(|recent| recent["run"] == run);
    assert_eq!(recent.unwrap()["state"], "interrupted", "{shown}");
    site.cloud.wait_for_stops(site.cloud.ledger().requests.stops + 1);
    let shown = described(&site, "nightly");
    assert_eq!(shown["started"], 2);
    assert_ne!(shown["running"][0]["run"], run);
}

#[tokio::test]
async fn a_run_waits_for_the_one_that_goes_on_where_the_schedule_says_so() {
    let plan = TestPlan::of(8).limited("{rate: 2/s, burst: 1}");
    let Some(site) = Site::new(&Config { speed: 100.0, ..Config::default() }, &plan) else { return };
    created(&site, "nightly", &["--cron", TWO, "--overlap", "wait"]);
    let worker = site.worker([]);
    let first = triggered(&site, "nightly");
    // At this rate in another second: the id of a run has the second in which it is started.
    site.cloud.wait_for_stops(4);
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!((ended.code, &*ended.stdout), (0, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("starts when the one in progress has ended"), "{}", ended.stderr);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["started"], &shown["running"][0]["run"]), (&1.into(), &first.as_str().into()));
    // One may wait.
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);

    assert!(worker.says_again("has finished the lane", 2, PATIENCE).is_some(), "{}", worker.output());
    let before = reported(&site, &first).await;
    assert_eq!(before.run.status, Status::Completed);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["started"], &shown["skipped"]), (&2.into(), &1.into()));
    let mut runs = shown["recent"].as_array().unwrap().iter().map(|run| run["run"].as_str().unwrap());
    let second = runs.find(|run| *run != first).unwrap_or_else(|| panic!("{shown}"));
    let after = reported(&site, second).await;
    assert!(after.run.started_at >= before.run.finished_at, "{:?} {:?}", before.run, after.run);
    assert!(after.targets.iter().all(|row| row.outcome == Outcome::AlreadyStopped));
}

#[test]
fn the_server_has_the_policies_that_were_given() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    let policies = |name: &str| -> Value {
        let shown = site.temporal(["schedule", "describe", "--schedule-id", name, "--output", "json"]);
        serde_json::from_str::<Value>(&shown).unwrap()["schedule"]["policies"].clone()
    };
    let overlaps = [("skip", "SKIP"), ("wait", "BUFFER_ONE"), ("cancel", "CANCEL_OTHER")];
    for (overlap, policy) in overlaps {
        created(&site, overlap, &["--cron", TWO, "--overlap", overlap, "--catchup", "10m"]);
        let has = policies(overlap);
        assert_eq!(has["overlapPolicy"], format!("SCHEDULE_OVERLAP_POLICY_{policy}"), "{has}");
        assert_eq!(has["catchupWindow"], "600s", "{has}");
    }
    // What is not given, an update leaves.
    assert_eq!(site.run(["schedule", "update", "wait", "--catchup", "20s"]).code, 0);
    let has = policies("wait");
    assert_eq!(has["overlapPolicy"], "SCHEDULE_OVERLAP_POLICY_BUFFER_ONE", "{has}");
    assert_eq!(has["catchupWindow"], "20s", "{has}");
    created(&site, "plain", &["--cron", TWO]);
    let has = policies("plain");
    assert_eq!(has["overlapPolicy"], "SCHEDULE_OVERLAP_POLICY_SKIP", "{has}");
    assert_eq!(has["catchupWindow"], "3600s", "{has}");
}

/// Has a schedule start a run every second, as no cron expression can; all else stays.
async fn start_every_second(site: &Site, name: &str) {
    let client = site.client().await;
    let (namespace, schedule_id) = (site.namespace.clone(), name.to_owned());
    let request = DescribeScheduleRequest { namespace: namespace.clone(), schedule_id: schedule_id.clone() };
    let described = client.clone().describe_schedule(request.into_request()).await.unwrap().into_inner();
    let interval = Some(Duration::from_secs(1).try_into().unwrap());
    let spec = ScheduleSpec { interval: vec![IntervalSpec { interval, phase: None }], ..ScheduleSpec::default() };
    let schedule = Schedule { spec: Some(spec), ..described.schedule.unwrap() };
    let (schedule, request_id) = (Some(schedule), name.to_owned());
    let request = UpdateScheduleRequest { namespace, schedule_id, schedule, request_id, ..Default::default() };
    client.clone().update_schedule(request.into_request()).await.unwrap();
}

#[tokio::test]
async fn a_paused_schedule_starts_nothing_when_a_run_is_due() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    for name in ["paused", "other"] {
        created(&site, name, &["--cron", TWO]);
    }
    assert_eq!(site.run(["schedule", "pause", "paused"]).code, 0);
    let worker = site.worker([]);
    // The paused one first: it is due whenever the other one is.
    for name in ["paused", "other"] {
        start_every_second(&site, name).await;
    }
    assert!(worker.says_again("of the run", 6, PATIENCE).is_some(), "{}", worker.output());
    let started = |name: &str| described(&site, name)["started"].as_i64().unwrap();
    assert!(started("other") >= 2, "{}", worker.output());
    assert_eq!(started("paused"), 0);
    assert_eq!(described(&site, "paused")["recent"], Value::Array(Vec::new()));
    let by_hand = triggered(&site, "paused");
    assert!(by_hand.starts_with("paused-"), "{by_hand}");
    assert_eq!(started("paused"), 1);
    assert_eq!(site.run(["schedule", "delete", "other"]).code, 0);
    assert_eq!(site.run(["schedule", "resume", "paused"]).code, 0);
    // It starts others now: the first two may be the last one of the other schedule and the one by hand.
    let before = worker.said("has finished the lane").0;
    assert!(worker.says_again("has finished the lane", before + 3, PATIENCE).is_some(), "{}", worker.output());
    assert!(started("paused") >= 2);
}

#[tokio::test]
async fn of_the_runs_that_a_server_missed_those_within_the_catch_up_time_are_made_up() {
    let (window, away) = (SignedDuration::from_secs(10), SignedDuration::from_secs(15));
    let Some(site) = Site::with_own_server(Storage::Memory, &fast(), &TestPlan::of(1)) else { return };
    created(&site, "nightly", &["--cron", TWO, "--catchup", "10s"]);
    let worker = site.worker([]);
    start_every_second(&site, "nightly").await;
    assert!(worker.says("has finished the lane", PATIENCE).is_some(), "{}", worker.output());
    let shown = described(&site, "nightly");
    assert_eq!((&shown["missed"], &shown["catchup_seconds"]), (&0.into(), &10.into()));
    let taken = |shown: &Value| shown["started"].as_i64().unwrap() + shown["skipped"].as_i64().unwrap();
    let before_it = taken(&shown);

    site.server.freeze();
    let requests = site.cloud.ledger().requests;
    let is_more = site.cloud.handle().wait_until(away.unsigned_abs(), |now| now.stops > requests.stops + 2);
    site.server.thaw();
    assert!(!is_more, "runs are started without the server: {}", worker.output());
    // The first one may have been started before.
    let before = worker.said("has finished the lane").0;
    assert!(worker.says_again("has finished the lane", before + 2, PATIENCE).is_some(), "{}", worker.output());
    let shown = described(&site, "nightly");
    let missed = shown["missed"].as_i64().unwrap();
    // A server that is busy after it was away may miss more, but not all.
    assert!((2..=window.as_secs()).contains(&missed), "{shown}");
    // Those within the time were started, or skipped while one was in progress.
    assert!(taken(&shown) - before_it >= window.as_secs() / 2, "{shown}");
}

#[test]
fn times_that_clock_changes_leave_out_or_repeat_are_told() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    let args = ["schedule", "create", "nightly", "plan.yaml", "--yes", "--cron", TWO, "--timezone", "Europe/Berlin"];
    let ended = site.run(args);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let shown = described(&site, "nightly");
    let changes = shown["clock_changes"].as_array().unwrap();
    let mut kinds: Vec<_> = changes.iter().map(|change| change["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    // A year has one of each, and a day more may have the next one.
    kinds.dedup();
    assert_eq!(kinds, ["missing", "twice"]);
    for change in zone.following(now()).take(2) {
        let day = change.timestamp().to_zoned(zone.clone()).date();
        let told = changes.iter().find(|told| told["day"] == day.to_string()).unwrap();
        let (what, starts) = match told["kind"].as_str() {
            Some("missing") => ("does not exist", 0),
            _ => ("comes twice", 1),
        };
        assert!(ended.stderr.contains(&format!("{day} 02:30 in Europe/Berlin {what}")), "{}", ended.stderr);
        assert_eq!(told["starts"].as_array().unwrap().len(), starts, "{told}");
    }
    assert!(ended.stderr.contains("rows of a run are kept for"), "{}", ended.stderr);
    let [first, ..] = &shown["next"].as_array().unwrap()[..] else { panic!("no next time") };
    let first = first.as_str().unwrap();
    assert!(first.contains("T02:30:00+0"), "{first}");
    assert_eq!(ended.stdout.lines().filter(|line| line.contains("02:30 +0")).count(), 5 + changes.len() / 2);
}

#[test]
fn a_cron_expression_has_the_meaning_that_the_server_gives_it() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    let table = [
        "*/25 1-3 * * *",
        "5/20 2,14 * * 1/3",
        "0 12 * * 7",
        "0 12 13-20 * fri-sat",
        "0 12 */9 * */2",
        "0 0 1 feb,Jul *",
    ];
    for (number, text) in table.into_iter().enumerate() {
        let cron: Cron = text.parse().unwrap();
        let shown = created(&site, &format!("s{number}"), &["--cron", text]);
        let next: Vec<Timestamp> =
            shown["next"].as_array().unwrap().iter().map(|at| at.as_str().unwrap().parse().unwrap()).collect();
        let from = next[0].to_zoned(TimeZone::UTC).datetime();
        let ours = from.series(1.minute()).filter(|at| cron.matches(*at)).take(next.len());
        let ours: Vec<_> = ours.map(|at| at.to_zoned(TimeZone::UTC).unwrap().timestamp()).collect();
        assert_eq!(next, ours, "{text}");
    }
    let ended = site.run(["schedule", "describe", "s3"]);
    assert!(ended.stdout.contains("0 12 13-20 * fri-sat in UTC"), "{}", ended.stdout);
}

#[test]
fn what_is_wrong_is_told_before_anything_is_made() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    let text = std::fs::read_to_string(site.path("plan.yaml")).unwrap();
    let lists = format!("{text}  - {{kind: fnf_execution, account: a0, select: all}}\n");
    std::fs::write(site.path("lists.yaml"), lists).unwrap();
    let of = |plan: &'static str, more: &[&'static str]| {
        let args = ["schedule", "create", "nightly", plan].into_iter().chain(more.iter().copied());
        site.run(args)
    };
    let table: [(&str, &[&str], i32, &str); 9] = [
        ("plan.yaml", &["--yes", "--cron", "0 24 * * *"], 2, "cannot read `24` as the hour"),
        ("plan.yaml", &["--yes", "--cron", "0 2 31 2 *"], 2, "no day matches"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--timezone", "Europe/Nowhere"], 2, "there is no time zone"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--catchup", "5s"], 2, "expected a time from 10s"),
        ("plan.yaml", &["--cron", TWO], 2, "pass --yes to skip the prompt; nothing was sent"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--only", "nothing"], 4, "nothing is selected"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--junit", "x.xml"], 2, "a schedule writes no reports"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--checkpoint", "4s"], 2, "10s is too short for --checkpoint 4s"),
        ("lists.yaml", &["--cron", TWO], 2, "nobody can be asked about what a worker lists"),
    ];
    for (plan, more, code, message) in table {
        let ended = of(plan, more);
        assert_eq!(ended.code, code, "{more:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{more:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains("starts a run"), "{more:?}: {}", ended.stderr);
    }
    let ended = site.run(["schedule", "list", "--output", "json"]);
    assert_eq!((ended.code, ended.stdout.trim()), (0, r#"{"version":1,"schedules":[],"not_read":[]}"#));
    for command in ["describe", "pause", "resume", "trigger", "delete"] {
        let ended = site.run(["schedule", command, "nightly"]);
        assert_eq!(ended.code, 2, "{command}: {}", ended.stderr);
        assert!(ended.stderr.contains("there is no schedule `nightly`"), "{command}: {}", ended.stderr);
    }
    let shown = created(&site, "nightly", &["--cron", TWO]);
    assert_eq!(shown["version"], 1);
    let ended = site.run(["schedule", "list", "--output", "json"]);
    let listed: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&listed["version"], &listed["schedules"][0]["schedule"]), (&1.into(), &"nightly".into()));
    let ended = of("plan.yaml", &["--yes", "--cron", TWO]);
    assert!(ended.code == 2 && ended.stderr.contains("there is a schedule `nightly` already"), "{}", ended.stderr);
    let others = ["schedule", "create", "-s", "others", "--cron", TWO, "--workflow-id", "x", "--type", "x"];
    let more = ["--task-queue", "x", "--namespace", &site.namespace];
    assert!(site.server.temporal(others.into_iter().chain(more)).output().unwrap().status.success());
    let ended = site.run(["schedule", "delete", "others"]);
    assert!(ended.code == 2 && ended.stderr.contains("does not start runs of allstop"), "{}", ended.stderr);
}

#[test]
fn plan_times_and_pauses_are_changed_one_by_one() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    created(&site, "nightly", &["--cron", TWO, "--timezone", "Europe/Berlin", "--rate", "7/s"]);
    let update = |more: &[&'static str]| {
        let ended = site.run(["schedule", "update", "nightly"].into_iter().chain(more.iter().copied()));
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        described(&site, "nightly")
    };
    let first = described(&site, "nightly");
    let shown = update(&["--cron", "0 3 * * *"]);
    assert_eq!((&shown["cron"], &shown["time_zone"]), (&"0 3 * * *".into(), &"Europe/Berlin".into()));
    let shown = update(&["--overlap", "wait", "--catchup", "10m"]);
    assert_eq!((&shown["overlap"], &shown["catchup_seconds"]), (&"wait".into(), &600.into()));
    assert_eq!((&shown["cron"], &shown["plan"]), (&"0 3 * * *".into(), &first["plan"]));

    let ended = site.run(["schedule", "pause", "nightly", "--reason", "release week"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let ended = site.run(["schedule", "pause", "nightly"]);
    assert!(ended.code == 0 && ended.stderr.contains("was paused already; its reason is kept"), "{}", ended.stderr);
    assert!(triggered(&site, "nightly").starts_with("nightly-"), "by hand, also while it is paused");
    let same = ["schedule", "describe", "nightly", "--check", "plan.yaml"];
    let ended = site.run(same);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("schedule nightly, paused: release week"), "{}", ended.stdout);

    let text = std::fs::read_to_string(site.path("plan.yaml")).unwrap();
    std::fs::write(site.path("plan.yaml"), text.replace("run-2", "run-x")).unwrap();
    let ended = site.run(same);
    assert!(ended.code == 1 && ended.stderr.contains("is not the one that is frozen"), "{}", ended.stderr);
    let shown = update(&["plan.yaml", "--yes", "--skip", "*run-1*"]);
    assert_eq!((&shown["paused"], &shown["plan"]["targets"]), (&true.into(), &2.into()));
    assert_eq!((&shown["cron"], &shown["overlap"]), (&"0 3 * * *".into(), &"wait".into()));
    assert_ne!(shown["fingerprint"], first["fingerprint"]);
    assert_eq!(site.run(same).code, 0);
    assert_eq!(site.run(["schedule", "resume", "nightly", "--reason", "released"]).code, 0);
    let ended = site.run(["schedule", "resume", "nightly"]);
    assert!(ended.code == 0 && ended.stderr.contains("was not paused"), "{}", ended.stderr);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["paused"], &shown["note"]), (&false.into(), &"released".into()));

    for (more, message) in [(&[][..], "there is nothing to change"), (&["--rate", "5/s"][..], "<PLAN>")] {
        let ended = site.run(["schedule", "update", "nightly"].into_iter().chain(more.iter().copied()));
        assert!(ended.code == 2 && ended.stderr.contains(message), "{}", ended.stderr);
    }
}

#[test]
fn the_options_of_the_runs_are_shown_and_an_update_that_drops_some_says_so() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    let given = ["--deadline", "90m", "--rate", "7/s", "--reason", "every night", "--max-failures", "10%"];
    let more = ["--skip", "*run-1*", "--priority", "2", "--concurrency", "4", "--route", "a0=allstop.a0"];
    let shown = created(&site, "nightly", &[&["--cron", TWO][..], &given, &more].concat());
    let options = &shown["options"];
    assert_eq!((&options["deadline_ms"], &options["rate"]), (&5_400_000.into(), &"7/s".into()));
    assert_eq!((&options["max_failures"], &options["concurrency"]), (&"10%".into(), &4.into()));
    assert_eq!((&options["route"]["a0"], &options["priority"]), (&"allstop.a0".into(), &2.into()));
    assert_eq!(options["skip"], serde_json::json!(["*run-1*"]));
    let ended = site.run(["schedule", "describe", "nightly"]);
    for line in [
        "  reason    every night\n",
        "  options   --deadline '1h 30m'\n            --rate 7/s\n            --concurrency 4\n",
        "            --max-failures 10%\n            --skip '*run-1*'\n            --route a0=allstop.a0\n",
        "  queue     allstop, priority 2\n",
    ] {
        assert!(ended.stdout.contains(line), "{line}{}", ended.stdout);
    }

    // Without a plan, they stay.
    let ended = site.run(["schedule", "update", "nightly", "--cron", "0 3 * * *"]);
    assert!(ended.code == 0 && !ended.stderr.contains("options"), "{}", ended.stderr);
    assert_eq!(described(&site, "nightly")["options"], *options);
    // The same ones again are no change.
    let same = ["schedule", "update", "nightly", "plan.yaml", "--yes"].into_iter().chain(given).chain(more);
    let ended = site.run(same);
    assert!(ended.code == 0 && !ended.stderr.contains("options of the runs"), "{}", ended.stderr);

    let ended = site.run(["schedule", "update", "nightly", "plan.yaml", "--rate", "5/s"]);
    assert_eq!(ended.code, 2, "it asks, and nobody is there: {}", ended.stderr);
    let warning = "warning: options of the runs change: --deadline '1h 30m' → none; --rate 7/s → 5/s; --concurrency 4 → \
                   none; --max-failures 10% → none; --skip '*run-1*' → none; --route a0=allstop.a0 → none; --reason \
                   'every night' → none; --priority 2 → 3; `update` keeps none that is not given again\n";
    assert!(ended.stderr.starts_with(warning), "before the question: {}", ended.stderr);
    assert_eq!(described(&site, "nightly")["options"], *options);
    assert_eq!(site.run(["schedule", "update", "nightly", "plan.yaml", "--rate", "5/s", "--yes"]).code, 0);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["options"]["rate"], &shown["options"]["deadline_ms"]), (&"5/s".into(), &Value::Null));
    assert_eq!((&shown["options"]["reason"], &shown["plan"]["reason"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_schedule_that_cannot_be_read_is_not_changed() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    std::fs::write(site.path("key"), "7".repeat(64)).unwrap();
    let key = ["--payload-key-file", "key"];
    created(&site, "nightly", &[&["--cron", TWO][..], &key].concat());
    for change in [&["update", "nightly", "--cron", "0 3 * * *"][..], &["delete", "nightly"]] {
        let ended = site.run(["schedule"].into_iter().chain(change.iter().copied()));
        assert_eq!(ended.code, 2, "{change:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("no key is set") && ended.stderr.contains("--payload-key-file"),
            "{}",
            ended.stderr
        );
    }
    // The others are listed, and this one is named.
    created(&site, "other", &["--cron", TWO]);
    let ended = site.run(["schedule", "list"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stdout.starts_with("other: ") && ended.stdout.lines().count() == 1, "{}", ended.stdout);
    let warning = ended.stderr.strip_prefix("warning: cannot read the schedule nightly: ").unwrap();
    assert!(warning.contains("no key is set") && warning.contains("--payload-key-file"), "{}", ended.stderr);
    let ended = site.run(["schedule", "list", "--output", "json"]);
    let listed: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &listed["schedules"][0]["schedule"]), (1, &"other".into()));
    assert_eq!((&listed["schedules"][1], &listed["not_read"][0]["schedule"]), (&Value::Null, &"nightly".into()));
    assert!(listed["not_read"][0]["error"].as_str().unwrap().contains("no key is set"), "{listed}");
    let ended = site.run(["schedule", "list"].into_iter().chain(key));
    assert_eq!(
        (ended.code, ended.stdout.lines().count()),
        (0, 2),
        "what is not encrypted is read with a key: {ended:?}"
    );
    // Nothing is read for these.
    for command in ["pause", "resume"] {
        let ended = site.run(["schedule", command, "nightly"]);
        assert_eq!(ended.code, 0, "{command}: {}", ended.stderr);
    }
    let ended = site.run(["schedule", "describe", "nightly", "--output", "json"].into_iter().chain(key));
    let shown: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&shown["cron"], &shown["paused"]), (&TWO.into(), &false.into()));
}

#[test]
fn the_question_says_when_the_runs_start_and_that_nothing_is_stopped_now() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    let ask = |args: &[&'static str], answer| answered(&mut site.command(args.iter().copied()), answer);
    let create = ["schedule", "create", "nightly", "plan.yaml", "--cron", TWO, "--timezone", "Asia/Tokyo"];
    let (code, shown) = ask(&create, "n\n");
    assert_eq!(code, 3, "{shown}");
    let next = "Nothing is stopped now. The schedule nightly runs this plan at 30 2 * * * in Asia/Tokyo, next at 20";
    let end = "02:30. Stop all of this at these times? [y/N]";
    assert!(shown.contains(next) && shown.ends_with(end) && !shown.contains("this now?"), "{shown}");
    assert_eq!(site.run(["schedule", "describe", "nightly"]).code, 2);
    let (code, asked) = ask(&create, "y\n");
    assert_eq!(code, 0, "{asked}");
    let day = described(&site, "nightly")["next"][0].as_str().unwrap()[..10].to_owned();
    assert!(asked.contains(&format!("next at {day} 02:30.")), "as the server computes it, {day}: {asked}");

    let (code, shown) = ask(&["schedule", "update", "nightly", "plan.yaml"], "n\n");
    assert_eq!(code, 3, "{shown}");
    assert!(shown.contains(&format!("30 2 * * * in Asia/Tokyo, next at {day} 02:30 +09:00. Stop all")), "{shown}");
    assert_eq!(site.run(["schedule", "pause", "nightly"]).code, 0);
    let (code, shown) = ask(&["schedule", "update", "nightly", "plan.yaml", "--cron", "0 3 * * *"], "y\n");
    assert_eq!(code, 0, "{shown}");
    let paused = "03:00. It is paused, and starts runs after `allstop-temporal schedule resume nightly`.";
    assert!(shown.contains("at 0 3 * * * in Asia/Tokyo, next at 20") && shown.contains(paused), "{shown}");
    assert_eq!(described(&site, "nightly")["cron"], "0 3 * * *");
}

#[tokio::test]
async fn a_window_that_is_closed_now_is_looked_at_on_every_run() {
    let later = now().checked_add(SignedDuration::from_hours(5)).unwrap().to_zoned(TimeZone::UTC);
    let end = later.checked_add(1.hour()).unwrap();
    let window = format!(
        "guards: {{window: {{from: '{}', to: '{}', timezone: UTC}}}}",
        later.strftime("%H:%M"),
        end.strftime("%H:%M")
    );
    let Some(site) = Site::new(&fast(), &TestPlan::of(5).with(&window)) else { return };
    assert_eq!(site.run(["submit", "plan.yaml", "--yes"]).code, 3);
    created(&site, "nightly", &["--cron", TWO]);
    let _worker = site.worker([]);
    let report = reported(&site, &triggered(&site, "nightly")).await;
    assert_eq!(report.run.status, Status::Aborted);
    assert_eq!(site.timeline().len(), 0, "nothing was stopped");
}

#[tokio::test]
async fn a_large_plan_is_held_for_as_long_as_the_schedule_starts_it() {
    // It does not compress.
    let noise: String =
        (0..60_000_u64).map(|number| format!("{:x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let lines: Vec<_> =
        noise.as_bytes().chunks(100).map(|line| format!("# {}", std::str::from_utf8(line).unwrap())).collect();
    let plan = TestPlan::of(5).with(&lines.join("\n"));
    let Some(site) = Site::new(&fast(), &plan) else { return };
    let client = site.client().await;
    let held = async || {
        let schedule = client.get_schedule_handle("nightly").describe(RpcOptions::default()).await.unwrap();
        let temporalio_client::schedules::ScheduleDescriptionAction::StartWorkflow(action) = schedule.action() else {
            panic!("it starts something else")
        };
        let input: Value = action.args().await.unwrap().unwrap();
        input["plan"]["held"]["workflow_id"].as_str().expect("a workflow holds the plan").to_owned()
    };
    let is_open = async |workflow: &str| {
        let workflow = client.get_workflow_handle::<UntypedWorkflow>(workflow);
        let described = workflow.describe(WorkflowDescribeOptions::default()).await.unwrap();
        described.status() == WorkflowExecutionStatus::Running
    };
    created(&site, "nightly", &["--cron", TWO]);
    let first = held().await;
    let _worker = site.worker([]);
    for night in 0..2 {
        let report = reported(&site, &triggered(&site, "nightly")).await;
        assert_eq!(report.run.status, Status::Completed, "{night}");
        assert!(is_open(&first).await, "{night}");
    }
    assert_eq!(site.run(["schedule", "update", "nightly", "plan.yaml", "--yes"]).code, 0);
    let second = held().await;
    assert!(!is_open(&first).await && is_open(&second).await);
    assert_eq!(site.run(["schedule", "delete", "nightly"]).code, 0);
    assert!(!is_open(&second).await);
}

fn now() -> Timestamp {
    use allstop::clock::{Clock, SystemClock};
    SystemClock.now()
}
