//! Files that survive a crash: how they come into being beside their place, and how a folder remembers them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Returns the folder that holds `path`.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Follows symbolic links, so that renaming replaces the file and not the link to it.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    // A link may be there before the file that it leads to.
    let awaited = || fs::read_link(path).map(|file| folder(path).join(file));
    fs::canonicalize(path).or_else(|_| awaited()).unwrap_or_else(|_| path.to_owned())
}

/// Tells whether the path is a device or a pipe, such as `/dev/null`, which must not be renamed over.
pub(crate) fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Tells whether the path is a named pipe, whose reader is another program.
pub(crate) fn is_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    let is_pipe = |found: fs::Metadata| std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type());
    #[cfg(not(unix))]
    let is_pipe = |_: fs::Metadata| false;
    fs::metadata(path).is_ok_and(is_pipe)
}

/// Creates a file beside `path` that goes away again unless it is persisted, readable for whom the umask lets.
pub(crate) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".allstop-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder(path))
}

/// Makes a rename in the folder durable; only Unix can open folders.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
