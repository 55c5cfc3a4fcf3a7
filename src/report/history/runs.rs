//! The runs, the oldest first.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::head::{HeadError, head_of};
use crate::report::counts::OutcomeCounts;
use crate::report::json::{RunInfo, RunMode};

/// A run, as its report has it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HistoryRun {
    /// The file of the report.
    pub path: PathBuf,
    /// The run.
    pub run: RunInfo,
    /// Its targets by outcome.
    pub counts: OutcomeCounts,
}

/// A report that could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unread {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: HeadError,
}

/// The runs of many reports; serializes as `allstop report history --json` prints it.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct History {
    /// The runs, the oldest first, each once.
    pub runs: Vec<HistoryRun>,
    /// Further reports of runs that are there already, such as copies.
    pub copies: Vec<HistoryRun>,
    /// Reports that could not be read, or are damaged.
    pub unread: Vec<Unread>,
    /// How many files are no reports.
    pub others: u64,
}

/// Which runs are wanted.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// The names of their plans; all where there are none.
    pub plans: Vec<String>,
    /// When they began at the earliest.
    pub since: Option<Timestamp>,
    /// Whether only those that stopped things in a cloud.
    pub is_live: bool,
}

impl History {
    /// Reads the heads of reports. The same file is read once.
    #[must_use]
    pub fn read(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut history = Self::default();
        let mut seen = HashSet::new();
        for path in files {
            if seen.insert(path.clone()) {
                history.add(path);
            }
        }
        // Of several reports of one run, the one that ends last has the most.
        history.runs.sort_by(|one, other| one.order().cmp(&other.order()));
        let mut known = HashSet::new();
        let mut last = Vec::with_capacity(history.runs.len());
        while let Some(run) = history.runs.pop() {
            if known.insert(run.run.id.clone()) { last.push(run) } else { history.copies.push(run) }
        }
        last.reverse();
        history.runs = last;
        history
    }

    fn add(&mut self, path: PathBuf) {
        match head_of(&path) {
            Ok(Some((run, counts))) => self.runs.push(HistoryRun { path, run, counts }),
            Ok(None) => self.others += 1,
            Err(error) => self.unread.push(Unread { path, error }),
        }
    }

    /// Leaves out the runs that are not wanted.
    pub fn retain(&mut self, filter: &HistoryFilter) {
        self.runs.retain(|run| filter.takes(&run.run));
        self.copies.retain(|run| filter.takes(&run.run));
    }
}

impl HistoryRun {
    /// Returns what runs are sorted by.
    fn order(&self) -> (Timestamp, Timestamp, &str, &Path) {
        let run = &self.run;
        (run.started_at.timestamp(), run.finished_at.timestamp(), &run.id, &self.path)
    }
}

impl Unread {
    /// Names the file, and says why it could not be read.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}", self.path.display(), self.error)
    }
}

impl HistoryFilter {
    fn takes(&self, run: &RunInfo) -> bool {
        (self.plans.is_empty() || self.plans.contains(&run.plan.name))
            && self.since.is_none_or(|since| run.started_at.timestamp() >= since)
            && (!self.is_live || run.mode == RunMode::Live)
    }
}
