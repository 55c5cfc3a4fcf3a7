//! Opens the files of a plan: never a device or a file of the system.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

/// The directories of the system's own files.
const SYSTEM: [&str; 3] = ["/proc", "/sys", "/dev"];

/// Opens a file that a plan names: a regular one, outside the system's directories.
pub(super) fn named(path: &Path) -> io::Result<File> {
    let real = fs::canonicalize(path)?;
    refuse(&real, &SYSTEM)?;
    // Opening a pipe without a writer would block.
    refuse_others(&fs::metadata(&real)?)?;
    let file = File::open(&real)?;
    refuse_others(&file.metadata()?)?;
    Ok(file)
}

/// Opens a plan, which may be a pipe, too.
pub(super) fn plan(path: &Path) -> io::Result<File> {
    let metadata = fs::metadata(path)?;
    if is_device(&metadata) {
        return Err(io::Error::other("it is a device, not a file"));
    }
    if metadata.is_file() {
        // A regular file is never in /dev.
        refuse(&fs::canonicalize(path)?, &["/proc", "/sys"])?;
    }
    File::open(path)
}

fn refuse(real: &Path, folders: &[&str]) -> io::Result<()> {
    match folders.iter().find(|folder| real.starts_with(folder)) {
        Some(folder) => Err(io::Error::other(format!("{folder} belongs to the system"))),
        None => Ok(()),
    }
}

fn refuse_others(metadata: &Metadata) -> io::Result<()> {
    match metadata.is_file() {
        true => Ok(()),
        false if metadata.is_dir() => Err(io::Error::other("it is a directory")),
        false => Err(io::Error::other("it is not a regular file, but a pipe, a socket or a device")),
    }
}

#[cfg(unix)]
fn is_device(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    kind.is_char_device() || kind.is_block_device()
}

#[cfg(not(unix))]
const fn is_device(_: &Metadata) -> bool {
    false
}
