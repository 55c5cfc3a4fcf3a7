//! The text of a report: its head, and its rows, which are made on several threads, each on a line of its own.

use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::layout::Layout;
use super::parallel;

/// How many rows are made at a time.
const BLOCK: usize = 32;

/// Writes a report with `count` rows in few large writes. `head` is the report without rows, and `rows` makes those of a
/// range of numbers.
pub(super) fn write<I: Iterator<Item: Serialize>>(
    head: &impl Serialize,
    count: usize,
    rows: impl Fn(Range<usize>) -> I + Sync,
    writer: &mut dyn Write,
) -> io::Result<()> {
    let mut empty = Vec::new();
    head.serialize(&mut Serializer::with_formatter(&mut empty, Layout::default()))?;
    empty.push(b'\n');
    // The rows are the last field: only the end of their list and of the report follows them.
    let end = empty.iter().rposition(|byte| *byte == b']').unwrap_or(empty.len());
    let (before, behind) = empty.split_at(end);
    writer.write_all(before)?;
    let block = |number: usize| {
        let from = number * BLOCK;
        block(from == 0, rows(from..count.min(from + BLOCK)))
    };
    parallel::in_order(count.div_ceil(BLOCK), block, |text| writer.write_all(&text?))?;
    if count > 0 {
        Layout::in_list().end_list(writer)?;
    }
    writer.write_all(behind)?;
    writer.flush()
}

/// Returns the text of some rows; `is_first` is whether they are the first ones of their list.
fn block(is_first: bool, rows: impl Iterator<Item: Serialize>) -> io::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(BLOCK * 640);
    for (number, row) in rows.enumerate() {
        let mut layout = Layout::in_list();
        layout.begin_array_value(&mut text, is_first && number == 0)?;
        row.serialize(&mut Serializer::with_formatter(&mut text, layout))?;
    }
    Ok(text)
}
