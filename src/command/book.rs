//! A command's side of the journal: where it is, what its header says, and how a run goes on in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use allstop::clock::{Clock, SystemClock};
use allstop::engine::{Journal, ResumeState, Run, SkipReason};
use allstop::journal::{self, End, Header, OpenError, Reopened, Replay, Writer};
use allstop::plan::{Plan, Shard};

use super::failure::{Failure, UNWRITTEN};
use super::inherit;
use super::say;
use crate::cli::RunOptions;

/// The header's option that says which targets are left out.
const LEFT_OUT: &str = "left_out";

/// The header's option that says which shard the run has.
const SHARD: &str = "shard";

/// What a run writes down.
pub(super) enum Book {
    /// Nothing: it changes nothing that could be lost.
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

/// The journal of a run, once nothing refuses the run any more.
#[derive(Clone, Default)]
pub(super) struct Opened(Arc<OnceLock<Arc<Writer>>>);

impl Opened {
    /// Returns the writing end; `None` where the run was refused or writes nothing down.
    pub(super) fn writer(&self) -> Option<&Arc<Writer>> {
        self.0.get()
    }

    fn take(&self, writer: Writer) -> Arc<dyn Journal> {
        let writer = Arc::new(writer);
        Arc::clone(self.0.get_or_init(|| writer)) as _
    }
}

/// What a new journal's header says besides the plan.
pub(super) struct Entry<'a> {
    pub(super) mode: journal::Mode,
    pub(super) reason: Option<String>,
    pub(super) report: &'a Path,
    pub(super) set: &'a [(String, String)],
    pub(super) left_out: &'a [Option<SkipReason>],
    pub(super) options: &'a RunOptions,
}

impl Book {
    /// Lets the run open its journal when nothing refuses it any more.
    pub(super) fn open(self, run: Run, plan: &Plan, entry: Entry<'_>) -> (Run, Opened) {
        let opened = Opened::default();
        let cell = opened.clone();
        let run = match self {
            Self::None => run,
            Self::New(path) => {
                let now = SystemClock.now();
                let mut options = options(plan, entry.left_out);
                options.extend(inherit::named(entry.options, now));
                let header = Header {
                    mode: entry.mode,
                    reason: entry.reason,
                    report: (entry.report != Path::new("-")).then(|| absolute(entry.report)),
                    set: entry.set.iter().map(|(name, _)| name.clone()).collect(),
                    options,
                    ..Header::new(plan, run.run_id(), now)
                };
                run.journal_by(move || create(&path, &header).map(|writer| cell.take(writer)))
            }
            Self::Resumed(resumed) => {
                let Resumed { past, reopened, .. } = *resumed;
                let go_on = move || reopened.go_on(SystemClock.now()).map(|writer| cell.take(writer));
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
    pub(super) fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Resumed(resumed) => Some(resumed.path.clone()),
            Self::New(path) => Some(path.clone()),
            Self::None => None,
        }
    }

    /// Returns the journal that the run goes on from.
    pub(super) fn resumed_from(&self) -> Option<String> {
        match self {
            Self::None | Self::New(_) => None,
            Self::Resumed(resumed) => Some(resumed.path.display().to_string()),
        }
    }
}

/// Creates a new journal, and tells where an earlier one is that stood at its place.
fn create(path: &Path, header: &Header) -> Result<Writer, OpenError> {
    let created = journal::create(path, header)?;
    if let Some(kept) = created.kept {
        say::aside(format_args!("note: the journal of a run that can be resumed is kept: {}", kept.display()));
    }
    Ok(created.writer)
}

/// Notes that the run has ended and been reported. A journal that could not be written before has told so.
pub(super) fn close(writer: &Writer, status: allstop::engine::Status, exit_code: u8) {
    if let Err(error) = writer.end(End { status, exit_code, at: SystemClock.now() })
        && exit_code != UNWRITTEN
    {
        say::aside(format_args!("warning: the end of the run is not in its journal: {error}"));
    }
}

/// Returns what a header says of the command line's options.
fn options(plan: &Plan, left_out: &[Option<SkipReason>]) -> BTreeMap<String, Vec<String>> {
    let mut options = BTreeMap::from([(LEFT_OUT.to_owned(), ranges(left_out))]);
    options.extend(plan.shard.map(|shard| (SHARD.to_owned(), vec![shard.to_string()])));
    options
}

/// Returns the shard that the run has, as its header says.
pub(super) fn shard(header: &Header) -> Result<Option<Shard>, Failure> {
    let stated = header.options.get(SHARD).and_then(|values| values.first());
    stated.map(|text| text.parse()).transpose().map_err(|error| {
        Failure::input(format!("the journal's shard is none: {error}"), "start a new run of the plan; nothing was sent")
    })
}

/// Returns why each target of the run is left out, as its header says.
pub(super) fn left_out(replay: &Replay) -> Vec<Option<SkipReason>> {
    let mut reasons = vec![None; replay.header.targets as usize];
    let ranges = replay.header.options.get(LEFT_OUT).into_iter().flatten();
    for (reason, from, to) in ranges.filter_map(|range| parse(range)) {
        for slot in reasons.iter_mut().take(to + 1).skip(from) {
            *slot = Some(reason);
        }
    }
    reasons
}

/// Writes reasons as ranges of target numbers: `filtered 0-4`.
fn ranges(left_out: &[Option<SkipReason>]) -> Vec<String> {
    let numbered: Vec<_> = left_out.iter().enumerate().collect();
    let runs = numbered.chunk_by(|(_, one), (_, next)| one == next);
    runs.filter_map(|run| {
        let ((from, reason), (to, _)) = (run.first()?, run.last()?);
        reason.map(|reason| format!("{} {from}-{to}", reason.name()))
    })
    .collect()
}

fn parse(range: &str) -> Option<(SkipReason, usize, usize)> {
    let (reason, numbers) = range.split_once(' ')?;
    let (from, to) = numbers.split_once('-')?;
    let reason = [SkipReason::Filtered, SkipReason::Shard].into_iter().find(|known| known.name() == reason)?;
    Some((reason, from.parse().ok()?, to.parse().ok()?))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_come_back() {
        let (out, taken) = (Some(SkipReason::Filtered), None);
        let left_out = [out, out, taken, taken, out, taken];
        let text = ranges(&left_out);
        assert_eq!(text, ["filtered 0-1", "filtered 4-4"]);
        assert_eq!(text.iter().filter_map(|range| parse(range)).count(), 2);
    }
}
