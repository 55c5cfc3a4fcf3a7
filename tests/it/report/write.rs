//! Writing a report to its place.

use std::fs;
use std::io;
use std::path::Path;

use allstop::report::Destination;

fn to(path: &Path) -> Destination {
    Destination::File(path.to_owned())
}

/// Returns the names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn replaces_a_file_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.json");
    let destination = to(&path);
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
    to(&folder.path().join("out.json")).prepare().unwrap();
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_failure_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.json");
    fs::write(&path, "old").unwrap();
    let error = to(&path)
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
    let error = to(&missing.join("out.json")).prepare().unwrap_err();
    let told = error.to_string();
    assert!(told.starts_with(&format!("cannot create a file in the directory {}: ", missing.display())), "{told}");
    assert!(!told.contains(".allstop-"), "nobody knows the file that was to be made: {told}");
    assert!(error.hint().starts_with("create the directory"));
    let error = to(folder.path()).prepare().unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}: is a directory", folder.path().display()));
    assert!(error.hint().starts_with("name a file"));
}

#[test]
fn a_name_that_is_too_long_is_told_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let error = to(&folder.path().join("x".repeat(300))).prepare().unwrap_err();
    assert!(error.hint().contains("shorter"), "{error}: {}", error.hint());
    // The name under which the report that stands there would be kept.
    let path = folder.path().join(format!("{}.json", "x".repeat(240)));
    fs::write(&path, r#"{"version": 1, "run": {"id": "019ab0c2-7e5f-7000-8000-000000000001"}}"#).unwrap();
    assert!(to(&path).prepare().unwrap_err().hint().contains("shorter"));
}

#[test]
fn a_report_is_kept_under_its_runs_id_and_that_of_the_same_run_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.report.json");
    let text = |run: &str| format!("{{\"version\": 1, \"run\": {{\"id\": \"{run}\"}}}}");
    let write = |run: &str| {
        let prepared = to(&path).prepare().unwrap();
        prepared.write(Some(run), |out| out.write_all(text(run).as_bytes())).unwrap()
    };
    let kept_as = |name: &str| Some(folder.path().join(name));
    assert_eq!(write("one"), None);
    assert_eq!(write("one"), None);
    assert_eq!(write("two"), kept_as("plan.report.one.json"));
    assert_eq!(write("one"), kept_as("plan.report.two.json"));
    assert_eq!(write("two"), kept_as("plan.report.one.2.json"));
    assert_eq!(fs::read_to_string(folder.path().join("plan.report.two.json")).unwrap(), text("two"));
    // Whatever else is written there.
    to(&path).write(|out| out.write_all(b"<html>")).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("plan.report.two.2.json")).unwrap(), text("two"));
    assert_eq!(names(folder.path()).len(), 5);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    #[test]
    fn devices_are_written_to_and_never_replaced() {
        let destination = to(Path::new("/dev/null"));
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
        to(&link).write(|out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }

    #[test]
    fn a_link_may_be_there_before_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file.json"), folder.path().join("link.json"));
        symlink("file.json", &link).unwrap();
        to(&link).write(|out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }

    #[test]
    fn a_named_pipe_without_a_reader_is_told_before_the_run_and_one_with_a_reader_is_held_open() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let destination = to(&pipe);
        let error = destination.prepare().unwrap_err();
        assert_eq!(error.to_string(), format!("cannot open {}: no program reads from it", pipe.display()));
        assert!(error.hint().starts_with("start the program that reads it"), "{}", error.hint());
        // Opened for both, so that this does not wait for the other end.
        let mut reader = fs::File::options().read(true).write(true).open(&pipe).unwrap();
        let prepared = destination.prepare().unwrap();
        let text = vec![b'x'; 1 << 20];
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| prepared.write(None, |out| out.write_all(&text)));
            let mut read = vec![0; text.len()];
            io::Read::read_exact(&mut reader, &mut read).unwrap();
            assert!(read == text);
            assert_eq!(writing.join().unwrap().unwrap(), None);
        });
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn what_is_replaced_gives_its_mode_and_what_is_new_is_not_everybodys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        let destination = to(&path);
        destination.write(|out| out.write_all(b"new")).unwrap();
        assert_eq!(mode(&path) & 0o002, 0);
        for kept in [0o600, 0o640, 0o664, 0o606, 0o400] {
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            destination.write(|out| out.write_all(b"{}")).unwrap();
            assert_eq!(mode(&path), kept, "{kept:o}");
        }
    }

    #[test]
    fn the_superuser_leaves_a_file_to_its_owner() {
        use std::os::unix::fs::{MetadataExt, chown};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        fs::write(&path, "old").unwrap();
        if chown(&path, Some(12345), Some(23456)).is_err() {
            // Only the superuser can give files away.
            return;
        }
        to(&path).write(|out| out.write_all(b"new")).unwrap();
        let found = fs::metadata(&path).unwrap();
        assert_eq!((found.uid(), found.gid()), (12345, 23456));
    }

    #[test]
    fn a_link_where_everybody_may_write_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (open, file) = (folder.path().join("open"), folder.path().join("file"));
        fs::create_dir(&open).unwrap();
        fs::write(&file, "old").unwrap();
        symlink(&file, open.join("link")).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o1777)).unwrap();
        let destination = to(&open.join("link"));
        let told = "a symbolic link in a world-writable directory";
        assert!(destination.prepare().unwrap_err().to_string().contains(told));
        assert!(destination.write(|out| out.write_all(b"new")).unwrap_err().to_string().contains(told));
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert!(fs::symlink_metadata(open.join("link")).unwrap().is_symlink());
    }

    #[test]
    fn others_may_read_it_as_any_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let (report, plain) = (folder.path().join("out.json"), folder.path().join("plain"));
        to(&report).write(|out| out.write_all(b"{}")).unwrap();
        fs::write(&plain, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&report), mode(&plain));
    }
}
