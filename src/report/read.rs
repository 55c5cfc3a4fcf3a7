//! Reading a report that an earlier run wrote.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::error::Category;

use super::Report;

/// A report that cannot be read; `path` is that of the file.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read the report {}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The file ends before the report does.
    #[error("{} ends in the middle of the report, at line {line}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Its last line.
        line: usize,
    },
    /// The file is something else.
    #[error("{} is not a report of allstop: {why}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        why: String,
    },
    /// The report is of a version that this program does not know.
    #[error("{} is a report of version {version}, which this program does not know", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
}

impl ReadError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "name the file that a run wrote with --report, by default `<plan>.report.json`",
            Self::Truncated { .. } => "a whole report is needed: was it copied while it was written?",
            Self::Foreign { .. } => "name the JSON report of a run, by default `<plan>.report.json`",
            Self::Version { .. } => "use the version of allstop that wrote it",
        }
    }
}

/// The one field that every version of the format has.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

impl Report {
    /// Reads the report at `path`.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be read, is cut short, is no report, or is one of another version.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let bytes = fs::read(path).map_err(|cause| ReadError::Unreadable { path: path.to_owned(), cause })?;
        Self::parse(&bytes, path)
    }

    /// Reads a report from the bytes of its file; `path` is what errors call it.
    ///
    /// # Errors
    ///
    /// Fails when the report is cut short, is none, or is one of another version.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, ReadError> {
        let wrong = |error: serde_json::Error| match error.classify() {
            Category::Eof if !bytes.trim_ascii().is_empty() => {
                ReadError::Truncated { path: path.to_owned(), line: error.line() }
            }
            Category::Eof | Category::Io | Category::Syntax | Category::Data => {
                ReadError::Foreign { path: path.to_owned(), why: error.to_string() }
            }
        };
        let Version { version } = serde_json::from_slice(bytes).map_err(wrong)?;
        if version != u64::from(Self::VERSION) {
            return Err(ReadError::Version { path: path.to_owned(), version });
        }
        serde_json::from_slice(bytes).map_err(wrong)
    }
}
