//! `allstop run`, `resume` and `retry`.

use std::sync::Arc;

use allstop::engine::Run;
use allstop::report::Destination;
use allstop::session::{
    AfterListing, BeginOptions, Finished, Ran, ResumeOptions, RetryOptions, SelectedPlan, Session, SessionError,
};

use super::signals::Signals;
use super::system;
use super::terminal::Terminal;
use super::world;
use crate::cli::{Output, ResumeArgs, RetryArgs, RunArgs, ShownOptions};

pub(super) fn run(args: RunArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let context = terminal.context();
    let selected = SelectedPlan::load(&args.plan.plan, args.plan.set, args.selection.into(), &context)?;
    let mut begin: BeginOptions = args.begin.into();
    begin.partial = args.partial;
    begin.again = args.again;
    if let (Some(rehearsal), Some(input)) = (&mut begin.rehearsal, &args.world) {
        rehearsal.world = Some(Arc::new(world::read(input)?));
    }
    carry_out(Session::begin(selected, begin, args.options.into(), &context), &args.shown, terminal)
}

pub(super) fn resume(args: ResumeArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let resumed = ResumeOptions { journal: args.from, plan: args.plan, set: args.set, report: args.report };
    carry_out(Session::resume(resumed, args.options.into(), &terminal.context())?, &args.shown, terminal)
}

pub(super) fn retry(args: RetryArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let (report, scope) = (args.parent, args.selection.into());
    let retried = RetryOptions { report, plan: args.plan, set: args.set, scope };
    let session = Session::retry(retried, args.begin.into(), args.options.into(), &terminal.context())?;
    carry_out(session, &args.shown, terminal)
}

/// Confirms a run, runs it, reports it, and returns the exit status.
fn carry_out(session: Session, shown: &ShownOptions, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    refuse_two(&session, shown)?;
    system::demand()?;
    let mut ready = session.ready()?;
    let signals = Signals::new(terminal.context().ui);
    let lists = ready.must_list();
    let asks = lists || ready.has_work();
    let runtime = system::runtime()?;
    if asks {
        terminal.detach()?;
        signals.watch()?;
        match runtime.block_on(ready.sign_in(signals.drain.clone()))? {
            AfterListing::Ready(next) => ready = *next,
            AfterListing::Ended(ran) => return finish(*ran, &signals, shown, terminal),
        }
    }
    if lists {
        let drain = signals.drain.clone();
        match runtime.block_on(ready.list(|listings| listings.drain_on(drain)))? {
            AfterListing::Ready(next) => ready = *next,
            AfterListing::Ended(ran) => return finish(*ran, &signals, shown, terminal),
        }
    }
    signals.while_asking(|| ready.confirm())?;
    let mut observers = Vec::new();
    if ready.has_work() {
        observers = terminal.observers(shown, ready.plan());
    }
    let drain = signals.drain.clone();
    let adapt = |run| observers.into_iter().fold(run, Run::observer).drain_on(drain);
    let ran = runtime.block_on(ready.run(adapt));
    // Its connections are closed before the report is written: descriptors may be scarce.
    drop(runtime);
    finish(ran?, &signals, shown, terminal)
}

/// Reports a run that has ended, and returns the exit status.
fn finish(ran: Ran, signals: &Signals, shown: &ShownOptions, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    signals.run_is_over();
    let Finished { exit_code, line, unwritten, .. } = ran.finish(signals.first());
    unwritten.iter().for_each(|error| terminal.error(error));
    if shown.output == Output::Json
        && let Err(error) = terminal.print_json(&line)
    {
        terminal.error(&error);
        return Ok(error.status().code());
    }
    Ok(exit_code)
}

/// Refuses to write two things to standard output.
fn refuse_two(session: &Session, shown: &ShownOptions) -> Result<(), SessionError> {
    if shown.output == Output::Json && session.destinations().any(|place| *place == Destination::Stdout) {
        let message = "the report and `--output json` cannot both write to standard output";
        return Err(SessionError::input(message, "name a file for the report; nothing was sent"));
    }
    Ok(())
}
