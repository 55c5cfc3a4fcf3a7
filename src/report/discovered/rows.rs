//! Files of targets for `from`: a JSON object a line, or a table with commas.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Map, Value};

use super::found::Discovered;
use crate::base::escape::{Escaped, write_json_line};
use crate::plan::{Choice, Target};
use crate::report::json::Moment;
use crate::service;

/// How labels of tags begin.
const TAG: &str = "tag.";

/// Returns what has a row: what a run would stop and, where all is shown, the rest.
pub(super) fn shown(found: &Discovered) -> impl Iterator<Item = &Target> {
    let targets = found.choices.iter().zip(&found.plan.targets);
    let is_shown = |choice: &Choice| *choice == Choice::Stop || (found.shows_all && *choice == Choice::Protected);
    let spared = found.spared.iter().filter(|_| found.shows_all).map(|spared| &spared.target);
    targets.filter(move |(choice, _)| is_shown(choice)).map(|(_, target)| target).chain(spared)
}

pub(super) fn ndjson(found: &Discovered, out: &mut dyn Write) -> io::Result<()> {
    shown(found).try_for_each(|target| {
        let mut row = Map::new();
        row.insert("account".into(), found.plan.account_of(target).name.clone().into());
        if let Some(id) = &target.own_id {
            row.insert("id".into(), (**id).into());
        }
        for (param, value) in target.params.given(target.kind.params) {
            let value: Value = match value {
                service::Value::Text(text) => text.into(),
                service::Value::Flag(flag) => flag.into(),
            };
            row.insert(param.name.into(), value);
        }
        let labels: Map<_, _> = tags(target).map(|(key, value)| (key, value.into())).collect();
        if !labels.is_empty() {
            row.insert("labels".into(), labels.into());
        }
        // `from` takes no null.
        let seen: Map<_, _> =
            seen(target).into_iter().filter_map(|(key, text)| Some((key.into(), text?.into()))).collect();
        row.insert("seen".into(), seen.into());
        write_json_line(out, &Value::from(row))
    })
}

pub(super) fn csv(found: &Discovered, out: &mut dyn Write) -> io::Result<()> {
    let labels: BTreeSet<String> = shown(found).flat_map(tags).map(|(key, _)| key).collect();
    let Some(kind) = shown(found).next().map(|target| target.kind) else { return Ok(()) };
    let mut table = ::csv::Writer::from_writer(out);
    let params: Vec<_> =
        kind.params.iter().filter(|param| param.identifying).map(|param| param.name.to_owned()).collect();
    let facts = seen_names().map(|name| format!("seen.{name}"));
    let header = params.into_iter().chain(["id", "account"].map(str::to_owned)).chain(facts);
    table.write_record(header.chain(labels.iter().map(|label| format!("label.{label}"))))?;
    for target in shown(found) {
        let names = target.params.identity(target.kind.params).map(str::to_owned);
        let own = [target.own_id.as_deref().unwrap_or_default().to_owned(), found.plan.account_of(target).name.clone()];
        let facts = seen(target).into_iter().map(|(_, text)| text.unwrap_or_default());
        let known: std::collections::BTreeMap<_, _> = tags(target).collect();
        let labels = labels.iter().map(|label| known.get(label).cloned().unwrap_or_default());
        table.write_record(names.chain(own).chain(facts).chain(labels))?;
    }
    table.flush()
}

/// Returns the labels of a target's tags. What no plan's file can say, such as line breaks, is escaped.
fn tags(target: &Target) -> impl Iterator<Item = (String, String)> {
    let is_said =
        |(key, value): &(&String, &String)| key.starts_with(TAG) && key.len() > TAG.len() && !value.is_empty();
    let tags = target.labels.iter().filter(is_said);
    tags.map(|(key, value)| (without_controls(key), without_controls(value)))
}

fn without_controls(text: &str) -> String {
    if text.chars().any(char::is_control) { Escaped(text).to_string() } else { text.to_owned() }
}

fn seen_names() -> impl Iterator<Item = &'static str> {
    ["state", "name", "since", "at"].into_iter()
}

/// Returns what a listing showed of a target.
fn seen(target: &Target) -> [(&'static str, Option<String>); 4] {
    let seen = target.seen.as_deref();
    let text = |text: Option<&str>| text.map(str::to_owned);
    [
        ("state", text(seen.and_then(|seen| seen.state.as_deref()))),
        ("name", text(seen.and_then(|seen| seen.name.as_deref()))),
        ("since", text(seen.and_then(|seen| seen.since.as_deref()))),
        ("at", seen.and_then(|seen| seen.at).map(|at| Moment::from(at).to_string())),
    ]
}
