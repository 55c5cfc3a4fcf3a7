//! One run at a time: the lock on a journal's file.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::commit::Sink;
use super::error::OpenError;

/// A file that this process has locked. The system unlocks it when the process dies.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) file: File,
    /// Where it is, or will be before anything is noted in it.
    path: PathBuf,
    /// How long it is, as far as this process has written it.
    length: u64,
}

impl Locked {
    /// Locks the file that was opened at `path`.
    pub(super) fn new(file: File, path: &Path) -> Result<Self, OpenError> {
        let locked = Self::fresh(file, path)?;
        // Another run may have put its own journal there between opening and locking.
        if is_at(&locked.file, path) { Ok(locked) } else { Err(OpenError::Locked(path.to_owned())) }
    }

    /// Locks a file that does not yet stand at `path`.
    pub(super) fn fresh(file: File, path: &Path) -> Result<Self, OpenError> {
        taken(file.try_lock(), path)?;
        Ok(Self { file, path: path.to_owned(), length: 0 })
    }

    /// Checks that the file is as long as this process has made it.
    fn check_length(&self) -> io::Result<()> {
        if self.file.metadata()?.len() == self.length {
            Ok(())
        } else {
            Err(io::Error::other("another program has written to it"))
        }
    }

    /// Cuts the file to so many bytes, and goes on writing behind them.
    pub(super) fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.length = self.file.seek(SeekFrom::Start(length))?;
        Ok(())
    }
}

/// Tells whether a run has the journal at `path` open now; where the system cannot tell, none has.
#[must_use]
pub(crate) fn is_being_written(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let tried = file.try_lock_shared();
    let is_locked = matches!(tried, Err(TryLockError::WouldBlock));
    if tried.is_ok() {
        let _ = file.unlock();
    }
    is_locked
}

/// Says why a file could not be locked.
fn taken(locked: Result<(), TryLockError>, path: &Path) -> Result<(), OpenError> {
    match locked {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(path.to_owned())),
        Err(TryLockError::Error(cause)) => Err(OpenError::Unlockable { path: path.to_owned(), cause }),
    }
}

impl Drop for Locked {
    /// Unlocks at once: closing alone would not while a child process, about to start its program, shares the file.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Sink for Locked {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        // Behind what was cut off, writing would go on as if nothing had happened, and leave a hole.
        self.check_length()?;
        self.file.write(lines)?;
        self.length += lines.len() as u64;
        Ok(())
    }

    /// Nobody could go on in a journal that is not at its place or not whole any more, whatever is on the disk.
    fn sync(&mut self) -> io::Result<()> {
        self.file.sync()?;
        if !is_at(&self.file, &self.path) {
            return Err(io::Error::other("it was removed or replaced"));
        }
        self.check_length()
    }
}

/// Tells whether `path` still names the file; where the system cannot tell, it is taken for granted.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_locks_is_told_from_a_journal_that_is_locked() {
        let path = Path::new("x/run.journal");
        let held = taken(Err(TryLockError::WouldBlock), path).unwrap_err();
        assert_eq!(held.to_string(), "another run is writing this journal: x/run.journal");
        let cause = io::Error::new(io::ErrorKind::Unsupported, "Operation not supported");
        let error = taken(Err(TryLockError::Error(cause)), path).unwrap_err();
        assert_eq!(error.to_string(), "cannot lock the journal x/run.journal: Operation not supported");
        assert!(error.hint().contains("--journal"), "{}", error.hint());
    }
}
