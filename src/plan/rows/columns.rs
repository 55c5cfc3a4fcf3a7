//! The header of a table: which column holds what.
//!
//! Columns are named like the keys of a target; labels have a column each, `label.NAME`, and so has what a listing
//! showed, `seen.NAME`.

use std::collections::HashSet;

use crate::plan::finding::{Finding, Findings};
use crate::plan::format::{SeenKeys, TARGET};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::{Content, Entry, Node, Scalar, Span, Style};
use crate::service::{Kind, Param, Shape};

/// What comes before a label's name.
const LABEL: &str = "label.";

/// What comes before the name of something that a listing showed.
const SEEN: &str = "seen.";

/// The columns of a table, in its order; none if the header is wrong.
#[derive(Default)]
pub(super) struct Columns(pub(super) Vec<Column>);

/// A field as the header and the rows are made of.
pub(super) struct Cell<'r> {
    pub(super) text: &'r str,
    pub(super) place: Span,
}

pub(super) enum Column {
    Key {
        name: &'static str,
        style: Style,
        /// Whether an empty field is a mistake, and not a key left out.
        required: bool,
    },
    Label(String),
    Seen(&'static str),
    /// Without a name, as spreadsheets write empty columns.
    Empty,
}

impl Columns {
    /// Reads the header of a table of targets of one kind.
    pub(super) fn read(cells: &[Cell<'_>], kind: Kind, found: &mut Findings) -> Self {
        let columns: Vec<_> = cells.iter().map(|cell| (cell, column(cell.text, kind))).collect();
        if columns.iter().all(|(_, column)| matches!(column, None | Some(Column::Empty))) {
            found.push(no_header(cells, kind));
            return Self::default();
        }
        let mut seen = HashSet::new();
        for (cell, column) in &columns {
            if column.is_none() {
                found.push(unknown(cell, kind));
            } else if !cell.text.is_empty() && !seen.insert(cell.text) {
                let title = format!("duplicate column {}", quote(cell.text));
                found.push(Finding::error(cell.place, title));
            }
        }
        for param in kind.params.iter().filter(|param| param.identifying && !seen.contains(param.name)) {
            let mistyped = columns
                .iter()
                .any(|(cell, column)| column.is_none() && suggest::nearest(cell.text, names(kind)) == Some(param.name));
            if !mistyped {
                found
                    .push(Finding::error(Span { start: 0, end: 1 }, format!("the column `{}` is missing", param.name)));
            }
        }
        if found.has_errors() {
            return Self::default();
        }
        Self(columns.into_iter().filter_map(|(_, column)| column).collect())
    }

    /// Returns an error if a column without a name is not empty.
    pub(super) fn stray(&self, cells: &[Cell<'_>]) -> Option<Finding> {
        let is_stray = |(column, cell): &(&Column, &Cell<'_>)| matches!(column, Column::Empty) && !cell.text.is_empty();
        let (_, cell) = self.0.iter().zip(cells).find(is_stray)?;
        let finding = Finding::error(cell.place, "this field is in a column without a name");
        Some(finding.hint("name the column in the first row, or empty it"))
    }

    /// Returns the entries of a target; an empty field is an omitted key.
    pub(super) fn entries<'r>(&'r self, cells: &[Cell<'r>]) -> Vec<Entry<'r>> {
        let (mut entries, mut labels, mut seen) = (Vec::with_capacity(self.0.len()), Vec::new(), Vec::new());
        for (column, cell) in self.0.iter().zip(cells) {
            match column {
                Column::Empty => {}
                Column::Key { required: false, .. } | Column::Label(_) | Column::Seen(_) if cell.text.is_empty() => {}
                Column::Key { name, style, .. } => entries.push(entry(name, *style, cell)),
                Column::Label(name) => labels.push(entry(name, Style::Quoted, cell)),
                Column::Seen(name) => seen.push(entry(name, Style::Quoted, cell)),
            }
        }
        for (key, inner) in [(TARGET.labels.name, labels), (TARGET.seen.name, seen)] {
            if let Some(place) = inner.first().map(|entry| entry.value.span) {
                let value = Node::new(place, Content::Mapping(inner));
                entries.push(Entry { key: Node::new(place, text(key, Style::Quoted)), value });
            }
        }
        entries
    }
}

fn column(name: &str, kind: Kind) -> Option<Column> {
    if name.is_empty() {
        return Some(Column::Empty);
    }
    if let Some(label) = name.strip_prefix(LABEL) {
        return (!label.is_empty()).then(|| Column::Label(label.to_owned()));
    }
    if let Some(shown) = name.strip_prefix(SEEN) {
        return SeenKeys::NAMES.iter().find(|key| **key == shown).map(|key| Column::Seen(key));
    }
    if let Some(Param { name, shape, identifying: required, .. }) = kind.params.iter().find(|param| param.name == name)
    {
        let style = if matches!(shape, Shape::Flag) { Style::Plain } else { Style::Quoted };
        return Some(Column::Key { name, style, required: *required });
    }
    let name = ["id", "account"].into_iter().find(|key| *key == name)?;
    Some(Column::Key { name, style: Style::Quoted, required: false })
}

fn entry<'r>(name: &'r str, style: Style, cell: &Cell<'r>) -> Entry<'r> {
    Entry {
        key: Node::new(cell.place, text(name, Style::Quoted)),
        value: Node::new(cell.place, text(cell.text, style)),
    }
}

fn text(text: &str, style: Style) -> Content<'_> {
    Content::Scalar(Scalar::new(text, style))
}

fn names(kind: Kind) -> impl Iterator<Item = &'static str> + Clone {
    kind.params.iter().map(|param| param.name).chain(["id", "account", "label.NAME"])
}

fn unknown(cell: &Cell<'_>, kind: Kind) -> Finding {
    let label = cell.text.split_once('.').filter(|(before, _)| suggest::nearest(before, ["label"]).is_some());
    let hint = match label {
        Some((before, name)) if before != "label" => Some(suggest::meant(&format!("{LABEL}{name}"))),
        None if !cell.text.starts_with("label") => suggest::hint(cell.text, names(kind)),
        Some(_) | None => Some("a column with a label is named `label.` and the label, as in `label.team`".into()),
    };
    Finding::error(cell.place, format!("unknown column {} in {kind}", quote(cell.text))).maybe_hint(hint)
}

/// A finding for a first row that names no column at all.
fn no_header(cells: &[Cell<'_>], kind: Kind) -> Finding {
    let one = matches!(cells, [cell] if cell.text.contains([';', '\t']));
    let required: Vec<_> = kind.params.iter().filter(|param| param.identifying).map(|param| param.name).collect();
    let hint = if one {
        "separate the fields with commas".into()
    } else {
        format!("add a header row first: `{}`", required.join(","))
    };
    let whole = Span { start: 0, end: cells.last().map_or(1, |cell| cell.place.end) };
    Finding::error(whole, format!("the first row names no column of {kind}")).hint(hint)
}
