//! The telemetry of a session without the feature `otel`: none.

use std::sync::Arc;

use crate::engine::Run;
use crate::plan::Plan;
use crate::report::{RunInfo, RunMetrics, RunMode};

use super::context::Context;
use super::ui::Ui;

/// No trace.
#[derive(Clone, Default)]
pub(super) struct Trace(());

impl Trace {
    pub(super) const fn begin(_context: &Context, _run: &str, _mode: RunMode, _plan: &Plan) -> Self {
        Self(())
    }

    #[expect(clippy::unused_self, reason = "with the feature, some are on")]
    pub(super) const fn is_on(&self) -> bool {
        false
    }

    #[expect(clippy::unused_self, reason = "with the feature, some observe")]
    pub(super) fn observe(&self, run: Run, _plan: &Arc<Plan>) -> Run {
        run
    }

    #[expect(clippy::unused_self, reason = "with the feature, some end")]
    pub(super) fn end(&self, _metrics: &RunMetrics, _run: &RunInfo, _ui: &dyn Ui) {}
}

impl Context {
    /// Sends traces and metrics of its sessions where the feature `otel` is there; without it, changes nothing.
    #[must_use]
    pub fn traced(self) -> Self {
        self
    }
}
