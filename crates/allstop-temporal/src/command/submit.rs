//! `allstop-temporal submit`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use allstop::ExitStatus;
use allstop::cli::Output;
use allstop::command::{Lists, finish};
use allstop::report::progress::Progress;
use allstop::session::{BeginOptions, SessionError, SessionOptions, Ui};
use allstop::system::{Effects, Signals};
use allstop::terminal::Terminal;
use temporalio_client::Client;
use tokio::time::sleep;

use super::confirmed::{Confirmed, load, nowhere};
use super::connected::{connected, identity};
use crate::cli::SubmitArgs;
use crate::client::retention;
use crate::history::{Standing, gather};
use crate::schedule::lasting;
use crate::submit::{Settings, Submitted, start, wait};
use crate::wire::run_workflow_id;

/// The time between two looks at a run that somebody waits for.
const SHOWN: Duration = Duration::from_secs(3);

/// What signals do while somebody waits for a run.
const OF_WAITING: Effects =
    Effects::new("cancelling the run, then writing its report", "exit immediately, without a report")
        .late(Effects::OF_RUN.late)
        .hangup("no longer waiting for the run, which continues");

/// What signals do while a run is started that nobody waits for.
const OF_STARTING: Effects =
    Effects::new("starting the run, which continues", "exit immediately; the run may be started all the same");

pub(super) fn submit(args: SubmitArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let context = terminal.context();
    let queue = args.fleet.queue.clone();
    let settings = Settings::from(args.fleet);
    settings.check()?;
    let loaded = load(args.plan, args.selection, &context)?;
    let mut begin = BeginOptions::default();
    (begin.reason, begin.partial, begin.id) = (args.reason, args.partial, args.id);
    begin.elsewhere = true;
    begin.report = if args.wait { args.report.clone() } else { Some(nowhere()) };
    let options: SessionOptions = args.options.into();
    let exports = options.exports.clone();
    if !args.wait && !exports.is_empty() {
        let message = "only --wait writes the report in other formats";
        return Err(SessionError::input(message, "write them later with `allstop-temporal report`; nothing was sent"));
    }
    let lists = if args.list_on_workers { Lists::There } else { Lists::Here };
    let signals = Signals::new(Arc::clone(&context.ui));
    let (runtime, confirmed) =
        loaded.confirmed((begin, options, lists), (&args.shown, &signals, terminal), &context)?;
    let bundle = match confirmed {
        Confirmed::Run(bundle) => bundle,
        Confirmed::Nothing(ready) => {
            // The report says so at once.
            let ran = runtime.block_on(ready.run(|run| run))?;
            return Ok(finish(ran, &args.shown, &signals, terminal));
        }
        Confirmed::Ended(ran) => return Ok(finish(*ran, &args.shown, &signals, terminal)),
    };
    signals.say(if args.wait { OF_WAITING } else { OF_STARTING });
    let client = runtime.block_on(async {
        let client = connected(&args.connection, &identity(), &*context.ui).await?;
        start(&client, &queue, &bundle, &settings, &context).await?;
        // Who may start runs need not be allowed to look at the namespace.
        if let Ok(Some(kept)) = retention(&client).await {
            context.ui.note(&format!(
                "the rows of a lane are kept for {} after the lane has ended; have a worker keep the report with \
                 `allstop-temporal worker --reports DIR`",
                lasting(u64::try_from(kept.as_millis()).unwrap_or(u64::MAX))
            ));
        }
        Ok::<_, SessionError>(client)
    })?;
    let (id, workflow) = (bundle.run_id(), run_workflow_id(bundle.run_id()));
    if !args.wait {
        match args.shown.output {
            Output::Json => terminal.print_json(&Submitted::new(id))?,
            Output::Text => terminal.print(id)?,
        }
        return Ok(ExitStatus::Done.code());
    }
    signals.watch()?;
    context.ui.status(&format!("submitted the run {id}"));
    let shows = args.shown.progress != Progress::Off;
    let gathered = runtime.block_on(async {
        tokio::select! {
            // Whoever has lost the terminal has not asked for the end of the run.
            biased;
            () = signals.hung_up() => return Ok(None),
            () = wait(&client, &workflow, signals.drain()) => {}
            never = show(&client, &workflow, &*context.ui), if shows => match never {},
        }
        signals.run_is_over();
        gather(&client, &workflow, None, None, &context).await.map(Some)
    })?;
    let Some(run) = gathered else {
        context.ui.status(&format!("the run {id} continues: `allstop-temporal status {id}`"));
        return Ok(ExitStatus::Hangup.code());
    };
    run.notes().iter().for_each(|note| context.ui.note(note));
    Ok(finish(run.ended(args.report, exports)?, &args.shown, &signals, terminal))
}

/// Says how far a run is, each time that changes.
async fn show(client: &Client, workflow: &str, ui: &dyn Ui) -> Infallible {
    let mut said = String::new();
    loop {
        // What cannot be asked for now is shown later.
        if let Ok(mut standing) = Standing::of(client, workflow, None).await {
            while let Ok(now) = standing.now().await {
                let line = now.progress();
                if line != said {
                    ui.status(&line);
                    said = line;
                }
                sleep(SHOWN).await;
            }
        }
        sleep(SHOWN).await;
    }
}
