//! `allstop-temporal takeout`: a run as a journal, to go on with on one machine.

use std::sync::Arc;

use allstop::ExitStatus;
use allstop::session::SessionError;
use allstop::terminal::Terminal;
use temporalio_client::Client;

use crate::cli::TakeoutArgs;
use crate::history::{HistoryError, gather, named, workflow_id};

/// Writes a run to a journal, and prints the command that continues it.
///
/// # Errors
///
/// Fails if the run goes on, if it cannot be read, or if the journal cannot be written.
pub(super) async fn run(args: TakeoutArgs, client: &Client, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let TakeoutArgs { name, output, force } = args;
    let (workflow, run_id) = (workflow_id(&name.run), name.run_id.as_deref());
    let now = named(client, &workflow, run_id).await.map_err(HistoryError::from)?;
    if now.goes_on() && !force {
        let message = format!("the run {} has not ended: its workers and `allstop resume` would both send", name.run);
        let ends = match now.cancel_requested {
            true => "it was cancelled: start a worker, which ends it".to_owned(),
            false => format!("end it with `allstop-temporal cancel {}`, which needs a worker", name.words()),
        };
        let hint = format!("{ends}; or stop all its workers for good, and use --force");
        return Err(SessionError::new(ExitStatus::Refused, message, hint));
    }
    let context = terminal.context();
    let run = gather(client, &workflow, Some(&now.run_id), None, &context).await?;
    if !run.is_listed() {
        let message = format!("nothing was listed for the run {}, so there is nothing to resume", name.run);
        return Err(SessionError::input(message, "nothing was stopped: run or submit the plan again"));
    }
    run.notes().iter().for_each(|note| context.ui.note(note));
    if run.goes_on() {
        context.ui.warning("the run has not ended: stop its workers before you resume the journal");
    }
    let next = run.resume_command(&output);
    run.takeout(&output).await?;
    context.ui.status(&format!("{} has the journal of the run; to go on with it on one machine:", output.display()));
    terminal.print(next)?;
    Ok(ExitStatus::Done.code())
}
