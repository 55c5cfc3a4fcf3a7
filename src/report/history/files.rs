//! The files that may be reports.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Returns the files at a path: the path itself, or the `*.json` files of a directory, in the order of their names.
/// Directories below it are left out unless `is_recursive`; links to directories are not followed.
///
/// # Errors
///
/// Fails when the path or a directory cannot be read.
pub fn report_files(path: &Path, is_recursive: bool) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.extend(is_recursive.then_some(path));
            } else if path.extension().is_some_and(|ending| ending == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
