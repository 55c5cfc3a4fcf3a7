//! `allstop-temporal submit`.

use std::sync::Arc;

use allstop::ExitStatus;
use allstop::cli::Output;
use allstop::command::{Lists, finish};
use allstop::report::progress::Progress;
use allstop::session::{BeginOptions, SessionError, SessionOptions};
use allstop::system::{Effects, Signals};
use allstop::terminal::Terminal;

use super::confirmed::{Confirmed, load, nowhere};
use super::connected::{connected_asking, identity, settings as read_settings};
use super::unsealed::connect_and_warn_unsealed;
use super::watched::Watched;
use crate::cli::SubmitArgs;
use crate::history::{HistoryError, gather};
use crate::schedule::lasting;
use crate::submit::{Settings, Submitted, millis, place, start, wait};
use crate::wire::run_workflow_id;

/// What signals do while somebody waits for a run.
const OF_WAITING: Effects =
    Effects::new("cancelling the run, then writing its report", "exit immediately, without a report")
        .late(Effects::OF_RUN.late)
        .hangup("no longer waiting for the run, which continues");

/// What signals do while a run is started that nobody waits for.
const OF_STARTING: Effects =
    Effects::new("starting the run, which continues", "exit immediately; the run may be started all the same");

pub(super) fn submit(args: SubmitArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    refuse(&args)?;
    let context = terminal.context();
    let queue = args.fleet.queue.clone();
    let settings = Settings::from(args.fleet);
    settings.check(&queue)?;
    let connection = read_settings(&args.connection, &*context.ui)?;
    let loaded = load(args.plan, args.selection, &context)?;
    let mut begin = BeginOptions::default();
    (begin.reason, begin.partial, begin.id) = (args.reason, args.partial, args.id);
    begin.elsewhere = true;
    let place = place(&queue, &settings.routes, &connection);
    begin.place = Some(format!("The run goes to {place}."));
    begin.report = if args.wait { args.report.clone() } else { Some(nowhere()) };
    let options: SessionOptions = args.options.into();
    let exports = options.exports.clone();
    if !args.wait && !exports.is_empty() {
        let message = "only --wait writes the report in other formats";
        return Err(SessionError::input(message, "write them later with `allstop-temporal report`; nothing was sent"));
    }
    let lists = if args.list_on_workers { Lists::There } else { Lists::Here };
    let signals = Signals::new(Arc::clone(&context.ui));
    connect_and_warn_unsealed(&connection, &*context.ui)?;
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
    context.ui.detail(&format!("submits to {place}"));
    let client = runtime.block_on(async {
        let (client, kept) = connected_asking(&connection, &identity()).await?;
        start(&client, &queue, &bundle, &settings, &context).await?;
        if let Some(kept) = kept {
            context.ui.note(&format!(
                "the rows of a lane are kept for {} after the lane has ended; have a worker keep the report with \
                 `allstop-temporal worker --reports DIR`",
                lasting(millis(kept))
            ));
        }
        Ok::<_, SessionError>(client)
    })?;
    let (id, workflow) = (bundle.run_id(), run_workflow_id(bundle.run_id()));
    if !args.wait {
        context.ui.note(&format!(
            "`allstop-temporal status {id}` shows the run, `allstop-temporal report {id}` writes its report"
        ));
        match args.shown.output {
            Output::Json => terminal.print_json(&Submitted::new(id))?,
            Output::Text => terminal.print(id)?,
        }
        return Ok(ExitStatus::Done.code());
    }
    signals.watch()?;
    context.ui.status(&format!("submitted the run {id}"));
    let shows = args.shown.progress != Progress::Off;
    let (ui, cancel) = (Arc::clone(&context.ui), signals.drain());
    let is_quiet = !shows && args.shown.verbose == 0;
    let watched = Watched { client: &client, workflow: &workflow, shows, is_quiet, cancel, ui };
    let gathered = runtime.block_on(async {
        tokio::select! {
            // Whoever has lost the terminal has not asked for the end of the run.
            biased;
            () = signals.hung_up() => return Ok(None),
            () = wait(&client, &workflow, signals.drain()) => {}
            never = watched.show() => match never {},
            never = watched.listen() => match never {},
        }
        signals.run_is_over();
        gather(&client, &workflow, None, None, &context).await.map(Some)
    });
    let gathered = gathered.map_err(|error| unreported(id, error))?;
    let Some(run) = gathered else {
        context.ui.status(&format!("the run {id} continues: `allstop-temporal status {id}`"));
        return Ok(ExitStatus::Hangup.code());
    };
    run.notes().iter().for_each(|note| context.ui.note(note));
    Ok(finish(run.ended(args.report, exports)?, &args.shown, &signals, terminal))
}

/// Says that a run has ended whose report cannot be written here, as without its payload key.
fn unreported(id: &str, error: HistoryError) -> SessionError {
    let error = SessionError::from(error);
    let message = format!("the run {id} has ended, and its report cannot be written here: {error}");
    let hint = format!("{}; then write the report with `allstop-temporal report {id}`", error.hint());
    SessionError::new(ExitStatus::NotWritten, message, hint)
}

/// Refuses what only a run on one machine can do, and what a submission cannot show, as workers send and read.
fn refuse(args: &SubmitArgs) -> Result<(), SessionError> {
    let shown = &args.shown;
    let local = [("--rehearse", args.rehearse, "rehearse it"), ("--dry-run", args.dry_run, "read the states")];
    if let Some((option, _, what)) = local.into_iter().find(|(_, is_given, _)| *is_given) {
        let hint =
            format!("{what} on this machine with `allstop run {option}`, then submit the plan; nothing was sent");
        return Err(SessionError::input(format!("{option} is not for a fleet"), hint));
    }
    if shown.progress == Progress::Bars {
        let hint = "remove it, and watch the lanes with `allstop-temporal status RUN --watch`; nothing was sent";
        return Err(SessionError::input("--progress bars is not for a fleet", hint));
    }
    if shown.verbose > 1 {
        let hint = "pass -v once; the report has the attempts of every target; nothing was sent";
        return Err(SessionError::input("-vv is not for a fleet: workers send and read", hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn refused(options: &[&str]) -> Option<String> {
        let line = ["allstop-temporal", "submit", "plan.yaml"].into_iter().chain(options.iter().copied());
        let Command::Submit(args) = Cli::parse_from(line).command else { panic!() };
        refuse(&args).err().map(|error| error.text())
    }

    #[test]
    fn what_only_workers_see_is_refused() {
        let bars = refused(&["--progress", "bars"]).unwrap();
        assert!(bars.contains("`allstop-temporal status RUN --watch`"), "{bars}");
        let attempts = refused(&["-vv"]).unwrap();
        assert!(attempts.contains("pass -v once"), "{attempts}");
        for option in ["--rehearse", "--dry-run"] {
            let local = refused(&[option]).unwrap();
            assert!(local.contains(&format!("`allstop run {option}`")), "{local}");
        }
        for options in [&["-v"][..], &["--progress", "auto"], &["--progress", "plain"], &["--progress", "json"], &[]] {
            assert_eq!(refused(options), None, "{options:?}");
        }
    }
}
