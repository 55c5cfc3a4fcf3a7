//! One verdict: whatever becomes of a target, and whatever its plan accepts, every format of the run says the same.

use std::path::Path;

use allstop::ExitStatus;
use allstop::engine::{Outcome, Record, SkipReason, Status, TargetResult};
use allstop::plan::{NotFound, Plan, VerifyMode};
use allstop::report::{
    About, Accepts, Disposition, Format, OutputLine, Report, Rows, RunMode, ShardReport, Table, exit_status, merge,
};
use roxmltree::Document;
use serde_json::{Value, json};

use super::fixture::{executions, plan, record, row, stopped};
use super::voice::{Said, of_lines, of_page, of_summary, summary, text};

const COMMAND: &str = "allstop retry incident.report.json";

/// What a plan can accept.
const ACCEPTS: [Accepts; 4] = {
    const fn accepts(not_found: bool, accepted: bool) -> Accepts {
        Accepts { not_found, accepted }
    }
    [accepts(false, false), accepts(false, true), accepts(true, false), accepts(true, true)]
};

/// Every way in which a target can end.
fn ends() -> Vec<TargetResult> {
    let outcomes = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Skipped).map(row);
    outcomes.chain(SkipReason::ALL.map(TargetResult::skipped)).collect()
}

/// Whether a target counts as done, as `docs/exit-codes.md` says; `None` where it was left out.
fn done(result: &TargetResult, accepts: Accepts) -> Option<bool> {
    match (result.outcome, result.reason) {
        (Outcome::Stopped | Outcome::AlreadyStopped | Outcome::WouldStop, _) => Some(true),
        (Outcome::NotFound, _) => Some(accepts.not_found),
        (Outcome::Accepted, _) => Some(accepts.accepted),
        (Outcome::Failed | Outcome::Unknown, _) => Some(false),
        (Outcome::Skipped, Some(reason)) if !reason.is_chosen() => Some(false),
        (Outcome::Skipped, _) => None,
    }
}

fn plan_that(accepts: Accepts, targets: usize) -> Plan {
    let mut plan = plan(executions(targets));
    plan.guards.not_found = if accepts.not_found { NotFound::Ok } else { NotFound::Fail };
    plan.verify.mode = if accepts.accepted { VerifyMode::Off } else { VerifyMode::Auto };
    plan
}

fn json(report: &Report<Rows<'_>>) -> Vec<u8> {
    let mut json = Vec::new();
    report.write_json(&mut json).unwrap();
    json
}

fn parse(json: &[u8]) -> Report {
    Report::parse(json, Path::new("incident.report.json")).unwrap()
}

/// Returns what a format says, which must be the same from the run as from its report.
#[track_caller]
fn written(format: Format, run: &Report<Rows<'_>>, report: &Report) -> String {
    let of_run = text(|out| format.write(run, Some(COMMAND), out));
    let of_report = text(|out| format.write(report, Some(COMMAND), out));
    assert_eq!(of_run, of_report, "{format:?}");
    of_run
}

/// Whether each test case passes (`true`) or not; `None` where it is skipped.
fn of_junit(xml: &str) -> Vec<Option<bool>> {
    let document = Document::parse(xml).unwrap();
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    let verdict = |case: roxmltree::Node<'_, '_>| match case.first_element_child().map(|child| child.tag_name().name())
    {
        None => Some(true),
        Some("failure" | "error") => Some(false),
        Some("skipped") => None,
        Some(other) => panic!("{other}"),
    };
    cases.map(verdict).collect()
}

fn of_csv(csv: &str) -> Vec<Option<bool>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|name| name == "done").unwrap();
    reader.records().map(|row| row.unwrap()[at].parse().ok()).collect()
}

/// Whether each row of a page has a cause.
fn has_cause(page: &str) -> Vec<bool> {
    let (_, rest) = page.split_once("id=\"report-rows\">").unwrap();
    let data: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    let rows = data["rows"].as_array().unwrap();
    rows.iter().map(|row| row.as_array().unwrap().last().unwrap().as_u64().unwrap() > 0).collect()
}

/// Returns the report of a shard, merged.
fn merged(report: &Report) -> Report {
    let mut report = report.clone();
    report.run.shard = Some("1/1".to_owned());
    merge(vec![ShardReport { path: "1.json".into(), report }], false).unwrap()
}

#[track_caller]
fn check(accepts: Accepts, results: &[TargetResult]) -> Said {
    let expected: Vec<_> = results.iter().map(|result| done(result, accepts)).collect();
    let plan = plan_that(accepts, results.len());
    let record = record(Status::Completed, results.to_vec());
    let run = Report::new(&plan, &record, &About::default());
    let json = json(&run);
    let value = crate::schema::valid_report(&json);
    let report = parse(&json);

    // The report.
    assert_eq!(value["run"]["accepts"], json!({"not_found": accepts.not_found, "accepted": accepts.accepted}));
    let stated: Vec<_> = value["targets"].as_array().unwrap().iter().map(|row| row["done"].as_bool()).collect();
    assert_eq!(stated, expected);
    for report in [&report, &merged(&report)] {
        let read: Vec<_> = report.targets.iter().map(|row| Option::from(row.disposition)).collect();
        assert_eq!((read, report.summary), (expected.clone(), run.summary));
    }

    // The headline, and the command that goes on.
    let said = of_summary(&plan, &record, RunMode::Live, Some(COMMAND));
    let page = written(Format::Html, &run, &report);
    let markdown = written(Format::Markdown, &run, &report);
    let table = Table { report: &report, all: false, again: Some(COMMAND), width: None, colour: false };
    let table = text(|out| table.write(out));
    assert_eq!([of_page(&page), of_lines(&markdown), of_lines(&table)], [said.clone(), said.clone(), said.clone()]);

    // The rows.
    assert_eq!(of_junit(&written(Format::Junit, &run, &report)), expected);
    assert_eq!(of_csv(&written(Format::Csv, &run, &report)), expected);
    assert!(has_cause(&page).into_iter().eq(expected.iter().map(|done| *done == Some(false))));

    // The exit status, and what a retry takes up.
    let is_open = expected.contains(&Some(false));
    let is_selected = expected.iter().any(Option::is_some);
    let is_elsewhere = results.iter().any(|result| result.reason == Some(SkipReason::Shard));
    let status = match (is_selected || is_elsewhere, is_open) {
        (false, _) => ExitStatus::NothingSelected,
        (true, true) => ExitStatus::NotDone,
        (true, false) => ExitStatus::Done,
    };
    assert_eq!((exit_status(&plan, &record, None), report.run.exit_code), (status, status.code()));
    let retried = report.targets.iter().zip(&expected).map(|(row, done)| {
        let is_open = *done == Some(false) && row.outcome != Outcome::NotFound;
        assert_eq!(row.is_open(), is_open || row.outcome == Outcome::Accepted);
        is_open
    });
    assert_eq!(said.1.contains(COMMAND), retried.fold(false, std::ops::BitOr::bitor));
    counts(&plan, &record, &report);
    said
}

/// The line for programs counts what the report counts.
#[track_caller]
fn counts(plan: &Plan, record: &Record, report: &Report) {
    let summary = summary(plan, record, RunMode::Live, None);
    assert_eq!(OutputLine::of_run(&summary).summary, Some(report.summary));
}

#[test]
fn every_format_says_the_same_of_every_end_under_every_plan() {
    for accepts in ACCEPTS {
        for end in ends() {
            check(accepts, std::slice::from_ref(&end));
            check(accepts, &[stopped(), end]);
        }
        check(accepts, &ends());
    }
}

#[test]
fn what_the_plan_accepts_is_done_although_another_target_failed() {
    let accepts = Accepts { not_found: true, accepted: false };
    let said = check(accepts, &[row(Outcome::Failed), row(Outcome::NotFound)]);
    assert_eq!(said.0, "1 of 2 targets is NOT stopped.");
}

/// Returns a report as an earlier version would have written it.
fn earlier(json: &[u8]) -> Vec<u8> {
    let mut report: Value = serde_json::from_slice(json).unwrap();
    report["run"].as_object_mut().unwrap().remove("accepts").unwrap();
    for row in report["targets"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("done").unwrap();
    }
    report.to_string().into_bytes()
}

#[test]
fn reports_of_earlier_versions_are_judged_by_their_exit_status() {
    for accepts in ACCEPTS {
        for end in ends() {
            let plan = plan_that(accepts, 2);
            let record = record(Status::Completed, vec![end.clone(), stopped()]);
            let report = parse(&earlier(&json(&Report::new(&plan, &record, &About::default()))));
            let dispositions: Vec<_> = report.targets.iter().map(|row| row.disposition).collect();
            assert_eq!(dispositions, [Disposition::from(done(&end, accepts)), Disposition::Done], "{end:?}");
            assert_eq!(merged(&report).targets, report.targets);
        }
    }
    // Where something else is open, the exit status proves nothing.
    let accepts = Accepts { not_found: true, accepted: true };
    let results = vec![row(Outcome::NotFound), row(Outcome::Accepted), row(Outcome::Failed)];
    let (plan, record) = (plan_that(accepts, 3), record(Status::Completed, results));
    let report = parse(&earlier(&json(&Report::new(&plan, &record, &About::default()))));
    assert!(report.targets.iter().all(|row| row.disposition == Disposition::Open));
    assert_eq!(report.run.accepts, None);
}

#[test]
fn a_row_that_contradicts_itself_is_refused() {
    for end in ends() {
        let plan = plan_that(ACCEPTS[0], 1);
        let record = record(Status::Completed, vec![end.clone()]);
        let written = json(&Report::new(&plan, &record, &About::default()));
        let mut report: Value = serde_json::from_slice(&written).unwrap();
        let stated = report["targets"][0]["done"].clone();
        for other in [json!(true), json!(false), Value::Null].into_iter().filter(|other| *other != stated) {
            report["targets"][0]["done"] = other;
            let error = Report::parse(report.to_string().as_bytes(), Path::new("a.json")).unwrap_err();
            let told = "a.json contradicts itself: `done` of the target `fnf_execution:etl/run-0000` does not follow from \
                        its outcome";
            assert_eq!(error.to_string(), told, "{end:?}");
        }
    }
}

#[test]
fn shards_that_accept_other_outcomes_are_not_merged() {
    let part = |number: usize, accepts| {
        let (plan, record) = (plan_that(accepts, 1), record(Status::Completed, vec![row(Outcome::NotFound)]));
        let about = About { shard: Some(format!("{number}/2")), ..About::default() };
        ShardReport {
            path: format!("{number}.json").into(),
            report: parse(&json(&Report::new(&plan, &record, &about))),
        }
    };
    let error = merge(vec![part(1, ACCEPTS[0]), part(2, ACCEPTS[3])], false).unwrap_err();
    assert_eq!(error.to_string(), "1.json and 2.json differ in what counts as done: guards.not_found or verify.mode");
}
