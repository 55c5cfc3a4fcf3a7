//! A report as JUnit XML, which CI servers show: a suite for each kind, a case for each target; and a suite for the
//! selections, a case for each.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report as Document, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::disposition::Disposition;
use super::json::{Moment, Report, Row, RowSource, RunInfo, SelectionSummary};
use super::remarks::{counts, left_out};
use super::text::Escaped;
use super::words::{mode_words, plain, why};
use crate::base::count::counted;
use crate::engine::Outcome;

/// Writes a report as JUnit XML.
///
/// A target that counts as done passes. One that does not fails, or is an error if it was not sent. One that was left out
/// by choice is skipped. A selection that was not listed in full is an error, as is one that found what cannot be stopped. In a rehearsal, a row that disagrees with the simulator's ledger fails, whatever it says.
///
/// # Errors
///
/// Passes on what the writer meets.
pub(super) fn write_junit(report: &Report<impl RowSource>, out: &mut dyn Write) -> io::Result<()> {
    let disagreements = disagreements(report);
    let mut suites: BTreeMap<String, TestSuite> = BTreeMap::new();
    for row in report.targets.rows() {
        let suite = suites.entry(row.kind.clone()).or_insert_with(|| suite(&report.run, &row.kind));
        suite.add_test_case(case(&row, disagreements.get(&*row.id).copied()));
    }
    let mut document = Document::new(text(&format!("allstop {}", report.run.plan.name)));
    document.set_time(Duration::from_millis(report.run.duration_ms));
    document.add_test_suites(selections(report));
    document.add_test_suites(suites.into_values().map(timed));
    // Serialized to the writer, its errors would be hidden.
    out.write_all(document.to_string().map_err(io::Error::other)?.as_bytes())
}

/// Returns what a rehearsal's ledger has against rows, by their ids.
fn disagreements<R>(report: &Report<R>) -> HashMap<&str, &str> {
    let lines = report.rehearsal.iter().flat_map(|rehearsal| &rehearsal.disagreements);
    // A line is the id, these words, the outcome, and the truth, in which they do not occur.
    lines.filter_map(|line| Some((line.rsplit_once(" is reported as ")?.0, line.as_str()))).collect()
}

fn suite(run: &RunInfo, kind: &str) -> TestSuite {
    let mut suite = TestSuite::new(text(kind));
    suite.extra.insert("timestamp".into(), run.started_at.to_string().into());
    suite.add_property(Property::new("mode", mode_words(run.mode)));
    suite.add_property(Property::new("run", text(&run.id)));
    if let Some(reason) = &run.reason {
        suite.add_property(Property::new("reason", text(reason)));
    }
    suite
}

/// Gives a suite the time of its cases.
fn timed(mut suite: TestSuite) -> TestSuite {
    let time = suite.test_cases.iter().filter_map(|case| case.time).sum();
    suite.set_time(time);
    suite
}

fn case(row: &Row, disagreement: Option<&str>) -> TestCase {
    let mut case = TestCase::new(text(&row.id), status(row, disagreement));
    case.set_classname(text(&format!("{}.{}", row.kind, row.account)));
    case.set_time(row.took().unwrap_or_default());
    let seen = row.seen.as_deref();
    let found = [
        ("selection", row.selection.as_deref()),
        ("seen_state", seen.and_then(|seen| seen.state.as_deref())),
        ("seen_since", seen.and_then(|seen| seen.since.as_deref())),
    ];
    for (name, value) in found.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        case.add_property(Property::new(name, text(value)));
    }
    if let Some(stage) = &row.stage {
        case.add_property(Property::new("stage", text(stage)));
    }
    case
}

/// Returns the suite of the selections; there is none without them.
fn selections<R>(report: &Report<R>) -> Option<TestSuite> {
    let cases = report.selections.iter().map(|selection| {
        let mut case = TestCase::new(text(&selection.id), listed(selection));
        case.set_classname(text(&format!("selections.{}", selection.kind)));
        case.set_time(between(Some(selection.started_at), Some(selection.finished_at)));
        case
    });
    let mut suite = suite(&report.run, "selections");
    suite.add_test_cases(cases);
    (!report.selections.is_empty()).then(|| timed(suite))
}

/// Returns what a selection is as a test case.
fn listed(selection: &SelectionSummary) -> TestCaseStatus {
    let unusable = selection.left_out.unusable > 0;
    if selection.missing.is_empty() && !unusable {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    let class = selection.missing.first().map_or("unusable", |unit| unit.error.class.name());
    let hints = selection.missing.iter().map(|unit| {
        let hint = unit.error.hint.as_ref().map(|hint| format!("\nhint: {}", printable(hint))).unwrap_or_default();
        format!("{}{hint}", printable(&unit.line()))
    });
    let names = selection.unusable.iter().map(|name| format!("cannot be a target: {}", printable(name)));
    let details: Vec<_> = hints.chain(names).collect();
    let words = [counts(selection), left_out(selection)];
    let missing =
        (!selection.missing.is_empty()).then(|| counted(selection.missing.len() as u64, "listing") + " failed");
    let words: Vec<_> = missing.into_iter().chain(words).filter(|words| !words.is_empty()).collect();
    status.set_type(class).set_message(text(&words.join("; ")));
    if !details.is_empty() {
        status.set_description(details.join("\n"));
    }
    status
}

fn between(started: Option<Moment>, finished: Option<Moment>) -> Duration {
    let span = started.zip(finished);
    let span = span.map(|(started, finished)| finished.timestamp().duration_since(started.timestamp()));
    span.and_then(|span| Duration::try_from(span).ok()).unwrap_or_default()
}

/// Returns what a row is as a test case; a row that is not true is a failure.
fn status(row: &Row, disagreement: Option<&str>) -> TestCaseStatus {
    let reason = row.reason.map(|reason| reason.name());
    let class = row.error.as_ref().map(|error| error.class.name());
    let failure = || TestCaseStatus::non_success(NonSuccessKind::Failure);
    let (mut status, kind) = match (row.disposition, row.outcome) {
        _ if disagreement.is_some() => (failure(), Some("disagreement")),
        (Disposition::Done, _) => return TestCaseStatus::success(),
        (Disposition::LeftOut, _) => (TestCaseStatus::skipped(), reason),
        (Disposition::Open, Outcome::Skipped) => (TestCaseStatus::non_success(NonSuccessKind::Error), reason),
        (Disposition::Open, _) => (failure(), class),
    };
    status.set_type(kind.unwrap_or(row.outcome.name()));
    let why = why(row);
    status.set_message(text(&match disagreement {
        Some(line) => format!("the simulator's ledger disagrees: {line}"),
        None if why.is_empty() => plain(row.outcome),
        None => format!("{}: {why}", plain(row.outcome)),
    }));
    let details = details(row);
    if !details.is_empty() {
        status.set_description(details);
    }
    status
}

/// Writes what is known of a target that is not stopped, a line each.
fn details(row: &Row) -> String {
    let error = row.error.as_ref();
    let place = format!("{} {}", row.account, row.region);
    let lines = [
        ("account, region", error.map(|_| place.as_str())),
        ("message", error.map(|error| error.message.as_str())),
        ("code", error.and_then(|error| error.code.as_deref())),
        ("request id", error.and_then(|error| error.request_id.as_deref())),
        ("hint", error.and_then(|error| error.hint.as_deref())),
        ("state", row.state.as_deref()),
    ];
    let told = lines.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let told: Vec<_> = told.map(|(name, value)| format!("{name}: {}", printable(value))).collect();
    told.join("\n")
}

/// Makes a text fit for XML.
fn text(text: &str) -> XmlString {
    XmlString::new(printable(text))
}

/// Escapes invisible characters, and with them all that XML does not allow.
fn printable(text: &str) -> String {
    Escaped(text).to_string()
}
