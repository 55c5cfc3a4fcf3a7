//! The file of a journal: beginning, locking, making room, going on.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use allstop::engine::{Journal, Outcome, SkipReason, Status, TargetResult};
use allstop::journal::{Created, End, Header, Mode, OpenError, PlanMark, Writer, create, read, reopen, resume};
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_323_600 + second).unwrap()
}

fn header(run: &str) -> Header {
    Header {
        version: Header::VERSION,
        tool: "allstop 0.1.0".to_owned(),
        run: run.to_owned(),
        mode: Mode::Live,
        plan: PlanMark {
            path: "/plans/incident.yaml".into(),
            name: "incident".to_owned(),
            sha256: "aa".repeat(32),
            fingerprint: "bb".repeat(32),
        },
        targets: 3,
        selects: false,
        reason: None,
        started_at: at(0),
        report: None,
        set: Vec::new(),
        options: std::collections::BTreeMap::new(),
    }
}

fn stopped() -> TargetResult {
    TargetResult { outcome: Outcome::Stopped, reason: None, ..TargetResult::skipped(SkipReason::Filtered) }
}

const fn end(status: Status, at: Timestamp) -> End {
    End { status, exit_code: 0, at, is_open: false }
}

/// A folder with the place of a journal in it.
struct Place {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.journal");
        Self { folder, path }
    }

    fn begin(&self, run: &str) -> Writer {
        let Created { writer, kept } = create(&self.path, &header(run)).unwrap();
        assert_eq!(kept, None);
        writer
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.path).unwrap()
    }

    /// Leaves a journal behind as a killed run would.
    fn killed(&self, run: &str) {
        let writer = self.begin(run);
        writer.finished(0, &Arc::new(stopped()));
        writer.sending(1, 1, at(1));
    }
}

fn locked(outcome: Result<impl std::fmt::Debug, OpenError>, path: &Path) {
    let error = outcome.unwrap_err();
    assert_eq!(error.to_string(), format!("another run is writing this journal: {}", path.display()));
    assert!(error.hint().contains("wait"), "{}", error.hint());
}

#[test]
fn lines_look_as_documented() {
    let place = Place::new();
    let writer = place.begin("run-1");
    writer.sending(0, 1, at(1));
    writer.finished(0, &Arc::new(stopped()));
    writer.end(end(Status::Completed, at(2))).unwrap();
    let text = place.text();
    let without_sums: Vec<_> = text.lines().map(|line| line.rsplit_once(",\"c\":\"").unwrap().0).collect();
    assert!(without_sums[0].starts_with(r#"{"journal":1,"tool":"allstop 0.1.0","run":"run-1","mode":"live","plan":{"#));
    assert_eq!(
        without_sums[1..],
        [
            r#"{"t":0,"s":1,"at":"2026-11-22T05:00:01Z","n":2"#,
            r#"{"t":0,"f":{"outcome":"stopped","reads":0},"n":3"#,
            r#"{"end":{"status":"completed","exit_code":0,"at":"2026-11-22T05:00:02Z"},"n":4"#,
        ]
    );
    assert_eq!(place.names(), ["run.journal"]);
}

#[test]
fn one_run_at_a_time() {
    let place = Place::new();
    let writer = place.begin("run-1");
    let before = place.text();
    locked(create(&place.path, &header("run-2")), &place.path);
    locked(resume(&place.path, at(5)), &place.path);
    assert_eq!(read(&place.path).unwrap().header.run, "run-1", "reading is free");
    assert_eq!(place.text(), before);
    drop(writer);
    let (_, resumed) = resume(&place.path, at(5)).unwrap();
    locked(resume(&place.path, at(6)), &place.path);
    drop(resumed);
    assert_eq!(place.names(), ["run.journal"]);
}

#[test]
fn a_journal_that_can_be_gone_on_in_is_kept_and_that_of_a_complete_run_replaced() {
    let place = Place::new();
    place.killed("run/../1");
    let left = place.text();
    for (run, kept_as) in [("run/../1", "run.journal.run____1"), ("run-2", "run.journal.run____1.2")] {
        let Created { writer, kept } = create(&place.path, &header(run)).unwrap();
        let kept = kept.unwrap();
        assert_eq!(kept, place.folder.path().join(kept_as));
        drop(writer);
    }
    assert_eq!(fs::read_to_string(place.folder.path().join("run.journal.run____1")).unwrap(), left);

    // A drained run has its report, and can be resumed all the same.
    for (number, status) in (2..).zip([Status::Deadline, Status::Interrupted, Status::Aborted]) {
        let (_, writer) = resume(&place.path, at(1)).unwrap();
        writer.end(end(status, at(2))).unwrap();
        drop(writer);
        let Created { writer, kept } = create(&place.path, &header(&format!("run-{}", number + 1))).unwrap();
        assert!(kept.unwrap().ends_with(format!("run.journal.run-{number}")));
        drop(writer);
    }
    let (_, writer) = resume(&place.path, at(1)).unwrap();
    writer.end(end(Status::Completed, at(2))).unwrap();
    drop(writer);
    let Created { writer, kept } = create(&place.path, &header("run-6")).unwrap();
    assert_eq!(kept, None);
    drop(writer);
    assert_eq!(read(&place.path).unwrap().header.run, "run-6");
    assert_eq!(place.names().len(), 6);

    // An end is only one where it is the last thing.
    let (_, writer) = resume(&place.path, at(1)).unwrap();
    writer.end(end(Status::Completed, at(2))).unwrap();
    drop(writer);
    fs::write(&place.path, place.text() + "{\"b\":1").unwrap();
    let Created { writer, kept } = create(&place.path, &header("run-7")).unwrap();
    assert!(kept.unwrap().ends_with("run.journal.run-6"));
    drop(writer);
}

#[test]
fn damage_is_kept_and_what_is_no_journal_stays() {
    let place = Place::new();
    place.killed("run-1");
    fs::write(&place.path, place.text().replace("\"s\":1", "\"s\":7")).unwrap();
    let error = resume(&place.path, at(1)).unwrap_err();
    assert_eq!(error.to_string(), format!("{}, line 3: it was modified", place.path.display()));
    assert!(create(&place.path, &header("run-2")).unwrap().kept.unwrap().ends_with("run.journal.run-1"));

    let newer = r#"{"journal":2,"tool":"allstop 9.0.0"}"#.to_owned() + "\n";
    let cases = [
        ("version: 1\ntargets: []\n", "run.journal is not a journal"),
        ("{\"version\": 1}", "run.journal is not a journal"),
        (&*newer, "run.journal is a journal of version 2; this program reads version 1"),
        ("{\"journal\":1,\"tool\":\"alls", "run.journal, line 1: the header is incomplete"),
        ("{\"journal\":1}\n", "run.journal, line 1: it was modified"),
    ];
    for (text, wanted) in cases {
        fs::write(&place.path, text).unwrap();
        let [read, resumed] = [read(&place.path).unwrap_err().to_string(), {
            let error = resume(&place.path, at(1)).unwrap_err();
            assert!(!error.hint().is_empty());
            error.to_string()
        }];
        assert!(read.ends_with(wanted), "{read}");
        assert_eq!(read, resumed);
        let occupied = create(&place.path, &header("run-2")).unwrap_err();
        assert_eq!(occupied.to_string(), format!("the journal file already exists: {read}"));
        assert_eq!(place.text(), text, "it is left alone");
    }
    fs::write(&place.path, "").unwrap();
    assert!(read(&place.path).unwrap_err().to_string().ends_with("run.journal is empty"));
    assert!(create(&place.path, &header("run-2")).unwrap().kept.is_none());
}

#[test]
fn a_run_goes_on_after_any_cut() {
    let place = Place::new();
    place.killed("run-1");
    let whole = place.text();
    let first = whole.find('\n').unwrap() + 1;
    for cut in first..=whole.len() {
        fs::write(&place.path, &whole[..cut]).unwrap();
        let before = read(&place.path).unwrap();
        let (replay, writer) = resume(&place.path, at(5)).unwrap();
        assert_eq!(replay, before);
        assert_eq!(place.text()[..before.valid_bytes as usize], whole[..before.valid_bytes as usize]);
        writer.finished(2, &Arc::new(stopped()));
        writer.end(end(Status::Completed, at(9))).unwrap();
        drop(writer);
        let after = read(&place.path).unwrap();
        assert_eq!(after.past.done.len(), before.past.done.len() + 1);
        assert_eq!(after.past.open, before.past.open);
        assert_eq!((after.resumptions, after.end), (1, Some(end(Status::Completed, at(9)))));
    }
    let error = resume(&place.path, at(10)).unwrap_err();
    assert_eq!(error.to_string(), format!("the run of this journal has ended: {}", place.path.display()));
}

#[test]
fn an_interrupted_run_goes_on_more_than_once() {
    let place = Place::new();
    place.killed("run-1");
    for resumptions in 0..4 {
        let (replay, writer) = resume(&place.path, at(resumptions)).unwrap();
        assert_eq!(i64::from(replay.resumptions), resumptions);
        writer.end(end(Status::Interrupted, at(resumptions))).unwrap();
    }
    let replay = read(&place.path).unwrap();
    assert_eq!((replay.past.done.len(), replay.past.open.len(), replay.resumptions), (1, 1, 4));
    assert_eq!(replay.valid_bytes, place.text().len() as u64);
}

#[test]
fn folders_that_cannot_be_used_are_told_before_the_run() {
    let place = Place::new();
    let missing = place.folder.path().join("missing");
    let error = create(&missing.join("run.journal"), &header("run-1")).unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot create a file in the directory {}: ", missing.display())));
    let error = create(place.folder.path(), &header("run-1")).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}: is a directory", place.folder.path().display()));
    let error = create(&place.folder.path().join("x".repeat(300)), &header("run-1")).unwrap_err();
    assert!(error.to_string().contains("name too long"), "{error}");
    let error = resume(&place.path, at(0)).unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot read {}: ", place.path.display())), "{error}");
    assert!(place.names().is_empty());
}

#[cfg(target_os = "linux")]
mod linux {
    use super::*;

    #[test]
    fn a_full_disk_is_told_before_the_run() {
        let error = create(Path::new("/dev/full"), &header("run-1")).unwrap_err();
        assert!(error.to_string().starts_with("cannot write /dev/full: No space left on device"), "{error}");
    }

    #[test]
    fn a_device_takes_a_journal_that_nobody_will_read() {
        let Created { writer, .. } = create(Path::new("/dev/null"), &header("run-1")).unwrap();
        writer.finished(0, &Arc::new(stopped()));
        writer.end(end(Status::Completed, at(1))).unwrap();
    }

    #[test]
    fn a_link_stays_one() {
        let place = Place::new();
        let link = place.folder.path().join("link");
        fs::write(&place.path, "").unwrap();
        std::os::unix::fs::symlink(&place.path, &link).unwrap();
        drop(create(&link, &header("run-1")).unwrap());
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&place.path).unwrap().header.run, "run-1");
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[tokio::test]
    async fn one_that_is_removed_or_replaced_is_noticed_and_nothing_counts_any_more() {
        for replaced in [false, true] {
            let place = Place::new();
            let writer = place.begin("run-1");
            let before = writer.sending(0, 1, at(1));
            writer.durable(before).await.unwrap();
            fs::remove_file(&place.path).unwrap();
            if replaced {
                fs::write(&place.path, "another one").unwrap();
            }
            let after = writer.finished(0, &Arc::new(stopped()));
            let error = writer.durable(after).await.unwrap_err();
            let expected = format!("{}: it was removed or replaced", place.path.display());
            assert_eq!(error.to_string(), format!("cannot write the journal: {expected}"));
            assert!(writer.end(end(Status::Completed, at(2))).is_err());
        }
    }

    #[tokio::test]
    async fn one_that_another_program_writes_to_is_noticed_in_a_resumed_run_too() {
        let change: [fn(&Path); 3] = [
            |path| drop(File::options().write(true).truncate(true).open(path).unwrap()),
            |path| File::options().write(true).open(path).unwrap().set_len(40).unwrap(),
            |path| File::options().append(true).open(path).unwrap().write_all(b"x\n").unwrap(),
        ];
        for (change, resumed) in change.into_iter().flat_map(|change| [(change, false), (change, true)]) {
            let place = Place::new();
            let writer = if resumed {
                place.killed("run-1");
                File::options().append(true).open(&place.path).unwrap().write_all(b"torn").unwrap();
                allstop::journal::resume(&place.path, at(1)).unwrap().1
            } else {
                place.begin("run-1")
            };
            let before = writer.sending(0, 1, at(1));
            writer.durable(before).await.unwrap();
            change(&place.path);
            let after = writer.finished(0, &Arc::new(stopped()));
            let error = writer.durable(after).await.unwrap_err();
            let expected = format!("{}: another program has written to it", place.path.display());
            assert_eq!(error.to_string(), format!("cannot write the journal: {expected}"));
        }
    }

    #[test]
    fn a_pipe_is_no_journal_to_go_on_with() {
        let place = Place::new();
        assert!(std::process::Command::new("mkfifo").arg(&place.path).status().unwrap().success());
        let error = allstop::journal::resume(&place.path, at(1)).unwrap_err();
        assert_eq!(error.to_string(), format!("{} is not a journal", place.path.display()));
    }

    #[test]
    fn a_journal_is_its_owners_alone() {
        let place = Place::new();
        place.killed("run-1");
        assert_eq!(mode(&place.path), 0o600);
        fs::set_permissions(&place.path, fs::Permissions::from_mode(0o666)).unwrap();
        let Created { writer, kept } = create(&place.path, &header("run-2")).unwrap();
        assert_eq!((mode(&place.path), mode(&kept.unwrap())), (0o600, 0o666), "what is kept is as it was");
        drop(writer);
    }

    #[test]
    fn a_pipe_without_a_reader_keeps_nobody_waiting() {
        let place = Place::new();
        assert!(std::process::Command::new("mkfifo").arg(&place.path).status().unwrap().success());
        let error = create(&place.path, &header("run-1")).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot open {}: no program reads from it", place.path.display()));
    }

    #[test]
    fn a_link_where_everybody_may_write_is_not_followed() {
        let place = Place::new();
        let open = place.folder.path().join("open");
        fs::create_dir(&open).unwrap();
        place.killed("run-1");
        let before = place.text();
        std::os::unix::fs::symlink(&place.path, open.join("link")).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o1777)).unwrap();
        for error in
            [create(&open.join("link"), &header("run-2")).map(drop), resume(&open.join("link"), at(1)).map(drop)]
        {
            let error = error.unwrap_err().to_string();
            assert!(error.contains("a symbolic link in a world-writable directory"), "{error}");
        }
        assert_eq!(place.text(), before);
    }
}

#[test]
fn a_reopened_journal_is_as_it_was_until_the_run_goes_on() {
    let place = Place::new();
    place.killed("run-1");
    let before = place.text();
    let (replay, reopened) = reopen(&place.path).unwrap();
    assert_eq!((replay.header.run.as_str(), replay.past.done.len()), ("run-1", 1));
    locked(resume(&place.path, at(5)), &place.path);
    drop(reopened);
    assert_eq!(place.text(), before);
    let (_, reopened) = reopen(&place.path).unwrap();
    drop(reopened.go_on(at(5)).unwrap());
    assert_eq!(read(&place.path).unwrap().resumptions, 1);
}
