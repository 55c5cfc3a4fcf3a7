//! The directory of a watch: a report and a journal for each round, numbered.

use std::path::{Path, PathBuf};

use crate::session::error::SessionError;
use crate::session::place;

/// Returns the directory of the watches over a plan: `PLAN.watch`.
pub(super) fn of_plan(plan: Option<&Path>) -> PathBuf {
    place::report_of_run(plan, None, ".watch")
}

/// Returns the first number that is greater than all that are used: an earlier watch is never overwritten.
pub(super) fn next_number(folder: &Path) -> u32 {
    // Without a directory there are no numbers; where it cannot be read, the first report says why.
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let number = |name: &str| name.split('.').next()?.parse::<u32>().ok();
    let used = entries.filter_map(|entry| number(&entry.file_name().to_string_lossy()));
    used.max().map_or(1, |last| last.saturating_add(1))
}

/// Returns the place of the report of a round.
pub(super) fn report(folder: &Path, number: u32, ending: &str) -> PathBuf {
    folder.join(format!("{number:04}{ending}"))
}

/// Creates the directory, where it is not there.
pub(super) fn create(folder: &Path) -> Result<(), SessionError> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("cannot create {}: {error}", folder.display());
        SessionError::input(message, "run the watch in a directory that you can write to; nothing was sent")
    })
}

/// Removes the directory where nothing is in it.
pub(super) fn remove_empty(folder: &Path) {
    // One that is not empty stays: that is no failure.
    let _ = std::fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_after_those_that_are_used() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(next_number(&folder.path().join("none")), 1);
        assert_eq!(next_number(folder.path()), 1);
        for (name, next) in [("0001.report.json", 2), ("0007.report.json.journal", 8), ("notes.txt", 8)] {
            std::fs::write(folder.path().join(name), "").unwrap();
            assert_eq!(next_number(folder.path()), next, "{name}");
        }
        assert_eq!(report(Path::new("p.watch"), 8, ".report.json"), Path::new("p.watch/0008.report.json"));
    }
}
