//! The rows as the page's script reads them: arrays without names, with what repeats in tables of its own.
//!
//! `script/rows.js` is the other side of every array here.

use std::io::{self, Write};

use serde::Serialize;

use super::causes::Causes;
use super::inert::Inert;
use super::strings::{Group, Groups, Text, Texts};
use super::words;
use crate::plan::Labels;
use crate::report::json::{Moment, NamedValue, Report, Row, RowAttempt, RowError, RowSource};

/// Writes everything that the table of targets shows, as one JSON object.
pub(super) fn write(report: &Report<impl RowSource>, causes: &Causes, out: &mut dyn Write) -> io::Result<()> {
    let mut packer = Packer { start: millis(report.run.started_at), ..Packer::default() };
    write!(out, "{{\"start\":{},\"zone\":", packer.start)?;
    json(&report.run.plan.timezone, out)?;
    out.write_all(b",\"rows\":[")?;
    for (number, (row, cause)) in report.targets.rows().zip(causes.ranks()).enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        json(&packer.row(&row, *cause), out)?;
    }
    out.write_all(b"],\n\"groups\":")?;
    let groups = std::mem::take(&mut packer.groups).list().into_iter();
    json(&groups.map(|group| packer.group(group)).collect::<Vec<_>>(), out)?;
    out.write_all(b",\n\"texts\":")?;
    json(&packer.texts.list(), out)?;
    out.write_all(b"}")
}

fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    Ok(value.serialize(&mut serde_json::Serializer::with_formatter(out, Inert))?)
}

fn millis(at: Moment) -> i64 {
    at.timestamp().as_millisecond()
}

/// Id, group, outcome, evidence, reason, duplicate of, state, start and end in milliseconds of the run, state reads,
/// error, parameters, attempts, and the rank of the cause from 1.
#[derive(Serialize)]
struct PackedRow<'a>(
    &'a str,
    usize,
    Text,
    Text,
    Text,
    Text,
    Text,
    Option<i64>,
    Option<i64>,
    u32,
    Option<PackedError<'a>>,
    Vec<PackedValue>,
    Vec<PackedAttempt<'a>>,
    usize,
);

/// Class, code, message, request id, hint.
#[derive(Serialize)]
struct PackedError<'a>(Text, Text, Text, Option<&'a str>, Text);

/// Number, time in milliseconds of the run, duration, status, code, message, request id, class, wait.
#[derive(Serialize)]
struct PackedAttempt<'a>(u32, i64, u64, Option<u16>, Text, Text, Option<&'a str>, Text, Option<u64>);

/// A parameter's name or value; names and values take turns.
#[derive(Serialize)]
#[serde(untagged)]
enum PackedValue {
    Text(Text),
    Flag(bool),
}

#[derive(Default)]
struct Packer {
    start: i64,
    texts: Texts,
    groups: Groups,
}

impl Packer {
    fn text(&mut self, text: &str) -> Text {
        self.texts.place(text)
    }

    fn optional(&mut self, text: Option<&str>) -> Text {
        text.map_or(0, |text| self.text(text))
    }

    fn row<'a>(&mut self, row: &'a Row, cause: usize) -> PackedRow<'a> {
        let since = |at: Option<Moment>| at.map(|at| millis(at) - self.start);
        let (started, finished) = (since(row.started_at), since(row.finished_at));
        let [kind, account, region] = [&row.kind, &row.account, &row.region].map(|text| self.text(text));
        let group = self.groups.place((kind, account, region, Labels::clone(&row.labels)));
        PackedRow(
            &row.id,
            group,
            self.text(words::chip(row.outcome, row.reason)),
            self.optional(row.evidence.map(words::evidence)),
            self.optional(row.reason.map(words::skipped)),
            self.optional(row.duplicate_of.as_deref()),
            self.optional(row.state.as_deref()),
            started,
            finished,
            row.reads,
            row.error.as_ref().map(|error| self.error(error)),
            row.params.0.iter().flat_map(|(name, value)| self.param(name, value)).collect(),
            row.attempts.iter().map(|attempt| self.attempt(attempt)).collect(),
            cause,
        )
    }

    fn param(&mut self, name: &str, value: &NamedValue) -> [PackedValue; 2] {
        let value = match value {
            NamedValue::Flag(flag) => PackedValue::Flag(*flag),
            NamedValue::Text(text) => PackedValue::Text(self.text(text)),
        };
        [PackedValue::Text(self.text(name)), value]
    }

    fn error<'a>(&mut self, error: &'a RowError) -> PackedError<'a> {
        PackedError(
            self.text(error.class.name()),
            self.optional(error.code.as_deref()),
            self.text(&error.message),
            error.request_id.as_deref(),
            self.optional(error.hint.as_deref()),
        )
    }

    fn attempt<'a>(&mut self, attempt: &'a RowAttempt) -> PackedAttempt<'a> {
        PackedAttempt(
            attempt.n,
            millis(attempt.at) - self.start,
            attempt.duration_ms,
            attempt.http_status,
            self.optional(attempt.code.as_deref()),
            self.optional(attempt.message.as_deref()),
            attempt.request_id.as_deref(),
            self.optional(attempt.class.map(|class| class.name())),
            attempt.retry_in_ms,
        )
    }

    fn group(&mut self, (kind, account, region, labels): Group) -> (Text, Text, Text, Vec<Text>) {
        let labels = labels.iter().flat_map(|(key, value)| [self.text(key), self.text(value)]).collect();
        (kind, account, region, labels)
    }
}
