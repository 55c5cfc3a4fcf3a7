//! The report that stands where another one is about to be written: it is kept under the id of its run.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::disk;

/// Checks that the report at `path`, if one stands there, could be kept.
pub(super) fn check(path: &Path) -> io::Result<()> {
    let Some(run) = run_at(path) else { return Ok(()) };
    match fs::symlink_metadata(name(path, &run, 1)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Keeps the report at `path` under its run's id, unless that is `run`; returns where.
pub(super) fn keep(path: &Path, run: Option<&str>) -> io::Result<Option<PathBuf>> {
    match run_at(path) {
        Some(earlier) if Some(&*earlier) != run => disk::keep(path, |number| name(path, &earlier, number)).map(Some),
        Some(_) | None => Ok(None),
    }
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

/// Returns the id of the run whose report stands at `path`; `None` where no report does.
fn run_at(path: &Path) -> Option<String> {
    let file = File::open(path).ok().filter(|file| file.metadata().is_ok_and(|found| found.is_file()))?;
    let mut found = None;
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
    // What stands behind the run is not read, however large it is: the visitor ends with an error there.
    let _ = reader.deserialize_map(Head(&mut found));
    found
}

/// Reads a report up to its run.
struct Head<'a>(&'a mut Option<String>);

impl<'de> Visitor<'de> for Head<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "run" {
                *self.0 = Some(map.next_value::<Run>()?.id);
                return Err(A::Error::custom("that is enough"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// What every version of a report says of its run.
#[derive(Deserialize)]
struct Run {
    id: String,
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
            (r#"["run"]"#, None),
            ("run: {id: a}", None),
            ("", None),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(run_at(&path).as_deref(), expected, "{text}");
        }
        assert_eq!(run_at(folder.path()), None);
    }

    #[test]
    fn names_keep_their_ending() {
        let named = |path: &str, number| name(Path::new(path), "0/1", number);
        assert_eq!(named("x/plan.report.json", 1), Path::new("x/plan.report.0_1.json"));
        assert_eq!(named("plan.report.json", 2), Path::new("plan.report.0_1.2.json"));
        assert_eq!(named("nightly", 1), Path::new("nightly.0_1"));
    }
}
