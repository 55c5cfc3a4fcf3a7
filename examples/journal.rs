//! A custom journal: a run ends early, and another one resumes from its journal.
//!
//! `cargo run --example journal`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allstop::engine::{
    AlreadyFinished, Attempt, Effect, Event, History, Journal, JournalError, Observer, Record, ResumeState, Run,
    TargetResult, Ticket,
};
use allstop::plan::{Plan, Variables};
use allstop::simulator::{self, Config, Keys};
use allstop::{BoxFuture, CancellationToken, Timestamp};

const PLAN: &str = "
version: 1
accounts: {prod: {cloud: alibaba, region: cn-hangzhou}}
defaults: {account: prod}
limits: {concurrency: 1}
targets:
  - {kind: elasticsearch_task, instance_id: es-cn-1}
  - {kind: elasticsearch_task, instance_id: es-cn-2}
  - {kind: elasticsearch_task, instance_id: es-cn-3}
  - {kind: elasticsearch_task, instance_id: es-cn-4}
";

/// The entries of a run. Here they are in memory; in production each entry is a row of a database.
#[derive(Default)]
pub(crate) struct Notes {
    tickets: u64,
    history: History,
    /// A note that contradicts an earlier one, which a run never makes.
    contradiction: Option<AlreadyFinished>,
}

/// A journal that is durable at once. A journal that writes later must wait in `durable`.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Notes>);

impl Memory {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records an entry, and returns its ticket.
    fn note(&self, change: impl FnOnce(&mut History) -> Result<(), AlreadyFinished>) -> Ticket {
        let mut notes = self.notes();
        if let Err(error) = change(&mut notes.history) {
            notes.contradiction = Some(error);
        }
        notes.tickets += 1;
        Ticket(notes.tickets)
    }

    /// Returns the state from which the run of `record` is resumed.
    fn past(&self, record: &Record) -> Result<ResumeState, AlreadyFinished> {
        let notes = self.notes();
        let (id, reason, started_at) = (record.id.clone(), record.reason.clone(), record.started_at);
        let known = notes.history.state().clone();
        notes.contradiction.map_or(Ok(ResumeState { id, reason, started_at, ..known }), Err)
    }
}

impl Journal for Memory {
    fn intent(&self, target: u32) -> Ticket {
        self.note(|history| history.intent(target))
    }

    fn sending(&self, target: u32, n: u32, at: Timestamp) -> Ticket {
        self.note(|history| history.sending(target, n, at))
    }

    fn attempted(&self, target: u32, attempt: &Attempt, effect: Effect) -> Ticket {
        self.note(|history| history.attempted(target, attempt.clone(), effect))
    }

    fn finished(&self, target: u32, result: &Arc<TargetResult>) -> Ticket {
        self.note(|history| history.finished(target, result))
    }

    fn durable(&self, _: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>> {
        let ticket = Ticket(self.notes().tickets);
        Box::pin(async move { Ok(ticket) })
    }
}

/// Ends the run when the first target has its result.
struct First(CancellationToken);

impl Observer for First {
    fn on_event(&mut self, event: &Event<'_>) {
        if matches!(event, Event::Finished { .. }) {
            self.0.cancel();
        }
    }
}

/// Starts a run, ends it early, and resumes it. Returns both records and the number of stops sent.
pub(crate) fn resumed() -> Result<(Record, Record, u64), Box<dyn Error>> {
    let mut plan = Plan::parse(PLAN.as_bytes(), "journal.yaml".as_ref(), &Variables::default())?.plan;
    let (cloud, keys) = simulator::rehearse(&Config::default(), &mut plan)?;
    let (plan, end) = (Arc::new(plan), CancellationToken::new());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let run = |keys: &Keys, journal: &Arc<Memory>| {
        Run::new(Arc::clone(&plan)).credentials(keys.clone()).journal(Arc::clone(journal) as Arc<dyn Journal>)
    };
    let journal = Arc::new(Memory::default());
    let early = run(&keys, &journal).drain_on(end.clone()).observer(First(end));
    let first = runtime.block_on(early.execute())?;
    let past = journal.past(&first)?;
    let second = runtime.block_on(run(&keys, &journal).resume(past).execute())?;
    Ok((first, second, cloud.ledger().requests.stops))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (first, second, stops) = resumed()?;
    for (part, record) in [("first", first), ("second", second)] {
        let outcomes: Vec<_> = record.results.iter().map(|result| result.outcome.name()).collect();
        println!("{part}: {:?}, {}", record.status, outcomes.join(", "));
    }
    println!("{stops} stops were sent");
    Ok(())
}
