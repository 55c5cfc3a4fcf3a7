//! What a chat would get: messages about made-up results.

use super::message::Message;
use crate::base::ExitStatus;
use crate::plan::{Notification, Plan, When};
use crate::report::{Brief, OutputLine, RunMode};

/// Why a guard refuses the run of an example.
const REFUSAL: &str = "214 targets would be stopped, and guards.max_targets is 100";

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
            When::Refused => {
                let line = line(ExitStatus::Refused);
                Self::ended(&Brief { refusal: Some(REFUSAL.to_owned()), next: None, ..brief }, line)
            }
        }
    }
}
