//! From the tree to the plan: every key is checked, every problem is kept, and nothing is guessed.

use std::path::Path;

use super::files::Files;
use super::finding::Finding;
use super::format::PLAN;
use super::format::plan as keys;
use super::model::Plan;
use super::reader::{Field, Reader};
use super::tree::Node;

mod account;
mod bulk;
mod doubt;
mod endpoint;
mod identity;
mod idle;
mod labels;
mod owner;
mod param;
mod place;
mod reading;
mod target;

/// Reads the whole plan, and the files that it names.
pub(super) fn plan(tree: &Node<'_>, reader: &mut Reader<'_>, path: &Path, files: &mut Files) -> Option<Plan> {
    let root = Field { name: "the plan", node: tree };
    let mut names = PLAN.names();
    names.push("stages");
    let fields = reader.fields(root, "the plan", &names)?;
    if keys::VERSION.field(&fields).is_some() {
        keys::VERSION.read(&fields, reader);
    } else if !fields.is_mistyped(keys::VERSION.name) {
        let finding = Finding::error(fields.place, "missing `version`");
        reader.found.push(finding.hint("add `version: 1` as the first line"));
    }
    let name = keys::NAME.read(&fields, reader);
    let accounts = account::accounts(&fields, reader);
    let limits = keys::LIMITS_KEY.read(&fields, reader).unwrap_or_default();
    let retry = keys::RETRY_KEY.read(&fields, reader).unwrap_or_default();
    let verify = keys::VERIFY_KEY.read(&fields, reader).unwrap_or_default();
    let guards = keys::GUARDS_KEY.read(&fields, reader).unwrap_or_default();
    let stages = fields.key("stages");
    if let Some(place) = stages {
        reader.unsupported(place, "`stages`", "list all targets under `targets` instead");
    }
    let targets = if stages.is_none() || keys::TARGETS.field(&fields).is_some() {
        target::targets(&fields, &accounts, files, reader)
    } else {
        Vec::new()
    };
    if !reader.found.has_errors() && files.errors.is_empty() {
        idle::warn(&fields, &guards, &targets, reader);
    }
    let name = name.unwrap_or_else(|| stem(path));
    let accounts = accounts.list;
    let (path, sha256, shard) = (path.to_owned(), files.sha256(), None);
    Some(Plan { name, path, sha256, accounts, limits, retry, verify, guards, targets, shard })
}

fn stem(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".into();
    }
    path.file_stem().map_or_else(|| "plan".into(), |stem| stem.to_string_lossy().into_owned())
}
