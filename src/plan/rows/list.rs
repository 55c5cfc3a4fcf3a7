//! Reads a JSON list object by object: finds where each of them ends, and leaves the rest to the JSON parser.

use std::io;

use super::{Finding, Row, Source, Span, json, too_long};

/// The rows of a file that is one JSON list.
pub(in crate::plan) struct List {
    pub(super) source: Source,
    text: Vec<u8>,
    /// Where the text starts.
    start: (u32, u32),
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The opening bracket was not read yet.
    Before,
    /// Nothing of the list was read yet.
    Opened,
    Within,
    /// The closing bracket was read.
    Closed,
    /// Nothing more is read.
    Done,
}

/// How an element ends.
enum End {
    Comma,
    Bracket,
    File,
    TooLong,
}

impl List {
    pub(super) const fn new(source: Source) -> Self {
        Self { source, text: Vec::new(), start: (1, 1), stage: Stage::Before }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        if self.stage == Stage::Before {
            while self.source.byte()?.is_some_and(|byte| byte != b'[') {}
            self.stage = Stage::Opened;
        }
        match self.stage {
            Stage::Closed => return self.behind(),
            Stage::Done => return Ok(None),
            Stage::Before | Stage::Opened | Stage::Within => {}
        }
        let opened = self.stage == Stage::Opened;
        let end = self.element()?;
        self.stage = match end {
            End::Comma => Stage::Within,
            End::Bracket => Stage::Closed,
            End::File | End::TooLong => Stage::Done,
        };
        let is_empty = self.text.is_empty();
        let trouble = match end {
            End::Bracket if is_empty && opened => return self.behind(),
            End::Comma | End::Bracket if !is_empty => return Ok(Some(json::row(&self.text, self.start))),
            End::Comma | End::Bracket => Finding::error(Span::START, "there is nothing before this comma or bracket"),
            End::TooLong => too_long("this object").hint("is a quote or a bracket not closed?"),
            End::File => Finding::error(Span::START, "the list is not closed").hint("put `]` behind the last object"),
        };
        Ok(Some(Row::broken(&self.text, self.start, trouble)))
    }

    /// Reads up to the comma or bracket behind the next element.
    fn element(&mut self) -> io::Result<End> {
        self.text.clear();
        let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
        loop {
            let place = self.source.position();
            if self.text.is_empty() {
                self.start = place;
            }
            let Some(byte) = self.source.byte()? else { return Ok(End::File) };
            if quoted {
                quoted = escaped || byte != b'"';
                escaped = !escaped && byte == b'\\';
            } else {
                match byte {
                    b',' if depth == 0 => return Ok(End::Comma),
                    b']' if depth == 0 => return Ok(End::Bracket),
                    b'"' => quoted = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ if byte.is_ascii_whitespace() && self.text.is_empty() => continue,
                    _ => {}
                }
            }
            if self.text.len() == Source::LONGEST {
                return Ok(End::TooLong);
            }
            self.text.push(byte);
        }
    }

    /// Reads what stands behind the list, where there must be nothing.
    fn behind(&mut self) -> io::Result<Option<Row<'_>>> {
        self.text.clear();
        self.stage = Stage::Done;
        loop {
            let place = self.source.position();
            match self.source.byte()? {
                None => return Ok(None),
                Some(byte) if byte.is_ascii_whitespace() => {}
                Some(byte) => {
                    self.text.push(byte);
                    self.source.line(&mut self.text)?;
                    let finding = Finding::error(Span::START, "something stands behind the end of the list");
                    return Ok(Some(Row::broken(&self.text, place, finding)));
                }
            }
        }
    }
}
