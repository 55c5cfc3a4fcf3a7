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
    at_client(&connection, terminal, async |client, ui| {
        let was_paused = schedule::pause(&client, &name, (reason.as_deref(), &identity())).await?;
        let already = if was_paused { "was paused already" } else { "is paused" };
        let kept = if was_paused && reason.is_none() { "; its reason is kept" } else { "" };
        ui.note(&format!("the schedule {name} {already}{kept}; a run in progress is not paused"));
        Ok(0)
    })
}

pub(super) fn resume(args: NotedArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let NotedArgs { name, reason, connection } = args;
    at_client(&connection, terminal, async |client, ui| {
        let was_paused = schedule::resume(&client, &name, (reason.as_deref(), &identity())).await?;
        // It is resumed, also where the rest cannot be read, as without the payload key.
        let view = ScheduleView::get(&client, &name).await.ok();
        let next = view.and_then(|view| view.next.into_iter().next());
        let next = next.map(|next| format!("; its next run starts at {next}"));
        let resumed = if was_paused { "is resumed" } else { "was not paused" };
        ui.note(&format!("the schedule {name} {resumed}{}", next.unwrap_or_default()));
        Ok(0)
    })
}

pub(super) fn trigger(args: NamedArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let NamedArgs { name, connection } = args;
    at_client(&connection, terminal, async |client, ui| {
        match schedule::trigger(&client, &name).await? {
            Triggered::Started(run) => {
                ui.note(&format!("a worker with --reports DIR writes its report as {} in DIR", run.report));
                terminal.print(run.run)?;
            }
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
