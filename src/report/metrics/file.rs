//! The file that metrics are written to.

use std::path::{Path, PathBuf};

use super::family::Label;
use super::run::{RunMetrics, metrics_labels};
use super::standing::{Found, Standing};
use super::text;
use crate::base::disk::Access;
use crate::plan::Plan;
use crate::report::json::RunMode;
use crate::report::write::{Destination, Prepared, WriteError};

/// A file for the metrics of a run, once that was found to be fit.
///
/// Everybody may read it, so that node_exporter, which is another user, can collect it.
#[derive(Debug)]
pub struct MetricsFile {
    to: Destination,
    place: Prepared,
    labels: Vec<Label>,
    is_of_another_plan: bool,
    is_new: bool,
}

/// Why metrics cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetricsError {
    /// There is a file that is none of metrics.
    #[error("--metrics would overwrite {}, which is no metrics file of allstop", .0.display())]
    Foreign(PathBuf),
    /// A rehearsal or a dry run would replace what monitoring must know.
    #[error("--metrics would overwrite the metrics of a live run: {}", .0.display())]
    Live(PathBuf),
    /// It cannot be read or written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl MetricsError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Foreign(_) => "name another file; nothing was sent",
            Self::Live(_) => "name another file for rehearsals and dry runs; nothing was sent",
            Self::Write(error) => error.hint(),
        }
    }
}

impl MetricsFile {
    /// Checks that the metrics of a run of this plan can be written, as far as that can be known before it.
    ///
    /// # Errors
    ///
    /// Fails when there is a file that this program did not write as metrics, or one of a live run where this one is
    /// none, and when [`Destination::prepare`] would.
    pub fn prepare(to: &Destination, mode: RunMode, plan: &Plan) -> Result<Self, MetricsError> {
        let place = to.prepare_for(Access::Public)?;
        let labels = metrics_labels(mode, plan);
        let standing = standing(to)?;
        if let (Some(path), Some(standing)) = (to.path(), &standing)
            && standing.is_live()
            && mode != RunMode::Live
        {
            return Err(MetricsError::Live(path.to_owned()));
        }
        let is_new = standing.is_none();
        let is_of_another_plan = standing.is_some_and(|standing| !standing.is_of_plan(&labels));
        Ok(Self { to: to.clone(), place, labels, is_of_another_plan, is_new })
    }

    /// Returns the path, if it has the metrics of another plan or shard, which this run replaces.
    #[must_use]
    pub fn other(&self) -> Option<&Path> {
        self.to.path().filter(|_| self.is_of_another_plan)
    }

    /// Returns the path, if this run creates a file whose name node_exporter does not read.
    #[must_use]
    pub fn uncollected(&self) -> Option<&Path> {
        let path = self.to.path().filter(|_| self.is_new && !self.to.is_stream())?;
        Some(path).filter(|path| path.extension().is_none_or(|extension| extension != "prom"))
    }

    /// Writes the metrics; when the plan's last live run succeeded is taken over from the file that they replace.
    ///
    /// # Errors
    ///
    /// Fails when another program has put its own file there meanwhile, and when the file cannot be written.
    pub fn write(self, metrics: &RunMetrics) -> Result<(), MetricsError> {
        let earlier = standing(&self.to)?.and_then(|standing| standing.last_success(&self.labels));
        // What was written to a stream before cannot be read again.
        let unknown = (!self.to.is_stream()).then_some(0.0);
        let last_success = metrics.succeeded_at.or(earlier).or(unknown);
        self.place.write(None, |out| text::write(metrics, last_success, out))?;
        Ok(())
    }
}

/// Returns the metrics that a destination has.
fn standing(to: &Destination) -> Result<Option<Standing>, MetricsError> {
    let Some(path) = to.path().filter(|_| !to.is_stream()) else { return Ok(None) };
    match Found::at(path).map_err(WriteError::at("read", path))? {
        Found::Nothing => Ok(None),
        Found::Metrics(standing) => Ok(Some(standing)),
        Found::Other => Err(MetricsError::Foreign(path.to_owned())),
    }
}
