//! The place of a target: in the plan, or in a file that it names.

use crate::plan::files::{Files, Line};
use crate::plan::tree::Span;

/// The place of a target, or of its id.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Plan(Span),
    File(Line),
}

impl Place {
    /// Returns the place of a part of that line, or of the plan.
    pub(super) fn of(part: Span, line: Option<Line>) -> Self {
        line.map_or(Self::Plan(part), Self::File)
    }

    /// Names it for a message, such as `executions.csv:17`; `plan` is the plan's text.
    pub(super) fn name(self, plan: &str, files: &Files<'_>) -> String {
        match self {
            Self::File(line) => files.name(line),
            Self::Plan(span) => {
                let before = plan.get(..span.range().start).unwrap_or_default();
                format!("line {} of the plan", before.matches('\n').count() + 1)
            }
        }
    }
}
