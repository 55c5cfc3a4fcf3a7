//! Whether and where a run is journaled.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::base::clock::{Clock, SystemClock};
use crate::engine::{Journal, ResumeState, Run};
use crate::journal::{self, Header, Reopened, Writer};

/// What becomes of a run's journal.
pub(super) enum JournalMode {
    /// There is none: the run changes nothing that could be lost.
    None,
    /// A new journal at this path.
    New(PathBuf),
    /// The journal of an earlier part of the run.
    Resumed(Box<Resumed>),
}

/// A journal that a run goes on in.
pub(super) struct Resumed {
    pub(super) path: PathBuf,
    pub(super) past: ResumeState,
    pub(super) reopened: Reopened,
}

/// The journal of a run, opened when nothing refuses the run any more.
#[derive(Clone, Default)]
pub(super) struct Opened(Arc<OnceLock<Arc<Writer>>>);

impl Opened {
    /// Returns the writing end; `None` where the run was refused or is not journaled.
    pub(super) fn writer(&self) -> Option<&Arc<Writer>> {
        self.0.get()
    }

    fn set(&self, writer: Writer) -> Arc<dyn Journal> {
        let writer = Arc::new(writer);
        Arc::clone(self.0.get_or_init(|| writer)) as _
    }
}

impl JournalMode {
    /// Lets the run open its journal when nothing refuses it any more. `header` builds that of a new journal; `kept` is
    /// told where an earlier journal is now that was at its place.
    pub(super) fn open(
        self,
        run: Run,
        header: impl FnOnce(&Run) -> Header,
        kept: impl FnOnce(&Path) + Send + Sync + 'static,
    ) -> (Run, Opened) {
        let opened = Opened::default();
        let cell = opened.clone();
        let run = match self {
            Self::None => run,
            Self::New(path) => {
                let header = header(&run);
                run.journal_by(move || {
                    let created = journal::create(&path, &header)?;
                    if let Some(path) = &created.kept {
                        kept(path);
                    }
                    Ok::<_, journal::OpenError>(cell.set(created.writer))
                })
            }
            Self::Resumed(resumed) => {
                let Resumed { past, reopened, .. } = *resumed;
                let go_on = move || reopened.go_on(SystemClock.now()).map(|writer| cell.set(writer));
                run.resume(past).journal_by(go_on)
            }
        };
        (run, opened)
    }

    /// Returns what the run has done before.
    pub(super) fn past(&self) -> Option<&ResumeState> {
        match self {
            Self::None | Self::New(_) => None,
            Self::Resumed(resumed) => Some(&resumed.past),
        }
    }

    /// Returns where the journal is or will be.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Resumed(resumed) => Some(&resumed.path),
            Self::New(path) => Some(path),
            Self::None => None,
        }
    }
}
