//! The telemetry of a session: its run is a trace.

use std::sync::Arc;

use crate::engine::Run;
use crate::plan::Plan;
use crate::report::{RunInfo, RunMetrics, RunMode, metrics_labels};
use crate::telemetry::{RunTelemetry, Telemetry};

use super::context::Context;
use super::ui::Ui;

/// The trace of a run, where one is sent.
#[derive(Clone, Default)]
pub(super) struct Trace(Option<RunTelemetry>);

impl Trace {
    /// Begins that of the run of this id.
    pub(super) fn begin(context: &Context, run: &str, mode: RunMode, plan: &Plan) -> Self {
        let Some(telemetry) = &context.telemetry else { return Self::default() };
        let begun = telemetry.begin(run, metrics_labels(mode, plan), context.now());
        Self(begun.map_err(|error| context.ui.warning(&format!("nothing is sent to OpenTelemetry: {error}"))).ok())
    }

    /// Tells whether something is sent.
    pub(super) const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Lets the run be traced.
    pub(super) fn observe(&self, run: Run, plan: &Arc<Plan>) -> Run {
        match &self.0 {
            Some(traced) => run.observer(traced.observer(Arc::clone(plan))),
            None => run,
        }
    }

    /// Ends it, with what the run came to.
    pub(super) fn end(&self, metrics: &RunMetrics, run: &RunInfo, ui: &dyn Ui) {
        if let Some(warning) = self.0.as_ref().and_then(|traced| traced.end(metrics, run)) {
            ui.warning(&warning);
        }
    }
}

impl Context {
    /// Sends traces and metrics of its sessions, as the variables of OpenTelemetry in its environment say.
    #[must_use]
    pub fn traced(self) -> Self {
        let telemetry = Telemetry::of_environment(&self.environment, |warning| self.ui.warning(warning));
        Self { telemetry: telemetry.map(Arc::new), ..self }
    }
}
