//! What a message says of a run: facts, without any markup. Texts are as they are: whoever shows them escapes them.

use super::causes::{Cause, causes};
use super::json::{RowSource, Rows, RunMode, SelectionSummary};
use super::place::{Places, beside};
use super::remarks::missing;
use super::summary::Summary;
use super::text::spoken;
use super::verdict;
use super::words::mode_words;

/// How many causes are named.
const CAUSES: usize = 8;

/// How many targets of a cause are named.
const IDS: usize = 3;

/// How many listings that failed are named.
const UNITS: usize = 5;

/// What a message says of a run that has ended.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Brief {
    /// The name of the plan.
    pub plan: String,
    /// The id of the run.
    pub run_id: String,
    /// What the run was for, in words.
    pub mode: &'static str,
    /// The reason for the stop.
    pub reason: Option<String>,
    /// The verdict in one sentence.
    pub verdict: String,
    /// Why it ended early, in a sentence.
    pub ending: Option<String>,
    /// Whether it was refused before anything was sent.
    pub was_refused: bool,
    /// How many targets have which outcome.
    pub counts: Vec<(u64, String)>,
    /// How many targets the run was about.
    pub targets: u64,
    /// How many of them are done.
    pub done: u64,
    /// How many of them are not.
    pub open: u64,
    /// Why, for the largest groups of those.
    pub causes: Vec<BriefCause>,
    /// What could not be listed, and why, the first few.
    pub missing: Vec<String>,
    /// How many more listings failed.
    pub more_missing: u64,
    /// How long it took.
    pub took: String,
    /// The file with the report, as an absolute path.
    pub report: Option<String>,
    /// What to do next.
    pub next: Option<String>,
    /// The command for that.
    pub command: Option<String>,
}

/// Targets that are not stopped for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BriefCause {
    /// How many.
    pub count: u64,
    /// Their outcome, and why.
    pub headline: String,
    /// The ids of the first few, with account and region where the plan has several.
    pub ids: Vec<String>,
}

impl Summary<'_> {
    /// Returns what a message says of the run.
    #[must_use]
    pub fn brief(&self) -> Brief {
        let Summary { plan, record, ref tally, mode, report, .. } = *self;
        let selections: Vec<_> = record.selections.iter().map(SelectionSummary::from).collect();
        let units = missing(&selections);
        let command = self.command();
        let next = verdict::next_step(tally, mode, record.status, command.as_deref());
        let report = report.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        Brief {
            plan: plan.name.clone(),
            run_id: record.id.clone(),
            mode: mode_words(mode),
            reason: record.reason.clone(),
            verdict: self.sentence(),
            ending: self.ending(),
            was_refused: self.was_refused(),
            counts: verdict::counts(tally).collect(),
            targets: tally.selected(),
            done: tally.done,
            open: tally.open(),
            causes: if self.was_refused() { Vec::new() } else { self.brief_causes() },
            missing: units.iter().take(UNITS).map(|unit| unit.line()).collect(),
            more_missing: units.len().saturating_sub(UNITS) as u64,
            took: spoken(record.duration),
            report: report.map(|path| path.display().to_string()),
            next: next.as_ref().map(|step| step.words.clone()),
            command: next.and_then(|step| step.command).map(ToOwned::to_owned),
        }
    }

    /// Returns why targets are not stopped, the largest group first. Of those that were not sent, the counts say
    /// everything.
    fn brief_causes(&self) -> Vec<BriefCause> {
        if self.tally.open() == 0 {
            return Vec::new();
        }
        let rows = Rows::new(self.plan, self.record);
        let causes = causes(rows.open(), Places { are_several: rows.are_in_several_places() }, IDS);
        let brief = |cause: &Cause| BriefCause {
            count: cause.count,
            headline: cause.headline(),
            ids: cause.ids().map(|(id, place)| beside(id, place)).collect(),
        };
        causes.iter().take(CAUSES).map(brief).collect()
    }
}

impl Brief {
    /// Returns what the message says of a run that is about to send its first stop.
    #[must_use]
    pub fn of_start(plan: &str, run_id: &str, mode: RunMode, targets: u64) -> Self {
        let (plan, run_id) = (plan.to_owned(), run_id.to_owned());
        Self { plan, run_id, mode: mode_words(mode), targets, ..Self::default() }
    }
}
