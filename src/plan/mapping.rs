//! Finishes a mapping of the tree: keys must be text and unique, and `<<` brings in other mappings.

use std::collections::{HashMap, HashSet};

use super::finding::{Finding, Findings};
use super::suggest::quote;
use super::tree::{Content, Entry, Node, Span, Style};

/// The key that merges other mappings in.
const MERGE: &str = "<<";

/// Checks the keys and carries out merges; wrong entries are left out.
pub(super) fn finish(entries: &mut Vec<Entry<'_>>, found: &mut Findings) {
    entries.retain(|entry| has_text_key(entry, found));
    drop_repeated(entries, found);
    if entries.iter().any(is_merge) {
        merge(entries, found);
    }
}

fn has_text_key(entry: &Entry<'_>, found: &mut Findings) -> bool {
    match entry.key.scalar() {
        Some(key) if !key.is_null() => true,
        Some(_) => {
            found.push(Finding::error(entry.key.span, "this key is empty"));
            false
        }
        None => {
            found.push(
                Finding::error(entry.key.span, "a key must be text, not a list or a mapping")
                    .hint("put quotes around text that starts with `{` or `[`"),
            );
            false
        }
    }
}

/// Leaves out every later entry of the same key.
fn drop_repeated(entries: &mut Vec<Entry<'_>>, found: &mut Findings) {
    let mut names: Vec<&str> = entries.iter().map(Entry::name).collect();
    names.sort_unstable();
    if names.is_sorted_by(|one, next| one < next) {
        return;
    }
    let mut firsts: HashMap<String, Span> = HashMap::new();
    entries.retain(|entry| {
        let Some(first) = firsts.get(entry.name()) else {
            return firsts.insert(entry.name().to_owned(), entry.key.span).is_none();
        };
        found.push(
            Finding::error(entry.key.span, format!("duplicate key {}", quote(entry.name())))
                .label("duplicate")
                .related(*first, "first defined here"),
        );
        false
    });
}

fn is_merge(entry: &Entry<'_>) -> bool {
    entry.key.scalar().is_some_and(|key| key.style == Style::Plain && key.text == MERGE)
}

/// Appends the entries of merged mappings; own keys win, then earlier mappings.
fn merge(entries: &mut Vec<Entry<'_>>, found: &mut Findings) {
    let (merges, mut own): (Vec<_>, Vec<_>) = std::mem::take(entries).into_iter().partition(is_merge);
    let mut keys: HashSet<String> = own.iter().map(|entry| entry.name().to_owned()).collect();
    for source in merges.iter().flat_map(|entry| sources(&entry.value)) {
        let Content::Mapping(merged) = source.content() else {
            found.push(Finding::error(source.span, "`<<` takes a mapping, or a list of mappings"));
            continue;
        };
        for entry in merged {
            if keys.insert(entry.name().to_owned()) {
                own.push(entry.clone());
            }
        }
    }
    *entries = own;
}

fn sources<'n, 's>(value: &'n Node<'s>) -> &'n [Node<'s>] {
    match value.content() {
        Content::Sequence(several) => several,
        Content::Scalar(_) | Content::Mapping(_) => std::slice::from_ref(value),
    }
}
