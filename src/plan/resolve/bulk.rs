//! Reads the targets of one kind that a file lists, named by `from`.

use crate::plan::fields::Fields;
use crate::plan::files::{Files, Line};
use crate::plan::finding::Finding;
use crate::plan::format::{BULK, BulkKeys, TARGET};
use crate::plan::reader::{Field, Reader, Text};
use crate::plan::rows::{Row, Rows};
use crate::plan::suggest;
use crate::plan::target::Labels;
use crate::plan::tree::{Content, Entry};
use crate::service::Kind;

use super::reading::{Given, Reading, names};

/// The entry of a plan that names a file.
struct Bulk<'b> {
    kind: Kind,
    /// The keys that rows take.
    keys: Vec<&'static str>,
    labels: &'b Labels,
    /// The account of rows that name none, or its error, which is reported only if there is such a row.
    account: Result<u16, Option<Finding>>,
    file: u16,
}

/// Reads the file that an entry of the plan names.
pub(super) fn read(
    reading: &mut Reading<'_>,
    (kind, field): (Kind, Field<'_, '_>),
    files: &mut Files<'_>,
    reader: &mut Reader<'_>,
) -> Option<()> {
    let fields = reader.fields(field, "a target with `from`", BulkKeys::NAMES)?;
    let account = match BULK.account.field(&fields, reader) {
        Some(field) => reading.owners.named(kind, field, reader).ok_or(None),
        None => reading.owners.default(kind, fields.place),
    };
    let defaults = Labels::clone(&reading.default_labels);
    let labels = reading.labels.of(&defaults, BULK.labels.field(&fields, reader), reader);
    let from = BULK.from.field(&fields, reader)?;
    let from = reader.name(from)?;
    let (file, rows) = open(&from, kind, files, reader)?;
    // If the entry's own labels are wrong, its rows are still checked.
    let labels = &labels.unwrap_or_default();
    let is_of_row = |key: &&str| ![TARGET.kind.name, TARGET.selection.name].contains(key);
    let keys = names(kind).into_iter().filter(is_of_row).collect();
    Bulk { kind, keys, labels, account, file }.rows(reading, (&from, rows), files, reader);
    Some(())
}

/// Opens the file.
fn open(from: &Text<'_>, kind: Kind, files: &mut Files<'_>, reader: &mut Reader<'_>) -> Option<(u16, Rows)> {
    let trouble = if from.value == "-" {
        format!("{from} is not a file: targets cannot be read from standard input")
    } else {
        match files.open(&from.value, kind) {
            Ok(opened) => return Some(opened),
            Err(error) => format!("cannot read {from}: {error}"),
        }
    };
    reader.wrong(from.span, trouble, None);
    None
}

impl Bulk<'_> {
    fn rows(
        &self,
        reading: &mut Reading<'_>,
        (from, mut rows): (&Text<'_>, Rows),
        files: &mut Files<'_>,
        reader: &mut Reader<'_>,
    ) {
        let mut is_empty = true;
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    is_empty = false;
                    self.row(row, reading, files, reader);
                }
                Ok(None) => break,
                Err(error) => {
                    reader.wrong(from.span, format!("cannot read {from} to the end: {error}"), None);
                    return;
                }
            }
        }
        if is_empty {
            reader.wrong(from.span, format!("{from} lists no targets"), None);
        }
        files.close(rows);
    }

    fn row(&self, mut row: Row<'_>, reading: &mut Reading<'_>, files: &mut Files<'_>, plan: &mut Reader<'_>) {
        if let Some(node) = row.node.take() {
            let mut reader = Reader { source: &row.text, variables: None, found: std::mem::take(&mut row.found) };
            let line = Line { file: self.file, line: row.line };
            let field = Field { name: "a target", node: &node };
            let is_target = self.looks_like_one(field, &mut reader);
            if let Some(fields) = is_target.then(|| reader.fields(field, self.kind.name, &self.keys)).flatten() {
                let account = self.account(&fields, reading, &mut reader, plan);
                let given = Given { account, labels: self.labels, line: Some(line) };
                reading.target((self.kind, &fields), &given, files, &mut reader);
            }
            row.found = reader.found;
        }
        files.take(self.file, row);
    }

    /// Tells whether an object has at least one key of a target, perhaps a mistyped one. What the keys of another are is
    /// not shown: the plan may name a file that is no list of targets at all.
    fn looks_like_one(&self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> bool {
        let Content::Mapping(entries) = field.node.content() else { return true };
        let is_near = |entry: &Entry<'_>| suggest::nearest(entry.name(), self.keys.iter().copied()).is_some();
        let is_known =
            entries.is_empty() || entries.iter().any(|entry| self.keys.contains(&entry.name()) || is_near(entry));
        if !is_known {
            let title = format!("this object has none of the keys of {}", self.kind);
            reader.wrong(field.node.span, title, suggest::hint("", self.keys.iter().copied()));
        }
        is_known
    }

    fn account(
        &self,
        fields: &Fields<'_, '_>,
        reading: &Reading<'_>,
        reader: &mut Reader<'_>,
        plan: &mut Reader<'_>,
    ) -> Option<u16> {
        match (TARGET.account.field(fields, reader), &self.account) {
            (Some(field), _) => reading.owners.named(self.kind, field, reader),
            (None, Ok(number)) => Some(*number),
            (None, Err(finding)) => {
                // The same error at one place is reported only once, however many rows have it.
                finding.clone().into_iter().for_each(|finding| plan.found.push(finding));
                None
            }
        }
    }
}
