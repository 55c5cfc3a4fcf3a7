//! From the tree to the plan: every key is checked, every problem is kept, and nothing is guessed.

use std::collections::BTreeMap;
use std::path::Path;

use super::files::Files;
use super::finding::Finding;
use super::format;
use super::model::{Account, Plan};
use super::reader::{Field, Reader};
use super::tree::{Node, Span};

mod account;
mod bulk;
mod doubt;
mod endpoint;
mod guards;
mod identity;
mod labels;
mod limits;
mod owner;
mod param;
mod place;
mod retry;
mod target;

pub(super) use identity::duplicates;

/// The accounts of a plan by name: their numbers, unless something is wrong with them, and their places.
struct Accounts<'t> {
    numbers: BTreeMap<&'t str, Option<u16>>,
    list: Vec<Account>,
}

/// Reads the whole plan, and the files that it names.
pub(super) fn plan(tree: &Node<'_>, reader: &mut Reader<'_>, path: &Path, files: &mut Files) -> Option<Plan> {
    let root = Field { name: "the plan", node: tree };
    let mut keys = format::PLAN.names();
    keys.push("stages");
    let fields = reader.fields(root, "the plan", &keys)?;
    match fields.get("version") {
        Some(version) => check_version(version, reader),
        None if fields.is_mistyped("version") => {}
        None => {
            let finding = Finding::error(fields.place, "the plan does not say which version of the format it follows");
            reader.found.push(finding.hint("add `version: 1` as the first line"));
        }
    }
    let name = fields.get("name").and_then(|field| reader.name(field)).map(|text| text.value.into_owned());
    let accounts = account::accounts(&fields, reader);
    let limits = fields.get("limits").and_then(|field| limits::limits(field, reader)).unwrap_or_default();
    let retry = fields.get("retry").and_then(|field| retry::retry(field, reader)).unwrap_or_default();
    let verify = fields.get("verify").and_then(|field| retry::verify(field, reader)).unwrap_or_default();
    let guards = fields.get("guards").and_then(|field| guards::guards(field, reader)).unwrap_or_default();
    let stages = fields.key("stages");
    if let Some(place) = stages {
        unsupported(reader, place, "`stages`", "list all targets under `targets` instead");
    }
    let targets = if stages.is_none() || fields.get("targets").is_some() {
        target::targets(&fields, &accounts, files, reader)
    } else {
        Vec::new()
    };
    if !reader.found.has_errors() && files.errors.is_empty() {
        guards::idle(&fields, &guards, &targets, reader);
    }
    let name = name.unwrap_or_else(|| stem(path));
    let accounts = accounts.list;
    let (path, sha256, shard) = (path.to_owned(), files.sha256(), None);
    Some(Plan { name, path, sha256, accounts, limits, retry, verify, guards, targets, shard })
}

fn check_version(field: Field<'_, '_>, reader: &mut Reader<'_>) {
    const CURRENT: u64 = 1;
    let span = field.node.span;
    if let Some(version) = reader.count(field, 0..=u64::MAX).filter(|version| *version != CURRENT) {
        let title = format!("version {version} of the plan format is not known");
        reader.found.push(Finding::error(span, title).hint("this program reads `version: 1`"));
    }
}

/// Complains of what the format has but this program cannot do.
fn unsupported(reader: &mut Reader<'_>, place: Span, what: &str, hint: &str) {
    reader.found.push(Finding::error(place, format!("{what} is not supported yet")).hint(hint));
}

fn stem(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".into();
    }
    path.file_stem().map_or_else(|| "plan".into(), |stem| stem.to_string_lossy().into_owned())
}
