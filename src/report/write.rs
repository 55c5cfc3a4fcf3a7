//! Where a report goes: a file that is replaced in one step, or standard output.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::earlier;
use crate::base::disk::{self, Access, Patient, folder, is_device, resolved};

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A file; one that exists is replaced.
    File(PathBuf),
}

/// A destination that was found to be fit, and what was opened for that.
#[derive(Debug)]
pub struct Prepared {
    destination: Destination,
    /// The device or pipe, so that its reader stays.
    device: Option<Patient<File>>,
    /// The permissions of a new file.
    access: Access,
}

impl Destination {
    /// Returns the path of the file; `None` for standard output.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdout => None,
            Self::File(path) => Some(path),
        }
    }

    /// Returns whether it is standard output, a device or a pipe: no file can be put beside it.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        match self {
            Self::Stdout => true,
            Self::File(path) => is_device(path),
        }
    }

    /// Returns whether writing replaces the file at `path`, by whatever name or link, or would once it is there.
    #[must_use]
    pub fn replaces(&self, path: &Path) -> bool {
        matches!(self, Self::File(own) if disk::is_same_place(own, path))
    }

    /// Returns whether the two are one file, over whatever names and links, or both standard output.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        match other {
            Self::Stdout => *self == Self::Stdout,
            Self::File(path) => self.replaces(path),
        }
    }

    /// Checks that writing will work as far as that can be known, and leaves no trace; meant for before the first request.
    ///
    /// # Errors
    ///
    /// Fails when the path is a directory, when its directory does not exist or takes no new files, when the name is too long,
    /// when a link on the way is not to be followed, when no program reads the pipe, and when standard output is closed.
    pub fn prepare(&self) -> Result<Prepared, WriteError> {
        self.prepare_for(Access::Shared)
    }

    /// Does what [`prepare`](Self::prepare) does, for a file that has these permissions where none stands there.
    pub(super) fn prepare_for(&self, access: Access) -> Result<Prepared, WriteError> {
        let prepared = |device| Prepared { destination: self.clone(), device, access };
        let path = match self {
            Self::Stdout => {
                disk::check_stdout().map_err(WriteError::at("write", STDOUT))?;
                return Ok(prepared(None));
            }
            Self::File(path) => path,
        };
        if path.is_dir() {
            return Err(WriteError::at("write", path)(ErrorKind::IsADirectory.into()));
        }
        if is_device(path) {
            return open_device(path).map(|device| prepared(Some(device)));
        }
        let path = resolved(path).map_err(WriteError::at("write", path))?;
        disk::beside(&path, access).map_err(in_folder(&path))?;
        disk::sync_folder(folder(&path)).map_err(sync_folder(&path))?;
        disk::check_sticky(&path).map_err(WriteError::at("replace", &path))?;
        earlier::check(&path).map_err(WriteError::at("write", path))?;
        Ok(prepared(None))
    }

    /// Writes what `content` writes.
    ///
    /// A file appears whole and durable or not at all: it is written beside its place, synced and renamed, and after a
    /// failure the earlier file is still there. It keeps the mode and the owner of what it replaces. The report
    /// of a run is never lost: it is kept beside what replaces it. Devices and pipes are written directly.
    ///
    /// # Errors
    ///
    /// Fails when `content` does, or when the file cannot be created, written, synced or renamed.
    pub fn write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), WriteError> {
        Prepared { destination: self.clone(), device: None, access: Access::Shared }.write(None, content).map(drop)
    }
}

impl Prepared {
    /// Writes what `content` writes, as [`Destination::write`] does; returns where the report is kept now that stood
    /// there before.
    ///
    /// An earlier report of the `run` itself is replaced: the later one contains it.
    ///
    /// # Errors
    ///
    /// Fails when `content` does, or when the file cannot be created, written, synced or renamed.
    pub fn write(
        self,
        run: Option<&str>,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Option<PathBuf>, WriteError> {
        let path = match &self.destination {
            Destination::Stdout => {
                let written = fill(Patient(io::stdout().lock()), content);
                return written.map(|_| None).map_err(WriteError::at("write", STDOUT));
            }
            Destination::File(path) => path,
        };
        match self.device {
            Some(device) => fill(device, content).map(|_| None).map_err(WriteError::at("write", path)),
            None if is_device(path) => {
                fill(open_device(path)?, content).map(|_| None).map_err(WriteError::at("write", path))
            }
            None => replace((&resolved(path).map_err(WriteError::at("write", path))?, self.access), run, content),
        }
    }

    /// Returns the file at the destination, if there is one.
    #[must_use]
    pub fn standing(&self) -> Option<&Path> {
        match &self.destination {
            Destination::File(path) if fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0) => {
                Some(path)
            }
            Destination::File(_) | Destination::Stdout => None,
        }
    }
}

/// What messages call it.
const STDOUT: &str = "standard output";

/// Writes a file beside `path` and renames it to `path`.
fn replace(
    (path, access): (&Path, Access),
    run: Option<&str>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Option<PathBuf>, WriteError> {
    let file = disk::beside(path, access).map_err(in_folder(path))?;
    let file = fill(file, content).map_err(WriteError::at("write", path))?;
    disk::take_over(file.as_file(), path).map_err(WriteError::at("set the mode of", path))?;
    file.as_file().sync_all().map_err(WriteError::at("sync", path))?;
    let at_keeping = || WriteError::at("keep the earlier report at", path);
    let kept = earlier::keep(path, run).map_err(at_keeping())?;
    let displaced = disk::put(file, path).map_err(WriteError::at("replace", path))?;
    let kept = match displaced {
        Some(displaced) => earlier::keep_displaced(&displaced, path, run, kept).map_err(at_keeping())?,
        None => kept,
    };
    disk::sync_folder(folder(path)).map_err(sync_folder(path))?;
    Ok(kept)
}

/// Lets `content` write through a buffer, and returns the writer with everything flushed.
fn fill<W: Write>(writer: W, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    let mut buffered = BufWriter::with_capacity(1 << 16, writer);
    content(&mut buffered)?;
    let mut writer = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
    writer.flush()?;
    Ok(writer)
}

fn in_folder(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    WriteError::at("create a file in the directory", folder(path))
}

fn sync_folder(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    WriteError::at("sync the directory", folder(path))
}

fn open_device(path: &Path) -> Result<Patient<File>, WriteError> {
    disk::open_device(path).map_err(WriteError::at("open", path))
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
    pub(super) fn at(step: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self { step, path, cause }
    }

    /// Returns what the system said.
    #[must_use]
    pub const fn cause(&self) -> &io::Error {
        &self.cause
    }

    /// Returns what to do about it.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard library goes on adding kinds")]
    pub fn hint(&self) -> &'static str {
        match self.cause.kind() {
            ErrorKind::NotFound => "create the directory first, or name another path",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "name a path in a writable directory",
            ErrorKind::IsADirectory => "name a file in the directory, not the directory itself",
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space, or name a path on another disk",
            ErrorKind::BrokenPipe => "the program that reads standard output ended first; name a file instead",
            ErrorKind::NotConnected => "start the program that reads it first, or name a file instead",
            ErrorKind::InvalidFilename => "name a shorter path",
            _ => "name another path",
        }
    }
}
