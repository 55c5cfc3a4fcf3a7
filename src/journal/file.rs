//! The file of a journal: how it comes into being, and how a run goes on in it.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use super::commit::{PAUSE, Sink};
use super::error::{OpenError, ReadError};
use super::header::Header;
use super::lock::Locked;
use super::note::{Note, Resumed};
use super::read::{Lines, Replay};
use super::seal::Seal;
use super::writer::Writer;
use crate::disk::{self, folder};
use crate::run::Status;

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
/// It appears whole, with its header, or not at all. A journal at its place whose run had ended is replaced; one that
/// a killed run left behind is kept as `<path>.<run id>`. A device or a pipe is written to as it is.
///
/// # Errors
///
/// Fails when another run is writing a journal there, when something else stands there, or when the folder cannot be
/// written.
pub fn create(path: &Path, header: &Header) -> Result<Created, OpenError> {
    let mut seal = Seal::default();
    let mut line = Vec::new();
    seal.write(&mut line, header).map_err(OpenError::at("write the header of", path))?;
    if disk::is_device(path) {
        let mut device = OpenOptions::new().write(true).open(path).map_err(OpenError::at("open", path))?;
        device.write_all(&line).map_err(OpenError::at("write", path))?;
        return Ok(Created { writer: start(device, seal, path)?, kept: None });
    }
    let (file, kept) = place(&disk::resolved(path), &line)?;
    Ok(Created { writer: start(file, seal, path)?, kept })
}

/// Goes on with the run of a journal that was killed or interrupted, and locks the journal.
///
/// A torn last line is cut off, and a line says that the run goes on.
///
/// # Errors
///
/// Fails, and changes nothing, when another run is writing the journal, when it cannot be read, or when its run is
/// complete. Fails when it cannot be written.
pub fn resume(path: &Path, at: Timestamp) -> Result<(Replay, Writer), OpenError> {
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(OpenError::at("open", path))?;
    let mut file = Locked::new(file, path)?;
    let mut lines = Lines::new(BufReader::new(&file.0), path);
    let header = lines.header()?;
    let (replay, mut seal) = lines.replay(header)?;
    if replay.end.is_some_and(|end| end.status == Status::Completed) {
        return Err(OpenError::Complete(path.to_owned()));
    }
    let mut line = Vec::new();
    let mut append = || {
        file.0.set_len(replay.valid_bytes)?;
        file.0.seek(SeekFrom::Start(replay.valid_bytes))?;
        seal.write(&mut line, &Note::Resumed { resumed: Resumed { at } })?;
        file.write(&line)?;
        file.sync()
    };
    append().map_err(OpenError::at("write", path))?;
    Ok((replay, start(file, seal, path)?))
}

fn start(sink: impl Sink, seal: Seal, path: &Path) -> Result<Writer, OpenError> {
    Writer::start(sink, seal, PAUSE, path).map_err(OpenError::at("start a thread for", path))
}

/// Puts a new journal at `path`, locked, and returns where an earlier one is now, if it was kept.
fn place(path: &Path, header: &[u8]) -> Result<(Locked, Option<PathBuf>), OpenError> {
    let earlier = Earlier::at(path)?;
    let (mut file, fresh) = beside(path)?;
    file.write(header).map_err(OpenError::at("write", path))?;
    file.0.sync_all().map_err(OpenError::at("sync", path))?;
    let (kept, placed) = match earlier {
        None => (None, fresh.persist_noclobber(path)),
        Some(Earlier { kept_as: None, .. }) => (None, fresh.persist(path)),
        Some(Earlier { kept_as: Some(ref kept), .. }) => {
            fs::rename(path, kept).map_err(OpenError::at("rename", path))?;
            (Some(kept.clone()), fresh.persist_noclobber(path))
        }
    };
    match placed {
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => return Err(OpenError::Locked(path.to_owned())),
        placed => placed.map_err(|error| OpenError::at("create", path)(error.error))?,
    };
    disk::sync_folder(folder(path)).map_err(OpenError::at("sync the folder", folder(path)))?;
    Ok((file, kept))
}

/// Creates a locked file beside `path`.
fn beside(path: &Path) -> Result<(Locked, NamedTempFile), OpenError> {
    let in_folder = OpenError::at("create a file in the folder", folder(path));
    let pair = disk::beside(path).and_then(|fresh| Ok((fresh.as_file().try_clone()?, fresh)));
    let (file, fresh) = pair.map_err(in_folder)?;
    Ok((Locked::fresh(file, path)?, fresh))
}

/// What stands at a new journal's place, locked until it has made room.
struct Earlier {
    _lock: Locked,
    /// The name under which it is kept; `None` where it may be replaced.
    kept_as: Option<PathBuf>,
}

impl Earlier {
    fn at(path: &Path) -> Result<Option<Self>, OpenError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(OpenError::at("open", path))?,
        };
        let lock = Locked::new(file, path)?;
        let mut lines = Lines::new(BufReader::new(&lock.0), path);
        let kept_as = match lines.header() {
            Ok(header) => {
                let ended = lines.has_end().unwrap_or(false);
                (!ended).then(|| free_name(path, &header.run))
            }
            Err(ReadError::Empty(_)) => None,
            Err(error) => return Err(OpenError::Occupied(error)),
        };
        Ok(Some(Self { _lock: lock, kept_as }))
    }
}

/// Returns `<path>.<run id>`, with a number after it where that is taken.
fn free_name(path: &Path, run: &str) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let run: String = run.chars().map(plain).take(64).collect();
    let named = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(if number == 1 { format!(".{run}") } else { format!(".{run}.{number}") });
        PathBuf::from(name)
    };
    (1..).map(named).find(|name| !name.exists()).unwrap_or_else(|| named(1))
}
