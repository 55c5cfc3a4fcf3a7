//! A report as CSV for spreadsheets: one line for each target, and nothing in a cell that a spreadsheet would run.

use std::io::{self, Write};

use ::csv::Writer;

use super::json::{Moment, Report, Row, RowSource};
use super::text::Escaped;

/// The columns, in order.
const COLUMNS: [&str; 21] = [
    "id",
    "kind",
    "account",
    "region",
    "outcome",
    "reason",
    "evidence",
    "state",
    "duplicate_of",
    "error_class",
    "error_code",
    "error_message",
    "error_request_id",
    "error_hint",
    "started_at",
    "finished_at",
    "attempts",
    "reads",
    "labels",
    "params",
    "done",
];

/// The columns after those, where a listing found or showed one of the targets.
const OF_LISTINGS: [&str; 3] = ["selection", "seen_state", "seen_since"];
/// The column of the stage, the last one of all.
const STAGE: &str = "stage";

/// Writes a report as CSV with a header.
///
/// # Errors
///
/// Passes on what the writer meets.
pub(super) fn write_csv(report: &Report<impl RowSource>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::from_writer(out);
    let are_found = !report.selections.is_empty() || report.targets.are_found();
    let listings = if are_found { &OF_LISTINGS[..] } else { &[] };
    // Only a plan with stages has it.
    let stage = (!report.run.stages.is_empty()).then_some(&STAGE);
    writer.write_record(COLUMNS.iter().chain(listings).chain(stage)).map_err(unwrapped)?;
    for row in report.targets.rows() {
        let listed = of_listings(&row).into_iter().filter(|_| are_found);
        let stage = stage.map(|_| row.stage.clone().unwrap_or_default());
        let cells = cells(&row)?.into_iter().chain(listed).chain(stage).map(|cell| harmless(&cell));
        writer.write_record(cells).map_err(unwrapped)?;
    }
    writer.flush()
}

fn cells(row: &Row) -> io::Result<[String; COLUMNS.len()]> {
    let error = row.error.as_ref();
    Ok([
        row.id.clone(),
        row.kind.clone(),
        row.account.clone(),
        row.region.clone(),
        row.outcome.name().to_owned(),
        row.reason.map(|reason| reason.name().to_owned()).unwrap_or_default(),
        row.evidence.map(|evidence| evidence.name().to_owned()).unwrap_or_default(),
        row.state.clone().unwrap_or_default(),
        row.duplicate_of.clone().unwrap_or_default(),
        error.map(|error| error.class.name().to_owned()).unwrap_or_default(),
        error.and_then(|error| error.code.clone()).unwrap_or_default(),
        error.map(|error| error.message.clone()).unwrap_or_default(),
        error.and_then(|error| error.request_id.clone()).unwrap_or_default(),
        error.and_then(|error| error.hint.clone()).unwrap_or_default(),
        moment(row.started_at),
        moment(row.finished_at),
        row.attempts.len().to_string(),
        row.reads.to_string(),
        serde_json::to_string(&row.labels)?,
        serde_json::to_string(&row.params)?,
        Option::<bool>::from(row.disposition).map(|done| done.to_string()).unwrap_or_default(),
    ])
}

fn of_listings(row: &Row) -> [String; OF_LISTINGS.len()] {
    let seen = row.seen.as_deref();
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    [
        text(row.selection.as_ref()),
        text(seen.and_then(|seen| seen.state.as_ref())),
        text(seen.and_then(|seen| seen.since.as_ref())),
    ]
}

fn moment(at: Option<Moment>) -> String {
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// Escapes invisible characters, so that a row is a line, and keeps spreadsheets from reading a text as a formula.
fn harmless(cell: &str) -> String {
    let shown = Escaped(cell).to_string();
    let is_formula = shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{shown}") } else { shown }
}

/// Returns what the writer met, as it was: nothing else can go wrong while rows of one length are written.
fn unwrapped(error: ::csv::Error) -> io::Error {
    let text = error.to_string();
    if let ::csv::ErrorKind::Io(cause) = error.into_kind() { cause } else { io::Error::other(text) }
}
