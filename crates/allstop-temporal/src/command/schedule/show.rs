//! `allstop-temporal schedule list` and `describe`.

use std::sync::Arc;

use allstop::clock::{Clock, SystemClock};
use allstop::journal::Header;
use allstop::session::{Context, Input, SelectedPlan, SelectionOptions, SessionError};
use allstop::terminal::Terminal;
use allstop::{Escaped, ExitStatus};

use super::client::at_client;
use crate::cli::{DescribeArgs, ListArgs, ScheduleOutput};
use crate::schedule::{ScheduleLine, ScheduleList, ScheduleView, Schedules, UnreadSchedule};

pub(super) fn list(args: ListArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let ListArgs { output, connection } = args;
    at_client(&connection, terminal, async |client, ui| {
        let schedules = Schedules::all(&client).await?;
        let Schedules { read, unread } = &schedules;
        match output {
            ScheduleOutput::Json => terminal.print_json(&ScheduleList::new(&schedules))?,
            ScheduleOutput::Text => read.iter().try_for_each(|schedule| terminal.print(schedule.line()))?,
        }
        if read.is_empty() && unread.is_empty() && output == ScheduleOutput::Text {
            ui.note("the namespace has no schedules of allstop");
        }
        for UnreadSchedule { schedule, error, hint } in unread {
            ui.warning(&format!("cannot read the schedule {schedule}: {error}; {hint}"));
        }
        Ok(if unread.is_empty() { ExitStatus::Done.code() } else { ExitStatus::NotDone.code() })
    })
}

pub(super) fn describe(args: DescribeArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let DescribeArgs { name, check, set, output, connection } = args;
    let context = terminal.context();
    let file = check.map(|file| Checked::read(&file, set, &context)).transpose()?;
    at_client(&connection, terminal, async |client, ui| {
        let schedule = ScheduleView::get(&client, &name).await?;
        match output {
            ScheduleOutput::Json => terminal.print_json(&ScheduleLine::new(&schedule))?,
            ScheduleOutput::Text => terminal.print(&schedule)?,
        }
        let Some(file) = file else { return Ok(0) };
        match file.difference(&schedule) {
            None => {
                ui.note("the plan is the one that is frozen");
                Ok(0)
            }
            Some(difference) => {
                ui.warning(&format!("the plan is not the one that is frozen: {difference}"));
                Ok(ExitStatus::NotDone.code())
            }
        }
    })
}

/// The hashes of a plan that is compared with the one that is frozen.
struct Checked {
    sha256: String,
    fingerprint: String,
}

impl Checked {
    fn read(file: &Input, set: Vec<(String, String)>, context: &Context) -> Result<Self, SessionError> {
        let selected = SelectedPlan::load(file, set, SelectionOptions::default(), context)?;
        let mark = Header::new(selected.plan(), "", SystemClock.now()).plan;
        Ok(Self { sha256: mark.sha256, fingerprint: mark.fingerprint })
    }

    /// Says what differs, if anything does.
    fn difference(&self, frozen: &ScheduleView) -> Option<String> {
        let sha256 = &frozen.plan.plan_sha256;
        if self.sha256 != *sha256 {
            return Some(format!("its SHA-256 is {}, and the frozen one has {}", self.sha256, Escaped(sha256)));
        }
        (self.fingerprint != frozen.fingerprint)
            .then(|| "its files are the same, but its variables lead to other targets or accounts".to_owned())
    }
}
