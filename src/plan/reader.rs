//! Reads scalars and lists of the tree: text with its variables substituted.
//!
//! Every method returns `None` after it has pushed a finding, so that reading continues with the next value.

use std::borrow::Cow;
use std::fmt;

use super::finding::{Finding, Findings};
use super::secrets::Known;
use super::suggest::quote;
use super::tree::{Content, Node, Span, Style};

/// The name of text in messages that expect it.
const TEXT: &str = "text";

/// The source, the variables and the findings so far.
pub(super) struct Reader<'v> {
    pub(super) source: &'v str,
    /// The values of `${…}`; `None` if text is taken as written.
    pub(super) variables: Option<&'v Known<'v>>,
    pub(super) found: Findings,
}

/// A value together with the name by which messages call it.
#[derive(Clone, Copy)]
pub(super) struct Field<'t, 's> {
    pub(super) name: &'t str,
    pub(super) node: &'t Node<'s>,
}

impl fmt::Display for Field<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if ["the plan", "a target", "a stage"].contains(&self.name) {
            f.write_str(self.name)
        } else {
            f.write_str(&quote(self.name))
        }
    }
}

/// The text of a scalar with its variables substituted.
pub(super) struct Text<'t> {
    pub(super) value: Cow<'t, str>,
    pub(super) span: Span,
    pub(super) written: &'t str,
    /// Whether it may be a number or a flag: it is written without quotes, or contains variables.
    pub(super) typed: bool,
}

impl fmt::Display for Text<'_> {
    /// Shows the text as written, never the value of a variable: that may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote(self.written))
    }
}

impl Text<'_> {
    /// Shows it in messages that expect a number or a flag.
    pub(super) fn as_value(&self) -> String {
        if self.typed { self.to_string() } else { format!("the text {self}") }
    }
}

impl<'v> Reader<'v> {
    /// Reads something without reporting its errors.
    pub(super) fn unsaid<T>(&self, read: impl FnOnce(&mut Reader<'v>) -> T) -> T {
        read(&mut Reader { source: self.source, variables: self.variables, found: Findings::default() })
    }

    /// Reads text, which may be empty.
    pub(super) fn text<'t>(&mut self, field: Field<'t, '_>) -> Option<Text<'t>> {
        self.scalar(field, TEXT)
    }

    /// Reads text that names something: not empty, and without control characters.
    pub(super) fn name<'t>(&mut self, field: Field<'t, '_>) -> Option<Text<'t>> {
        let text = self.scalar(field, TEXT)?;
        if text.value.is_empty() {
            self.wrong(text.span, format!("{field} is empty"), None);
            return None;
        }
        if text.value.chars().any(char::is_control) {
            let title = format!("{field} contains a control character, such as a line break");
            self.wrong(text.span, title, None);
            return None;
        }
        Some(text)
    }

    /// Reports each variable in a value, or in a part of it, that is empty; tells whether there is none.
    pub(super) fn has_no_empty_variable(&mut self, node: &Node<'_>) -> bool {
        match node.content() {
            Content::Scalar(scalar) => {
                let empty = self.variables.map_or_else(Vec::new, |known| known.variables.empty(&scalar.text));
                for one in &empty {
                    let span = self.part(node.span, one.part);
                    self.found.push(Finding::error(span, one.title.clone()).hint(one.hint.clone()));
                }
                empty.is_empty()
            }
            // All of them are reported.
            Content::Sequence(items) => items.iter().filter(|item| !self.has_no_empty_variable(item)).count() == 0,
            Content::Mapping(entries) => {
                entries.iter().filter(|entry| !self.has_no_empty_variable(&entry.value)).count() == 0
            }
        }
    }

    /// Returns the items of a list.
    pub(super) fn list<'t, 's>(
        &mut self,
        field: Field<'t, 's>,
    ) -> Option<impl Iterator<Item = Field<'t, 's>> + use<'t, 's>> {
        match field.node.content() {
            Content::Sequence(items) => Some(items.iter().map(move |node| Field { name: field.name, node })),
            Content::Scalar(_) | Content::Mapping(_) => {
                self.wrong_type(field, "a list");
                None
            }
        }
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong_type(&mut self, field: Field<'_, '_>, expected: &str) {
        let (title, hint) = match field.node.content() {
            Content::Scalar(scalar) if scalar.is_null() => {
                let hint = if expected == TEXT && !scalar.text.is_empty() {
                    "quote it if it is text, or omit the optional key"
                } else {
                    "give it a value, or omit the optional key"
                };
                (format!("{field} must be {expected}, not null"), Some(hint.to_owned()))
            }
            Content::Scalar(_) => (format!("{field} must be {expected}, not a single value"), None),
            Content::Sequence(_) => (format!("{field} must be {expected}, not a list"), None),
            Content::Mapping(_) => (format!("{field} must be {expected}, not a mapping"), None),
        };
        self.wrong(field.node.span, title, hint);
    }

    /// Pushes an error.
    pub(super) fn wrong(&mut self, span: Span, title: String, hint: Option<String>) {
        self.found.push(Finding::error(span, title).maybe_hint(hint));
    }

    /// Reads a scalar; `expected` is what messages ask for.
    pub(super) fn scalar<'t>(&mut self, field: Field<'t, '_>, expected: &str) -> Option<Text<'t>> {
        let Some(scalar) = field.node.scalar().filter(|scalar| !scalar.is_null()) else {
            self.wrong_type(field, expected);
            return None;
        };
        let span = field.node.span;
        if scalar.style == Style::Literal && expected == TEXT {
            let title = format!("{field} must be text, not the bare value {}", quote(&scalar.text));
            self.wrong(span, title, Some("put quotes around it".into()));
            return None;
        }
        let substituted =
            self.variables.map_or(Ok(Cow::Borrowed(&*scalar.text)), |known| known.substitute(&scalar.text));
        match substituted {
            Ok(value) => {
                let typed = scalar.style != Style::Quoted || matches!(value, Cow::Owned(_));
                Some(Text { value, span, written: &scalar.text, typed })
            }
            Err(unresolved) => {
                for one in unresolved {
                    let span = self.part(span, one.part);
                    self.found.push(Finding::error(span, one.title).hint(one.hint));
                }
                None
            }
        }
    }

    /// Returns the place of a part of a scalar, or of the whole if escapes or an alias hide the part.
    fn part(&self, span: Span, part: &str) -> Span {
        let written = self.source.get(span.range()).unwrap_or_default();
        let Some(at) = written.find(part).and_then(|at| u32::try_from(at).ok()) else { return span };
        let start = span.start + at;
        Span { start, end: start + u32::try_from(part.len()).unwrap_or(0) }
    }
}
