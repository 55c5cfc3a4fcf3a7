//! Symbolic links on the way to a file that is written: followed, except where somebody else may have put them.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::folder;

/// As many links as systems follow.
const MOST: u32 = 40;

/// Follows symbolic links, so that renaming replaces the file and not the link to it.
///
/// The last link may be there before the file that it leads to.
///
/// # Errors
///
/// Fails when the name cannot be one, when links lead in a circle, and when one stands in a folder that everybody may
/// write to: who put it there might choose what is replaced.
pub(crate) fn resolved(path: &Path) -> io::Result<PathBuf> {
    refuse_way(path)?;
    let mut path = path.to_owned();
    for _ in 0..MOST {
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => {
                if is_open_to_all(folder(&path)) {
                    return Err(stray(&path));
                }
                path = folder(&path).join(fs::read_link(&path)?);
            }
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(_) | Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Refuses a way to a file that leads over somebody else's link in a folder that everybody may write to.
fn refuse_way(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    match path.ancestors().skip(1).find(|way| is_foreign_link(way) && is_open_to_all(folder(way))) {
        Some(link) => Err(stray(link)),
        None => Ok(()),
    }
}

fn stray(link: &Path) -> io::Error {
    let message = format!("{} is a symbolic link in a world-writable directory", link.display());
    io::Error::new(ErrorKind::PermissionDenied, message)
}

#[cfg(unix)]
fn is_open_to_all(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).is_ok_and(|found| found.mode() & 0o002 != 0)
}

#[cfg(unix)]
fn is_foreign_link(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink() && found.uid() != own)
}

#[cfg(not(unix))]
const fn is_open_to_all(_folder: &Path) -> bool {
    false
}

#[cfg(not(unix))]
const fn is_foreign_link(_path: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_are_followed_to_what_is_or_will_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("two", at("one")).unwrap();
        symlink(at("file"), at("two")).unwrap();
        assert_eq!(resolved(&at("one")).unwrap(), at("file"));
        fs::write(at("file"), "").unwrap();
        assert_eq!(resolved(&at("one")).unwrap(), at("file"));
        symlink("loop", at("loop")).unwrap();
        assert!(resolved(&at("loop")).is_err());
        assert!(resolved(&at(&"x".repeat(300))).is_err());
    }

    #[test]
    fn a_link_where_everybody_may_write_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "").unwrap();
        fs::create_dir(at("tmp")).unwrap();
        symlink(at("file"), at("tmp/link")).unwrap();
        symlink(at("tmp/link"), at("way")).unwrap();
        assert_eq!(resolved(&at("way")).unwrap(), at("file"));
        for mode in [0o1777, 0o777, 0o702] {
            fs::set_permissions(at("tmp"), fs::Permissions::from_mode(mode)).unwrap();
            for name in ["tmp/link", "way"] {
                let error = resolved(&at(name)).unwrap_err();
                assert!(
                    error.to_string().contains("tmp/link is a symbolic link in a world-writable directory"),
                    "{mode:o}: {error}"
                );
            }
            assert_eq!(resolved(&at("tmp/other")).unwrap(), at("tmp/other"));
        }
    }

    #[test]
    fn a_folder_may_be_ones_own_link_and_nobody_elses_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("tmp")).unwrap();
        fs::create_dir(at("mine")).unwrap();
        symlink(at("mine"), at("tmp/link")).unwrap();
        fs::set_permissions(at("tmp"), fs::Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(resolved(&at("tmp/link/file")).unwrap(), at("tmp/link/file"));
        // Only the superuser can make a link somebody else's.
        if std::os::unix::fs::lchown(at("tmp/link"), Some(12345), None).is_ok() {
            assert!(resolved(&at("tmp/link/file")).is_err());
            fs::set_permissions(at("tmp"), fs::Permissions::from_mode(0o755)).unwrap();
            assert!(resolved(&at("tmp/link/file")).is_ok());
        }
    }
}
