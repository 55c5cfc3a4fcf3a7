//! A report as a table.

use allstop::engine::{Outcome, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::report::{About, Report, Table};
use proptest::prelude::*;

use super::every::{every, infested, of_two_accounts, outcomes, read};
use super::fixture::{executions, failed, plan, record};

fn table(report: &Report, all: bool, width: Option<usize>) -> String {
    let mut text = Vec::new();
    Table { report, all, again: Some("allstop retry a.json"), width, colour: false }.write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn shows_what_is_not_stopped() {
    insta::assert_snapshot!("table", table(&every(), false, None));
}

#[test]
fn shows_every_row_when_asked() {
    insta::assert_snapshot!("table_all", table(&every(), true, None));
}

#[test]
fn wraps_where_the_terminal_ends() {
    for width in [80, 20] {
        insta::assert_snapshot!(format!("table_{width}"), table(&every(), false, Some(width)));
    }
}

#[test]
fn the_rows_are_never_wider_than_the_terminal() {
    for width in 20..140 {
        let text = table(&every(), true, Some(width));
        let rows = text.split("\n\n").nth(1).unwrap();
        for line in rows.lines() {
            assert!(line.chars().count() <= width, "{width}: {line:?}");
        }
    }
}

#[test]
fn the_verdict_comes_first_and_says_no_more_than_the_report() {
    use Outcome::{Accepted, Failed, NotFound, Stopped};
    let table_of = [
        (0, &[Stopped, Stopped][..], "All 2 targets are stopped."),
        (0, &[Stopped, NotFound], "All 2 targets are stopped or not found."),
        (0, &[Accepted], "The one target is stopped, or accepted without verification."),
        (1, &[Stopped, NotFound], "1 of 2 targets is NOT known to be stopped."),
        (1, &[Stopped, Accepted], "1 of 2 targets is NOT known to be stopped."),
        (1, &[Failed, NotFound, NotFound], "3 of 3 targets are NOT known to be stopped."),
    ];
    for (exit_code, rows, verdict) in table_of {
        let text = table(&outcomes(exit_code, rows), false, None);
        assert_eq!(text.lines().next(), Some(verdict), "{rows:?}");
    }
}

/// A report of an interrupted run: one failed, 3,200 were not reached, and four were cut off by the deadline.
fn interrupted() -> Report {
    let unsent = |count: usize, reason| (0..count).map(move |_| TargetResult::skipped(reason));
    let mut results = vec![failed(ErrorClass::Denied, "AccessDenied", "you may not")];
    results.extend(unsent(3_200, SkipReason::Interrupted));
    results.extend(unsent(4, SkipReason::Deadline));
    let plan = plan(executions(results.len()));
    let record = record(Status::Interrupted, results);
    read(&plan, &record, &About::default())
}

#[test]
fn what_was_not_sent_for_one_reason_is_one_line() {
    let report = interrupted();
    for width in [None, Some(100), Some(40)] {
        let text = table(&report, false, width);
        let names = ["run-0001", "run-0002", "run-0003", "run-3201", "run-3204"];
        assert!(names.iter().all(|name| text.contains(name)), "{text}");
        assert!(!text.contains("run-0004") && text.lines().count() < 60, "{text}");
        assert!(text.contains("3,200 targets"), "{text}");
        assert!(text.contains("3,200 rows are grouped: use --all to show each\n"), "{text}");
    }
    let text = table(&report, false, None);
    let line = "skipped  3,200 targets               not sent: the run was interrupted first: \
                fnf_execution:etl/run-0001, fnf_execution:etl/run-0002, fnf_execution:etl/run-0003 and 3,197 more";
    assert!(text.lines().any(|found| found == line), "{text}");
    let text = table(&report, true, None);
    assert!(!text.contains("groups") && text.contains("run-0004") && text.lines().count() > 3_205);
}

#[test]
fn account_and_region_stand_beside_ids_of_several() {
    for (width, one) in [
        (None, "fnf_execution:etl/x  ali-prod cn-hangzhou"),
        (Some(120), "fnf_execution:etl/x  ali-prod cn-hangzhou"),
        (Some(80), "fnf_execution:etl/x   denied, AccessDenied: you may not\n         ali-prod cn-hangzhou\n"),
        (Some(40), "(ali-prod"),
    ] {
        let text = table(&of_two_accounts(), false, width);
        assert!(text.contains(one) && text.contains("hw-prod"), "{text}");
    }
    assert!(!table(&outcomes(1, &[Outcome::Failed]), false, None).contains("cn-hangzhou"));
}

#[test]
fn colours_only_where_wanted() {
    let report = every();
    let mut text = Vec::new();
    Table { report: &report, all: false, again: None, width: None, colour: true }.write(&mut text).unwrap();
    assert!(text.starts_with(b"\x1b["));
    assert!(!table(&report, true, None).contains('\u{1b}'));
}

proptest! {
    #[test]
    fn no_text_can_play_with_the_terminal(text in any::<String>(), width in 20_usize..200) {
        for width in [None, Some(width)] {
            let shown = table(&infested(&text), true, width);
            prop_assert!(!shown.chars().any(|ch| ch.is_control() && ch != '\n'), "{shown:?}");
        }
    }
}
