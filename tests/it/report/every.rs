//! A report in which everything happens that can, with texts that are up to no good.

use std::path::Path;
use std::sync::Arc;

use allstop::engine::{Attempt, Evidence, Outcome, Record, SelectionRecord, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::plan::{NotFound, Plan, Target, VerifyMode};
use allstop::report::{About, Report, Row, RowError, SelectionSummary};
use allstop::service::Value;

use super::fixture::{
    at as moment, attempt, execution, executions, failed, found, missing, plan, record, row, selection, stopped, target,
};

/// A text that every format has to keep from doing what it says.
pub(crate) const NASTY: &str =
    "<script>alert('x')</script> | **b** `c` @team #1 [l](http://x) &amp; \u{1b}[31m\r\n# two\u{202e}";

/// Reads the report that a run with this record would have written.
pub(crate) fn read(plan: &Plan, record: &Record, about: &About) -> Report {
    let mut text = Vec::new();
    Report::new(plan, record, about).write_json(&mut text).unwrap();
    Report::parse(&text, Path::new("test.json")).unwrap()
}

/// A report with every outcome and every reason for skipping.
pub(crate) fn every() -> Report {
    let (plan, record) = every_row();
    read(&plan, &record, &About { shard: Some("1/3".to_owned()), ..About::default() })
}

/// A report of a failed target in each of two accounts.
pub(crate) fn of_two_accounts() -> Report {
    let (plan, record) = two_accounts();
    read(&plan, &record, &About::default())
}

/// A plan with a target in each of two accounts, and what came of it: both failed for one reason.
pub(crate) fn two_accounts() -> (Plan, Record) {
    let plan = plan(vec![execution("x"), target("drs_job", &[Value::Text("j-1")])]);
    let denied = || failed(ErrorClass::Denied, "AccessDenied", "you may not");
    (plan, record(Status::Completed, vec![denied(), denied()]))
}

pub(super) fn every_row() -> (Plan, Record) {
    let labels = [("team", "data"), ("env", "=prod")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let mut targets = vec![
        Target { labels: Arc::new(labels.into()), ..execution("nightly") },
        execution("weekly"),
        target("drs_job", &[Value::Text("c7debc9c"), Value::Flag(true)]),
        target("live_flow", &[Value::Text("ec897482")]),
        execution("run-a"),
        execution("run-b"),
        Target { own_id: Some(NASTY.into()), ..execution("run-c") },
        target("opensearch_task", &[Value::Text("ha-cn-1"), Value::Text("t@1")]),
        target("elasticsearch_task", &[Value::Text("es-cn-1")]),
    ];
    let duplicate = targets.len() + 3;
    targets.extend(executions(SkipReason::ALL.len()));
    targets[duplicate].duplicate_of = Some(0);
    let denied = |name: &str| failed(ErrorClass::Denied, "AccessDenied", &format!("you may not stop {name}"));
    let mut results = vec![
        TargetResult { reads: 2, evidence: Some(Evidence::ReadBack), ..stopped() },
        row(Outcome::AlreadyStopped),
        TargetResult { state: Some("STOPPING".into()), outcome: Outcome::Accepted, ..stopped() },
        row(Outcome::NotFound),
        denied("run-a"),
        denied("run-b"),
        failed(ErrorClass::Rejected, "=cmd|' /C calc'!A0", NASTY),
        TargetResult {
            outcome: Outcome::Unknown,
            attempts: vec![
                attempt(1, Some(ErrorClass::Timeout), Some(312)),
                attempt(2, Some(ErrorClass::Timeout), None),
            ],
            ..failed(ErrorClass::Timeout, "", "no answer came in time")
        },
        row(Outcome::WouldStop),
    ];
    results.extend(SkipReason::ALL.map(TargetResult::skipped));
    (plan(targets), record(Status::Completed, results))
}

/// A report of a lane that is drawn as bars: 100 stops, of which ten went out in every second, and for which this rate
/// a second was stated.
pub(crate) fn steady(stated: f64) -> Report {
    let at = |number: i64| vec![Attempt { at: moment(number * 100), ..attempt(1, None, None) }];
    let results = (0..100).map(|number| TargetResult { attempts: at(number), ..stopped() });
    let mut record = record(Status::Completed, results.collect());
    record.lanes.iter_mut().for_each(|(lane, _)| lane.rate = stated);
    read(&plan(executions(100)), &record, &About::default())
}

/// A report of rows with these outcomes, and this exit status.
pub(crate) fn outcomes(exit_code: u8, outcomes: &[Outcome]) -> Report {
    let results = outcomes.iter().map(|outcome| row(*outcome)).collect();
    let mut plan = plan(executions(outcomes.len()));
    // What these take for done is the one thing that an exit status of 0 may depend on.
    if exit_code == 0 {
        (plan.guards.not_found, plan.verify.mode) = (NotFound::Ok, VerifyMode::Off);
    }
    let report = read(&plan, &record(Status::Completed, results), &About::default());
    assert_eq!(report.run.exit_code, exit_code, "another exit status follows from the rows");
    report
}

/// Puts a text wherever a plan or a service may put one.
pub(crate) fn infest(row: &mut Row, text: &str) {
    row.id = text.to_owned();
    row.kind = text.to_owned();
    row.account = text.to_owned();
    row.region = text.to_owned();
    row.labels = Arc::new([(text.to_owned(), text.to_owned())].into());
    row.state = Some(text.to_owned());
    row.duplicate_of = Some(text.to_owned());
    if let Some(error) = &mut row.error {
        infest_error(error, text);
    }
    row.selection = row.selection.is_some().then(|| text.to_owned());
    if let Some(seen) = &mut row.seen {
        for part in [&mut seen.state, &mut seen.name, &mut seen.since] {
            *part = Some(text.to_owned());
        }
    }
}

fn infest_selection(selection: &mut SelectionSummary, text: &str) {
    selection.id = text.to_owned();
    selection.kind = text.to_owned();
    selection.select = text.into();
    selection.unclear = [(text.to_owned(), 3)].into();
    (selection.left_out.unclear, selection.left_out.unusable, selection.left_out.other) = (3, 1, 456);
    selection.unusable = vec![text.to_owned()];
    selection.warnings = vec![text.to_owned()];
    for account in &mut selection.accounts {
        (account.account, account.region) = (text.to_owned(), text.to_owned());
    }
    for unit in &mut selection.missing {
        for part in [&mut unit.account, &mut unit.region, &mut unit.what] {
            text.clone_into(part);
        }
        infest_error(&mut unit.error, text);
    }
}

fn infest_error(error: &mut RowError, text: &str) {
    error.code = Some(text.to_owned());
    error.message = text.to_owned();
    error.request_id = Some(text.to_owned());
    error.hint = Some(text.to_owned());
}

/// Returns the report with a text wherever a plan or a service may put one.
pub(crate) fn infested(text: &str) -> Report {
    let (mut plan, mut record) = every_row();
    plan.targets.iter_mut().for_each(|target| (target.selection, target.seen) = (Some("".into()), found("").seen));
    let listed = SelectionRecord { missing: vec![missing("")], ..selection("", 1) };
    record.selections = vec![listed];
    let mut report = read(&plan, &record, &About { shard: Some("1/3".to_owned()), ..About::default() });
    report.selections.iter_mut().for_each(|selection| infest_selection(selection, text));
    report.run.plan.name = text.to_owned();
    report.run.plan.path = text.to_owned();
    report.run.reason = Some(text.to_owned());
    report.run.plan.timezone = Some(text.to_owned());
    report.run.shard = Some(text.to_owned());
    report.targets.iter_mut().for_each(|row| infest(row, text));
    report
}
