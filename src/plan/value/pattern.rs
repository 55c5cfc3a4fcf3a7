//! Patterns of values: one, or a list of them of which one must match.

use globset::Glob;

use crate::plan::finding::Finding;
use crate::plan::key::{Form, Takes};
use crate::plan::pattern::{self, composed};
use crate::plan::reader::{Field, Reader, Text};
use crate::plan::select::Globs;
use crate::plan::suggest::quote;
use crate::plan::tree::{Content, Node, Span};

/// A pattern, or a list of at least one.
pub(in crate::plan) const GLOBS: Form<Globs> = Form { takes: || Takes::Globs, read: globs };

/// Patterns of values by names of one's choice, at least one.
pub(in crate::plan) const TAGS: Form<Vec<(String, Globs)>> = Form { takes: || Takes::Tags, read: tags };

/// Reads a pattern, or a list of patterns.
pub(in crate::plan) fn globs(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Globs> {
    let items = one_or_more(field, reader)?;
    let globs: Vec<_> = items.into_iter().map(|item| glob(item, reader)).collect();
    let globs: Vec<(Glob, _)> = globs.into_iter().collect::<Option<_>>()?;
    let globs = Globs::of(globs.into_iter().map(|(glob, _)| glob));
    if globs.is_err() {
        reader.wrong(field.node.span, format!("the patterns of {field} exceed the size limit together"), None);
    }
    globs.ok()
}

/// Returns the items of a list, which has at least one, or the only value.
pub(in crate::plan) fn one_or_more<'t, 's>(
    field: Field<'t, 's>,
    reader: &mut Reader<'_>,
) -> Option<Vec<Field<'t, 's>>> {
    if !matches!(field.node.content(), Content::Sequence(_)) {
        return Some(vec![field]);
    }
    let items: Vec<_> = reader.list(field)?.collect();
    if items.is_empty() {
        let finding = Finding::error(field.node.span, format!("{field} is an empty list"));
        reader.found.push(finding.hint("give it at least one item, or omit the key"));
        return None;
    }
    Some(items)
}

/// Reads one pattern, and returns it with its text.
pub(in crate::plan) fn glob<'t>(field: Field<'t, '_>, reader: &mut Reader<'_>) -> Option<(Glob, Text<'t>)> {
    let text = reader.name(field)?;
    match pattern::compile(&composed(&text.value)) {
        Ok(glob) => Some((glob, text)),
        Err(error) => {
            reader.found.push(no_pattern(&text.to_string(), text.span, &error));
            None
        }
    }
}

/// Reads a pattern that is a key, and so is taken as it is written.
pub(super) fn key_glob(key: &Node<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Glob> {
    if name.is_empty() || name.chars().any(char::is_control) {
        reader.found.push(Finding::error(key.span, "a pattern is text without control characters"));
        return None;
    }
    let glob = pattern::compile(&composed(name));
    glob.map_err(|error| reader.found.push(no_pattern(&quote(name), key.span, &error))).ok()
}

fn no_pattern(shown: &str, span: Span, error: &globset::Error) -> Finding {
    Finding::error(span, format!("{shown} is not a pattern: {}", error.kind())).hint(pattern::HINT)
}

fn tags(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<(String, Globs)>> {
    let entries = reader.entries(field)?;
    if entries.is_empty() {
        let finding = Finding::error(field.node.span, format!("{field} is empty"));
        reader.found.push(finding.hint("name at least one tag, such as `{env: test}`, or omit the key"));
        return None;
    }
    let mut tags = Some(Vec::new());
    for entry in entries {
        let name = entry.name();
        if name.is_empty() || name.chars().any(char::is_control) {
            reader.found.push(Finding::error(entry.key.span, "a tag's key is text without control characters"));
            tags = None;
            continue;
        }
        let globs = globs(Field { name, node: &entry.value }, reader);
        tags = tags.zip(globs).map(|(mut tags, globs)| {
            tags.push((composed(name).into_owned(), globs));
            tags
        });
    }
    tags
}
