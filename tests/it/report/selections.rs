//! What a report says of the selections of a plan.

use std::path::Path;

use allstop::engine::{LeftOut, Outcome, Record, SelectionRecord, SkipReason, Status, TargetResult};
use allstop::plan::Plan;
use allstop::report::{
    About, Diff, Format, Markdown, OutputLine, Report, RunMode, ShardReport, Signal, Table, exit_status, merge,
};
use serde_json::{Value, json};

use super::every::read;
use super::fixture::{execution, found, missing, plan, record, row, selection, stopped};
use super::voice::{of_lines, of_page, of_summary, summary, text};

/// A run under `--partial`: two executions were found and stopped, one flow could not be listed, and a second selection
/// is empty, but for what is unclear.
fn partial() -> (Plan, Record) {
    let plan = plan(vec![found("run-a"), found("run-b"), execution("by-name")]);
    let mut record = record(Status::Completed, vec![stopped(), stopped(), stopped()]);
    let other = LeftOut { unclear: 3, named_already: 1, ..LeftOut::default() };
    record.selections = vec![
        SelectionRecord { missing: vec![missing("etl-1")], ..selection("old-etl", 2) },
        SelectionRecord {
            kind: "live_flow".to_owned(),
            seen: 4,
            left_out: other,
            unclear: [("status onlyPublished".to_owned(), 2), ("without a start time".to_owned(), 1)].into(),
            warnings: vec!["the service refused to list Starting".to_owned()],
            ..selection("stale-glob", 0)
        },
    ];
    (plan, record)
}

fn written(plan: &Plan, record: &Record) -> String {
    text(|out| Report::new(plan, record, &About::default()).write_json(out))
}

#[test]
fn the_report_has_them_and_is_read_back_whole() {
    let (plan, record) = partial();
    let written = written(&plan, &record);
    let value = crate::schema::valid_report(written.as_bytes());
    let first = &value["selections"][0];
    assert_eq!(first["select"], json!({"flow_name": "etl-*", "older_than": "2h"}));
    assert_eq!(first["seen"], json!(first["matched"].as_u64().unwrap() + 466));
    assert_eq!(
        first["accounts"][0],
        json!({"account": "ali-prod", "region": "cn-hangzhou", "seen": 468, "matched": 2})
    );
    assert_eq!(first["missing"][0]["error"]["class"], "denied");
    assert_eq!(value["selections"][1]["left_out"]["unclear"], 3);
    let row = &value["targets"][0];
    assert_eq!(row["selection"], "old-etl");
    let seen = json!({"state": "Running", "name": "run-a", "since": "2026-11-22T01:02:03.004Z", "at": "2026-11-22T04:59:59.999Z"});
    assert_eq!(row["seen"], seen);
    let explicit = value["targets"][2].as_object().unwrap();
    assert!(!explicit.contains_key("selection") && !explicit.contains_key("seen"));

    let report = Report::parse(written.as_bytes(), Path::new("a.json")).unwrap();
    assert_eq!(report, Report::new(&plan, &record, &About::default()).into_owned());
    assert_eq!(report.selections.iter().map(SelectionRecord::from).collect::<Vec<_>>(), record.selections);
}

#[test]
fn a_plan_that_does_not_select_has_no_word_of_it() {
    let (plan, record) = (plan(vec![execution("x")]), record(Status::Completed, vec![stopped()]));
    let report = read(&plan, &record, &About::default());
    let line = serde_json::to_string(&OutputLine::of_run(&summary(&plan, &record, RunMode::Live, None))).unwrap();
    let formats =
        [Format::Csv, Format::Junit, Format::Markdown].map(|format| text(|out| format.write(&report, None, out)));
    for text in formats.iter().chain([&written(&plan, &record), &line]) {
        assert!(!text.contains("select") && !text.contains("seen"), "{text}");
    }
}

#[test]
fn every_format_carries_them() {
    let (plan, record) = partial();
    let report = read(&plan, &record, &About::default());
    let table = Table { report: &report, all: true, again: None, width: None, colour: false };
    let told = [
        ("summary", text(|out| summary(&plan, &record, RunMode::Live, None).write(out))),
        ("table", text(|out| table.write(out))),
        ("markdown", text(|out| Markdown { report: &report, again: None }.write(out))),
        ("csv", text(|out| Format::Csv.write(&report, None, out))),
        ("junit", text(|out| Format::Junit.write(&report, None, out))),
    ];
    let told: String = told.iter().map(|(name, text)| format!("--- {name}\n{text}\n")).collect();
    insta::assert_snapshot!("selections", told);
    let page = text(|out| Format::Html.write(&report, None, out));
    for part in
        ["<h2 id=\"selections\">", "flow etl-1", "NoPermission", "grant fnf:ListExecutions", "Nothing", "stale-glob"]
    {
        assert!(page.contains(part), "{part}");
    }
    let line = serde_json::to_value(OutputLine::of_run(&summary(&plan, &record, RunMode::Live, None))).unwrap();
    let selections: Value = serde_json::from_str::<Value>(&written(&plan, &record)).unwrap()["selections"].clone();
    assert_eq!(line["selections"], selections);
}

#[test]
fn markdown_names_first_what_could_not_be_listed() {
    let (plan, record) = partial();
    let markdown = text(|out| Markdown { report: &read(&plan, &record, &About::default()), again: None }.write(out));
    let at = |part: &str| markdown.find(part).unwrap();
    assert!(at("### Not listed") < at("| targets |") && at("| targets |") < at("### Selected"), "{markdown}");
}

/// One row of the table of exit statuses.
struct Case {
    what: &'static str,
    status: Status,
    rows: Vec<TargetResult>,
    selections: Vec<SelectionRecord>,
    code: u8,
    verdict: &'static str,
    next: &'static str,
}

fn cases() -> Vec<Case> {
    const AGAIN: &str = "run the plan again; it does not change targets that are already stopped.";
    let denied = |matched| SelectionRecord { missing: vec![missing("etl-1")], ..selection("old-etl", matched) };
    let with = |left_out, matched| SelectionRecord { left_out, ..selection("old-etl", matched) };
    let [aborted, interrupted, deadline, stale] =
        [SkipReason::Aborted, SkipReason::Interrupted, SkipReason::Deadline, SkipReason::Stale]
            .map(TargetResult::skipped);
    let case = |what, status, rows: &[&TargetResult], selections: &[SelectionRecord], code, verdict, next| Case {
        what,
        status,
        rows: rows.iter().map(|row| (*row).clone()).collect(),
        selections: selections.to_vec(),
        code,
        verdict,
        next,
    };
    let (done, whole, empty) = (&stopped(), selection("old-etl", 2), selection("stale-glob", 0));
    let again_after_causes =
        "fix the causes, then run the plan again; it does not change targets that are already stopped.";
    let completed = Status::Completed;
    let check = "check the conditions of select, and its accounts and regions.";
    vec![
        case(
            "all is stopped",
            completed,
            &[done, done],
            std::slice::from_ref(&whole),
            0,
            "All 2 targets are stopped.",
            "",
        ),
        case(
            "nothing matches",
            completed,
            &[],
            std::slice::from_ref(&empty),
            4,
            "Nothing to do: nothing that runs matches.",
            check,
        ),
        case(
            "one of two is empty",
            completed,
            &[done, done],
            &[whole.clone(), empty.clone()],
            0,
            "All 2 targets are stopped.",
            "",
        ),
        case(
            "unlisted",
            Status::Unlisted,
            &[],
            &[denied(0)],
            1,
            "Nothing was stopped, because 1 listing failed.",
            "fix the causes, then run the plan again; or pass --partial to stop what could be listed.",
        ),
        case(
            "unlisted with a row",
            Status::Unlisted,
            &[&aborted],
            &[denied(0), denied(1)],
            1,
            "Nothing was stopped, because 1 listing failed.",
            "fix the causes, then run the plan again; or pass --partial to stop what could be listed.",
        ),
        case(
            "partial",
            completed,
            &[done, done],
            &[denied(2)],
            1,
            "All 2 targets are stopped, but the list is NOT COMPLETE, because 1 listing failed.",
            again_after_causes,
        ),
        case(
            "partial and nothing found",
            completed,
            &[],
            &[denied(0)],
            1,
            "Nothing was stopped, and the list is NOT COMPLETE, because 1 listing failed.",
            again_after_causes,
        ),
        case(
            "partial and all protected",
            completed,
            &[&TargetResult::skipped(SkipReason::Protected)],
            &[denied(1)],
            1,
            "Nothing was stopped, and the list is NOT COMPLETE, because 1 listing failed.",
            again_after_causes,
        ),
        case(
            "unusable",
            completed,
            &[done],
            &[with(LeftOut { unusable: 1, ..LeftOut::default() }, 1)],
            1,
            "The one target is stopped, but 1 more matches and cannot be stopped.",
            "stop what cannot be a target by other means: the report names it in selections.",
        ),
        case(
            "unclear",
            completed,
            &[done],
            &[with(LeftOut { unclear: 9, ..LeftOut::default() }, 1)],
            0,
            "The one target is stopped.",
            "",
        ),
        case(
            "a guard",
            Status::Aborted,
            &[&aborted],
            std::slice::from_ref(&whole),
            3,
            "The one target is NOT stopped.",
            "find out why, then run: allstop retry incident.report.json",
        ),
        case(
            "too many",
            Status::Aborted,
            &[],
            std::slice::from_ref(&whole),
            3,
            "Nothing was stopped.",
            "find out why, then run the plan again; it does not change targets that are already stopped.",
        ),
        case(
            "all are stale",
            completed,
            &[&stale, &stale],
            std::slice::from_ref(&whole),
            4,
            "Nothing to do: no target of the plan matches any more.",
            "to stop what runs now, review the plan again.",
        ),
        case(
            "one is stale",
            completed,
            &[done, &stale],
            std::slice::from_ref(&whole),
            0,
            "The one target is stopped.",
            "",
        ),
        case(
            "a signal while listing",
            Status::Interrupted,
            &[],
            std::slice::from_ref(&empty),
            130,
            "Nothing was stopped.",
            "to continue, run the plan again; it does not change targets that are already stopped.",
        ),
        case(
            "a signal later",
            Status::Interrupted,
            &[&interrupted],
            std::slice::from_ref(&whole),
            130,
            "The one target is NOT stopped.",
            "to continue, run: allstop retry incident.report.json",
        ),
        case(
            "the deadline while listing",
            Status::Deadline,
            &[],
            &[empty],
            1,
            "Nothing was stopped.",
            "to continue, run the plan again; it does not change targets that are already stopped.",
        ),
        case(
            "the deadline later",
            Status::Deadline,
            &[&deadline],
            &[whole],
            1,
            "The one target is NOT stopped.",
            "to continue, run: allstop retry incident.report.json",
        ),
    ]
    .into_iter()
    .inspect(|case| assert!(case.next.is_empty() || case.next.len() > AGAIN.len() / 2))
    .collect()
}

#[test]
fn every_end_has_its_exit_status_and_every_format_says_the_same() {
    const COMMAND: &str = "allstop retry incident.report.json";
    for Case { what, status, rows, selections, code, verdict, next } in cases() {
        let plan = plan((0..rows.len()).map(|number| found(&format!("run-{number}"))).collect());
        let record = Record { selections, ..record(status, rows) };
        assert_eq!(exit_status(&plan, &record, None).code(), code, "{what}");
        let report = read(&plan, &record, &About::default());
        assert_eq!((report.run.exit_code, report.run.status), (code, status), "{what}");
        let said = of_summary(&plan, &record, RunMode::Live, Some(COMMAND));
        assert_eq!((said.0.as_str(), said.1.as_str()), (verdict, next), "{what}");
        let page = of_page(&text(|out| Format::Html.write(&report, Some(COMMAND), out)));
        let markdown = of_lines(&text(|out| Format::Markdown.write(&report, Some(COMMAND), out)));
        let table = Table { report: &report, all: false, again: Some(COMMAND), width: None, colour: false };
        let table = of_lines(&text(|out| table.write(out)));
        assert_eq!([&page, &markdown, &table], [&said; 3], "{what}");
        // What was not stopped whole is no success anywhere.
        let junit = text(|out| Format::Junit.write(&report, None, out));
        let fails = junit.contains("<error") || junit.contains("<failure");
        assert_eq!(
            fails,
            code == 1 && what != "the deadline while listing" || matches!(code, 3 | 130) && !report.targets.is_empty(),
            "{what}: {junit}"
        );
    }
}

#[test]
fn a_signal_says_which_one_it_was() {
    let plan = plan(Vec::new());
    let record = Record { selections: vec![selection("old-etl", 0)], ..record(Status::Interrupted, Vec::new()) };
    assert_eq!(exit_status(&plan, &record, Some(Signal::Terminate)).code(), 143);
}

#[test]
fn a_dry_run_says_what_it_could_not_see() {
    let (plan, mut record) = partial();
    record.results =
        vec![row(Outcome::WouldStop), row(Outcome::WouldStop), row(Outcome::WouldStop)].into_iter().collect();
    let said = of_summary(&plan, &record, RunMode::DryRun, None);
    let wanted = "Dry run, nothing was stopped: 3 of 3 targets would be stopped, and the list is NOT COMPLETE, because 1 \
                  listing failed.";
    assert_eq!(said, (wanted.to_owned(), "run without --dry-run to stop them.".to_owned()));
    record.status = Status::Unlisted;
    let said = of_summary(&plan, &record, RunMode::DryRun, None);
    assert_eq!(said.0, "Dry run: nothing would be stopped, because 1 listing failed.");
}

#[test]
fn a_listing_that_could_not_begin_says_why() {
    let plan = plan(Vec::new());
    let cause = "account prod: no credentials\naccount `test`: no credentials".to_owned();
    let record = Record { ended_by: Some(cause.clone()), ..record(Status::Unlisted, Vec::new()) };
    let report = read(&plan, &record, &About::default());
    assert_eq!((report.run.ended_by.as_ref(), report.run.exit_code), (Some(&cause), 1));
    let shown = text(|out| summary(&plan, &record, RunMode::Live, None).write(out));
    let line = "The listing could not begin: account prod: no credentials account `test`: no credentials.";
    assert!(shown.contains(&format!("listing failed.\n{line}\n")), "{shown}");
    assert!(shown.ends_with("Next: fix the cause, then run the plan again.\n"), "{shown}");
    let markdown = text(|out| Markdown { report: &report, again: None }.write(out));
    assert!(markdown.contains("The listing could not begin: account prod:"), "{markdown}");
}

#[test]
fn only_the_first_units_are_named() {
    let (plan, mut record) = partial();
    record.selections[0].missing = (0..25).map(|number| missing(&format!("f-{number}"))).collect();
    // A unit that two selections ask for is one.
    record.selections.push(SelectionRecord { id: "again".to_owned(), ..record.selections[0].clone() });
    let report = read(&plan, &record, &About::default());
    for told in [
        text(|out| summary(&plan, &record, RunMode::Live, None).write(out)),
        text(|out| Markdown { report: &report, again: None }.write(out)),
    ] {
        assert!(told.contains("f-19") && !told.contains("f-20"), "{told}");
        assert!(told.contains("and 5 more: see the report"), "{told}");
        assert!(told.contains("because 25 listings failed"), "{told}");
    }
}

#[test]
fn shards_that_know_the_same_selections_merge_and_others_do_not() {
    let part = |number: usize, selections: &[SelectionRecord]| {
        let (plan, mut record) = partial();
        let reason = if number == 1 { stopped() } else { TargetResult::skipped(SkipReason::Shard) };
        record.results = vec![reason; 3].into_iter().collect();
        record.selections = selections.to_vec();
        let about = About { shard: Some(format!("{number}/2")), ..About::default() };
        ShardReport { path: format!("{number}.json").into(), report: read(&plan, &record, &about) }
    };
    let known = partial().1.selections;
    for others in [&known[..], &[]] {
        let merged = merge(vec![part(1, &known), part(2, others)], false).unwrap();
        assert_eq!(merged.selections.iter().map(SelectionRecord::from).collect::<Vec<_>>(), known);
        assert_eq!(merged.run.exit_code, 1);
    }
    let error = merge(vec![part(1, &known), part(2, &known[..1])], false).unwrap_err();
    assert_eq!(error.to_string(), "1.json and 2.json differ in what their selections found");
}

#[test]
fn a_diff_says_which_side_is_not_complete() {
    let (plan, mut record) = partial();
    let old = read(&plan, &record, &About::default());
    record.selections[0].missing.clear();
    let new = read(&plan, &record, &About::default());
    let told = text(|out| Diff::new(&old, &new).write(out));
    assert!(told.contains("\nold: NOT COMPLETE, because 1 listing failed"), "{told}");
    assert!(!told.contains("\nnew: NOT COMPLETE"), "{told}");
    let value = serde_json::to_value(Diff::new(&old, &new)).unwrap();
    assert_eq!((&value["old"]["not_listed"], value["new"].get("not_listed")), (&json!(1), None));
}
