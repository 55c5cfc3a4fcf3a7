//! Histories of released versions: today's workflows must take the same decisions, or runs that have begun would break.
//!
//! `ALLSTOP_RECORD_HISTORIES=1 cargo test -p allstop-temporal --test it replay` records them anew, for a version whose
//! workflows have other types.

mod contents;
mod record;

use std::path::{Path, PathBuf};

use allstop_temporal::workflow::{LaneFlow, QuotaFlow, RunFlow};
use temporalio_client::WorkflowHistory;
use temporalio_common::protos::temporal::api::history::v1::History;
use temporalio_sdk::workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions};

use contents::{CONTENTS, Has};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories")
}

/// Returns the file of a history.
fn file(name: &str) -> PathBuf {
    directory().join(format!("{}.json", name.replace(['/', ':'], "-")))
}

fn records() -> bool {
    std::env::var_os("ALLSTOP_RECORD_HISTORIES").is_some()
}

/// Returns all recorded histories, with their files.
fn recorded() -> Vec<(PathBuf, History)> {
    let files = std::fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.clone(), serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())).collect()
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
    for (path, history) in recorded() {
        assert_eq!(replay(history.into()).await, Ok(()), "{}", path.display());
    }
}

#[test]
fn what_a_fleet_goes_through_is_in_the_recorded_histories() {
    if records() {
        return;
    }
    let recorded = recorded();
    let is_missing = |has: &Has| !recorded.iter().any(|(_, history)| has(history));
    let missing = CONTENTS.iter().filter(|(_, has)| is_missing(has)).map(|(what, _)| *what);
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0], "of {} histories", recorded.len());
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

#[tokio::test]
async fn a_workflow_of_a_later_version_fails_its_task_and_says_why() {
    let path = file("allstop-run/plain/lane-0");
    if records() {
        return;
    }
    let mut history: History = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    contents::begin_with(&mut history, br#"{"v": 99}"#);
    let refused = replay(history.into()).await.unwrap_err();
    assert!(refused.contains("this is version 99 of the payloads"), "{refused}");
}
