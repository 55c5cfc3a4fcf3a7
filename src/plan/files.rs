//! The files that a plan names, lists of targets and calendars: their paths, their digest and their problems.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::diagnostic::Diagnostics;
use super::excerpt::Lines;
use super::finding::{Finding, Findings};
use super::rows::{Row, Rows};
use super::source::FileSource;
use crate::service::Kind;

/// The files of a plan.
pub(super) struct Files<'f> {
    source: &'f dyn FileSource,
    directory: PathBuf,
    /// Their paths, in the order they are read.
    pub(super) paths: Vec<PathBuf>,
    digest: Sha256,
    pub(super) errors: Diagnostics,
    pub(super) warnings: Diagnostics,
}

/// A row's file, by its number, and line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) file: u16,
    pub(super) line: u32,
}

impl<'f> Files<'f> {
    /// Prepares for the files of a plan, which lie next to it.
    pub(super) fn next_to(plan: &Path, bytes: &[u8], source: &'f dyn FileSource) -> Self {
        Self {
            source,
            directory: plan.parent().unwrap_or(Path::new("")).to_owned(),
            paths: Vec::new(),
            digest: Sha256::new_with_prefix(bytes),
            errors: Diagnostics::default(),
            warnings: Diagnostics::default(),
        }
    }

    /// Returns the directory that they lie in.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Opens a file, and returns its number and rows.
    pub(super) fn open(&mut self, path: &str, kind: Kind) -> io::Result<(u16, Rows)> {
        let path = self.directory.join(path);
        let rows = Rows::open(self.source.open(&path)?, &path, kind)?;
        Ok((self.add(path)?, rows))
    }

    /// Reads a file that is no longer than so many bytes, and returns its number and contents.
    pub(super) fn read(&mut self, path: &str, most: u64) -> io::Result<(u16, Vec<u8>)> {
        let path = self.directory.join(path);
        let mut bytes = Vec::new();
        self.source.open(&path)?.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("it is larger than {} MiB", most >> 20)));
        }
        self.digest.update(Sha256::digest(&bytes));
        Ok((self.add(path)?, bytes))
    }

    fn add(&mut self, path: PathBuf) -> io::Result<u16> {
        let number = u16::try_from(self.paths.len()).map_err(|_| io::Error::other("there are too many such files"))?;
        self.paths.push(path);
        Ok(number)
    }

    /// Notes that a file was read to its end.
    pub(super) fn close(&mut self, rows: Rows) {
        self.digest.update(rows.digest());
    }

    /// Takes the errors and warnings of a row.
    pub(super) fn take(&mut self, file: u16, mut row: Row<'_>) {
        if row.found.is_empty() {
            return;
        }
        let path = self.paths.get(usize::from(file)).map_or(Path::new(""), PathBuf::as_path);
        let (errors, warnings, masks) = std::mem::take(&mut row.found).into_parts();
        let lines = Lines::of(&row.text, masks);
        let place = (path, row.line as usize, row.column as usize);
        self.errors.take_row(place, &lines, errors);
        self.warnings.take_row(place, &lines, warnings);
    }

    /// Adds an error about a line of a file. The line itself is not shown: a plan may name any readable file.
    pub(super) fn wrong(&mut self, file: u16, line: u32, error: Finding) {
        let mut found = Findings::default();
        found.push(error);
        let (errors, _, masks) = found.into_parts();
        let path = self.paths.get(usize::from(file)).map_or(Path::new(""), PathBuf::as_path);
        self.errors.take_row((path, line as usize, 1), &Lines::of("", masks), errors);
    }

    /// Adds a warning about a row that was read before.
    pub(super) fn warn(&mut self, at: Line, title: &str, hint: impl FnOnce(&Self) -> String) {
        if self.warnings.is_full() {
            self.warnings.count();
            return;
        }
        let hint = hint(self);
        let path = self.paths.get(usize::from(at.file)).map_or(Path::new(""), PathBuf::as_path);
        self.warnings.warn((path, at.line), title, hint);
    }

    /// Names a line for a message, such as `executions.csv:17`.
    pub(super) fn name(&self, at: Line) -> String {
        let path = self.paths.get(usize::from(at.file)).and_then(|path| path.file_name());
        format!("{}:{}", path.unwrap_or_default().to_string_lossy(), at.line)
    }

    /// Returns the SHA-256 of the plan's bytes, followed by that of each file, in hexadecimal digits.
    pub(super) fn sha256(&self) -> String {
        HEXLOWER.encode(&self.digest.clone().finalize())
    }
}
