//! One run at a time: the lock on a journal's file.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use super::commit::Sink;
use super::error::OpenError;

/// A file that this process has locked. The system unlocks it when the process dies.
pub(super) struct Locked(pub(super) File);

impl Locked {
    /// Locks the file that was opened at `path`.
    pub(super) fn new(file: File, path: &Path) -> Result<Self, OpenError> {
        let locked = Self::fresh(file, path)?;
        // Another run may have put its own journal there between opening and locking.
        if is_at(&locked.0, path) { Ok(locked) } else { Err(OpenError::Locked(path.to_owned())) }
    }

    /// Locks a file that does not yet stand at `path`.
    pub(super) fn fresh(file: File, path: &Path) -> Result<Self, OpenError> {
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked(path.to_owned())),
            Err(TryLockError::Error(cause)) => Err(OpenError::at("lock", path)(cause)),
        }
    }
}

impl Drop for Locked {
    /// Unlocks at once: closing alone would not while a child process, about to start its program, shares the file.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

impl Sink for Locked {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.0.write(lines)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }
}

/// Tells whether `path` still names the file; where that cannot be asked, it is taken for granted.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(opened), Ok(named)) => (opened.dev(), opened.ino()) == (named.dev(), named.ino()),
        (_, _) => false,
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}
