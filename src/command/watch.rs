//! `allstop watch`.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::cli::{ShownOptions, WatchArgs};
use crate::engine::{Listings, Run};
use crate::plan::Plan;
use crate::report::Signal;
use crate::session::{Guide, Ready, SelectedPlan, SessionError, Watch, WatchOptions};
use crate::system::{self, Signals};
use crate::terminal::Terminal;

use super::steps::print_result;
use super::world;

pub(super) fn watch(mut args: WatchArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let (mut begin, options) = (args.begin(), args.session());
    if let (Some(rehearsal), Some(input)) = (&mut begin.rehearsal, &args.world) {
        rehearsal.world = Some(Arc::new(world::read(input)?));
    }
    let mut watched = WatchOptions::new(args.lasts);
    (watched.every, watched.until_quiet) = (args.every, args.until_quiet);
    let context = terminal.context().traced();
    let (plan, selection) = (args.plan, args.selection);
    let selected = SelectedPlan::load(&plan.plan, plan.set, selection.into(), &context)?;
    let watch = Watch::begin(selected, begin, options, watched, &context)?;
    system::demand()?;
    let signals = Signals::new(context.ui);
    terminal.detach()?;
    signals.watch()?;
    let world = World { terminal, signals: &signals, shown: &args.shown, began: Instant::now() };
    let watched = system::runtime()?.block_on(watch.run(&world))?;
    Ok(print_result(&watched, watched.exit_code, &args.shown, terminal))
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
        let drain = self.signals.drain();
        Box::pin(async move {
            tokio::select! {
                () = drain.cancelled() => {}
                () = sleep(time) => {}
            }
        })
    }

    fn drain(&self) -> CancellationToken {
        self.signals.drain()
    }

    fn is_ended(&self) -> bool {
        self.signals.drain().is_cancelled()
    }

    fn signal(&self) -> Option<Signal> {
        self.signals.first()
    }

    fn listings(&self, listings: Listings) -> Listings {
        listings.drain_on(self.signals.drain())
    }

    fn run(&self, run: Run, plan: &Arc<Plan>) -> Run {
        let observers = self.terminal.observers(self.shown, plan);
        observers.into_iter().fold(run, Run::observer).drain_on(self.signals.drain())
    }

    fn confirm(&self, ready: &Ready) -> Result<(), SessionError> {
        self.signals.while_asking(|| ready.confirm())
    }
}
