//! What a chat would get: messages about made-up results.

use super::message::Message;
use crate::base::ExitStatus;
use crate::plan::{Notification, Plan, When};
use crate::report::{Brief, OutputLine, RunMode};

impl Message {
    /// Returns an example of what a notification sends, for each time at which it is sent; the results are made up.
    #[must_use]
    pub fn examples(plan: &Plan, notification: &Notification) -> Vec<(When, Self)> {
        notification.when.iter().map(|when| (*when, Self::example(&plan.name, *when))).collect()
    }

    fn example(plan: &str, when: When) -> Self {
        let brief = Brief::example(plan, when != When::NotStopped);
        let line = |exit_code: ExitStatus| OutputLine {
            exit_code: exit_code.code(),
            run_id: Some(brief.run_id.clone()),
            mode: Some(RunMode::Live),
            report: brief.report.clone(),
            next: brief.command.clone(),
            ..OutputLine::default()
        };
        match when {
            When::Start => Self::started(&brief, line(ExitStatus::Done)),
            When::End => Self::ended(&brief, line(ExitStatus::Done)),
            When::NotStopped => Self::ended(&brief, line(ExitStatus::NotDone)),
            When::Refused => Self::ended(&Brief::refused_example(plan), line(ExitStatus::Refused)),
        }
    }
}
