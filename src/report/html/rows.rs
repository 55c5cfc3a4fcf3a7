//! The rows as the page's script reads them: arrays without names, with what repeats in tables of its own.
//!
//! `script/rows.js` is the other side of every array here.

use std::io::{self, Write};

use indexmap::IndexSet;
use serde::Serialize;
use serde_json::{Serializer, Value};

use super::causes::Causes;
use super::chip::chip;
use super::inert::Inert;
use crate::plan::Labels;
use crate::report::json::{Moment, NamedValue, Report, Row, RowAttempt, RowError, RowSeen, RowSource};
use crate::wording;

/// Writes everything that the table of targets shows, as one JSON object.
pub(super) fn write(report: &Report<impl RowSource>, causes: &Causes, out: &mut dyn Write) -> io::Result<()> {
    let mut packer = Packer { start: millis(report.run.started_at), ..Packer::default() };
    write!(out, "{{\"start\":{},\"zone\":", packer.start)?;
    json(&report.run.plan.timezone, out)?;
    out.write_all(b",\"rows\":[")?;
    for (number, (row, cause)) in report.targets.rows().zip(&causes.ranks).enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        json(&packer.row(&row, *cause), out)?;
    }
    out.write_all(b"],\n\"groups\":")?;
    let groups = std::mem::take(&mut packer.groups).into_iter();
    json(&groups.map(|group| packer.group(&group)).collect::<Vec<_>>(), out)?;
    out.write_all(b",\n\"texts\":")?;
    json(&packer.texts.iter().collect::<Vec<_>>(), out)?;
    out.write_all(b"}")
}

fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Inert))?)
}

fn millis(at: Moment) -> i64 {
    at.timestamp().as_millisecond()
}

/// The place of a text in the table of texts, from 1; 0 where there is none.
type Text = usize;

/// What rows have in common: kind, account, region, selection, labels.
type Group = (Text, Text, Text, Text, Labels);

/// Texts and groups that rows share, each stored once.
#[derive(Default)]
struct Packer {
    start: i64,
    texts: IndexSet<String>,
    groups: IndexSet<Group>,
}

impl Packer {
    fn text(&mut self, text: &str) -> Text {
        1 + self.texts.get_index_of(text).unwrap_or_else(|| self.texts.insert_full(text.to_owned()).0)
    }

    fn optional(&mut self, text: Option<&str>) -> Text {
        text.map_or(0, |text| self.text(text))
    }

    /// Returns id, group, outcome, evidence, reason, duplicate of, state, start and end in milliseconds of the run,
    /// state reads, error, parameters, attempts, what a listing showed, and the rank of the cause from 1.
    fn row<'a>(&mut self, row: &'a Row, cause: usize) -> impl Serialize + use<'a> {
        let since = |at: Option<Moment>| at.map(|at| millis(at) - self.start);
        let (started, finished) = (since(row.started_at), since(row.finished_at));
        let [kind, account, region] = [&row.kind, &row.account, &row.region].map(|text| self.text(text));
        let selection = self.optional(row.selection.as_deref());
        let (group, _) = self.groups.insert_full((kind, account, region, selection, Labels::clone(&row.labels)));
        (
            &row.id,
            group,
            self.text(chip(row.outcome, row.reason)),
            self.optional(row.evidence.map(wording::evidence)),
            self.optional(row.reason.map(|reason| wording::reason(reason).short)),
            self.optional(row.duplicate_of.as_deref()),
            self.optional(row.state.as_deref()),
            started,
            finished,
            row.reads,
            row.error.as_ref().map(|error| self.error(error)),
            row.params.0.iter().flat_map(|(name, value)| self.param(name, value)).collect::<Vec<_>>(),
            row.attempts.iter().map(|attempt| self.attempt(attempt)).collect::<Vec<_>>(),
            row.seen.as_ref().map(|seen| self.seen(seen)),
            cause,
        )
    }

    /// Returns state, name, begin as the service writes it, and moment in milliseconds of the run.
    fn seen<'a>(&mut self, seen: &'a RowSeen) -> impl Serialize + use<'a> {
        let [state, name] = [&seen.state, &seen.name].map(|text| self.optional(text.as_deref()));
        (state, name, seen.since.as_deref(), seen.at.map(|at| millis(at) - self.start))
    }

    /// Returns a parameter's name and value, which take turns.
    fn param(&mut self, name: &str, value: &NamedValue) -> [Value; 2] {
        let name = self.text(name).into();
        match value {
            NamedValue::Flag(flag) => [name, (*flag).into()],
            NamedValue::Text(text) => [name, self.text(text).into()],
        }
    }

    /// Returns class, code, message, request id, and hint.
    fn error<'a>(&mut self, error: &'a RowError) -> impl Serialize + use<'a> {
        (
            self.text(error.class.name()),
            self.optional(error.code.as_deref()),
            self.text(&error.message),
            error.request_id.as_deref(),
            self.optional(error.hint.as_deref()),
        )
    }

    /// Returns number, time in milliseconds of the run, duration, status, code, message, request id, class, and wait.
    fn attempt<'a>(&mut self, attempt: &'a RowAttempt) -> impl Serialize + use<'a> {
        (
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

    fn group(&mut self, (kind, account, region, selection, labels): &Group) -> impl Serialize + use<> {
        let labels: Vec<_> = labels.iter().flat_map(|(key, value)| [self.text(key), self.text(value)]).collect();
        (*kind, *account, *region, *selection, labels)
    }
}
