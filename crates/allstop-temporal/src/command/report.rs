//! `allstop-temporal report`: the report of a run, from what the engine stores.

use std::sync::Arc;

use allstop::command::{finish, refuse_two};
use allstop::session::SessionError;
use allstop::system::Signals;
use allstop::terminal::Terminal;
use temporalio_client::Client;

use crate::cli::ReportArgs;
use crate::history::{gather, workflow_id};

/// Writes the report of a run; returns its exit status, or 1 while it goes on.
///
/// # Errors
///
/// Fails if the run cannot be read, or if something cannot be written.
pub(super) async fn run(args: ReportArgs, client: &Client, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let ReportArgs { name, report, exports, result } = args;
    let (shown, exports) = (result.shown(), exports.places());
    refuse_two(report.iter().chain(exports.iter().map(|(_, to)| to)), &shown)?;
    let context = terminal.context();
    let run = gather(client, &workflow_id(&name.run), name.run_id.as_deref(), None, &context).await?;
    run.notes().iter().for_each(|note| context.ui.note(note));
    Ok(finish(run.ended(report, exports)?, &shown, &Signals::new(context.ui), terminal))
}
