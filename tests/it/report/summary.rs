//! The closing summary.

use std::path::Path;

use allstop::engine::{Outcome, Record, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::plan::{NotFound, Plan, VerifyMode};
use allstop::report::{Rehearsal, RunMode, Summary, Tally};

use super::every::two_accounts;
use super::fixture::{execution, executions, failed, lane, plan, record, row, stopped};

fn summary<'a>(plan: &'a Plan, record: &'a Record, mode: RunMode) -> Summary<'a> {
    let report = Some(Path::new("incident.report.json"));
    let again = Some("allstop retry incident.report.json");
    let tally = Tally::of(plan, record);
    Summary {
        plan,
        record,
        tally,
        mode,
        rehearsal: None,
        report,
        is_resumed: false,
        is_unasked: false,
        again,
        colour: false,
        width: None,
    }
}

fn text(summary: &Summary<'_>) -> String {
    let mut text = Vec::new();
    summary.write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Returns the first line of the summary of a live run.
fn verdict(plan: &Plan, rows: Vec<TargetResult>) -> String {
    text(&summary(plan, &record(Status::Completed, rows), RunMode::Live)).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn all_good() {
    let mut rows: Vec<_> = (0..1240).map(|_| stopped()).collect();
    rows.push(row(Outcome::AlreadyStopped));
    rows.push(TargetResult::skipped(SkipReason::Protected));
    let (plan, record) = (plan(executions(rows.len())), record(Status::Completed, rows));
    insta::assert_snapshot!("all_good", text(&summary(&plan, &record, RunMode::Live)));
}

#[test]
fn account_and_region_stand_beside_ids_of_several() {
    let (plan, record) = two_accounts();
    let text = text(&summary(&plan, &record, RunMode::Live));
    let line = "    fnf_execution:etl/x (ali-prod cn-hangzhou), drs_job:j-1 (hw-prod cn-north-4)";
    assert!(text.lines().any(|found| found == line), "{text}");
}

#[test]
fn failures_are_grouped_by_cause() {
    let mut rows: Vec<_> = (0..20).map(|_| stopped()).collect();
    let denied = |n: usize| {
        failed(ErrorClass::Denied, "AccessDenied", &format!("No permission for execution run-{n:04} (REQ-1)."))
    };
    rows.extend((20..25).map(denied));
    rows.push(failed(ErrorClass::Rejected, "", "The answer to run-0025."));
    rows.push(TargetResult { outcome: Outcome::Unknown, ..failed(ErrorClass::Timeout, "", "no answer in 10 s") });
    rows.push(row(Outcome::Accepted));
    rows.push(row(Outcome::NotFound));
    rows.push(TargetResult::skipped(SkipReason::Credentials));
    rows.push(TargetResult::skipped(SkipReason::Duplicate));
    let (plan, mut record) = (plan(executions(rows.len())), record(Status::Completed, rows));
    for (_, stats) in &mut record.lanes {
        stats.throttled = 3;
    }
    insta::assert_snapshot!("failures", text(&summary(&plan, &record, RunMode::Live)));
}

#[test]
fn no_row_stands_for_others_that_have_another_hint() {
    let refused = |hint: &str| {
        let mut row = failed(ErrorClass::Auth, "InvalidAccessKeyId.NotFound", "no such key");
        row.error.as_mut().unwrap().hint = Some(hint.into());
        row
    };
    let hints = ["account a has its credentials from A_AK", "account b has its credentials from B_AK"];
    let rows = [hints[0], hints[1], hints[0]].map(refused);
    let (plan, record) = (plan(executions(3)), record(Status::Completed, rows.to_vec()));
    let text = text(&summary(&plan, &record, RunMode::Live));
    assert!(hints.iter().all(|hint| text.matches(hint).count() == 1), "{text}");
    assert!(text.contains("  2 failed: auth") && text.contains("  1 failed: auth"), "{text}");
}

#[test]
fn it_can_be_read_on_any_terminal() {
    let message = "User 1865410598556969 is not authorized to do fnf:StopExecution on acs:fnf:cn-hangzhou:*:flow/etl.";
    let names = [
        "run-for-the-quarterly-closing-of-all-ledgers-20261122",
        "run-for-the-quarterly-closing-of-all-ledgers-20261123",
    ];
    let rows = names.map(|_| failed(ErrorClass::Denied, "AccessDenied", message));
    let (plan, mut record) = (plan(names.map(execution).into()), record(Status::Completed, rows.into()));
    for (_, stats) in &mut record.lanes {
        stats.throttled = 3;
    }
    let summary = summary(&plan, &record, RunMode::Live);
    for width in [20, 40, 80] {
        let text = text(&Summary { width: Some(width), ..summary });
        insta::assert_snapshot!(format!("on_{width}_columns"), text);
        let (body, last) = text.split_once("\nReport: ").unwrap();
        assert!(body.lines().all(|line| line.chars().count() <= width), "{text}");
        assert!(last.ends_with("\n  allstop retry incident.report.json\n"), "the last line can be pasted: {text}");
    }
}

#[test]
fn many_causes_and_lanes_are_cut_short() {
    let rows: Vec<_> = (0..15).map(|n| failed(ErrorClass::Server, &format!("E{n}"), "broken")).collect();
    let (plan, mut record) = (plan(executions(rows.len())), record(Status::Completed, rows));
    let (_, mut stats) = record.lanes.remove(0);
    for n in 0..12 {
        stats.throttled = n + 1;
        let account = format!("team-{n:02}");
        record.lanes.push((allstop::engine::LaneInfo { account, ..lane(1) }, stats));
    }
    insta::assert_snapshot!("many", text(&summary(&plan, &record, RunMode::Live)));
}

#[test]
fn a_resumed_run_does_not_count_the_requests_of_its_last_part_over_the_time_of_all() {
    let (plan, record) = (plan(executions(2)), record(Status::Completed, vec![stopped(), stopped()]));
    let plain = summary(&plan, &record, RunMode::Live);
    assert!(text(&plain).contains("\nTook 2 min 5 s and 2 requests.\n"));
    let resumed = text(&Summary { is_resumed: true, ..plain });
    assert!(
        resumed.contains("\nTook 2 min 5 s since the run began, and 2 requests since it was resumed.\n"),
        "{resumed}"
    );
}

#[test]
fn an_aborted_run_says_so() {
    let rows = vec![
        stopped(),
        failed(ErrorClass::Server, "InternalServerError", "internal error"),
        TargetResult::skipped(SkipReason::Aborted),
        TargetResult::skipped(SkipReason::Aborted),
    ];
    let (plan, record) = (plan(executions(4)), record(Status::Aborted, rows));
    insta::assert_snapshot!("aborted", text(&summary(&plan, &record, RunMode::Live)));
}

#[test]
fn a_rehearsal_claims_nothing_of_the_cloud() {
    let (plan, record) = (plan(executions(2)), record(Status::Completed, vec![stopped(), stopped()]));
    let mut rehearsal =
        Rehearsal { seed: 7, faults: "some".to_owned(), speed: 1.0, agrees: true, disagreements: Vec::new() };
    let plain = summary(&plan, &record, RunMode::Rehearsal);
    insta::assert_snapshot!("rehearsal", text(&Summary { rehearsal: Some(&rehearsal), report: None, ..plain }));
    rehearsal.agrees = false;
    rehearsal.disagreements = vec!["fnf_execution:etl/run-0001: says stopped, but it runs".to_owned()];
    insta::assert_snapshot!("rehearsal_disagrees", text(&Summary { rehearsal: Some(&rehearsal), ..plain }));
}

#[test]
fn a_dry_run_forecasts() {
    let rows = vec![row(Outcome::WouldStop), row(Outcome::AlreadyStopped), row(Outcome::NotFound)];
    let (plan, record) = (plan(executions(3)), record(Status::Completed, rows));
    insta::assert_snapshot!("dry_run", text(&summary(&plan, &record, RunMode::DryRun)));
}

#[test]
fn an_empty_selection_says_where_to_look() {
    let rows = vec![TargetResult::skipped(SkipReason::Filtered), TargetResult::skipped(SkipReason::Protected)];
    let (plan, record) = (plan(executions(2)), record(Status::Completed, rows));
    insta::assert_snapshot!("empty", text(&summary(&plan, &record, RunMode::Live)));
}

#[test]
fn the_verdict_says_no_more_than_is_known() {
    let mut plan = plan(executions(2));
    let failed = || failed(ErrorClass::Server, "", "broken");
    let table = [
        (vec![stopped(), failed()], "1 of 2 targets is NOT stopped."),
        (vec![failed(), TargetResult::skipped(SkipReason::Deadline)], "2 of 2 targets are NOT stopped."),
        (vec![failed(), row(Outcome::Unknown)], "2 of 2 targets are NOT known to be stopped."),
        (vec![stopped(), row(Outcome::Accepted)], "1 of 2 targets is NOT known to be stopped."),
        (vec![stopped(), row(Outcome::NotFound)], "1 of 2 targets is NOT known to be stopped."),
        (vec![stopped(), TargetResult::skipped(SkipReason::Shard)], "The one target is stopped."),
        (vec![TargetResult::skipped(SkipReason::Shard); 2], "Nothing to do: every target is in another shard."),
    ];
    for (rows, wanted) in table {
        assert_eq!(verdict(&plan, rows), wanted);
    }
    plan.guards.not_found = NotFound::Ok;
    plan.verify.mode = VerifyMode::Off;
    assert_eq!(verdict(&plan, vec![stopped(), row(Outcome::NotFound)]), "All 2 targets are stopped or not found.");
    assert_eq!(
        verdict(&plan, vec![stopped(), row(Outcome::Accepted)]),
        "All 2 targets are stopped, or accepted without verification."
    );
}

#[test]
fn ids_and_messages_cannot_play_with_the_terminal() {
    let rows = vec![failed(ErrorClass::Invalid, "E\u{9b}31m", "red \u{1b}[31m\r\nAll 1 targets are stopped.\u{202e}")];
    let (plan, record) = (plan(vec![execution("x\u{1b}]0;title\u{7}")]), record(Status::Completed, rows));
    let text = text(&summary(&plan, &record, RunMode::Live));
    assert!(text.chars().all(|ch| ch == '\n' || !(ch.is_control() || ch == '\u{202e}')), "{text:?}");
    assert!(text.lines().all(|line| !line.starts_with("All")), "{text}");
}

#[test]
fn colours_only_where_wanted() {
    let (plan, record) = (plan(executions(1)), record(Status::Completed, vec![stopped()]));
    let plain = summary(&plan, &record, RunMode::Live);
    assert!(!text(&plain).contains('\u{1b}'));
    let coloured = text(&Summary { colour: true, ..plain });
    assert!(coloured.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), text(&plain));
}

#[test]
fn a_message_names_failed_targets_first_and_counts_what_was_not_sent_once() {
    let unclear = |number: usize| TargetResult {
        outcome: Outcome::Unknown,
        ..failed(ErrorClass::Timeout, &format!("E{}", number / 2), "a response was lost")
    };
    let mut rows: Vec<_> = (0..24).map(unclear).collect();
    rows.push(failed(ErrorClass::Denied, "NoPermission", "no permission"));
    rows.extend((0..5).map(|_| TargetResult::skipped(SkipReason::Credentials)));
    rows.push(stopped());
    let (plan, record) = (plan(executions(rows.len())), record(Status::Completed, rows));
    let brief = summary(&plan, &record, RunMode::Live).brief();
    let counts: Vec<_> = brief.counts.iter().map(|(rows, words)| format!("{rows} {words}")).collect();
    assert_eq!(counts.join(", "), "1 failed, 24 unknown, 5 not sent, 1 stopped");
    // 12 causes with 2 targets each, and one with 1.
    assert_eq!((brief.causes.len(), brief.more_targets, brief.open), (10, 6, 30));
    assert_eq!((brief.causes[0].count, &*brief.causes[0].headline), (1, "failed: denied, NoPermission: no permission"));
    assert!(std::path::Path::new(&brief.directory.unwrap()).is_absolute());
}
