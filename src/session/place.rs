//! Where reports and journals are: their default names, what is beside what, and what must not be overwritten.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::journal::{self, OpenError};
use crate::plan::Shard;
use crate::report::{self, Destination, Report};

use super::context::Context;
use super::error::SessionError;

/// The name of files of a plan that has none.
const UNNAMED: &str = "allstop";

/// What every journal begins with, and no report.
const MARK: &[u8; 11] = b"{\"journal\":";

/// Returns the default place of the report of a run of `plan`.
pub(super) fn report_of_run(plan: Option<&Path>, shard: Option<Shard>, ending: &str) -> PathBuf {
    let mut name = plan.and_then(Path::file_stem).map_or_else(|| UNNAMED.into(), ToOwned::to_owned);
    name.push(tag(shard));
    name.push(ending);
    PathBuf::from(name)
}

/// Returns the default place of the report of a retry: named after the earlier report, which it never replaces.
pub(super) fn report_of_retry(earlier: &Path, shard: Option<Shard>, ending: &str) -> PathBuf {
    let name = earlier.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    let stem = stem.strip_suffix(".report").unwrap_or(stem);
    let stem = stem.strip_suffix(".rehearsal").unwrap_or(stem);
    PathBuf::from(format!("{stem}.retry{}{ending}", tag(shard)))
}

/// Puts a shard into the name of a report, so that those of all shards fit into one directory.
fn tag(shard: Option<Shard>) -> String {
    shard.map_or_else(String::new, |shard| format!(".{}-of-{}", shard.number(), shard.of()))
}

/// Returns the default place of the journal of a run of `plan` that writes its report to `report`.
///
/// Beside a device or a pipe is no place for it, nor is there one beside standard output: it is in the working directory.
pub(super) fn journal_of_run(report: &Destination, plan: Option<&Path>) -> PathBuf {
    match report {
        Destination::File(path) if !report.is_stream() => journal_of(path),
        Destination::File(_) | Destination::Stdout => {
            let stem = plan.and_then(Path::file_stem).unwrap_or(UNNAMED.as_ref());
            PathBuf::from(stem).with_extension("journal")
        }
    }
}

/// Returns where the journal is that belongs to a report.
pub(super) fn journal_of(report: &Path) -> PathBuf {
    let mut name = report.file_name().unwrap_or_default().to_owned();
    name.push(".journal");
    report.with_file_name(name)
}

/// Returns the place beside a journal where the report goes that its run is to write.
pub(super) fn report_of_journal(journal: &Path) -> PathBuf {
    let name = journal.file_name().unwrap_or_default().to_string_lossy();
    journal.with_file_name(format!("{}.report.json", name.strip_suffix(".journal").unwrap_or(&name)))
}

/// Returns the journal beside `path`, where there is one.
fn standing(path: &Path) -> Option<PathBuf> {
    Some(journal_of(path)).filter(|journal| journal::header(journal).is_ok())
}

/// Tells whether there is a journal at `path`.
pub(super) fn is_journal(path: &Path) -> bool {
    let mut beginning = [0; MARK.len()];
    // Looking into a pipe would take away what is read from it.
    path.is_file()
        && File::open(path).and_then(|mut file| file.read_exact(&mut beginning)).is_ok()
        && beginning == *MARK
}

/// Reads a report. Where its run has not written it yet, the error names the journal.
pub(super) fn read_report(path: &Path, context: &Context) -> Result<Report, SessionError> {
    let report = Report::read(path).map_err(|error| no_report(error, path))?;
    mind_later_run(path, &report, context);
    Ok(report)
}

fn no_report(error: report::ReportReadError, path: &Path) -> SessionError {
    match standing(path).filter(|_| !path.exists()) {
        None => error.into(),
        Some(journal) => {
            let hint = format!(
                "the run has not written a report yet, or it was killed. Show its journal: `allstop report show {}`",
                journal.display()
            );
            SessionError::input(error, hint)
        }
    }
}

/// Returns the error of a journal that cannot be opened; perhaps its report was named.
pub(super) fn no_journal(error: OpenError, path: &Path) -> SessionError {
    use journal::ReadError::{Empty, Io, NotAJournal};
    let is_other = matches!(error, OpenError::Read(Io { .. } | Empty(_) | NotAJournal(_)));
    match standing(path).filter(|_| is_other) {
        None => error.into(),
        Some(journal) => SessionError::input(error, format!("did you mean `{}`?", journal.display())),
    }
}

/// Warns where a report is older than the journal beside it: it does not include the later run.
fn mind_later_run(path: &Path, report: &Report, context: &Context) {
    let at = journal_of(path);
    let Ok(header) = journal::header(&at) else { return };
    if header.run != report.run.id && header.started_at > report.run.started_at.timestamp() {
        context.ui.warning(&format!(
            "this is the report of an earlier run. A later run began at {:.0} and has not written its report yet: \
             `allstop report show {}`",
            header.started_at,
            at.display()
        ));
    }
}

/// Refuses to overwrite a journal with a report: its run may be going on, or could.
///
/// # Errors
///
/// Fails when there is a journal at the destination that `option` names.
pub fn refuse_journal(option: &str, to: &Destination) -> Result<(), SessionError> {
    match to {
        Destination::File(path) if is_journal(path) => {
            let message = format!("{option} would overwrite the journal {}", path.display());
            Err(SessionError::input(message, "name another file"))
        }
        Destination::File(_) | Destination::Stdout => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(report: &str, plan: Option<&str>) -> PathBuf {
        journal_of_run(&Destination::File(report.into()), plan.map(Path::new))
    }

    #[test]
    fn a_journal_is_beside_its_report() {
        assert_eq!(journal("/x/nightly.json", Some("plan.yaml")), Path::new("/x/nightly.json.journal"));
        assert_eq!(journal("plan.report.json", Some("plan.yaml")), Path::new("plan.report.json.journal"));
        let of = |plan: Option<&str>| journal_of_run(&Destination::Stdout, plan.map(Path::new));
        assert_eq!(of(Some("dir/plan.yaml")), Path::new("plan.journal"));
        assert_eq!(of(None), Path::new("allstop.journal"));
    }

    #[test]
    fn a_report_is_beside_the_journal_that_it_is_named_after() {
        assert_eq!(report_of_journal(Path::new("/x/nightly.journal")), Path::new("/x/nightly.report.json"));
        assert_eq!(report_of_journal(Path::new("nightly-1.2")), Path::new("nightly-1.2.report.json"));
    }

    #[cfg(unix)]
    #[test]
    fn no_journal_is_beside_a_device() {
        assert_eq!(journal("/dev/null", Some("dir/plan.yaml")), Path::new("plan.journal"));
    }
}
