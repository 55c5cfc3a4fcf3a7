//! Reads a JSON list object by object: finds where each of them ends, and leaves the rest to the JSON parser.
//!
//! The list may be in an object, as in the output of the vendors' command lines; several such objects may follow one
//! another, as pages do.

use std::io;

use super::json;
use super::listing::Listing;
use super::row::{Row, too_long};
use super::source::Source;
use super::wrapper::{Found, Wrapper};
use crate::plan::finding::Finding;
use crate::plan::tree::Span;
use crate::service::Kind;

/// The rows of a file that is one JSON list.
pub(in crate::plan) struct List {
    pub(super) source: Source,
    kind: Kind,
    text: Vec<u8>,
    /// Where the text starts.
    start: (u32, u32),
    stage: Stage,
    /// The object around the list, if there is one.
    around: Option<Wrapper>,
    /// What the list is, if a vendor's command line prints it.
    listing: Option<Listing>,
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
    pub(super) const fn new(source: Source, kind: Kind) -> Self {
        let stage = Stage::Before;
        Self { source, kind, text: Vec::new(), start: (1, 1), stage, around: None, listing: None }
    }

    /// The list is in an object.
    pub(super) fn wrapped(source: Source, kind: Kind) -> Self {
        Self { around: Some(Wrapper::default()), ..Self::new(source, kind) }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        if self.stage == Stage::Before {
            if self.around.is_some() {
                return self.unwrapped(false);
            }
            while self.source.byte()?.is_some_and(|byte| byte != b'[') {}
            self.stage = Stage::Opened;
        }
        match self.stage {
            Stage::Closed if self.around.is_some() => return self.unwrapped(true),
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
            End::Comma | End::Bracket if !is_empty => return Ok(Some(self.row())),
            End::Comma | End::Bracket => Finding::error(Span::START, "there is nothing before this comma or bracket"),
            End::TooLong => too_long("this object").hint("is a quote or a bracket not closed?"),
            End::File => Finding::error(Span::START, "the list is not closed").hint("put `]` after the last object"),
        };
        Ok(Some(Row::broken(&self.text, self.start, trouble)))
    }

    fn row(&self) -> Row<'_> {
        let mut row = json::row(&self.text, self.start);
        if let Some(listing) = self.listing {
            row.node = row.node.map(|item| listing.target(item));
        }
        row
    }

    /// Continues in the object around the list: to the list, or to the next object after it.
    fn unwrapped(&mut self, has_list: bool) -> io::Result<Option<Row<'_>>> {
        let Some(around) = &mut self.around else { return Ok(None) };
        let mut has_list = has_list;
        loop {
            let found = around.go_on(&mut self.source)?;
            let place = self.source.position();
            match found {
                Found::List if has_list => {
                    let finding = Finding::error(Span::START, "this object holds more than one list of objects")
                        .hint("leave only the list of what is to be stopped");
                    return Ok(Some(self.ended(place, finding)));
                }
                Found::List => {
                    self.listing = Listing::of(self.kind, around.key());
                    self.stage = Stage::Opened;
                    return self.next();
                }
                Found::End => match self.source.peek()? {
                    Some(b'{') => (has_list, around.has_more) = (false, false),
                    Some(_) => return self.behind(),
                    None if around.has_more => {
                        let finding = Finding::warning(Span::START, "this is not the last page: it has a `NextToken`")
                            .hint("list the other pages too, and put all pages into the file, one after another");
                        return Ok(Some(self.ended(place, finding)));
                    }
                    None => {
                        self.stage = Stage::Done;
                        return Ok(None);
                    }
                },
                Found::File => {
                    let finding =
                        Finding::error(Span::START, "the object is not closed").hint("the file may be truncated");
                    return Ok(Some(self.ended(place, finding)));
                }
            }
        }
    }

    /// A row with the last error or warning of the file.
    fn ended(&mut self, place: (u32, u32), finding: Finding) -> Row<'_> {
        self.stage = Stage::Done;
        self.text.clear();
        Row::broken(&self.text, place, finding)
    }

    /// Reads up to the comma or bracket after the next element.
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

    /// Reads the text after the list, which must be empty.
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
                    let finding = Finding::error(Span::START, "unexpected text after the end of the list");
                    return Ok(Some(Row::broken(&self.text, place, finding)));
                }
            }
        }
    }
}
