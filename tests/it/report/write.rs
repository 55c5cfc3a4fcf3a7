//! Writing a report to its place.

use std::fs;
use std::io;
use std::path::Path;

use allstop::report::Destination;

/// Returns the names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn replaces_a_file_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.json");
    let destination = Destination::new(&path);
    for text in ["first, and longer", "second"] {
        destination.prepare().unwrap();
        destination.write(|out| out.write_all(text.as_bytes())).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    assert_eq!(names(folder.path()), ["out.json"]);
}

#[test]
fn preparing_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    Destination::new(&folder.path().join("out.json")).prepare().unwrap();
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_failure_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.json");
    fs::write(&path, "old").unwrap();
    let error = Destination::new(&path)
        .write(|out| {
            out.write_all(&[b'x'; 1 << 20])?;
            Err(io::ErrorKind::StorageFull.into())
        })
        .unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}: no storage space", path.display()));
    assert!(error.hint().contains("space"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(folder.path()), ["out.json"]);
}

#[test]
fn a_missing_folder_and_a_folder_are_told_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let error = Destination::new(&missing.join("out.json")).prepare().unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot create a file in the folder {}: ", missing.display())));
    assert!(error.hint().starts_with("create the folder"));
    let error = Destination::new(folder.path()).prepare().unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}: is a directory", folder.path().display()));
    assert!(error.hint().starts_with("name a file"));
}

#[test]
fn a_dash_is_standard_output() {
    assert_eq!(Destination::new(Path::new("-")), Destination::Stdout);
    Destination::Stdout.prepare().unwrap();
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    #[test]
    fn devices_are_written_to_and_never_replaced() {
        let destination = Destination::new(Path::new("/dev/null"));
        destination.prepare().unwrap();
        destination.write(|out| writeln!(out, "text")).unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn links_stay_links() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file.json"), folder.path().join("link.json"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        Destination::new(&link).write(|out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }

    #[test]
    fn a_link_may_be_there_before_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file.json"), folder.path().join("link.json"));
        symlink("file.json", &link).unwrap();
        Destination::new(&link).write(|out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }

    #[test]
    fn a_named_pipe_waits_for_its_reader_only_when_there_is_something_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let destination = Destination::new(&pipe);
        destination.prepare().unwrap();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| fs::read_to_string(&pipe).unwrap());
            destination.write(|out| out.write_all(b"all of it")).unwrap();
            assert_eq!(reader.join().unwrap(), "all of it");
        });
    }

    #[test]
    fn others_may_read_it_as_any_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let (report, plain) = (folder.path().join("out.json"), folder.path().join("plain"));
        Destination::new(&report).write(|out| out.write_all(b"{}")).unwrap();
        fs::write(&plain, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&report), mode(&plain));
    }
}
