//! Why a journal cannot be opened or read, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::head::Header;
use crate::engine::AlreadyFinished;

/// A journal that cannot be created or gone on with.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another run has it.
    #[error("another run is writing this journal: {}", .0.display())]
    Locked(PathBuf),
    /// What is at the new journal's place is not a journal that could make room.
    #[error("the journal file already exists: {0}")]
    Occupied(ReadError),
    /// What it holds cannot be gone on with.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The run in it came to its end.
    #[error("the run of this journal has ended: {}", .0.display())]
    Complete(PathBuf),
    /// The file system has no locks, or refuses them.
    #[error("cannot lock the journal {}: {cause}", path.display())]
    Unlockable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The file or its directory cannot be used.
    #[error("cannot {step} {}: {cause}", path.display())]
    Io {
        /// What was tried.
        step: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl OpenError {
    pub(super) fn at(step: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { step, path, cause }
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Locked(_) => "wait for that run to end, or name another journal",
            Self::Occupied(_) => "name another journal, or move that file",
            Self::Read(error) => error.hint(),
            Self::Complete(_) => "nothing to resume; see its report",
            Self::Unlockable { .. } => "name a journal on another file system with --journal",
            Self::Io { .. } => "name a journal in an existing, writable directory with free space",
        }
    }
}

/// A journal that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The file has no content.
    #[error("{} is empty", .0.display())]
    Empty(PathBuf),
    /// The file is something else.
    #[error("{} is not a journal", .0.display())]
    NotAJournal(PathBuf),
    /// Its format is newer than this program, or older than it still knows.
    #[error("{} is a journal of version {found}; this program reads version {}", path.display(), Header::VERSION)]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// Its first line is not whole, so that nothing is known of the run.
    #[error("{}, line 1: the header is incomplete", .0.display())]
    TornHeader(PathBuf),
    /// A line before the end is not as it was written.
    #[error("{}, line {line}: {fault}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: u64,
        /// What is wrong with it.
        fault: LineFault,
    },
}

impl ReadError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "name an existing, readable journal; by default it is the report's path with `.journal`",
            Self::Empty(_) | Self::NotAJournal(_) => {
                "name the journal of the run; by default it is the report's path with `.journal`"
            }
            Self::Version { .. } => "use the version of allstop that wrote it",
            Self::TornHeader(_) => "that run sent nothing: start a new run",
            Self::Line { .. } => {
                "use the original journal, or start a new run: it detects targets that are already stopped"
            }
        }
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// Its checksum is missing or another.
    #[error("it was modified")]
    Changed,
    /// Its number is not that of its place.
    #[error("it was written as line {written_as}: a line was removed, repeated or moved")]
    Misplaced {
        /// Its number.
        written_as: u64,
    },
    /// It is as it was written, but says nothing that this version knows.
    #[error("it says nothing that this version knows")]
    Meaningless,
    /// It names a target that the header does not count.
    #[error("it is about target {target}, and the run has {targets}")]
    NoTarget {
        /// The target's number, from 0.
        target: u32,
        /// How many the header counts.
        targets: u32,
    },
    /// It goes on with a target that has its final fact.
    #[error("it is about target {}, which was finished before", .0.0)]
    Finished(#[from] AlreadyFinished),
    /// It follows the end of the run.
    #[error("it follows the end of the run")]
    AfterEnd,
}
