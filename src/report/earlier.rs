//! Keeps an earlier report or journal at the place of a new report, under the id of its run.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::base::disk;

/// Checks that a report or journal at `path` could be kept.
pub(super) fn check(path: &Path) -> io::Result<()> {
    let Some(Earlier { run, .. }) = earlier_at(path) else { return Ok(()) };
    match fs::symlink_metadata(name(path, &run, 1)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Keeps a report or journal at `path` under its run's id, unless that is the report of `run` itself; returns where.
pub(super) fn keep(path: &Path, run: Option<&str>) -> io::Result<Option<PathBuf>> {
    keep_from(path, path, run)
}

/// Keeps what was at `path` when the report of `run` was put there, and is at `displaced` now: another program may have
/// written it after [`keep`] has `kept` the earlier one.
pub(super) fn keep_displaced(
    displaced: &Path,
    path: &Path,
    run: Option<&str>,
    kept: Option<PathBuf>,
) -> io::Result<Option<PathBuf>> {
    if kept.as_ref().is_some_and(|kept| disk::is_same_place(kept, displaced)) {
        return Ok(kept);
    }
    Ok(keep_from(displaced, path, run)?.or(kept))
}

fn keep_from(place: &Path, path: &Path, run: Option<&str>) -> io::Result<Option<PathBuf>> {
    let earlier = earlier_at(place).filter(|earlier| earlier.is_kept_from(run));
    earlier.map(|earlier| disk::keep(place, |number| name(path, &earlier.run, number))).transpose()
}

/// Returns `plan.report.<run id>.json` for `plan.report.json`, with a number where that is taken.
fn name(path: &Path, run: &str, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!(".{}", disk::tag(run)));
    if number > 1 {
        name.push(format!(".{number}"));
    }
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

/// What another run has written.
#[derive(Debug, PartialEq, Eq)]
struct Earlier {
    run: String,
    /// Whether it is a journal, and no report.
    is_journal: bool,
}

impl Earlier {
    /// Returns whether it must be kept from the report of `run`, which contains all of its own earlier one.
    fn is_kept_from(&self, run: Option<&str>) -> bool {
        self.is_journal || Some(&*self.run) != run
    }
}

/// Returns whose report or journal is at `path`; `None` if it is neither.
fn earlier_at(path: &Path) -> Option<Earlier> {
    let file = File::open(path).ok().filter(|file| file.metadata().is_ok_and(|found| found.is_file()))?;
    let mut found = None;
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
    // The rest of the file is not read, however large it is: the visitor ends with an error after the run.
    let _ = reader.deserialize_map(Head(&mut found));
    found
}

/// Reads a report up to its run.
struct Head<'a>(&'a mut Option<Earlier>);

impl<'de> Visitor<'de> for Head<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut is_journal = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == "run" {
                let run = map.next_value::<Run>()?;
                *self.0 = match run {
                    Run::OfReport { id } => Some(Earlier { run: id, is_journal: false }),
                    Run::OfJournal(run) => is_journal.then_some(Earlier { run, is_journal }),
                };
                return Err(A::Error::custom("that is enough"));
            }
            is_journal |= key == "journal";
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// What every version of a report, and of a journal's header, says of its run.
#[derive(Deserialize)]
#[serde(untagged)]
enum Run {
    OfReport { id: String },
    OfJournal(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_of_a_report_is_found_wherever_it_stands_and_nothing_else_is_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        for (text, expected) in [
            (r#"{"version": 1, "run": {"id": "a", "mode": "live"}, "targets": [}"#, Some("a")),
            (r#"{"lanes": [{"run": {"id": "b"}}], "run": {"mode": "live", "id": "a"}}"#, Some("a")),
            (r#"{"run": {"mode": "live"}}"#, None),
            (r#"{"run": "a"}"#, None),
            ("{\"journal\": 1, \"tool\": \"allstop\", \"run\": \"a\", \"c\": \"x\"}\n{\"b\": 0", Some("a")),
            (r#"["run"]"#, None),
            ("run: {id: a}", None),
            ("", None),
        ] {
            fs::write(&path, text).unwrap();
            let found = earlier_at(&path);
            assert_eq!(found.as_ref().map(|earlier| &*earlier.run), expected, "{text}");
            assert!(found.is_none_or(|earlier| earlier.is_journal == text.contains("journal")), "{text}");
        }
        assert_eq!(earlier_at(folder.path()), None);
    }

    #[test]
    fn what_another_program_puts_there_meanwhile_is_kept_too() {
        let folder = tempfile::tempdir().unwrap();
        let [path, displaced] = ["x.json", "displaced"].map(|name| folder.path().join(name));
        let report = |id: &str| format!(r#"{{"run": {{"id": "{id}"}}}}"#);
        for (earlier, stood, expected) in [
            (None, report("b"), Some("x.b.json")),
            (Some(report("b")), report("c"), Some("x.c.json")),
            (Some(report("d")), report("a"), Some("x.d.json")),
            (None, report("a"), None),
            (None, "{\"journal\": 1, \"run\": \"a\"}\n".to_owned(), Some("x.a.json")),
            (None, "text".to_owned(), None),
        ] {
            let kept = earlier.and_then(|earlier| {
                fs::write(&path, earlier).unwrap();
                keep(&path, Some("a")).unwrap()
            });
            let _ = fs::remove_file(&path);
            fs::write(&displaced, &stood).unwrap();
            let kept = keep_displaced(&displaced, &path, Some("a"), kept).unwrap();
            assert_eq!(kept, expected.map(|name| folder.path().join(name)), "{stood}");
            fs::remove_file(&displaced).unwrap();
        }
        // What was kept before is not kept twice.
        fs::write(&path, report("e")).unwrap();
        let kept = keep(&path, Some("a")).unwrap();
        fs::rename(&path, &displaced).unwrap();
        assert_eq!(keep_displaced(&displaced, &path, Some("a"), kept.clone()).unwrap(), kept);
        assert!(!folder.path().join("x.e.2.json").exists());
    }

    #[test]
    fn names_keep_their_ending() {
        let named = |path: &str, number| name(Path::new(path), "0/1", number);
        assert_eq!(named("x/plan.report.json", 1), Path::new("x/plan.report.0_1.json"));
        assert_eq!(named("plan.report.json", 2), Path::new("plan.report.0_1.2.json"));
        assert_eq!(named("nightly", 1), Path::new("nightly.0_1"));
    }
}
