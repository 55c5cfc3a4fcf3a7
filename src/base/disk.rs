//! Files that survive a crash: how they come into being beside their place, and how a folder remembers them.

mod links;
mod patient;
mod put;
mod same;
mod stdout;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub(crate) use links::resolved;
pub(crate) use patient::Patient;
pub(crate) use put::put;
pub(crate) use same::is_same_place;
pub(crate) use stdout::check_stdout;

/// Returns the folder that holds `path`.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Tells whether the path is a device or a pipe, such as `/dev/null`, which must not be renamed over.
pub(crate) fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Opens a device or a pipe to write to it. Opening waits for nobody: a pipe that no program reads is an error.
#[cfg(unix)]
pub(crate) fn open_device(path: &Path) -> io::Result<Patient<File>> {
    use rustix::fs::{Mode, OFlags, open};
    let opened = open(path, OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty());
    match opened {
        Ok(opened) => Ok(Patient(opened.into())),
        Err(rustix::io::Errno::NXIO) => Err(io::Error::new(ErrorKind::NotConnected, "no program reads from it")),
        Err(error) => Err(error.into()),
    }
}

/// Opens a device or a pipe to write to it.
#[cfg(not(unix))]
pub(crate) fn open_device(path: &Path) -> io::Result<Patient<File>> {
    File::options().write(true).open(path).map(Patient)
}

/// The permissions of a new file, before the umask takes away from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// For its owner alone.
    Private,
    /// For whom the umask lets, but never writable by everybody.
    Shared,
    /// Readable by everybody, whatever the umask: another user's program reads it.
    Public,
}

impl Access {
    /// Returns the options that a new file with these permissions is opened with.
    fn of_new(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(match self {
                Self::Private => 0o600,
                Self::Shared => 0o664,
                Self::Public => 0o644,
            });
        }
        options
    }

    /// Gives a new file the permissions that the umask has taken away.
    #[cfg(unix)]
    fn insist(self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        match self {
            Self::Private | Self::Shared => Ok(()),
            Self::Public => file.set_permissions(fs::Permissions::from_mode(0o644)),
        }
    }

    #[cfg(not(unix))]
    const fn insist(self, _file: &File) -> io::Result<()> {
        Ok(())
    }
}

/// Creates a file beside `path` that goes away again unless it is persisted.
pub(crate) fn beside(path: &Path, access: Access) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".allstop-").suffix(".tmp");
    // Opened here, an error says what the system said, without the name of a file that nobody knows.
    builder.make_in(folder(path), |fresh| {
        let file = access.of_new().open(fresh)?;
        access.insist(&file).map(|()| file)
    })
}

/// Gives a file that is about to replace the one at `path` the mode and the owner of that one.
///
/// Only the superuser can give files away: for anybody else the file is the user's own, and what the earlier group
/// might do with it is not allowed to the user's group.
#[cfg(unix)]
pub(crate) fn take_over(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let earlier = match fs::metadata(path) {
        Ok(earlier) if earlier.is_file() => earlier,
        Ok(_) | Err(_) => return Ok(()),
    };
    let fresh = file.metadata()?;
    let is_owners = fresh.uid() == earlier.uid() || fchown(file, Some(earlier.uid()), None).is_ok();
    let is_groups = fresh.gid() == earlier.gid() || fchown(file, None, Some(earlier.gid())).is_ok();
    let mode = earlier.mode() & 0o777;
    let mode = if is_groups { mode } else { mode & !0o070 };
    let mode = if is_owners { mode } else { mode | 0o600 };
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Gives a file that is about to replace the one at `path` the permissions of that one.
#[cfg(not(unix))]
pub(crate) fn take_over(_file: &File, _path: &Path) -> io::Result<()> {
    Ok(())
}

/// Checks that the user may replace the file at `path`, if one stands there: in a sticky folder, such as `/tmp`, only
/// its owner and the folder's may.
#[cfg(unix)]
pub(crate) fn check_sticky(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    let (Ok(found), Ok(around)) = (fs::symlink_metadata(path), fs::metadata(folder(path))) else { return Ok(()) };
    let is_sticky = around.mode() & 0o1000 != 0;
    if is_sticky && own != 0 && found.uid() != own && around.uid() != own {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "it belongs to another user, in a sticky folder"));
    }
    Ok(())
}

/// Checks that the user may replace the file at `path`.
#[cfg(not(unix))]
pub(crate) const fn check_sticky(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Keeps the file at `path` under the first free name of those that `named` makes of 1, 2 and so on; returns that.
///
/// Where the file system has links, the file stays at its place as well until something replaces it there.
pub(crate) fn keep(path: &Path, named: impl Fn(u32) -> PathBuf) -> io::Result<PathBuf> {
    for number in 1..=u32::MAX {
        let name = named(number);
        match fs::hard_link(path, &name) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(_) if fs::symlink_metadata(&name).is_ok() => {}
            Err(_) => return fs::rename(path, &name).map(|()| name),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Returns a run's id as a part of a file's name.
pub(crate) fn tag(run: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    run.chars().map(plain).take(64).collect()
}

/// Makes a rename in the folder durable; only Unix can open folders.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { unless_unknown(File::open(folder)?.sync_all()) } else { Ok(()) }
}

/// Takes for done what the folder's file system does not have: SMB, 9p, virtiofs and others cannot sync folders.
#[cfg(unix)]
fn unless_unknown(synced: io::Result<()>) -> io::Result<()> {
    use rustix::io::Errno;
    let unknown = [Errno::INVAL, Errno::BADF, Errno::NOTSUP, Errno::OPNOTSUPP, Errno::NOSYS];
    match synced {
        Err(error) if Errno::from_io_error(&error).is_some_and(|errno| unknown.contains(&errno)) => Ok(()),
        synced => synced,
    }
}

#[cfg(not(unix))]
const fn unless_unknown(synced: io::Result<()>) -> io::Result<()> {
    synced
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn a_folder_that_cannot_be_synced_at_all_is_no_error_and_any_other_failure_is() {
        for errno in [Errno::INVAL, Errno::BADF, Errno::NOTSUP, Errno::OPNOTSUPP, Errno::NOSYS] {
            assert!(unless_unknown(Err(errno.into())).is_ok(), "{errno:?}");
        }
        for errno in [Errno::IO, Errno::NOSPC, Errno::DQUOT, Errno::ROFS, Errno::ACCESS] {
            let error = unless_unknown(Err(errno.into())).unwrap_err();
            assert_eq!(error.raw_os_error(), Some(errno.raw_os_error()));
        }
        assert!(unless_unknown(Ok(())).is_ok());
    }

    #[test]
    fn what_is_kept_takes_a_free_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let named = |number: u32| folder.path().join(format!("kept-{number}"));
        for (text, name) in [("one", "kept-1"), ("two", "kept-2")] {
            fs::write(&path, text).unwrap();
            assert_eq!(keep(&path, named).unwrap(), folder.path().join(name));
            fs::remove_file(&path).unwrap();
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text);
        }
    }
}
