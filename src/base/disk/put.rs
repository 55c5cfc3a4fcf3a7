//! Putting a file at its place so that nothing is lost that another program puts there in the same moment.

use std::io;
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

/// Puts a file that was written beside `path` there, in one step; returns what stood there until then, which goes away
/// with what is returned. Where the system cannot exchange two files, what stood there is replaced.
pub(crate) fn put(file: NamedTempFile, path: &Path) -> io::Result<Option<TempPath>> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let fresh = file.into_temp_path();
    match exchange(&fresh, path) {
        Ok(()) => return Ok(Some(fresh)),
        Err(Hindrance::NothingThere) => {}
        Err(Hindrance::Unknown) => return fresh.persist(path).map(|()| None).map_err(Into::into),
    }
    match fresh.persist_noclobber(path) {
        Ok(()) => Ok(None),
        // Something was put there since, or the file system cannot rename so.
        Err(error) => match exchange(&error.path, path) {
            Ok(()) => Ok(Some(error.path)),
            Err(_) => error.path.persist(path).map(|()| None).map_err(Into::into),
        },
    }
}

/// Why two files were not exchanged.
#[derive(Debug)]
enum Hindrance {
    /// There is no other one.
    NothingThere,
    /// The system cannot.
    Unknown,
}

/// Gives each of two files the name of the other.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> Result<(), Hindrance> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(|errno| match errno {
        Errno::NOENT => Hindrance::NothingThere,
        _ => Hindrance::Unknown,
    })
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, other: &Path) -> Result<(), Hindrance> {
    Err(if other.exists() { Hindrance::Unknown } else { Hindrance::NothingThere })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::base::disk::{Access, beside};

    #[test]
    fn what_stood_there_is_handed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let fresh = |text: &str| {
            let file = beside(&path, Access::Shared).unwrap();
            fs::write(file.path(), text).unwrap();
            file
        };
        assert!(put(fresh("one"), &path).unwrap().is_none());
        let displaced = put(fresh("two"), &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        if cfg!(any(target_os = "linux", target_os = "macos")) {
            assert_eq!(fs::read_to_string(displaced.as_ref().unwrap()).unwrap(), "one");
        }
        drop(displaced);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
