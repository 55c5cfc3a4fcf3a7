//! What is a report, what is a damaged one, and what is none.

use std::fs;

use super::{HeadError, head_of};

const RUN: &str = r#"{"id": "a", "mode": "live", "plan": {"name": "p", "path": "p.yaml", "sha256": ""}, "reason": null, "resumed_from": null, "shard": null, "started_at": "2026-11-22T05:00:00.000Z", "finished_at": "2026-11-22T05:00:01.000Z", "duration_ms": 1000, "status": "completed", "exit_code": 0}"#;
const SUMMARY: &str = r#"{"targets": 0, "stopped": 0, "already_stopped": 0, "accepted": 0, "not_found": 0, "failed": 0, "unknown": 0, "skipped": 0, "would_stop": 0, "attempts": 0, "retries": {"throttled": 0, "conflict": 0, "server": 0, "network": 0, "clock": 0}}"#;
const TOOL: &str = r#"{"name": "allstop", "version": "0.1.0"}"#;

/// Returns what is found: a report's run, `none`, or an error.
fn found(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    fs::write(&path, text).unwrap();
    match head_of(&path) {
        Ok(Some((run, _))) => run.id,
        Ok(None) => "none".to_owned(),
        Err(HeadError::Damaged(_)) => "damaged".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_report_is_known_by_its_head_and_its_end() {
    let head = format!(r#""version": 1, "tool": {TOOL}, "run": {RUN}, "summary": {SUMMARY}"#);
    let other =
        format!(r#"{{"targets": [], "summary": {SUMMARY}, "run": {RUN}, "lanes": [], "tool": {TOOL}, "version": 1}}"#);
    let unknown = SUMMARY.replace("\"stopped\"", "\"halted\"");
    for (text, expected) in [
        (format!("{{{head}, \"lanes\": [], \"targets\": []\n}}\n"), "a"),
        // The rows are not read.
        (format!("{{{head}, \"lanes\": [], \"targets\": [{{]}}"), "a"),
        // Sorted keys, as `jq -S` writes them.
        (other, "a"),
        (format!("{{{head}, \"lanes\": [], \"targets\": [{{\"id\": \"x\"}},"), "damaged"),
        (format!("{{{head}, \"lanes\": [], \"targets\": [{{\"id\": \"x\"}}"), "damaged"),
        (format!("{{{head}, \"lanes\": ["), "damaged"),
        (format!("{{\"version\": 1, \"tool\": {TOOL}, \"run\": {{\"id\": "), "damaged"),
        (format!("{{\"version\": 1, \"tool\": {TOOL}, \"run\": {RUN}, \"targets\": []}}"), "damaged"),
        (
            format!("{{\"version\": 1, \"tool\": {TOOL}, \"run\": {RUN}, \"summary\": {unknown}, \"targets\": []}}"),
            "damaged",
        ),
        (
            format!("{{\"version\": 2, \"tool\": {TOOL}, \"run\": [], \"summary\": 1, \"targets\": []}}"),
            "it is of version 2, which this program does not support",
        ),
        (format!("{{{}, \"targets\": []}}", head.replace("allstop", "other")), "none"),
        ("{\"targets\": []}".to_owned(), "none"),
        ("{\"version\": \"x\"}".to_owned(), "none"),
        ("[]".to_owned(), "none"),
        ("version: 1".to_owned(), "none"),
        (String::new(), "none"),
    ] {
        assert_eq!(found(&text), expected, "{text}");
    }
}
