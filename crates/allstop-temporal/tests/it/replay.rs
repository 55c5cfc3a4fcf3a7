//! Histories of released versions: today's workflows must take the same decisions, or runs that have begun would break.
//!
//! `ALLSTOP_RECORD_HISTORIES=1 cargo test -p allstop-temporal --test it replay` records them anew, for a version whose
//! workflows have other types.

use std::path::{Path, PathBuf};

use allstop::simulator::Config;
use allstop_temporal::workflow::{LaneFlow, QuotaFlow, RunFlow};
use temporalio_client::{
    Client, NamespacedClient, WorkflowExecutionInfo, WorkflowFetchHistoryOptions, WorkflowHistory,
};
use temporalio_common::protos::temporal::api::history::v1::History;
use temporalio_sdk::workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions};

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan};

/// The workflow of the quota that the recorded runs share.
const QUOTA: &str = "allstop-quota/alibaba/a0/cn-hangzhou/fnf:StopExecution";

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories")
}

fn file(workflow: &str) -> PathBuf {
    directory().join(format!("{}.json", workflow.replace(['/', ':'], "-")))
}

fn records() -> bool {
    std::env::var_os("ALLSTOP_RECORD_HISTORIES").is_some()
}

async fn replay(history: WorkflowHistory) -> Result<(), String> {
    let options = WorkflowReplayerOptions::new()
        .register_workflow::<RunFlow>()
        .and_then(|options| options.register_workflow::<LaneFlow>())
        .and_then(|options| options.register_workflow::<QuotaFlow>())
        .unwrap();
    let replayed = WorkflowReplayer::new(options.build()).unwrap().replay_workflow(history).await;
    replayed.map(drop).map_err(|error| format!("{error:?}"))
}

#[tokio::test]
async fn recorded_histories_are_replayed() {
    if records() {
        return;
    }
    let mut replayed = Vec::new();
    for entry in std::fs::read_dir(directory()).unwrap() {
        let path = entry.unwrap().path();
        let history = WorkflowHistory::from_json(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(replay(history).await, Ok(()), "{}", path.display());
        replayed.push(path);
    }
    for kind in ["run-plain.json", "lane-0.json", "allstop-quota"] {
        assert!(replayed.iter().any(|path| path.to_string_lossy().contains(kind)), "{kind}: {replayed:?}");
    }
}

#[tokio::test]
async fn a_history_of_other_decisions_is_not_replayed() {
    if records() {
        return;
    }
    let text = std::fs::read_to_string(file("allstop-run/plain/lane-0")).unwrap();
    let other = text.replace("allstop.session.v1", "allstop.session.v0");
    assert_ne!(text, other);
    let history: History = serde_json::from_str(&other).unwrap();
    let refused = replay(history.into()).await.unwrap_err();
    assert!(refused.contains("Nondeterminism"), "{refused}");
}

/// Carries the runs out whose histories are recorded: an undisturbed one, one with a share of failures and a deadline, one
/// that is cancelled, two that take turns at a quota, and one whose targets are listed by a worker.
#[test]
fn histories_are_recorded() {
    if !records() {
        return;
    }
    let size = Size::of_process();
    let plan = TestPlan::of(120).limited("{rate: 20/s, burst: 5}").with("guards: {max_failures: 5}");
    let config = Config { speed: 40.0, ..Config::default() };
    let site = Site::new(&config, &plan).expect("a Temporal server");
    let _fleet = Fleet::of(&site, 1);
    let submit = |id, options: &[&str]| Submission::start(&site, Pace::of(size), id, options);
    submit("plain", &["--only", "run-1?"]).done(size);
    submit("guarded", &["--only", "run-2?", "--deadline", "1h", "--max-failures", "3"]).done(size);
    let (first, second) = (submit("first", &["--only", "run-*"]), submit("second", &["--only", "run-?"]));
    second.done(size);
    first.done(size);
    let cancelled = submit("cancelled", &[]);
    cancelled.is_submitted();
    site.cloud.wait_for_stops(130);
    cancelled.process.interrupt();
    cancelled.done(size);
    let listing = Site::new(&config, &TestPlan::of(10).selecting("{flow_name: flow}")).unwrap();
    let _listing_fleet = Fleet::of(&listing, 1);
    Submission::start(&listing, Pace::of(size), "listed", &["--list-on-workers", "--deadline", "1h"]).done(size);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        record(&listing.client().await, "allstop-run/listed").await;
        let client = site.client().await;
        std::fs::create_dir_all(directory()).unwrap();
        for run in ["plain", "guarded", "first", "second", "cancelled"] {
            record(&client, &format!("allstop-run/{run}")).await;
            record(&client, &format!("allstop-run/{run}/lane-0")).await;
        }
        record(&client, QUOTA).await;
    });
}

async fn record(client: &Client, workflow: &str) {
    let info = WorkflowExecutionInfo::builder().namespace(client.namespace()).workflow_id(workflow).build();
    let history = info.bind_untyped(client.clone()).fetch_history(WorkflowFetchHistoryOptions::default());
    std::fs::write(file(workflow), history.to_json().await.unwrap()).unwrap();
}
