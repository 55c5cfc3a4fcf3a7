//! `allstop run`, `resume` and `retry`.

use std::sync::Arc;

use crate::cli::{ResumeArgs, RetryArgs, RunArgs, ShownOptions};
use crate::engine::Run;
use crate::session::{AfterListing, BeginOptions, ResumeOptions, RetryOptions, SelectedPlan, Session, SessionError};
use crate::system::Signals;
use crate::terminal::Terminal;

use super::steps::{audience, confirmed, finish, told};
use super::world;

pub(super) fn run(args: RunArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let context = terminal.context().traced();
    let selected = SelectedPlan::load(&args.plan.plan, args.plan.set, args.selection.into(), &context)?;
    let mut begin: BeginOptions = args.begin.into();
    begin.partial = args.partial;
    begin.again = args.again;
    if let (Some(rehearsal), Some(input)) = (&mut begin.rehearsal, &args.world) {
        rehearsal.world = Some(Arc::new(world::read(input)?));
    }
    let options = args.metrics.add_to(args.options);
    carry_out(Session::begin(selected, begin, options, &context), &args.shown, terminal)
}

pub(super) fn resume(args: ResumeArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let resumed = ResumeOptions { journal: args.from, plan: args.plan, set: args.set, report: args.report };
    let options = args.metrics.add_to(args.options);
    carry_out(Session::resume(resumed, options, &terminal.context().traced())?, &args.shown, terminal)
}

pub(super) fn retry(args: RetryArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let (report, scope) = (args.parent, args.selection.into());
    let retried = RetryOptions { report, plan: args.plan, set: args.set, scope };
    let options = args.metrics.add_to(args.options);
    let session = Session::retry(retried, args.begin.into(), options, &terminal.context().traced())?;
    carry_out(session, &args.shown, terminal)
}

/// Confirms a run, runs it, reports it, and returns the exit status.
fn carry_out(session: Session, shown: &ShownOptions, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let signals = Signals::new(terminal.context().ui);
    let notices = audience(&session, (&signals, terminal))?;
    let (runtime, prepared) = confirmed(session, shown, &signals, terminal)?;
    let ready = match prepared {
        AfterListing::Ready(ready) => ready,
        AfterListing::Ended(ran) => return Ok(finish(*ran, shown, &signals, terminal)),
    };
    let mut observers = Vec::new();
    if ready.has_work() {
        observers = terminal.observers(shown, ready.plan());
    }
    let drain = signals.drain();
    let adapt = |run| observers.into_iter().fold(run, Run::observer).drain_on(drain);
    let ran = runtime.block_on(ready.run(adapt));
    // Its connections are closed before the report is written: descriptors may be scarce.
    drop(runtime);
    Ok(finish(told(ran, &notices, (&signals, terminal))?, shown, &signals, terminal))
}
