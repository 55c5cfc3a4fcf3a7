//! `allstop-temporal cancel`: a run ends early, with a complete report.

use std::sync::Arc;

use allstop::ExitStatus;
use allstop::session::SessionError;
use allstop::terminal::Terminal;
use temporalio_client::{Client, NamespacedClient};

use crate::cli::CancelArgs;
use crate::history::{HistoryError, cancel, named, workflow_id};
use crate::wire::RUN_TYPE;

/// Asks a run to end.
///
/// # Errors
///
/// Fails if there is no such run, if it is over, or if the engine cannot be asked.
pub(super) async fn run(args: CancelArgs, client: &Client, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let CancelArgs { name, reason } = args;
    let (run, words, workflow) = (&name.run, name.words(), workflow_id(&name.run));
    // An emergency needs no payload key.
    let now = named(client, &workflow, name.run_id.as_deref()).await.map_err(HistoryError::from)?;
    now.demand(RUN_TYPE).map_err(HistoryError::from)?;
    if !now.goes_on() {
        let at = now.closed_at.map(|at| format!(" at {at:.0}")).unwrap_or_default();
        let hint = format!("write its report with `allstop-temporal report {words}`");
        return Err(SessionError::input(format!("the run {run} ended{at}; there is nothing to cancel"), hint));
    }
    let by = format!("cancelled by {}", client.identity());
    let reason = reason.map_or_else(|| by.clone(), |reason| format!("{by}: {reason}"));
    cancel(client, &now, reason).await.map_err(HistoryError::from)?;
    terminal.context().ui.status(&format!(
        "the run {run} is asked to end: nothing new is sent, and requests in flight finish; a worker must be running for \
         that. `allstop-temporal status {words}` shows how far it is, `allstop-temporal report {words}` writes its report"
    ));
    Ok(ExitStatus::Done.code())
}
