//! What is not as the program left it: a plan that is read otherwise, a lane that somebody has reset, a plan in parts.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc;

use allstop::engine::{Outcome, SkipReason, Status};
use allstop::simulator::Config;
use allstop_temporal::plans::{first_event, run_input};
use allstop_temporal::wire::{HeldAt, PlanAt, RunInput, Versioned, run_workflow_id};
use allstop_temporal::workflow::RunFlow;
use rustix::process::{Pid, Signal, kill_process};
use temporalio_client::WorkflowStartOptions;

use crate::harness::{Fleet, PATIENCE, Pace, Process, Server, Site, Size, Submission, TestPlan, figures};

fn site(plan: &TestPlan) -> Option<Site> {
    Site::new(&Config { speed: 100.0, ..Config::default() }, plan)
}

/// Submits the plan without anybody who waits, and returns the input of its run.
async fn submitted(site: &Site, id: &str) -> RunInput {
    let ended = site.run(["submit", "plan.yaml", "--yes", "--id", id]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let (client, workflow) = (site.client().await, run_workflow_id(id));
    let event = first_event(&client, &workflow, None).await.unwrap();
    run_input(&client, &workflow, &event).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_reads_the_plan_otherwise_refuses_it() {
    let plan = TestPlan::of(20).limited("{rate: 100/s, burst: 10}");
    let Some(site) = site(&plan) else { return };
    let input = submitted(&site, "original").await;
    site.temporal(["workflow", "terminate", "--workflow-id", "allstop-run/original"]);
    let input = RunInput { id: Some("other".to_owned()), fingerprint: "0".repeat(64), ..input };
    let options = WorkflowStartOptions::new("allstop", run_workflow_id("other")).build();
    site.client().await.start_workflow(RunFlow::run, Versioned::new(input), options).await.unwrap();
    let mut fleet = Fleet::of(&site, 1);
    fleet.who_says("this worker reads the plan otherwise", &[0]);
    // It has told the server why when it has left.
    fleet.leave(0);
    let status: serde_json::Value =
        serde_json::from_str(&site.run(["status", "other", "--output", "json"]).stdout).unwrap();
    let lane = &status["lanes"][0];
    assert_eq!((&lane["status"], &lane["done"], &lane["open"]), (&"waits_for_worker".into(), &0.into(), &0.into()));
    assert_eq!(lane["failure"], "this worker reads the plan otherwise: it has other lanes");
    let shown = site.run(["status", "other"]).stdout;
    assert!(shown.contains("this worker reads the plan otherwise: it has other lanes"), "{shown}");
    fleet.replace(0);
    site.temporal(["workflow", "cancel", "--workflow-id", "allstop-run/other"]);
    site.temporal(["workflow", "result", "--workflow-id", "allstop-run/other"]);
    let ended = site.run(["report", "other", "--report", "other.json"]);
    let report = site.report("other.json");
    figures(
        "another reading",
        format_args!("{} stops, report exit {}", site.cloud.ledger().requests.stops, ended.code),
    );
    assert_eq!((site.cloud.ledger().requests.stops, ended.code), (0, 130), "{}", ended.stderr);
    assert_eq!(report.run.status, Status::Interrupted);
    let is_untouched =
        |row: &allstop::report::Row| (row.outcome, row.reason) == (Outcome::Skipped, Some(SkipReason::Interrupted));
    assert!(report.targets.iter().all(is_untouched), "{:?}", report.targets);
}

#[test]
fn what_a_later_version_began_waits_for_a_newer_worker_and_status_says_so() {
    let Some(site) = site(&TestPlan::of(1)) else { return };
    let _fleet = Fleet::of(&site, 1);
    let begun = [("run", "allstop"), ("lane", "allstop"), ("quota", "allstop-quotas")].map(|(kind, queue)| {
        let (id, kind) = (format!("allstop-run/{kind}"), format!("allstop.{kind}.v1"));
        let input = r#"{"v": 99, "all": "else"}"#;
        let start = ["workflow", "start", "--workflow-id", &id, "--type", &kind, "--task-queue", queue];
        site.temporal(start.into_iter().chain(["--input", input]));
        id
    });
    for id in begun {
        let follow = ["workflow", "show", "--follow", "--workflow-id", &id, "--namespace", &site.namespace];
        let events = Process::start(&mut site.server.temporal(follow));
        assert!(events.says("WorkflowTaskFailed", PATIENCE).is_some(), "{id}: {}", events.output());
        let shown = site.temporal(["workflow", "show", "--workflow-id", &id, "--output", "json"]);
        assert!(shown.contains("this is version 99 of the payloads"), "{shown}");
        let described = site.temporal(["workflow", "describe", "--workflow-id", &id, "--output", "json"]);
        assert!(described.contains("WORKFLOW_EXECUTION_STATUS_RUNNING"), "{described}");
    }
    let status = site.run(["status", "run"]);
    assert_eq!(status.code, 2);
    assert!(status.stderr.contains("this is version 99 of the payloads"), "{}", status.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_whose_quota_a_later_version_shares_out_waits_and_status_says_so() {
    let Some(site) = site(&TestPlan::of(1)) else { return };
    let input = submitted(&site, "first").await;
    site.temporal(["workflow", "terminate", "--workflow-id", "allstop-run/first"]);
    let (quota, start) = (input.lanes[0].quota_id(), ["workflow", "start", "--type", "allstop.quota.v1"]);
    let later = ["--workflow-id", &quota, "--task-queue", "allstop-quotas", "--input", r#"{"v": 99}"#];
    site.temporal(start.into_iter().chain(later));
    let _fleet = Fleet::of(&site, 1);
    submitted(&site, "second").await;
    let watch = Process::start(&mut site.command(["status", "second", "--watch"]));
    let said = watch.says("workers fail to grant the quota", PATIENCE);
    assert!(said.is_some_and(|line| line.contains("this is version 99 of the payloads")), "{}", watch.output());
    assert_eq!(site.cloud.ledger().requests.stops, 0);
}

#[test]
fn after_a_reset_of_a_lane_everything_is_read_back() {
    let size = Size::of_process();
    for kind in ["FirstWorkflowTask", "LastWorkflowTask"] {
        let plan = TestPlan::of(300).limited("{rate: 40/s, burst: 10}");
        let Some(site) = site(&plan) else { return };
        let fleet = Fleet::of(&site, 2);
        let submission = Submission::start(&site, Pace::of(size), "reset", &[]);
        site.cloud.wait_for_stops(100);
        site.temporal([
            "workflow",
            "reset",
            "--workflow-id",
            "allstop-run/reset/lane-0",
            "--type",
            kind,
            "--reason",
            "test",
        ]);
        let done = submission.done(size);
        let read_back = done.report.targets.iter().filter(|row| row.attempts.is_empty()).count();
        figures(
            "reset of a lane",
            format_args!(
                "to {kind}: took {:.2?}, false {}, repeated {}, {read_back} rows without an attempt, sessions {:?}",
                done.took,
                done.judgement.false_rows.len(),
                done.judgement.repeated.len(),
                fleet.sessions(),
            ),
        );
        done.judgement.assert_sound();
        assert_eq!((done.code, done.judgement.open), (0, 0));
    }
}

#[test]
fn after_a_reset_of_a_lane_that_went_on_as_a_new_workflow_everything_is_read_back() {
    let size = Size::of_process();
    let Some(server) = Server::configured(&["limit.historyCount.suggestContinueAsNew=5"]) else { return };
    let plan = TestPlan::of(400).limited("{rate: 20/s, burst: 5}");
    let site = Site::at(server, &Config { speed: 100.0, ..Config::default() }, &plan);
    let mut fleet = Fleet::of(&site, 3);
    let submission = Submission::start(&site, Pace::of(size), "reset", &[]);
    let lane = "allstop-run/reset/lane-0";
    let hand_over = |fleet: &mut Fleet<'_>| {
        let (holder, begun) = (fleet.holder("a0 "), fleet.said("holds the lane a0 "));
        fleet.leave(holder);
        fleet.who_says("holds the lane a0 ", &begun);
    };
    site.cloud.wait_for_stops(20);
    hand_over(&mut fleet);
    let shown = site.temporal(["workflow", "describe", "--workflow-id", lane, "--output", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let info = &shown["workflowExecutionInfo"];
    assert_ne!(info["execution"]["runId"], info["firstRunId"], "the lane has not gone on as a new workflow");
    let before = site.cloud.ledger().requests.stops;
    site.cloud.wait_for_stops(before + 60);
    site.temporal(["workflow", "reset", "--type", "FirstWorkflowTask", "--reason", "test", "--workflow-id", lane]);
    let begun = site.cloud.ledger().requests.stops;
    site.cloud.wait_for_stops(begun + 40);
    // It goes on as a new workflow once more, and what was read of the one that was reset is kept.
    hand_over(&mut fleet);
    let done = submission.done(size);
    let read_back = done.report.targets.iter().filter(|row| row.attempts.is_empty()).count();
    figures("reset of a new workflow", format_args!("{read_back} rows without an attempt"));
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open), (0, 0));
    assert!(read_back >= 40, "{read_back} rows were read back");
}

#[test]
fn a_run_that_is_reset_to_its_begin_ends_with_its_lanes_and_claims_nothing() {
    let plan = TestPlan::of(400).limited("{rate: 20/s, burst: 5}");
    let Some(site) = site(&plan) else { return };
    let _fleet = Fleet::of(&site, 2);
    let ended = site.run(["submit", "plan.yaml", "--yes", "--id", "reset"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    site.cloud.wait_for_stops(20);
    let run = ["--workflow-id", "allstop-run/reset"];
    site.temporal(["workflow", "reset", "--type", "FirstWorkflowTask", "--reason", "test"].into_iter().chain(run));
    site.temporal(["workflow", "result"].into_iter().chain(run));
    site.temporal(["workflow", "result", "--workflow-id", "allstop-run/reset/lane-0"]);
    let ended = site.run(["report", "reset", "--report", "reset.json"]);
    let report = site.report("reset.json");
    let stops = site.cloud.ledger().requests.stops;
    figures("reset of a run", format_args!("{stops} stops, report exit {}", ended.code));
    assert_eq!((report.run.status, ended.code), (Status::Aborted, 3), "{}", ended.stderr);
    assert!(report.targets.iter().all(|row| row.outcome == Outcome::Unknown), "{:?}", report.targets);
    assert!(stops < 400 && !ended.stderr.contains("nothing was sent"), "{stops}: {}", ended.stderr);
}

#[test]
fn a_run_that_is_reset_after_its_end_stops_nothing_again() {
    let Some(site) = site(&TestPlan::of(20).over(2).limited("{rate: 100/s, burst: 10}")) else { return };
    let _fleet = Fleet::of(&site, 1);
    let done = Submission::start(&site, Pace::of(Size::of_process()), "again", &[]).done(Size::of_process());
    assert_eq!((done.code, site.cloud.ledger().requests.stops), (0, 20));
    let run = ["--workflow-id", "allstop-run/again"];
    site.temporal(["workflow", "reset", "--type", "FirstWorkflowTask", "--reason", "test"].into_iter().chain(run));
    site.temporal(["workflow", "result"].into_iter().chain(run));
    let ended = site.run(["report", "again", "--report", "again.json"]);
    assert_eq!((ended.code, site.cloud.ledger().requests.stops), (3, 20), "{}", ended.stderr);
    assert!(site.report("again.json").targets.iter().all(|row| row.outcome == Outcome::Unknown), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_plan_is_held_in_parts() {
    let size = Size::of_process();
    let plan = TestPlan::of(900).limited("{rate: 180/s, burst: 10}").with_causes(4000);
    let Some(site) = site(&plan) else { return };
    let fleet = Fleet::of(&site, 2);
    let submission = Submission::start(&site, Pace::of(size), "large", &[]);
    submission.is_submitted();
    let (client, workflow) = (site.client().await, run_workflow_id("large"));
    let event = first_event(&client, &workflow, None).await.unwrap();
    let input = run_input(&client, &workflow, &event).await.unwrap();
    let PlanAt::Held(HeldAt { workflow_id, .. }) = input.plan else { panic!("the plan is in the run's input") };
    let shown = site.temporal(["workflow", "show", "--workflow-id", &workflow_id, "--output", "json"]);
    let parts = shown.matches("EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED").count();
    site.cloud.wait_for_stops(300);
    let holder = fleet.holder("a0 ");
    fleet.worker(holder).terminate();
    let done = submission.done(size);
    figures(
        "a large plan",
        format_args!(
            "{parts} parts of {} bytes in all, took {:.2?}, repeated {}, sessions {:?}",
            shown.len(),
            done.took,
            done.judgement.repeated.len(),
            fleet.sessions(),
        ),
    );
    assert!(parts >= 2, "{parts}");
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open, done.judgement.throttled), (0, 0, 0));
}

#[test]
fn a_route_leads_to_workers_of_the_account_alone_and_nowhere_else() {
    let plan = TestPlan::of(4).over(2);
    let Some(site) = site(&plan) else { return };
    let lost = site.run(["submit", "plan.yaml", "--yes", "--route", "a0=team"]);
    assert_eq!(lost.code, 2, "{}", lost.stderr);
    assert!(lost.stderr.contains("hint: pass --route a0=allstop.a0"), "{}", lost.stderr);
    assert_eq!(site.run(["status", "--output", "json"]).stdout, "{\"version\":1,\"runs\":[],\"has_more\":false}\n");

    let submission = Submission::start(&site, Pace::of(Size::of_process()), "routed", &["--route", "a0=allstop.team"]);
    submission.is_submitted();
    let status: serde_json::Value =
        serde_json::from_str(&site.run(["status", "routed", "--output", "json"]).stdout).unwrap();
    assert_eq!(
        (&status["lanes"][0]["queue"], &status["lanes"][1]["queue"]),
        (&"allstop.team".into(), &"allstop".into())
    );
    let status = site.run(["status", "routed"]).stdout;
    let next = "Next: start workers with `allstop-temporal worker` and `allstop-temporal worker --for team`";
    assert!(status.contains(next), "{status}");

    // Any worker carries the run out, and one with `--for` holds the lane.
    let any = site.worker([]);
    assert!(any.says("holds the lane a1 ", PATIENCE).is_some(), "{}", any.output());
    let of_team = site.worker(["--for", "team"]);
    let serves = of_team.says("serves runs", PATIENCE).unwrap();
    assert!(serves.ends_with("of the task queue allstop, and lanes of allstop.team"), "{serves}");
    let done = submission.done(Size::of_process());
    assert_eq!((done.code, done.judgement.open), (0, 0));
    assert_eq!(any.said("holds the lane a0 ").0, 0, "{}", any.output());
}

#[test]
fn a_run_id_that_the_server_does_not_know_is_told_apart_from_a_run() {
    let Some(site) = site(&TestPlan::of(1)) else { return };
    assert_eq!(site.run(["submit", "plan.yaml", "--yes", "--id", "there"]).code, 0);
    let commands = [&["status"][..], &["report"], &["cancel"], &["takeout", "-o", "x.journal"]];
    for id in ["nonsense", "01234567-89ab-cdef-0123-456789abcdef"] {
        let told = |command: &[&str], run: &str| {
            let ended = site.run([command, &[run, "--run-id", id]].concat());
            assert_eq!(ended.code, 2, "{command:?}: {}", ended.stderr);
            ended.stderr
        };
        for command in commands {
            let error = told(command, "there");
            let wrong =
                format!("error: there is a run there, but not with Temporal's id {id}\n  hint: leave --run-id out");
            assert!(error.starts_with(&wrong), "{command:?}: {error}");
            let error = told(command, "absent");
            assert!(error.starts_with("error: there is no run allstop-run/absent\n  hint: "), "{command:?}: {error}");
        }
    }
}

#[test]
fn a_watch_ends_with_its_reader() {
    let Some(site) = site(&TestPlan::of(1)) else { return };
    assert_eq!(site.run(["submit", "plan.yaml", "--yes", "--id", "watched"]).code, 0);
    for command in [&["status", "--watch"][..], &["status", "watched", "--watch", "--output", "json"]] {
        let mut watch = site.command(command.iter().copied()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(watch.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        let (ended, ends) = mpsc::channel();
        let pid = Pid::from_child(&watch);
        std::thread::spawn(move || ended.send(watch.wait().unwrap()));
        let Ok(status) = ends.recv_timeout(PATIENCE) else {
            kill_process(pid, Signal::KILL).unwrap();
            panic!("{command:?} goes on without a reader");
        };
        assert_eq!(status.code(), Some(0), "{command:?}");
    }
}
