//! A journal in memory for paused time, in the real format, whose writer can die at any step.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, pending};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::world;
use crate::engine::{Attempt, Effect, Journal, JournalError, TargetResult, Ticket};
use crate::journal::Replay;
use crate::journal::note::{Note, Resumed};
use crate::journal::seal::Seal;

/// How long a sync takes.
const SYNC: Duration = Duration::from_millis(3);

/// The life of one process, which ends at one of its steps: a note that it writes or a request that it sends.
#[derive(Clone)]
pub(crate) struct Life(Arc<(Mutex<u64>, CancellationToken)>);

impl Life {
    /// Begins a life of so many steps.
    pub(crate) fn of(steps: u64) -> Self {
        Self(Arc::new((Mutex::new(steps), CancellationToken::new())))
    }

    /// Takes the next step; tells whether it still happens. The last one does, and nothing after it.
    pub(crate) fn step(&self) -> bool {
        let mut left = self.0.0.lock().unwrap();
        let happens = *left > 0;
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.0.1.cancel();
        }
        happens
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.1.is_cancelled()
    }

    /// Waits for its end.
    pub(crate) async fn end(&self) {
        self.0.1.cancelled().await;
    }
}

/// A journal in memory.
pub(crate) struct Memory {
    life: Life,
    pages: Arc<Mutex<Pages>>,
}

#[derive(Default)]
struct Pages {
    bytes: Vec<u8>,
    seal: Seal,
    /// How many of the bytes survive whatever happens.
    durable: usize,
}

impl Memory {
    /// The id of the run that the journal is of.
    pub(crate) const RUN: &str = world::RUN;

    /// Reads a journal that a crash left.
    pub(crate) fn read(left: &[u8]) -> Replay {
        world::replay(left).unwrap()
    }

    /// Begins the journal of `targets` targets, with its header.
    pub(crate) fn begin(targets: u32, life: Life) -> Self {
        let mut pages = Pages::default();
        pages.seal.write(&mut pages.bytes, &world::header(targets)).unwrap();
        pages.durable = pages.bytes.len();
        Self { life, pages: Arc::new(Mutex::new(pages)) }
    }

    /// Goes on in the journal that a crash left, as another process, and tells what it says.
    pub(crate) fn resume(left: &[u8], life: Life, at: Timestamp) -> (Replay, Self) {
        let (replay, mut seal) = world::replay_sealed(left).unwrap();
        let mut bytes = left[..usize::try_from(replay.valid_bytes).unwrap()].to_vec();
        seal.write(&mut bytes, &Note::Resumed { resumed: Resumed { at } }).unwrap();
        let pages = Pages { durable: bytes.len(), bytes, seal };
        (replay, Self { life, pages: Arc::new(Mutex::new(pages)) })
    }

    /// Returns what a crash leaves now: what is durable, and `share` (0 to 1) of the bytes that are not.
    pub(crate) fn left(&self, share: f64) -> Vec<u8> {
        let pages = self.pages.lock().unwrap();
        let loose = pages.bytes.len() - pages.durable;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
        let kept = (loose as f64 * share) as usize;
        pages.bytes[..pages.durable + kept].to_vec()
    }

    fn note(&self, note: &Note) -> Ticket {
        if !self.life.step() {
            return Ticket(u64::MAX);
        }
        let mut pages = self.pages.lock().unwrap();
        let Pages { bytes, seal, .. } = &mut *pages;
        seal.write(bytes, note).unwrap();
        Ticket(seal.lines())
    }
}

impl Journal for Memory {
    fn intent(&self, target: u32) -> Ticket {
        self.note(&Note::Intent { b: target })
    }

    fn sending(&self, target: u32, n: u32, at: Timestamp) -> Ticket {
        self.note(&Note::Sending { t: target, s: n, at })
    }

    fn attempted(&self, target: u32, attempt: &Attempt, effect: Effect) -> Ticket {
        self.note(&Note::Attempted { t: target, a: Box::new(attempt.clone()), effect })
    }

    fn finished(&self, target: u32, result: &Arc<TargetResult>) -> Ticket {
        self.note(&Note::Finished { t: target, f: Arc::clone(result) })
    }

    fn durable(&self, _ticket: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>> {
        let (life, pages) = (self.life.clone(), Arc::clone(&self.pages));
        async move {
            // One sync serves all notes that are there when it begins.
            let (end, lines) = {
                let pages = pages.lock().unwrap();
                (pages.bytes.len(), pages.seal.lines())
            };
            tokio::time::sleep(SYNC).await;
            if life.is_over() {
                pending::<()>().await;
            }
            let mut pages = pages.lock().unwrap();
            pages.durable = pages.durable.max(end);
            Ok(Ticket(lines))
        }
        .boxed()
    }
}
