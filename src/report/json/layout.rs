//! How the report's JSON is laid out: a field a line at the top, and one line for each target and each lane, so that
//! line-based tools (`grep`, `diff`, `wc`) work on it.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::base::escape::write_json_fragment;

/// Containers down to this depth have each element on a line of its own.
const OPEN_DEPTH: usize = 2;

/// Lays out JSON with the outer levels opened and the inner ones on one line.
#[derive(Debug, Default)]
pub(super) struct Layout {
    depth: usize,
    has_elements: bool,
}

impl Layout {
    /// Lays out the elements of a list that is a field of the outermost object.
    pub(super) const fn in_list() -> Self {
        Self { depth: OPEN_DEPTH, has_elements: true }
    }

    /// Goes to the line where such a list ends.
    pub(super) fn end_list<W: Write + ?Sized>(&self, writer: &mut W) -> io::Result<()> {
        Self { depth: self.depth - 1, ..*self }.new_line(writer)
    }

    fn begin<W: Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_elements = false;
        writer.write_all(bracket)
    }

    fn end<W: Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        let opened = self.depth <= OPEN_DEPTH && self.has_elements;
        self.depth -= 1;
        self.has_elements = true;
        if opened {
            self.new_line(writer)?;
        }
        writer.write_all(bracket)
    }

    fn element<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.has_elements = true;
        match (self.depth <= OPEN_DEPTH, first) {
            (true, true) => self.new_line(writer),
            (true, false) => writer.write_all(b",").and_then(|()| self.new_line(writer)),
            (false, true) => Ok(()),
            (false, false) => writer.write_all(b", "),
        }
    }

    fn new_line<W: Write + ?Sized>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Layout {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.element(writer, first)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.element(writer, first)
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_json_fragment(writer, fragment)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::{Serializer, json};

    use super::*;

    #[test]
    fn opens_the_outer_levels_only() {
        let value = json!({"a": 1, "b": {"c": {"d": [1, 2]}, "e": {}}, "f": [], "g": [{"h": [], "i": [{}]}]});
        let mut text = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut text, Layout::default())).unwrap();
        let wanted = "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": {\"d\": [1, 2]},\n    \"e\": {}\n  },\n  \"f\": [],\n  \
                      \"g\": [\n    {\"h\": [], \"i\": [{}]}\n  ]\n}";
        assert_eq!(String::from_utf8(text).unwrap(), wanted);
    }
}
