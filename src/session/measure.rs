//! The metrics of a run: also of one that could not begin, which is when somebody must hear of it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::{LaneInfo, LaneStats, Record, Status};
use crate::plan::Plan;
use crate::report::{About, Destination, MetricsFile, Report, RowSource, RunInfo, RunMetrics, RunMode, Tally};

use super::begun::Session;
use super::context::Context;
use super::error::SessionError;
use super::trace::Trace;

impl Session {
    /// Checks that the metrics of the run can be written, where they are asked for.
    pub(super) fn metrics_file(&self) -> Result<Option<MetricsFile>, SessionError> {
        let Some(to) = &self.options.metrics else { return Ok(None) };
        let file = MetricsFile::prepare(to, self.mode(), self.plan())?;
        if let Some(path) = file.other() {
            let message = "has the metrics of another plan or shard, which this run replaces";
            let hint = "name a file for each plan";
            self.context.ui.warning(&format!("{} {message}\n  hint: {hint}", path.display()));
        }
        if let Some(path) = file.uncollected() {
            let message = "does not end in .prom, so node_exporter does not read it";
            let hint = "use a name such as allstop_nightly.prom";
            self.context.ui.warning(&format!("{} {message}\n  hint: {hint}", path.display()));
        }
        Ok(Some(file))
    }

    /// Counts the run of a report for monitoring.
    pub(super) fn metrics<R: RowSource>(
        &self,
        (report, tally): (&mut Report<R>, &Tally),
        exit_code: u8,
        lanes: &[(LaneInfo, LaneStats)],
    ) -> RunMetrics {
        report.run.exit_code = exit_code;
        let unlisted = self.listed.as_ref().map(|listed| &*listed.unlisted);
        RunMetrics::of((report, tally), unlisted.into_iter().chain([self.plan()]), lanes)
    }
}

/// What is known of a run that has not begun, for the metrics of one that cannot.
pub(super) struct Unbegun {
    context: Context,
    id: String,
    plan: Arc<Plan>,
    mode: RunMode,
    began: Timestamp,
    metrics: Option<Destination>,
    trace: Trace,
}

impl Unbegun {
    /// Takes what the metrics say if the run of the session cannot begin.
    pub(super) fn of(session: &Session) -> Self {
        Self {
            context: session.context.clone(),
            id: session.id.clone(),
            plan: Arc::clone(&session.selected.plan),
            mode: session.mode(),
            began: session.context.now(),
            metrics: session.options.metrics.clone(),
            trace: session.trace.clone(),
        }
    }

    /// Writes the metrics of a run that this error ended before anything was sent; returns the error.
    pub(super) fn failed(self, error: SessionError) -> SessionError {
        if self.metrics.is_none() && !self.trace.is_on() {
            return error;
        }
        let (metrics, run) = self.metrics(error.status().code());
        let write = |to| MetricsFile::prepare(to, self.mode, &self.plan)?.write(&metrics);
        if let Some(Err(unwritten)) = self.metrics.as_ref().map(write) {
            self.context.ui.warning(&SessionError::from(unwritten).text());
        }
        self.trace.end(&metrics, &run, &*self.context.ui);
        error
    }

    fn metrics(&self, exit_code: u8) -> (RunMetrics, RunInfo) {
        let Self { id, plan, mode, began, .. } = self;
        let now = self.context.now().max(*began);
        let record = Record {
            id: id.clone(),
            started_at: *began,
            finished_at: now,
            duration: now.duration_since(*began).unsigned_abs(),
            status: Status::Aborted,
            ..Record::default()
        };
        let shard = plan.shard.map(|shard| shard.to_string());
        let tally = Tally::of(plan, &record);
        let mut report = Report::counted(plan, &record, &About { mode: *mode, shard, ..About::default() }, &tally);
        report.run.exit_code = exit_code;
        (RunMetrics::of((&report, &tally), [&**plan], &[]), report.run)
    }
}
