//! `allstop watch`.

use std::sync::Arc;
use std::time::Duration;

use allstop::engine::{Listings, Run};
use allstop::plan::Plan;
use allstop::report::Signal;
use allstop::session::{Guide, Ready, SelectedPlan, SessionError, Watch, WatchOptions};
use allstop::{BoxFuture, CancellationToken};
use tokio::time::{Instant, sleep};

use super::signals::Signals;
use super::system;
use super::terminal::Terminal;
use super::world;
use crate::cli::{Output, ShownOptions, WatchArgs};

pub(super) fn watch(mut args: WatchArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let (mut begin, options) = (args.begin(), args.session());
    if let (Some(rehearsal), Some(input)) = (&mut begin.rehearsal, &args.world) {
        rehearsal.world = Some(Arc::new(world::read(input)?));
    }
    let mut watched = WatchOptions::new(args.lasts);
    (watched.every, watched.until_quiet) = (args.every, args.until_quiet);
    let context = terminal.context();
    let (plan, selection) = (args.plan, args.selection);
    let selected = SelectedPlan::load(&plan.plan, plan.set, selection.into(), &context)?;
    let watch = Watch::begin(selected, begin, options, watched, &context)?;
    system::demand()?;
    let signals = Signals::new(context.ui);
    terminal.detach()?;
    signals.watch()?;
    let world = World { terminal, signals: &signals, shown: &args.shown, began: Instant::now() };
    let watched = system::runtime()?.block_on(watch.run(&world))?;
    if args.shown.output == Output::Json
        && let Err(error) = terminal.print_json(&watched)
    {
        terminal.error(&error);
        return Ok(error.status().code());
    }
    Ok(watched.exit_code)
}

/// What is around a watch: the terminal, signals, and time.
struct World<'w> {
    terminal: &'w Arc<Terminal>,
    signals: &'w Signals,
    shown: &'w ShownOptions,
    began: Instant,
}

impl Guide for World<'_> {
    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            tokio::select! {
                () = self.signals.drain.cancelled() => {}
                () = sleep(time) => {}
            }
        })
    }

    fn drain(&self) -> CancellationToken {
        self.signals.drain.clone()
    }

    fn is_ended(&self) -> bool {
        self.signals.drain.is_cancelled()
    }

    fn signal(&self) -> Option<Signal> {
        self.signals.first()
    }

    fn listings(&self, listings: Listings) -> Listings {
        listings.drain_on(self.signals.drain.clone())
    }

    fn run(&self, run: Run, plan: &Arc<Plan>) -> Run {
        let observers = self.terminal.observers(self.shown, plan);
        observers.into_iter().fold(run, Run::observer).drain_on(self.signals.drain.clone())
    }

    fn confirm(&self, ready: &Ready) -> Result<(), SessionError> {
        self.signals.while_asking(|| ready.confirm())
    }
}
