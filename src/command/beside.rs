//! What stands beside a report: the journal of its run, or of a later one.

use std::path::{Path, PathBuf};

use allstop::journal::{self, OpenError, ReadError};
use allstop::report::{self, Destination, Report};

use super::failure::Failure;
use super::say;

/// Returns where the journal is of a run that writes its report to `report`, and that of `plan`.
///
/// Beside a device or a pipe is no place for it, nor is there one beside standard output: it is in the working directory.
pub(super) fn journal_of_run(report: &Path, plan: &Path) -> PathBuf {
    if Destination::new(report).is_stream() {
        let stem = plan.file_stem().filter(|_| plan != Path::new("-"));
        return PathBuf::from(stem.unwrap_or("allstop".as_ref())).with_extension("journal");
    }
    journal_of(report)
}

/// Returns where the journal is that stands beside a report.
fn journal_of(report: &Path) -> PathBuf {
    let mut name = report.file_name().unwrap_or_default().to_owned();
    name.push(".journal");
    report.with_file_name(name)
}

/// Returns the journal beside `path`, where there is one.
fn standing(path: &Path) -> Option<PathBuf> {
    Some(journal_of(path)).filter(|journal| journal::header(journal).is_ok())
}

/// Says why a report cannot be read. Where its run has not written it yet, its journal is there.
pub(super) fn no_report(error: &report::ReportReadError, path: &Path) -> Failure {
    match standing(path).filter(|_| !path.exists()) {
        None => Failure::input(error, error.hint()),
        Some(journal) => {
            let at = journal.display();
            let hint = format!(
                "the run has written no report yet, or was killed: `allstop report show {at}` shows what its journal knows"
            );
            Failure::input(error, &hint)
        }
    }
}

/// Says why a journal cannot be opened; perhaps its report was named.
pub(super) fn no_journal(error: OpenError, path: &Path) -> Failure {
    use ReadError::{Empty, Io, NotAJournal};
    let is_other = matches!(error, OpenError::Read(Io { .. } | Empty(_) | NotAJournal(_)));
    match standing(path).filter(|_| is_other) {
        None => error.into(),
        Some(journal) => Failure::input(&error, &format!("did you mean `{}`?", journal.display())),
    }
}

/// Says so where a report is older than the journal beside it: it tells nothing of the later run.
pub(super) fn mind_later_run(path: &Path, report: &Report) {
    let at = journal_of(path);
    let Ok(header) = journal::header(&at) else { return };
    if header.run != report.run.id && header.started_at > report.run.started_at.timestamp() {
        say::aside(format_args!(
            "warning: this is the report of an earlier run; a later one began at {:.0} and has not written its report \
             there: `allstop report show {}`",
            header.started_at,
            at.display()
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_stands_beside_its_report() {
        let of = |report: &str, plan: &str| journal_of_run(Path::new(report), Path::new(plan));
        assert_eq!(of("/x/nightly.json", "plan.yaml"), Path::new("/x/nightly.json.journal"));
        assert_eq!(of("plan.report.json", "plan.yaml"), Path::new("plan.report.json.journal"));
        assert_eq!(of("-", "dir/plan.yaml"), Path::new("plan.journal"));
        assert_eq!(of("-", "-"), Path::new("allstop.journal"));
    }

    #[cfg(unix)]
    #[test]
    fn no_journal_stands_beside_a_device() {
        assert_eq!(journal_of_run(Path::new("/dev/null"), Path::new("dir/plan.yaml")), Path::new("plan.journal"));
    }
}
