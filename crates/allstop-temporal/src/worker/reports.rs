//! The reports that a worker writes when runs end.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use allstop::ExitStatus;
use allstop::report::Destination;
use allstop::session::{Context, SessionError, SilentUi};
use temporalio_client::Client;

use crate::history::{gather, report_file};
use crate::wire::ConcludeInput;

/// The directory with the reports of runs.
#[derive(Debug, Clone)]
pub struct Reports(PathBuf);

impl Reports {
    /// Takes a directory, and creates it if it is not there.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be created.
    pub fn at(directory: PathBuf) -> Result<Self, SessionError> {
        std::fs::create_dir_all(&directory).map_err(|error: io::Error| {
            let message = format!("cannot create the directory {}: {error}", directory.display());
            SessionError::new(ExitStatus::NotWritten, message, "name another directory with --reports")
        })?;
        Ok(Self(directory))
    }

    /// Writes the report of a run, in one step, over an earlier one of the same run. Returns its path.
    pub(super) async fn write(
        &self,
        client: &Client,
        input: &ConcludeInput,
        context: &Context,
    ) -> Result<PathBuf, SessionError> {
        let path = self.path(&input.run.id)?;
        // The summary of a run is for whoever waits for it.
        let mut silent = context.clone();
        silent.ui = Arc::new(SilentUi);
        let run = gather(client, &input.run.workflow_id, Some(&input.run.run_id), Some(&input.result), &silent).await?;
        run.notes().iter().for_each(|note| context.ui.warning(note));
        let report = Destination::File(path.clone());
        // The rows of a million targets take seconds.
        let written =
            tokio::task::spawn_blocking(move || run.ended(Some(report), Vec::new()).map(|ran| ran.finish(None)));
        let finished = written.await.map_err(|error| SessionError::input(error, ""))??;
        finished.unwritten.into_iter().next().map_or(Ok(path), Err)
    }

    /// Returns where the report of a run goes. Whoever may start workflows may choose the id.
    fn path(&self, run: &str) -> Result<PathBuf, SessionError> {
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.:".contains(character);
        match !run.is_empty() && run.chars().all(is_plain) {
            true => Ok(self.0.join(report_file(run))),
            false => Err(SessionError::input(format!("the id of the run is no name of a file: {run}"), "")),
        }
    }

    /// Returns the directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leads_out_of_the_directory() {
        let directory = tempfile::tempdir().unwrap();
        let reports = Reports::at(directory.path().join("a/b")).unwrap();
        assert!(reports.directory().is_dir());
        let path = reports.path("01a217eb-8cc1").unwrap();
        assert_eq!(path, reports.directory().join("01a217eb-8cc1.report.json"));
        for run in ["", "../x", "/etc/x", "x\n"] {
            assert!(reports.path(run).is_err(), "{run:?}");
        }
    }
}
