//! `allstop-temporal submit`.

use std::sync::Arc;

use allstop::ExitStatus;
use allstop::command::{confirmed_for_others, finish};
use allstop::report::Destination;
use allstop::session::{AfterListing, BeginOptions, SelectedPlan, Session, SessionError, SessionOptions};
use allstop::system::{Effects, Signals};
use allstop::terminal::Terminal;

use super::connected::{connected, identity};
use crate::cli::SubmitArgs;
use crate::history::gather;
use crate::submit::{Settings, start, wait};
use crate::wire::run_workflow_id;

pub(super) fn submit(args: SubmitArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let context = terminal.context();
    let (selected, copy) = SelectedPlan::load_copied(&args.plan.plan, args.plan.set, args.selection.into(), &context)?;
    refuse_stages(&selected)?;
    let mut begin = BeginOptions::default();
    (begin.reason, begin.partial, begin.id) = (args.reason, args.partial, args.id);
    begin.report = if args.wait { args.report.clone() } else { Some(Destination::File(NOWHERE.into())) };
    let options: SessionOptions = args.options.into();
    let exports = options.exports.clone();
    if !args.wait && !exports.is_empty() {
        let message = "only --wait writes the report in other formats";
        return Err(SessionError::input(message, "write them later with `allstop-temporal report`; nothing was sent"));
    }
    let session = Session::begin(selected, begin, options, &context);
    let signals = Signals::new(Arc::clone(&context.ui));
    let (runtime, prepared) = confirmed_for_others(session, &args.shown, &signals, terminal)?;
    let ready = match prepared {
        AfterListing::Ready(ready) if ready.has_work() => ready,
        AfterListing::Ready(ready) => {
            // Nothing is selected: the report says so at once.
            let ran = runtime.block_on(ready.run(|run| run))?;
            return Ok(finish(ran, &args.shown, &signals, terminal));
        }
        AfterListing::Ended(ran) => return Ok(finish(*ran, &args.shown, &signals, terminal)),
    };
    if let Some(refusal) = ready.refusal() {
        return Err(SessionError::new(ExitStatus::Refused, refusal, "nothing was sent"));
    }
    let bundle = ready.bundle(copy);
    let settings = Settings {
        priority: args.priority,
        routes: args.route.into_iter().collect(),
        checkpoint: args.checkpoint,
        heartbeat_timeout: args.heartbeat_timeout,
    };
    let client = runtime.block_on(async {
        let client = connected(&args.connection, &identity(), &*context.ui).await?;
        start(&client, &args.queue, &bundle, &settings, &context).await?;
        Ok::<_, SessionError>(client)
    })?;
    let (id, workflow) = (bundle.run_id(), run_workflow_id(bundle.run_id()));
    if !args.wait {
        terminal.print(format!("{id}\n"))?;
        return Ok(ExitStatus::Done.code());
    }
    context.ui.status(&format!("submitted the run {id}"));
    signals.say(Effects::new(
        "cancelling the run, then writing its report",
        "exit immediately; the run ends without this program",
    ));
    signals.watch()?;
    let run = runtime.block_on(async {
        wait(&client, &workflow, signals.drain()).await;
        gather(&client, &workflow, None, None, &context).await
    })?;
    run.notes().iter().for_each(|note| context.ui.note(note));
    Ok(finish(run.ended(args.report, exports)?, &args.shown, &signals, terminal))
}

/// Where the report of a run goes that nobody waits for.
const NOWHERE: &str = "/dev/null";

/// Refuses a plan whose stages need more than an order: no barrier reaches across lanes.
fn refuse_stages(selected: &SelectedPlan) -> Result<(), SessionError> {
    if selected.plan().stages.is_empty() {
        return Ok(());
    }
    let message = "the plan has stages, and lanes of a fleet go side by side";
    Err(SessionError::input(
        message,
        "run it with `allstop run`, or split it into a plan for each stage; nothing was sent",
    ))
}
