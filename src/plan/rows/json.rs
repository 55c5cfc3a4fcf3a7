//! Turns JSON objects, one a line or one of a list, into the trees of targets, with the places of their values.

use std::borrow::Cow;
use std::fmt;
use std::io;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::row::{Row, span, too_long};
use super::source::{Source, Taken};
use crate::plan::finding::{Finding, Findings};
use crate::plan::mapping;
use crate::plan::tree::{Content, Entry, Node, Scalar, Span, Style};

/// How deep the tree goes: a target, its labels, their values.
const DEPTH: u32 = 2;

/// The rows of a file with an object a line; empty lines are skipped.
pub(in crate::plan) struct Lines {
    pub(super) source: Source,
    text: Vec<u8>,
}

impl Lines {
    pub(super) const fn new(source: Source) -> Self {
        Self { source, text: Vec::new() }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        loop {
            self.text.clear();
            let (line, _) = self.source.position();
            match self.source.line(&mut self.text)? {
                Taken::Nothing => return Ok(None),
                Taken::Part => return Ok(Some(Row::broken(&self.text, (line, 1), too_long("this line")))),
                Taken::Whole if self.text.trim_ascii().is_empty() => {}
                Taken::Whole => return Ok(Some(row(&self.text, (line, 1)))),
            }
        }
    }
}

/// Reads a row that is one object.
pub(super) fn row(text: &[u8], (line, column): (u32, u32)) -> Row<'_> {
    let mut row = Row::new(text, line, column);
    if let (Cow::Borrowed(text), false) = (&row.text, row.found.has_errors()) {
        let text = text.trim_end();
        let read = serde_json::from_str::<&RawValue>(text)
            .map_err(|error| not_json(text, &error))
            .and_then(|raw| Tree { text, found: &mut row.found }.node(raw.get(), DEPTH));
        match read {
            Ok(node) => row.node = Some(node),
            Err(finding) => row.found.push(finding),
        }
    }
    row
}

/// Returns where and why text is not JSON.
fn not_json(text: &str, error: &serde_json::Error) -> Finding {
    let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let place = span(line_start + error.column().saturating_sub(1), 1);
    let said = error.to_string();
    let why = said.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        return Finding::error(place, "unexpected end of JSON")
            .hint("write one object a line, or a list of objects: `[{…}, {…}]`");
    }
    Finding::error(place, format!("this is not JSON: {why}"))
}

/// What is needed to build a tree.
struct Tree<'t, 'f> {
    text: &'t str,
    found: &'f mut Findings,
}

impl<'t> Tree<'t, '_> {
    fn node(&mut self, raw: &'t str, depth: u32) -> Result<Node<'t>, Finding> {
        let place = self.place(raw);
        let content = match raw.as_bytes().first() {
            Some(b'{') if depth > 0 => Content::Mapping(self.entries(raw, depth - 1)?),
            Some(b'{') => Content::Mapping(Vec::new()),
            Some(b'[') => Content::Sequence(Vec::new()),
            Some(b'"') => Content::Scalar(Scalar::new(self.read::<Text<'_>>(raw)?.0, Style::Quoted)),
            Some(_) | None => Content::Scalar(Scalar::new(raw, Style::Literal)),
        };
        Ok(Node::new(place, content))
    }

    fn entries(&mut self, raw: &'t str, depth: u32) -> Result<Vec<Entry<'t>>, Finding> {
        let pairs = self.read::<Pairs<'_>>(raw)?.0;
        let mut entries = Vec::with_capacity(pairs.len());
        for (Text(key), value) in pairs {
            let value = self.node(value.get(), depth)?;
            // A key with escapes has no place of its own.
            let place = if let Cow::Borrowed(key) = key { self.place(key) } else { value.span };
            entries.push(Entry { key: Node::new(place, Content::Scalar(Scalar::new(key, Style::Quoted))), value });
        }
        mapping::finish(&mut entries, self.found);
        Ok(entries)
    }

    fn read<T: Deserialize<'t>>(&self, raw: &'t str) -> Result<T, Finding> {
        serde_json::from_str(raw).map_err(|error| {
            let Finding { title, .. } = not_json(raw, &error);
            Finding::error(self.place(raw), title)
        })
    }

    /// Returns the place of a part of the text.
    fn place(&self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        start.filter(|start| *start <= self.text.len()).map_or(Span::START, |start| span(start, part.len()))
    }
}

/// Text without a copy, if it has no escapes.
#[derive(Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

/// The entries of an object, repeated ones included.
struct Pairs<'t>(Vec<(Text<'t>, &'t RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Collects entries in their order.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}
