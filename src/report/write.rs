//! Where a report goes: a file that is replaced in one step, or standard output.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::disk::{self, folder, is_device, is_pipe, resolved};

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A file; one that exists is replaced.
    File(PathBuf),
}

impl Destination {
    /// Takes a path as the command line gives it; `-` is standard output.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        if path == Path::new("-") { Self::Stdout } else { Self::File(path.to_owned()) }
    }

    /// Checks that writing will work as far as that can be known, and leaves no trace; meant for before the first request.
    ///
    /// # Errors
    ///
    /// Fails when the path is a folder, or its folder does not exist or takes no new files.
    pub fn prepare(&self) -> Result<(), WriteError> {
        let Self::File(path) = self else { return Ok(()) };
        if path.is_dir() {
            return Err(WriteError::at("write", path)(ErrorKind::IsADirectory.into()));
        }
        if is_pipe(path) {
            // Opening it would wait for its reader, and closing it again would tell that reader that all is said.
            return Ok(());
        }
        if is_device(path) {
            return open_device(path).map(drop);
        }
        temporary(&resolved(path)).map(drop)
    }

    /// Writes what `content` writes.
    ///
    /// A file appears whole and durable or not at all: it is written beside its place, synced and renamed, and after a
    /// failure what stood there before is still there. Devices and pipes are written directly.
    ///
    /// # Errors
    ///
    /// Fails when `content` does, or when the file cannot be created, written, synced or renamed.
    pub fn write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), WriteError> {
        match self {
            Self::Stdout => {
                fill(io::stdout().lock(), content).map(drop).map_err(WriteError::at("write", "standard output"))
            }
            Self::File(path) if is_device(path) => {
                fill(open_device(path)?, content).map(drop).map_err(WriteError::at("write", path))
            }
            Self::File(path) => replace(&resolved(path), content),
        }
    }
}

/// Writes a file beside `path` and renames it to `path`.
fn replace(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), WriteError> {
    let file = temporary(path)?;
    let file = fill(file, content).map_err(WriteError::at("write", path))?;
    file.as_file().sync_all().map_err(WriteError::at("sync", path))?;
    file.persist(path).map_err(|error| WriteError::at("replace", path)(error.error))?;
    disk::sync_folder(folder(path)).map_err(WriteError::at("sync the folder", folder(path)))
}

/// Lets `content` write through a buffer, and returns the writer with everything flushed.
fn fill<W: Write>(writer: W, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    let mut buffered = BufWriter::with_capacity(1 << 16, writer);
    content(&mut buffered)?;
    let mut writer = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
    writer.flush()?;
    Ok(writer)
}

/// Creates a file beside `path` that goes away again unless it is persisted.
fn temporary(path: &Path) -> Result<NamedTempFile, WriteError> {
    disk::beside(path).map_err(WriteError::at("create a file in the folder", folder(path)))
}

fn open_device(path: &Path) -> Result<File, WriteError> {
    OpenOptions::new().write(true).open(path).map_err(WriteError::at("open", path))
}

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {step} {}: {cause}", path.display())]
pub struct WriteError {
    step: &'static str,
    path: PathBuf,
    cause: io::Error,
}

impl WriteError {
    fn at(step: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self { step, path, cause }
    }

    /// Returns what to do about it.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard library goes on adding kinds")]
    pub fn hint(&self) -> &'static str {
        match self.cause.kind() {
            ErrorKind::NotFound => "create the folder first, or name another path",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "name a path in a folder that you may write to"
            }
            ErrorKind::IsADirectory => "name a file in the folder, not the folder itself",
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space, or name a path on another disk",
            ErrorKind::BrokenPipe => "the program that reads standard output ended first; name a file instead",
            _ => "name another path",
        }
    }
}
