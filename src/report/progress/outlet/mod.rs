//! The way to standard error while a run runs: a thread of its own writes, and nobody waits for it.
//!
//! A terminal that was stopped with Ctrl-S, a dead ssh line and a pager that does not read all block whoever writes to
//! them. Here that is a thread that does nothing else. Lines that find no room are dropped, and it is said how many;
//! of pictures of the bars only the newest is drawn; the summary stays until it is written, or time is up.

mod queue;
mod sink;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use console::Term;
use indicatif::TermLike;
use tokio::time::Instant;

use super::options::Print;
use super::panel::Panel;
use queue::{Batch, Queue};
pub use sink::Missing;
use sink::Sink;

/// How long a line may wait for room, so that a reader who reads loses nothing of a sudden burst.
const PAUSE: Duration = Duration::from_millis(100);

/// How long lines may wait for room in all: that much, and no more, a slow reader holds a run up.
const PAUSES: Duration = Duration::from_secs(1);

/// The way to standard error, or whatever stands for it.
#[derive(Clone)]
pub struct Outlet(Arc<Handle>);

/// Closes the queue when the last one who could add to it has gone.
struct Handle(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// How long a line may wait for room, and how long all of them together.
    pauses: (Duration, Duration),
}

#[derive(Default)]
struct State {
    queue: Queue,
    /// How long lines have waited for room.
    waited: Duration,
    /// Whether a line has waited in vain, and nothing has been written since.
    is_stuck: bool,
    /// Whether a flush was in vain, and nothing has been written since.
    is_hopeless: bool,
}

impl Outlet {
    /// Opens the way to standard error; `missing` says that lines are missing, and how many.
    ///
    /// # Errors
    ///
    /// Fails when no thread can be started.
    pub fn to_stderr(missing: Missing) -> io::Result<Self> {
        Self::new(Box::new(io::stderr()), Box::new(Term::buffered_stderr()), missing)
    }

    /// Opens a way to anything: lines go to `out`, bars and the lines above them to `terminal`, which is the same.
    ///
    /// # Errors
    ///
    /// Fails when no thread can be started.
    pub fn new(out: Box<dyn Write + Send>, terminal: Box<dyn TermLike>, missing: Missing) -> io::Result<Self> {
        Self::start(Sink::new(out, Panel::new(terminal), missing), (PAUSE, PAUSES))
    }

    fn start(mut sink: Sink, pauses: (Duration, Duration)) -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), pauses });
        let served = Arc::clone(&shared);
        thread::Builder::new().name("stderr".to_owned()).spawn(move || {
            while let Some(batch) = served.next() {
                sink.write(batch);
                served.wrote();
            }
        })?;
        Ok(Self(Arc::new(Handle(shared))))
    }

    /// Returns a way to print lines that may be dropped.
    #[must_use]
    pub fn print(&self) -> Print {
        let outlet = self.clone();
        Arc::new(move |line| outlet.line(line))
    }

    /// Returns a way to print what is never dropped.
    #[must_use]
    pub fn print_kept(&self) -> Print {
        let outlet = self.clone();
        Arc::new(move |text| outlet.change(|queue| queue.keep(text)))
    }

    /// Writes a line; where what waits is too much already, it is dropped and counted.
    pub fn line(&self, line: &str) {
        let shared = &self.0.0;
        let (pause, pauses) = shared.pauses;
        let mut state = shared.state();
        if !state.queue.has_room() && !state.is_stuck && state.waited < pauses {
            let began = Instant::now();
            let (after, result) = shared
                .changed
                .wait_timeout_while(state, pause, |state| !state.queue.has_room())
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
            state.waited += began.elapsed();
            state.is_stuck = result.timed_out();
        }
        state.queue.add(line);
        shared.changed.notify_all();
    }

    /// Draws bars in the place of those before; none takes them away.
    pub fn draw(&self, frame: Vec<String>) {
        self.change(|queue| queue.draw(frame));
    }

    fn change(&self, change: impl FnOnce(&mut Queue)) {
        change(&mut self.0.0.state().queue);
        self.0.0.changed.notify_all();
    }

    /// Waits until all is written, for `patience` at most; tells whether it is.
    ///
    /// When half of that is over, lines that wait are dropped, so that what is kept comes next. Where nothing at all
    /// has been written since an earlier wait was in vain, there is no other one.
    pub fn flush(&self, patience: Duration) -> bool {
        let shared = &self.0.0;
        let wait = |state| {
            let waited =
                shared.changed.wait_timeout_while(state, patience / 2, |state: &mut State| !state.queue.is_idle());
            waited.unwrap_or_else(PoisonError::into_inner).0
        };
        let mut state = shared.state();
        if state.is_hopeless {
            return false;
        }
        state = wait(state);
        if !state.queue.is_idle() {
            state.queue.drop_lines();
            state = wait(state);
        }
        state.is_hopeless = !state.queue.is_idle();
        !state.is_hopeless
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to write; `None` when nothing will come any more.
    fn next(&self) -> Option<Batch> {
        let mut state = self.state();
        loop {
            if let Some(batch) = state.queue.take() {
                state.queue.is_writing = true;
                return Some(batch);
            }
            if state.queue.is_closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wrote(&self) {
        let mut state = self.state();
        state.queue.is_writing = false;
        (state.is_stuck, state.is_hopeless) = (false, false);
        self.changed.notify_all();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.state().queue.is_closed = true;
        self.0.changed.notify_all();
    }
}
