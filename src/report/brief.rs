//! What a message says of a run: facts, without any markup. Texts are as they are: whoever shows them escapes them.

use std::cmp::Reverse;

use super::causes::{Cause, causes};
use super::json::{RowSource, Rows, RunMode, SelectionSummary};
use super::place::{Places, beside};
use super::remarks::missing;
use super::summary::{SHOWN, Summary};
use super::text::spoken;
use super::verdict;
use super::whose::{ClosedAccount, closed};
use super::words::mode_words;

/// How many targets of a cause are named.
const IDS: usize = 3;

/// How many listings that failed are named, and how many accounts that nothing more was sent for.
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
    /// The machine that it ran on.
    pub host: Option<String>,
    /// The reason for the stop.
    pub reason: Option<String>,
    /// The verdict in one sentence.
    pub verdict: String,
    /// Why it ended early, in a sentence.
    pub ending: Option<String>,
    /// Why a guard refused it before anything was sent, if one did.
    pub refusal: Option<String>,
    /// How many targets have which outcome, the most serious first.
    pub counts: Vec<(u64, String)>,
    /// How many targets the run was about.
    pub targets: u64,
    /// How many of them are done.
    pub done: u64,
    /// How many of them are not.
    pub open: u64,
    /// Why, for the most serious and largest groups of those that were sent.
    pub causes: Vec<BriefCause>,
    /// How many targets have causes that are not among these.
    pub more_targets: u64,
    /// The first few accounts that nothing more was sent for.
    pub closed: Vec<ClosedAccount>,
    /// How many more such accounts there are.
    pub more_closed: u64,
    /// What could not be listed, and why, the first few.
    pub missing: Vec<String>,
    /// How many more listings failed.
    pub more_missing: u64,
    /// How long it took.
    pub took: String,
    /// The file with the report, as an absolute path.
    pub report: Option<String>,
    /// What to do next; with a colon at its end where a command follows.
    pub next: Option<String>,
    /// The directory in which the command works.
    pub directory: Option<String>,
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
        let refusal = record.ended_by.clone().filter(|_| self.was_refused());
        let next = match refusal {
            Some(_) => Some(verdict::after_refusal(command.as_deref())),
            None => verdict::next_step(tally, mode, record.status, command.as_deref()),
        };
        let directory = std::env::current_dir().ok().filter(|_| command.is_some());
        let (causes, more_targets) = if refusal.is_some() { (Vec::new(), 0) } else { self.brief_causes() };
        let closed = closed(&record.accounts);
        let report = report.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        Brief {
            plan: plan.name.clone(),
            run_id: record.id.clone(),
            mode: mode_words(mode),
            host: None,
            reason: record.reason.clone(),
            verdict: self.sentence(),
            ending: self.ending(),
            refusal: refusal.map(|cause| cause.trim_end_matches('.').to_owned()),
            counts: verdict::short_counts(tally).collect(),
            targets: tally.selected(),
            done: tally.done,
            open: tally.open(),
            causes,
            more_targets,
            more_closed: closed.len().saturating_sub(UNITS) as u64,
            closed: closed.into_iter().take(UNITS).collect(),
            missing: units.iter().take(UNITS).map(|unit| unit.line()).collect(),
            more_missing: units.len().saturating_sub(UNITS) as u64,
            took: spoken(record.duration),
            report: report.map(|path| path.display().to_string()),
            next: next.as_ref().map(|step| step.words.clone()),
            directory: directory.map(|path| path.display().to_string()),
            command: next.and_then(|step| step.command).map(ToOwned::to_owned),
        }
    }

    /// Returns why targets are not stopped, as many causes as the summary shows, and how many targets have others. The most
    /// serious come first, then the largest group. Of targets that were not sent, the counts say everything.
    fn brief_causes(&self) -> (Vec<BriefCause>, u64) {
        if self.tally.open() == 0 {
            return (Vec::new(), 0);
        }
        let rows = Rows::new(self.plan, self.record);
        let mut causes = causes(rows.open(), Places { are_several: rows.are_in_several_places() }, IDS);
        causes.sort_by_key(|cause| (verdict::seriousness(cause.outcome), Reverse(cause.count)));
        let brief = |cause: &Cause| BriefCause {
            count: cause.count,
            headline: cause.headline(),
            ids: cause.ids().map(|(id, place)| beside(id, place)).collect(),
        };
        let more = causes.iter().skip(SHOWN).map(|cause| cause.count).sum();
        (causes.iter().take(SHOWN).map(brief).collect(), more)
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
