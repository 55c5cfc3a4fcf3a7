//! Whether two paths lead to one file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::folder;

/// Tells whether two paths lead to one file, over whatever links, or would once it is there.
///
/// Devices and pipes can be written to twice: they are no such place. What cannot be asked is taken for different.
pub(crate) fn is_same_place(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(found), _) | (_, Ok(found)) if !found.is_file() && !found.is_dir() => false,
        (Ok(found), Ok(also)) => is_one(&found, &also) || is_one_way(one, other),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
        (Err(_), Err(_)) => is_one_way(one, other),
    }
}

#[cfg(unix)]
fn is_one(found: &fs::Metadata, also: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (found.dev(), found.ino()) == (also.dev(), also.ino())
}

#[cfg(not(unix))]
const fn is_one(_found: &fs::Metadata, _also: &fs::Metadata) -> bool {
    false
}

fn is_one_way(one: &Path, other: &Path) -> bool {
    matches!((way(one), way(other)), (Ok(one), Ok(other)) if one == other)
}

/// Returns the path without links, whether or not something stands there.
fn way(path: &Path) -> io::Result<PathBuf> {
    if let Ok(path) = fs::canonicalize(path) {
        return Ok(path);
    }
    let mut path = path.to_owned();
    // A link may lead to what is not there yet.
    for _ in 0..8 {
        let Ok(next) = fs::read_link(&path) else { break };
        path = folder(&path).join(next);
    }
    let folder = fs::canonicalize(folder(&path))?;
    Ok(folder.join(path.file_name().unwrap_or_default()))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_is_known_by_whatever_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("in")).unwrap();
        fs::write(at("file"), "").unwrap();
        fs::write(at("other"), "").unwrap();
        fs::hard_link(at("file"), at("hard")).unwrap();
        symlink("file", at("soft")).unwrap();
        symlink("later", at("early")).unwrap();
        symlink(at("in"), at("also-in")).unwrap();
        for (one, other, expected) in [
            ("file", "file", true),
            ("file", "in/../file", true),
            ("file", "hard", true),
            ("soft", "hard", true),
            ("early", "later", true),
            ("in/later", "also-in/later", true),
            ("later", "in/later", false),
            ("file", "other", false),
            ("file", "later", false),
        ] {
            assert_eq!(is_same_place(&at(one), &at(other)), expected, "{one} {other}");
            assert_eq!(is_same_place(&at(other), &at(one)), expected, "{other} {one}");
        }
        assert!(!is_same_place(Path::new("/dev/null"), Path::new("/dev/null")));
    }
}
