//! `allstop-temporal schedule pause`, `resume`, `trigger` and `delete`.

use std::sync::Arc;

use allstop::ExitStatus;
use allstop::session::SessionError;
use allstop::terminal::Terminal;

use super::super::connected::identity;
use super::client::at_client;
use crate::cli::{NamedArgs, NotedArgs};
use crate::schedule::{self, ScheduleView, Triggered};

pub(super) fn pause(args: NotedArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let NotedArgs { name, reason, connection } = args;
    let note = reason.unwrap_or_else(|| format!("paused by {}", identity()));
    at_client(&connection, terminal, async |client, ui| {
        schedule::pause(&client, &name, &note).await?;
        ui.note(&format!("the schedule {name} is paused; a run in progress is not"));
        Ok(0)
    })
}

pub(super) fn resume(args: NotedArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let NotedArgs { name, reason, connection } = args;
    let note = reason.unwrap_or_else(|| format!("resumed by {}", identity()));
    at_client(&connection, terminal, async |client, ui| {
        schedule::resume(&client, &name, &note).await?;
        let view = ScheduleView::get(&client, &name).await?;
        let next = view.next.first().map(|next| format!("; its next run starts at {next}"));
        ui.note(&format!("the schedule {name} is resumed{}", next.unwrap_or_default()));
        Ok(0)
    })
}

pub(super) fn trigger(args: NamedArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let NamedArgs { name, connection } = args;
    at_client(&connection, terminal, async |client, ui| {
        match schedule::trigger(&client, &name).await? {
            Triggered::Started(run) => terminal.print(run.run)?,
            Triggered::Waits => ui.note("the run starts when the one in progress has ended"),
            Triggered::Skipped => {
                let hint = format!("`allstop-temporal schedule describe {name}` shows it; nothing was started");
                return Err(SessionError::new(ExitStatus::Refused, "a run of the schedule is still in progress", hint));
            }
            Triggered::Unknown => ui.warning("the server has not started the run yet; `schedule describe` shows when"),
        }
        Ok(0)
    })
}

pub(super) fn delete(args: NamedArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let NamedArgs { name, connection } = args;
    at_client(&connection, terminal, async |client, ui| {
        let running = ScheduleView::get(&client, &name).await?.running;
        schedule::delete(&client, &name).await?;
        ui.note(&format!("the schedule {name} is deleted"));
        for run in running {
            ui.warning(&format!("its run {} continues; `allstop-temporal cancel {0}` ends it", run.run));
        }
        Ok(0)
    })
}
