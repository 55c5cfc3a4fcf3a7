//! The files of a report: checked before the run, written after it.

use std::path::PathBuf;

use crate::report::{Destination, Format, MetricsFile, Prepared, Report, Rows, RunMetrics, export};

use super::context::Context;
use super::error::SessionError;

/// Where the report and its exports go, once that was found to be fit.
pub(super) struct Outputs {
    /// `None` where an earlier report stays.
    report: Option<Prepared>,
    exports: Vec<(Format, Prepared)>,
    metrics: Option<MetricsFile>,
}

/// What became of the report.
pub(super) enum Written {
    /// It is written.
    Yes,
    /// The run sent nothing, and an earlier report stays in its place.
    Spared,
    /// It could not be written.
    Failed(SessionError),
}

impl Outputs {
    /// Returns those of a session that reports nothing by itself.
    pub(super) const fn none() -> Self {
        Self { report: None, exports: Vec::new(), metrics: None }
    }

    /// Checks that all of them can be written.
    pub(super) fn prepare(report: &Destination, exports: &[(Format, Destination)]) -> Result<Self, SessionError> {
        let report = Some(report.prepare()?);
        let exports = exports.iter().map(|(format, to)| Ok((*format, to.prepare()?)));
        Ok(Self { report, exports: exports.collect::<Result<_, SessionError>>()?, metrics: None })
    }

    /// Adds a file for the metrics of the run.
    pub(super) fn with(self, metrics: Option<MetricsFile>) -> Self {
        Self { metrics, ..self }
    }

    /// Leaves out those that would replace a file: a run that was refused replaces nothing.
    pub(super) fn spare(&mut self, context: &Context) {
        let is_spared = |place: &Prepared| {
            let path = place.standing();
            if let Some(path) = path {
                context.ui.note(&format!("nothing was sent; {} was not changed", path.display()));
            }
            path.is_some()
        };
        self.report = self.report.take().filter(|place| !is_spared(place));
        self.exports.retain(|(_, place)| !is_spared(place));
    }

    /// Writes the report of a run.
    pub(super) fn write_report(&mut self, report: &Report<Rows<'_>>, context: &Context) -> Written {
        let Some(place) = self.report.take() else { return Written::Spared };
        match place.write(Some(&report.run.id), |out| report.write_json(out)) {
            Ok(kept) => {
                note_kept(kept, context);
                Written::Yes
            }
            Err(error) => Written::Failed(error.into()),
        }
    }

    /// Tells whether metrics are to be written.
    pub(super) const fn have_metrics(&self) -> bool {
        self.metrics.is_some()
    }

    /// Writes the metrics, where they are asked for; returns the error.
    pub(super) fn write_metrics(&mut self, metrics: &RunMetrics) -> Option<SessionError> {
        self.metrics.take()?.write(metrics).err().map(SessionError::from)
    }

    /// Writes the exports; returns the errors.
    pub(super) fn write_exports(&mut self, report: &Report<Rows<'_>>, next: Option<&str>) -> Vec<SessionError> {
        export(report, next, std::mem::take(&mut self.exports)).into_iter().map(SessionError::from).collect()
    }
}

/// Says where the earlier report is now that was at the place of the one that was written.
pub fn note_kept(kept: Option<PathBuf>, context: &Context) {
    if let Some(kept) = kept {
        context.ui.note(&format!("kept the earlier report as {}", kept.display()));
    }
}
