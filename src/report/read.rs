//! Reading a report that an earlier run wrote.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::error::Category;

use super::disposition::Accepts;
use super::json::{Report, Row};
use crate::base::ExitStatus;

/// A report that cannot be read; `path` is that of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportReadError {
    /// The file cannot be read.
    #[error("cannot read the report {}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The file is larger than any report that could be read.
    #[error("{} exceeds {} GiB, the maximum size of a report", path.display(), Report::LARGEST >> 30)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file ends before the report does.
    #[error("{} is truncated at line {line}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Its last line.
        line: usize,
    },
    /// It has other rows than it counts.
    #[error("{} states {counted} targets but has {rows} rows", path.display())]
    Incomplete {
        /// The file.
        path: PathBuf,
        /// How many targets its summary counts.
        counted: u64,
        /// How many rows it has.
        rows: usize,
    },
    /// A row contradicts itself.
    #[error("{} contradicts itself: `done` of the target `{id}` does not follow from its outcome", path.display())]
    Contradictory {
        /// The file.
        path: PathBuf,
        /// The target.
        id: String,
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
    #[error("{} is a report of version {version}, which this program does not support", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
}

impl ReportReadError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "name the file that a run wrote with --report, by default `<plan>.report.json`",
            Self::TooLarge { .. } => {
                "name the JSON report of a run; one of so many targets is read with `jq` or `grep`, line by line"
            }
            Self::Truncated { .. } => "the report is incomplete: it may have been copied while it was written",
            Self::Incomplete { .. } | Self::Contradictory { .. } => {
                "use the original report: this one may have been edited"
            }
            Self::Foreign { .. } => "name the JSON report of a run, by default `<plan>.report.json`",
            Self::Version { .. } => "use the version of allstop that wrote it",
        }
    }
}

/// How many bytes are read to see whether it may be a report at all.
const BEGINNING: u64 = 1 << 12;

/// The one field that every version of the format has.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

impl Report {
    /// The largest report that is read, in bytes: 2 GiB, some two million targets.
    pub const LARGEST: u64 = 1 << 31;

    /// Reads the report at `path`.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be read, is too large, is cut short, is no report, or is one of another version.
    pub fn read(path: &Path) -> Result<Self, ReportReadError> {
        let unreadable = |cause| ReportReadError::Unreadable { path: path.to_owned(), cause };
        let file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        if length > Self::LARGEST {
            return Err(ReportReadError::TooLarge { path: path.to_owned() });
        }
        Self::read_from(file, path)
    }

    /// Reads a report to its end; `path` is what errors call it.
    ///
    /// # Errors
    ///
    /// Fails as [`read`](Self::read) does. What does not begin as a report is not read any further.
    pub fn read_from(mut from: impl Read, path: &Path) -> Result<Self, ReportReadError> {
        let unreadable = |cause| ReportReadError::Unreadable { path: path.to_owned(), cause };
        let mut bytes = Vec::new();
        from.by_ref().take(BEGINNING).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.trim_ascii_start().starts_with(b"{") {
            from.take(Self::LARGEST + 1 - BEGINNING).read_to_end(&mut bytes).map_err(unreadable)?;
        }
        if bytes.len() as u64 > Self::LARGEST {
            return Err(ReportReadError::TooLarge { path: path.to_owned() });
        }
        Self::parse(&bytes, path)
    }

    /// Reads a report from the bytes of its file; `path` is what errors call it.
    ///
    /// # Errors
    ///
    /// Fails when the report is cut short, is none, or is one of another version.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, ReportReadError> {
        let wrong = |error: serde_json::Error| match error.classify() {
            Category::Eof if !bytes.trim_ascii().is_empty() => {
                ReportReadError::Truncated { path: path.to_owned(), line: error.line() }
            }
            Category::Eof | Category::Io | Category::Syntax | Category::Data => {
                ReportReadError::Foreign { path: path.to_owned(), why: error.to_string() }
            }
        };
        let Version { version } = serde_json::from_slice(bytes).map_err(wrong)?;
        if version != u64::from(Self::VERSION) {
            return Err(ReportReadError::Version { path: path.to_owned(), version });
        }
        let mut report: Self = serde_json::from_slice(bytes).map_err(wrong)?;
        let (counted, rows) = (report.summary.targets, report.targets.len());
        if u64::try_from(rows) != Ok(counted) {
            return Err(ReportReadError::Incomplete { path: path.to_owned(), counted, rows });
        }
        let contradicts = |row: &&Row| report.run.accepts.is_some_and(|accepts| row.disposition != row.judged(accepts));
        if let Some(row) = report.targets.iter().find(contradicts) {
            return Err(ReportReadError::Contradictory { path: path.to_owned(), id: row.id.clone() });
        }
        report.judge();
        Ok(report)
    }

    /// Decides for every row whether it counts as done.
    ///
    /// Reports of earlier versions do not say what the plan accepts. It is guessed, here and nowhere else: what is not
    /// found or only accepted counts as done where the exit status is 0, because it would not be 0 otherwise.
    pub(super) fn judge(&mut self) {
        let is_fine = self.run.exit_code == ExitStatus::Done.code();
        let accepts = self.run.accepts.unwrap_or(Accepts { not_found: is_fine, accepted: is_fine });
        self.targets.iter_mut().for_each(|row| row.disposition = row.judged(accepts));
    }
}
