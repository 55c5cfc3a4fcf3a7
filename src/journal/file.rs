//! The file of a journal: how it comes into being, and how a run goes on in it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use super::commit::{PAUSE, Sink};
use super::error::{OpenError, ReadError};
use super::head::Header;
use super::lock::Locked;
use super::note::{End, Note, Resumed};
use super::read::{Lines, Replay};
use super::seal::Seal;
use super::writer::Writer;
use crate::base::disk::{self, Access, folder};

/// A journal that was created.
#[derive(Debug)]
pub struct Created {
    /// Its writing end; nobody else can write it while this lives.
    pub writer: Writer,
    /// Where the journal of an earlier run is now, which stood at its place and had not come to its end.
    pub kept: Option<PathBuf>,
}

/// Creates the journal of a new run, and locks it.
///
/// It appears whole, with its header, or not at all. A journal at its place whose run is complete is replaced; one that
/// a run can still go on in is kept as `<path>.<run id>`. A device or a pipe is written to as it is.
///
/// # Errors
///
/// Fails when another run is writing a journal there, when something else is there, when the directory cannot be
/// written, or when its file system has no locks.
pub fn create(path: &Path, header: &Header) -> Result<Created, OpenError> {
    let mut seal = Seal::default();
    let mut line = Vec::new();
    seal.write(&mut line, header).map_err(OpenError::at("write the header of", path))?;
    if path.is_dir() {
        return Err(OpenError::at("write", path)(ErrorKind::IsADirectory.into()));
    }
    if disk::is_device(path) {
        let mut device = disk::open_device(path).map_err(OpenError::at("open", path))?;
        device.write_all(&line).map_err(OpenError::at("write", path))?;
        return Ok(Created { writer: start(device, seal, path)?, kept: None });
    }
    let (file, kept) = place(&disk::resolved(path).map_err(OpenError::at("write", path))?, &line)?;
    Ok(Created { writer: start(file, seal, path)?, kept })
}

/// A journal whose run is about to go on, locked. Nothing is written to it before [`go_on`](Self::go_on).
#[derive(Debug)]
pub struct Reopened {
    file: Locked,
    seal: Seal,
    valid_bytes: u64,
    path: PathBuf,
}

/// Reads the journal of a run that was killed or interrupted, and locks it.
///
/// # Errors
///
/// Fails, and changes nothing, when another run is writing the journal, when it cannot be read, or when its run is
/// complete.
pub fn reopen(path: &Path) -> Result<(Replay, Reopened), OpenError> {
    let at = disk::resolved(path).map_err(|cause| unopened(path, cause))?;
    // Reading a pipe that this very process holds open to write would never end.
    if disk::is_device(&at) {
        return Err(ReadError::NotAJournal(path.to_owned()).into());
    }
    let file = OpenOptions::new().read(true).write(true).open(&at).map_err(|cause| unopened(path, cause))?;
    let file = Locked::new(file, &at)?;
    let mut lines = Lines::new(BufReader::new(&file.file), path);
    let header = lines.header()?;
    let (replay, seal) = lines.replay(header)?;
    if replay.is_complete() {
        return Err(OpenError::Complete(path.to_owned()));
    }
    let reopened = Reopened { file, seal, valid_bytes: replay.valid_bytes, path: path.to_owned() };
    Ok((replay, reopened))
}

/// Says why a journal that should be there cannot be gone on with: it cannot be written, or it is none.
fn unopened(path: &Path, cause: io::Error) -> OpenError {
    if matches!(cause.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
        return OpenError::at("write", path)(cause);
    }
    ReadError::Io { path: path.to_owned(), cause }.into()
}

impl Reopened {
    /// Goes on with the run: a torn last line is cut off, and a line says that the run goes on.
    ///
    /// # Errors
    ///
    /// Fails when the journal cannot be written.
    pub fn go_on(self, at: Timestamp) -> Result<Writer, OpenError> {
        let Self { mut file, mut seal, valid_bytes, path } = self;
        let mut line = Vec::new();
        let mut append = || {
            file.cut(valid_bytes)?;
            seal.write(&mut line, &Note::Resumed { resumed: Resumed { at } })?;
            file.write(&line)?;
            file.sync()
        };
        append().map_err(OpenError::at("write", &path))?;
        start(file, seal, &path)
    }
}

/// [Reopens](reopen) the journal of a run that was killed or interrupted, and [goes on](Reopened::go_on) with it.
///
/// # Errors
///
/// Fails as the two do.
pub fn resume(path: &Path, at: Timestamp) -> Result<(Replay, Writer), OpenError> {
    let (replay, reopened) = reopen(path)?;
    Ok((replay, reopened.go_on(at)?))
}

fn start(sink: impl Sink, seal: Seal, path: &Path) -> Result<Writer, OpenError> {
    Writer::start(sink, seal, PAUSE, path).map_err(OpenError::at("start a thread for", path))
}

/// Puts a new journal at `path`, locked, and returns where an earlier one is now, if it was kept.
fn place(path: &Path, header: &[u8]) -> Result<(Locked, Option<PathBuf>), OpenError> {
    let earlier = Earlier::at(path)?;
    let (mut file, fresh) = beside(path)?;
    file.write(header).map_err(OpenError::at("write", path))?;
    file.file.sync_all().map_err(OpenError::at("sync", path))?;
    let (kept, placed) = match earlier {
        None => (None, fresh.persist_noclobber(path)),
        Some(Earlier { kept_as: None, .. }) => (None, fresh.persist(path)),
        Some(Earlier { kept_as: Some(ref run), .. }) => {
            let kept = disk::keep(path, |number| name(path, run, number)).map_err(OpenError::at("keep", path))?;
            let is_free = !path.exists();
            (Some(kept), if is_free { fresh.persist_noclobber(path) } else { fresh.persist(path) })
        }
    };
    match placed {
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => return Err(OpenError::Locked(path.to_owned())),
        placed => placed.map_err(|error| OpenError::at("create", path)(error.error))?,
    };
    disk::sync_folder(folder(path)).map_err(OpenError::at("sync the directory", folder(path)))?;
    Ok((file, kept))
}

/// Creates a locked file beside `path`.
fn beside(path: &Path) -> Result<(Locked, NamedTempFile), OpenError> {
    let in_folder = OpenError::at("create a file in the directory", folder(path));
    let pair = disk::beside(path, Access::Private).and_then(|fresh| Ok((fresh.as_file().try_clone()?, fresh)));
    let (file, fresh) = pair.map_err(in_folder)?;
    Ok((Locked::fresh(file, path)?, fresh))
}

/// What is at a new journal's place, locked until it has made room.
struct Earlier {
    _lock: Locked,
    /// The run under whose id it is kept; `None` where it may be replaced.
    kept_as: Option<String>,
}

impl Earlier {
    fn at(path: &Path) -> Result<Option<Self>, OpenError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(OpenError::at("open", path))?,
        };
        let lock = Locked::new(file, path)?;
        let mut lines = Lines::new(BufReader::new(&lock.file), path);
        let kept_as = match lines.header() {
            Ok(header) => {
                if header.selects && lines.is_read() {
                    // A run that was killed while it listed has stopped nothing.
                    return Ok(Some(Self { _lock: lock, kept_as: None }));
                }
                let is_complete = lines.end().is_ok_and(|end| end.is_some_and(End::is_complete));
                (!is_complete).then_some(header.run)
            }
            Err(ReadError::Empty(_)) => None,
            Err(error) => return Err(OpenError::Occupied(error)),
        };
        Ok(Some(Self { _lock: lock, kept_as }))
    }
}

/// Returns `<path>.<run id>`, with a number after it from the second on.
fn name(path: &Path, run: &str, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", disk::tag(run)));
    if number > 1 {
        name.push(format!(".{number}"));
    }
    PathBuf::from(name)
}
