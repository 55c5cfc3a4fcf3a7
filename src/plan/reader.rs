//! Reads single values of the tree: text with its variables put in, words, counts, flags, durations, rates.
//!
//! Every reader returns `None` after it has pushed a finding, so that reading goes on with the next value.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::base::rate::Rate;

use super::finding::{Finding, Findings};
use super::secrets::Known;
use super::suggest::{self, quote};
use super::tree::{Content, Node, Span, Style};
use super::units;

/// What messages call text where it is expected.
const TEXT: &str = "text";

/// What reading needs everywhere: the source, the variables, and where findings go.
pub(super) struct Reader<'v> {
    pub(super) source: &'v str,
    /// What `${…}` stands for; `None` where text is taken as written.
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
        if ["the plan", "a target"].contains(&self.name) {
            f.write_str(self.name)
        } else {
            f.write_str(&quote(self.name))
        }
    }
}

/// The text of a scalar after its variables were put in.
pub(super) struct Text<'t> {
    pub(super) value: Cow<'t, str>,
    pub(super) span: Span,
    written: &'t str,
    /// Whether it may stand for a number or a flag: it is written without quotes, or has variables in it.
    typed: bool,
}

impl fmt::Display for Text<'_> {
    /// Shows what the plan says, never what a variable holds: that may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote(self.written))
    }
}

impl Text<'_> {
    /// Shows it where a number or a flag is expected.
    fn as_value(&self) -> String {
        if self.typed { self.to_string() } else { format!("the text {self}") }
    }
}

impl<'v> Reader<'v> {
    /// Reads something without saying what is wrong with it.
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
            let title = format!("{field} has a control character, such as a line break, in it");
            self.wrong(text.span, title, None);
            return None;
        }
        Some(text)
    }

    /// Reads one of a few words.
    pub(super) fn word<T: Copy>(&mut self, field: Field<'_, '_>, words: &[(&str, T)]) -> Option<T> {
        let names = words.iter().map(|(word, _)| *word);
        let expected = names.clone().map(quote).collect::<Vec<_>>().join(" or ");
        let text = self.scalar(field, &expected)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(*value);
        }
        let title = format!("{text} is not a value that {field} takes");
        self.wrong(text.span, title, suggest::hint(&text.value, names));
        None
    }

    /// Reads a whole number.
    pub(super) fn count(&mut self, field: Field<'_, '_>, range: RangeInclusive<u64>) -> Option<u64> {
        let text = self.scalar(field, "a whole number")?;
        let Some(number) = text.value.parse::<u64>().ok().filter(|_| text.typed) else {
            let hint = (!text.typed && text.value.parse::<u64>().is_ok()).then(|| "leave out the quotes".to_owned());
            self.wrong(text.span, format!("{field} must be a whole number, not {}", text.as_value()), hint);
            return None;
        };
        if range.contains(&number) {
            return Some(number);
        }
        let bound = if number < *range.start() {
            format!("at least {}", range.start())
        } else {
            format!("at most {}", range.end())
        };
        self.wrong(text.span, format!("{field} must be {bound}"), None);
        None
    }

    /// Reads `true` or `false`.
    pub(super) fn flag(&mut self, field: Field<'_, '_>) -> Option<bool> {
        let text = self.scalar(field, "`true` or `false`")?;
        match &*text.value {
            "true" if text.typed => return Some(true),
            "false" if text.typed => return Some(false),
            _ => {}
        }
        let hint = match text.value.to_lowercase().as_str() {
            "true" | "yes" | "y" | "on" | "1" => Some("write `true`, in lower case and without quotes".to_owned()),
            "false" | "no" | "n" | "off" | "0" => Some("write `false`, in lower case and without quotes".to_owned()),
            _ => None,
        };
        self.wrong(text.span, format!("{field} must be `true` or `false`, not {}", text.as_value()), hint);
        None
    }

    /// Reads a duration that is longer than nothing.
    pub(super) fn duration(&mut self, field: Field<'_, '_>) -> Option<Duration> {
        let text = self.scalar(field, "a duration")?;
        match units::duration(&text.value) {
            Ok(duration) => Some(duration),
            Err(error) => {
                let title = format!("{field} must be a duration, not {text}: {error}");
                // As written: what a variable holds may be secret.
                self.wrong(text.span, title, Some(error.hint(text.written)));
                None
            }
        }
    }

    /// Reads a rate.
    pub(super) fn rate(&mut self, field: Field<'_, '_>) -> Option<Rate> {
        let text = self.scalar(field, "a rate")?;
        if let Ok(rate) = text.value.parse() {
            return Some(rate);
        }
        let title = format!("{field} must be a rate, not {text}");
        let hint = "write a whole number per second, minute or hour: `50/s`, `80/min`, `200/h`";
        self.wrong(text.span, title, Some(hint.to_owned()));
        None
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

    /// Complains that a value is not what is expected.
    pub(super) fn wrong_type(&mut self, field: Field<'_, '_>, expected: &str) {
        let (title, hint) = match field.node.content() {
            Content::Scalar(scalar) if scalar.is_null() => {
                let hint = if expected == TEXT && !scalar.text.is_empty() {
                    "put quotes around it if it is meant as text, or leave an optional key out"
                } else {
                    "give it a value, or leave an optional key out"
                };
                (format!("{field} must be {expected}, not nothing"), Some(hint.to_owned()))
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

    fn scalar<'t>(&mut self, field: Field<'t, '_>, expected: &str) -> Option<Text<'t>> {
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

    /// Returns the place of a part of a scalar, or of the whole where escapes or an alias hide the part.
    fn part(&self, span: Span, part: &str) -> Span {
        let written = self.source.get(span.range()).unwrap_or_default();
        let Some(at) = written.find(part).and_then(|at| u32::try_from(at).ok()) else { return span };
        let start = span.start + at;
        Span { start, end: start + u32::try_from(part.len()).unwrap_or(0) }
    }
}
