//! `allstop-temporal submit`.

use std::sync::Arc;

use allstop::ExitStatus;
use allstop::command::{Lists, confirmed_for_others, finish};
use allstop::session::{AfterListing, BeginOptions, SelectedPlan, Session, SessionError, SessionOptions};
use allstop::system::Signals;
use allstop::terminal::Terminal;

use super::connected::{connected, identity};
use crate::cli::SubmitArgs;
use crate::submit::{Settings, start};

pub(super) fn submit(args: SubmitArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let context = terminal.context();
    let (selected, copy) = SelectedPlan::load_copied(&args.plan.plan, args.plan.set, args.selection.into(), &context)?;
    refuse_stages(&selected)?;
    let mut begin = BeginOptions::default();
    (begin.reason, begin.partial, begin.report, begin.id) = (args.reason, args.partial, args.report, args.id);
    let options: SessionOptions = args.options.into();
    if args.list_on_workers && !options.yes {
        let message = "nobody can be asked about what a worker lists";
        return Err(SessionError::input(message, "pass --yes with --list-on-workers; nothing was sent"));
    }
    let lists = if args.list_on_workers { Lists::There } else { Lists::Here };
    let session = Session::begin(selected, begin, options, &context);
    let signals = Signals::new(Arc::clone(&context.ui));
    let (runtime, prepared) = confirmed_for_others(session, lists, &args.shown, &signals, terminal)?;
    let ready = match prepared {
        AfterListing::Ready(ready) if ready.has_work() || (args.list_on_workers && ready.must_list()) => ready,
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
    runtime.block_on(async {
        let client = connected(&args.connection, &identity(), &*context.ui).await?;
        start(&client, &args.queue, &bundle, &settings, &context).await?;
        terminal.print(bundle.run_id())
    })?;
    Ok(0)
}

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
