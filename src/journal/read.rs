//! Reading a journal back: line by line, in memory that grows with the targets and not with the lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::{LineFault, ReadError};
use super::frozen::FrozenTargets;
use super::head::Header;
use super::history::History;
use super::note::{End, Note};
use super::seal::Seal;
use crate::engine::ResumeState;

/// More than any line has; what is longer is no journal.
const LONGEST_LINE: u64 = 1 << 26;

/// More than the note of a run's end has.
const LONGEST_END: u64 = 4096;

/// What a journal says.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// Its first line.
    pub header: Header,
    /// What the run had done and had in progress.
    pub past: ResumeState,
    /// What the selections of the plan found; `None` where the plan has none, and where the run ended before it was
    /// all found.
    pub frozen: Option<FrozenTargets>,
    /// How the run ended; `None` where it was killed, or is still going on.
    pub end: Option<End>,
    /// How many times another process went on with the run.
    pub resumptions: u32,
    /// How many bytes its whole lines take; what follows is a torn line that was never relied on.
    pub valid_bytes: u64,
}

impl Replay {
    /// Tells whether the run came to its end by itself: there is nothing to go on with.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.end.is_some_and(End::is_complete)
    }
}

/// Reads a journal, one that is being written included.
///
/// A last line without its end is ignored: a crash tore it, and nothing was done on the strength of it.
///
/// # Errors
///
/// Fails when the file cannot be read, is not a journal of this version, or has a line before its end that was
/// changed, removed, repeated or moved.
pub fn read(path: &Path) -> Result<Replay, ReadError> {
    let file = File::open(path).map_err(|cause| ReadError::Io { path: path.to_owned(), cause })?;
    let mut lines = Lines::new(BufReader::new(file), path);
    let header = lines.header()?;
    Ok(lines.replay(header)?.0)
}

/// Reads only the first line of a journal: which run it belongs to.
///
/// # Errors
///
/// Fails when the file cannot be read or does not begin as a journal of this version.
pub(crate) fn header(path: &Path) -> Result<Header, ReadError> {
    let unreadable = |cause| ReadError::Io { path: path.to_owned(), cause };
    // Looking into a pipe would take away what is read from it.
    if !path.is_file() {
        return Err(unreadable(io::ErrorKind::NotFound.into()));
    }
    Lines::new(BufReader::new(File::open(path).map_err(unreadable)?), path).header()
}

/// Tells whether there is a journal at `path` whose run has not come to its end, or is not known to have: somebody may go
/// on with it.
#[must_use]
pub(crate) fn is_open(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let Ok(file) = File::open(path) else { return true };
    let mut lines = Lines::new(BufReader::new(file), path);
    match lines.header() {
        Ok(_) => !lines.end().is_ok_and(|end| end.is_some_and(End::is_complete)),
        Err(ReadError::Empty(_) | ReadError::NotAJournal(_)) => false,
        Err(_) => true,
    }
}

/// The lines of a journal that is read.
pub(super) struct Lines<R> {
    input: R,
    path: PathBuf,
    line: Vec<u8>,
    seal: Seal,
    valid_bytes: u64,
}

impl<R: BufRead + Seek> Lines<R> {
    /// Returns, after the header, the note of the run's end, if that is the last line, whole and unchanged; what is
    /// between is not read.
    pub(super) fn end(mut self) -> Result<Option<End>, ReadError> {
        let tail = self.tail().map_err(|cause| ReadError::Io { path: self.path.clone(), cause })?;
        let last = tail.strip_suffix(b"\n").and_then(|lines| lines.rsplit(|byte| *byte == b'\n').next());
        let Some(mut last) = last.map(<[u8]>::to_vec) else { return Ok(None) };
        match self.seal.open_apart(&mut last).map(|()| serde_json::from_slice(&last)) {
            Ok(Ok(Note::Ended { end })) => Ok(Some(end)),
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// Tells whether nothing follows.
    pub(super) fn is_read(&mut self) -> bool {
        self.input.fill_buf().is_ok_and(<[u8]>::is_empty)
    }

    /// Reads the last bytes after the header.
    fn tail(&mut self) -> io::Result<Vec<u8>> {
        let length = self.input.seek(SeekFrom::End(0))?;
        self.input.seek(SeekFrom::Start(length.saturating_sub(LONGEST_END).max(self.valid_bytes)))?;
        let mut tail = Vec::new();
        self.input.read_to_end(&mut tail)?;
        Ok(tail)
    }
}

/// The beginning of a header, whatever its version.
#[derive(Deserialize)]
struct Version {
    journal: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, path: &Path) -> Self {
        Self { input, path: path.to_owned(), line: Vec::new(), seal: Seal::default(), valid_bytes: 0 }
    }

    /// Reads the first line.
    pub(super) fn header(&mut self) -> Result<Header, ReadError> {
        let whole = self.next_line()?;
        let looks_right = self.line.starts_with(b"{\"journal\":");
        match (self.line.is_empty(), looks_right, whole) {
            (true, _, false) => return Err(ReadError::Empty(self.path.clone())),
            (_, false, _) => return Err(ReadError::NotAJournal(self.path.clone())),
            (_, true, false) => return Err(ReadError::TornHeader(self.path.clone())),
            (_, true, true) => {}
        }
        let version: Version = serde_json::from_slice(&self.line).map_err(|_| self.at_fault(LineFault::Changed))?;
        if version.journal != u64::from(Header::VERSION) {
            return Err(ReadError::Version { path: self.path.clone(), found: version.journal });
        }
        self.open()?;
        serde_json::from_slice(&self.line).map_err(|_| self.at_fault(LineFault::Meaningless))
    }

    /// Reads all other lines.
    pub(super) fn replay(mut self, header: Header) -> Result<(Replay, Seal), ReadError> {
        let mut history = History::new(&header);
        while self.next_line()? {
            self.open()?;
            let note: Note = serde_json::from_slice(&self.line).map_err(|_| self.at_fault(LineFault::Meaningless))?;
            history.take(note).map_err(|fault| self.at_fault(fault))?;
        }
        let History { run, frozen, end, resumptions, .. } = history;
        let past = run.into_state();
        Ok((Replay { header, past, frozen, end, resumptions, valid_bytes: self.valid_bytes }, self.seal))
    }

    /// Takes the next line without its end; returns whether it has one.
    fn next_line(&mut self) -> Result<bool, ReadError> {
        self.line.clear();
        let mut bounded = (&mut self.input).take(LONGEST_LINE);
        let read = bounded.read_until(b'\n', &mut self.line);
        let read = read.map_err(|cause| ReadError::Io { path: self.path.clone(), cause })? as u64;
        let whole = self.line.pop_if(|last| *last == b'\n').is_some();
        if !whole && read == LONGEST_LINE && self.seal.lines() > 0 {
            return Err(self.next_at_fault(LineFault::Changed));
        }
        if whole {
            self.valid_bytes += read;
        }
        Ok(whole)
    }

    /// Checks the line's seal and leaves its content.
    fn open(&mut self) -> Result<(), ReadError> {
        self.seal.open(&mut self.line).map_err(|fault| self.next_at_fault(fault))
    }

    /// Blames the line whose seal is open.
    fn at_fault(&self, fault: LineFault) -> ReadError {
        ReadError::Line { path: self.path.clone(), line: self.seal.lines().max(1), fault }
    }

    /// Blames the line after it.
    fn next_at_fault(&self, fault: LineFault) -> ReadError {
        ReadError::Line { path: self.path.clone(), line: self.seal.lines() + 1, fault }
    }
}
