//! One voice: the summary of a run, and the page, the Markdown and the table of its report, say the same.

use allstop::engine::{Outcome, Record, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::plan::{NotFound, Plan, VerifyMode};
use allstop::report::{About, HtmlPage, Markdown, RunMode, Summary, Table, Tally};

use super::every::read;
use super::fixture::{executions, failed, plan, record, row, stopped};

const COMMAND: &str = "allstop retry incident.report.json";

/// A verdict, and what to do next; empty where there is nothing.
pub(super) type Said = (String, String);

/// What a run comes to.
struct Case {
    name: &'static str,
    mode: RunMode,
    status: Status,
    rows: Vec<TargetResult>,
    /// Whether what is gone, and what only took the stop, is fine.
    is_lenient: bool,
}

fn case(name: &'static str, rows: Vec<TargetResult>) -> Case {
    Case { name, mode: RunMode::Live, status: Status::Completed, rows, is_lenient: false }
}

fn cases() -> Vec<Case> {
    let failed = || failed(ErrorClass::Denied, "AccessDenied", "no");
    let skipped = TargetResult::skipped;
    let broken_off = |name, status, reason| Case { status, ..case(name, vec![stopped(), skipped(reason)]) };
    let rehearsed = |name, rows| Case { mode: RunMode::Rehearsal, ..case(name, rows) };
    let dry = |name, rows| Case { mode: RunMode::DryRun, ..case(name, rows) };
    let gone = || vec![stopped(), row(Outcome::NotFound), row(Outcome::Accepted)];
    vec![
        case("all stopped", vec![stopped(), row(Outcome::AlreadyStopped)]),
        case("the only one stopped", vec![stopped()]),
        case("some failed", vec![stopped(), failed(), failed()]),
        case("unknown", vec![failed(), row(Outcome::Unknown)]),
        case("accepted", vec![stopped(), row(Outcome::Accepted)]),
        case("gone", vec![stopped(), row(Outcome::NotFound)]),
        Case { is_lenient: true, ..case("gone and accepted, which is fine", gone()) },
        case("no credentials", vec![skipped(SkipReason::Credentials)]),
        case("nothing selected", vec![skipped(SkipReason::Filtered), skipped(SkipReason::Protected)]),
        case("an empty shard", vec![skipped(SkipReason::Shard), skipped(SkipReason::Shard)]),
        case("a part of the shards", vec![stopped(), skipped(SkipReason::Shard)]),
        broken_off("interrupted", Status::Interrupted, SkipReason::Interrupted),
        broken_off("out of time", Status::Deadline, SkipReason::Deadline),
        broken_off("too many failures", Status::Aborted, SkipReason::Aborted),
        rehearsed("a rehearsal", vec![stopped(), stopped()]),
        rehearsed("a rehearsal with failures", vec![stopped(), failed()]),
        dry("a dry run", vec![row(Outcome::WouldStop), row(Outcome::AlreadyStopped)]),
        dry("a dry run that found nothing", vec![row(Outcome::NotFound), row(Outcome::AlreadyStopped)]),
        Case {
            status: Status::Deadline,
            ..dry(
                "a dry run that was cut short",
                vec![row(Outcome::WouldStop), row(Outcome::NotFound), skipped(SkipReason::Deadline)],
            )
        },
        Case {
            status: Status::Aborted,
            ..dry("a dry run that a guard refused", vec![skipped(SkipReason::Aborted), skipped(SkipReason::Aborted)])
        },
        dry("a dry run of nothing", vec![skipped(SkipReason::Filtered)]),
    ]
}

pub(super) fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut text = Vec::new();
    write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Takes the verdict, which is the first line, and the next step, which is the last, out of lines.
pub(super) fn of_lines(text: &str) -> Said {
    let verdict = text.lines().next().unwrap_or_default().trim_start_matches("## ");
    let next = text.split_once("\nNext: ").map(|(_, next)| next).unwrap_or_default();
    (verdict.to_owned(), next.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns the summary of a run, without a report, colours or a width.
pub(super) fn summary<'a>(plan: &'a Plan, record: &'a Record, mode: RunMode, again: Option<&'a str>) -> Summary<'a> {
    Summary {
        plan,
        record,
        tally: Tally::of(plan, record),
        mode,
        rehearsal: None,
        report: None,
        is_resumed: false,
        is_unasked: false,
        again,
        colour: false,
        width: None,
    }
}

pub(super) fn of_summary(plan: &Plan, record: &Record, mode: RunMode, again: Option<&str>) -> Said {
    let summary = summary(plan, record, mode, again);
    assert_eq!(summary.sentence(), of_lines(&text(|out| summary.write(out))).0);
    of_lines(&text(|out| summary.write(out)))
}

pub(super) fn of_page(page: &str) -> Said {
    let between = |from: &str, to: &str| {
        let rest = page.split_once(from).map(|(_, rest)| rest)?;
        rest.split_once(to).map(|(text, _)| text.to_owned())
    };
    let words = between("<p class=\"step\">", "</p>").unwrap_or_default();
    let first = words.chars().take(1).flat_map(char::to_lowercase);
    let next: String = first.chain(words.chars().skip(1)).collect();
    let command = between("<code id=\"command\">", "</code>").unwrap_or_default();
    (between("<h1 id=\"sentence\">", "</h1>").unwrap(), format!("{next} {command}").trim().to_owned())
}

#[test]
fn whoever_tells_of_a_run_tells_the_same() {
    let mut told = String::new();
    for Case { name, mode, status, rows, is_lenient } in cases() {
        let mut plan = plan(executions(rows.len()));
        if is_lenient {
            (plan.guards.not_found, plan.verify.mode) = (NotFound::Ok, VerifyMode::Off);
        }
        let record = record(status, rows);
        let about = About { mode, ..About::default() };
        let report = &read(&plan, &record, &about);
        for again in [Some(COMMAND), None] {
            let said = of_summary(&plan, &record, mode, again);
            let page = of_page(&text(|out| HtmlPage { report, again }.write(out)));
            let markdown = of_lines(&text(|out| Markdown { report, again }.write(out)));
            let table = Table { report, all: false, again, width: None, colour: false };
            let table = of_lines(&text(|out| table.write(out)));
            assert_eq!((&page, &markdown, &table), (&said, &said, &said), "{name}, {again:?}");
            if again.is_some() {
                told.push_str(&format!("{name}\n  {}\n  {}\n", said.0, said.1));
            }
        }
    }
    insta::assert_snapshot!("voice", told);
}
