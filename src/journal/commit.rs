//! Group commit: one thread writes and syncs what gathered while it wrote and synced what came before.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::note::Note;
use super::seal::Seal;
use crate::base::disk::Patient;
use crate::engine::JournalError;

/// Where lines go.
pub(super) trait Sink: Send + 'static {
    /// Writes all of `lines`, or fails and may have written a part.
    fn write(&mut self, lines: &[u8]) -> io::Result<()>;

    /// Returns when everything that was written survives a crash.
    fn sync(&mut self) -> io::Result<()>;
}

impl Sink for File {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.write_all(lines)
    }

    fn sync(&mut self) -> io::Result<()> {
        match self.sync_data() {
            // A device or a pipe, such as `/dev/null`, has nothing to sync.
            Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
            done => done,
        }
    }
}

impl Sink for Patient<File> {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.write_all(lines)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }
}

/// How long after the begin of a sync the next one waits for more to share it, so that a fast disk is not synced for
/// every few targets; unless somebody can do nothing but wait for it.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// How much room is kept for notes, and for lines in bytes, after a slow disk has made more gather.
const KEPT: (usize, usize) = (1 << 12, 1 << 18);

/// What the callers and the writing thread share.
pub(super) struct Shared {
    gathering: Mutex<Gathering>,
    wake: Condvar,
    pause: Duration,
    progress: watch::Sender<Progress>,
    /// For messages.
    pub(super) path: PathBuf,
}

/// The number of the last durable line, or why there will be no more.
pub(super) type Progress = Result<u64, JournalError>;

/// Notes that nobody has begun to write.
struct Gathering {
    notes: Vec<Note>,
    /// The number of the last one's line.
    last: u64,
    /// Whether they are to be written without waiting for more.
    flushed: bool,
    closed: bool,
}

impl Shared {
    /// Goes on after a number of durable lines; `path` is for messages.
    pub(super) fn new(durable: u64, pause: Duration, path: &Path) -> Self {
        let gathering = Gathering { notes: Vec::new(), last: durable, flushed: false, closed: false };
        let progress = watch::Sender::new(Ok(durable));
        Self { gathering: Mutex::new(gathering), wake: Condvar::new(), pause, progress, path: path.to_owned() }
    }

    pub(super) fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Adds a note, and returns the number of its line.
    pub(super) fn note(&self, note: Note) -> u64 {
        let mut gathering = self.gathering();
        if gathering.closed {
            self.give_up("it was closed");
            return u64::MAX;
        }
        let first = gathering.notes.is_empty();
        gathering.notes.push(note);
        gathering.last += 1;
        let number = gathering.last;
        drop(gathering);
        if first {
            self.wake.notify_one();
        }
        number
    }

    /// Writes what has gathered without waiting for more.
    pub(super) fn flush(&self) {
        let mut gathering = self.gathering();
        if !gathering.notes.is_empty() && !gathering.flushed {
            gathering.flushed = true;
            self.wake.notify_one();
        }
    }

    /// Lets the thread end when everything is written; later notes fail.
    pub(super) fn close(&self) {
        self.gathering().closed = true;
        self.wake.notify_one();
    }

    /// Writes until the journal is closed or cannot be written, going on after the lines that `seal` has seen.
    ///
    /// After a failure nothing is written any more, so that what the file holds stays a journal with at most a torn
    /// last line.
    pub(super) fn commit(&self, mut sink: impl Sink, mut seal: Seal) {
        let (mut batch, mut lines) = (Vec::new(), Vec::new());
        let mut paused_until = None;
        while let Some(last) = self.take(&mut batch, paused_until) {
            paused_until = Some(Instant::now() + self.pause);
            let sealed = batch.drain(..).try_for_each(|note: Note| seal.write(&mut lines, &note));
            if let Err(error) = sealed.and_then(|()| sink.write(&lines)).and_then(|()| sink.sync()) {
                return self.fail(error);
            }
            self.advance(|progress| *progress = Ok(last));
            lines.clear();
            batch.shrink_to(KEPT.0);
            lines.shrink_to(KEPT.1);
        }
    }

    /// Swaps the notes that gathered for an empty `batch`, and returns the number of the last; `None` at the end.
    ///
    /// They gather until the moment given, unless they are flushed or there will be no more.
    fn take(&self, batch: &mut Vec<Note>, paused_until: Option<Instant>) -> Option<u64> {
        let idle = |gathering: &mut Gathering| gathering.notes.is_empty() && !gathering.closed;
        let mut gathering = self.wake.wait_while(self.gathering(), idle).unwrap_or_else(PoisonError::into_inner);
        let rest = paused_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
        if !rest.is_zero() {
            let calm = |gathering: &mut Gathering| !gathering.flushed && !gathering.closed;
            let waited = self.wake.wait_timeout_while(gathering, rest, calm);
            gathering = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        gathering.flushed = false;
        std::mem::swap(&mut gathering.notes, batch);
        (!batch.is_empty()).then_some(gathering.last)
    }

    /// Drops what nobody has begun to write, and makes every wait fail; the first failure is the one that is reported.
    fn fail(&self, why: impl fmt::Display) {
        let mut gathering = self.gathering();
        gathering.closed = true;
        gathering.notes = Vec::new();
        drop(gathering);
        self.wake.notify_one();
        self.give_up(why);
    }

    fn give_up(&self, why: impl fmt::Display) {
        self.advance(|progress| *progress = Err(JournalError(format!("{}: {why}", self.path.display()))));
    }

    fn advance(&self, change: impl FnOnce(&mut Progress)) {
        self.progress.send_if_modified(|progress| {
            let going = progress.is_ok();
            if going {
                change(progress);
            }
            going
        });
    }

    fn gathering(&self) -> MutexGuard<'_, Gathering> {
        self.gathering.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
