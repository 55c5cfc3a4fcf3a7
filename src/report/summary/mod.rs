//! The closing summary on standard error, for somebody who is tired: the verdict first, then why, then what to do.

mod bound;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use super::causes::{causes, rest};
use super::fold::folded;
use super::json::{Rehearsal, RowSource, Rows, RunMode, SelectionSummary, StageInfo};
use super::palette::Palette;
use super::place::Places;
use super::selected;
use super::stages;
use super::tally::Tally;
use super::text::{Escaped, spoken};
use super::verdict;
use super::whose::closed;
use super::words::{early_end, early_end_by, unlisted};
use crate::base::count::{HumanCount, counted};
use crate::engine::{LaneInfo, LaneStats, Record, Status, listing_requests};
use crate::plan::Plan;

/// How many causes, and how many disagreements of a rehearsal, are shown in full.
pub(super) const SHOWN: usize = 10;

/// What no rehearsal can find.
const UNKNOWABLE: &str = "The simulator creates every resource that the plan names, so it cannot detect a wrong id. Use --dry-run \
    to ask the real services.";

/// How many ids of a cause are shown.
const EXAMPLES: usize = 3;

/// The closing summary of a run.
#[derive(Debug, Clone, Copy)]
pub struct Summary<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The result of the run.
    pub record: &'a Record,
    /// The counts of its rows.
    pub tally: Tally,
    /// What the run was for.
    pub mode: RunMode,
    /// The comparison with the simulator, if it was a rehearsal.
    pub rehearsal: Option<&'a Rehearsal>,
    /// The file with the report; `None` where it went to standard output.
    pub report: Option<&'a Path>,
    /// Whether an earlier process did a part of the run: requests to read states are counted for the last part only.
    pub is_resumed: bool,
    /// Whether nobody was asked before the run, as `--yes` says.
    pub is_unasked: bool,
    /// The command that retries or resumes what is not done, ready for a shell; `None` if there is none.
    pub again: Option<&'a str>,
    /// Whether to use colours.
    pub colour: bool,
    /// How many columns there are to read it in; `None` if lines may have any length, as in a log.
    pub width: Option<usize>,
}

impl Summary<'_> {
    /// Writes the summary. Text from plans and services is escaped.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let palette = Palette::new(self.colour);
        let mut body = Vec::new();
        self.body(palette, &mut body)?;
        out.write_all(self.fitted(&String::from_utf8_lossy(&body)).as_bytes())?;
        self.closing(out)
    }

    /// Returns the verdict in one line, without colours.
    #[must_use]
    pub fn sentence(&self) -> String {
        verdict::sentence(&self.tally, self.mode, self.record.status)
    }

    fn body(&self, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
        self.verdict(palette, out)?;
        writeln!(out)?;
        self.counts(out)?;
        let selections: Vec<_> = self.record.selections.iter().map(SelectionSummary::from).collect();
        // Of a reviewed plan, no more is stopped than was reviewed.
        let is_bounded = self.plan.reviewed.is_some();
        let bound = (self.is_unasked && self.mode == RunMode::Live && !is_bounded)
            .then(|| bound::bound(&self.record.selections, &self.plan.guards))
            .flatten();
        selected::write(&selections, bound, palette, out)?;
        self.stages(out)?;
        self.causes(palette, out)?;
        self.closed(out)?;
        self.throttled(palette, out)?;
        self.disagreements(palette, out)
    }

    fn verdict(&self, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
        let style = if self.tally.open() > 0 { palette.bad } else { palette.good };
        writeln!(out, "{style}{}{style:#}", self.sentence())?;
        self.ending().map_or(Ok(()), |words| writeln!(out, "{words}"))
    }

    /// Says why the run ended early, if it did; escaped.
    pub(super) fn ending(&self) -> Option<String> {
        match (self.record.ended_by.as_deref(), early_end(self.record.status)) {
            (Some(cause), Some(_)) if self.was_refused() => {
                Some(format!("The run was refused, and nothing was sent: {}.", Escaped(cause.trim_end_matches('.'))))
            }
            (Some(cause), None) if self.record.status == Status::Unlisted => Some(unlisted(cause)),
            (Some(cause), Some(_)) => Some(early_end_by(cause)),
            (_, words) => words,
        }
    }

    /// Tells whether a guard refused the run before it sent anything.
    pub(super) fn was_refused(&self) -> bool {
        self.tally.was_refused(self.record)
    }

    fn counts(&self, out: &mut dyn Write) -> io::Result<()> {
        let width = HumanCount(self.tally.counts().targets).to_string().len();
        verdict::counts(&self.tally)
            .try_for_each(|(rows, words)| writeln!(out, "  {:>width$}  {words}", HumanCount(rows).to_string()))
    }

    fn stages(&self, out: &mut dyn Write) -> io::Result<()> {
        let stages = StageInfo::all(self.plan, self.record);
        let Some(words) = stages::said(&stages, self.record.status) else { return Ok(()) };
        writeln!(out, "\nStages: {words}.")?;
        stages::warnings(&stages).try_for_each(|warning| writeln!(out, "{warning}"))
    }

    fn causes(&self, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
        if self.tally.open() == 0 {
            return Ok(());
        }
        let rows = Rows::new(self.plan, self.record);
        let causes = causes(rows.open(), Places { are_several: rows.are_in_several_places() }, EXAMPLES);
        let Palette { heading, bad, hint, .. } = palette;
        if !causes.is_empty() {
            writeln!(out, "\n{heading}Why{heading:#}")?;
        }
        for cause in causes.iter().take(SHOWN) {
            writeln!(out, "  {bad}{} {}{bad:#}", HumanCount(cause.count), cause.headline())?;
            writeln!(out, "    {}", cause.examples())?;
            if let Some(text) = cause.hint() {
                writeln!(out, "    {hint}hint: {}{hint:#}", Escaped(text))?;
            }
        }
        let rest = rest(causes.get(SHOWN..).unwrap_or_default());
        rest.map_or(Ok(()), |rest| writeln!(out, "  {rest}: see the report"))
    }

    /// Names the accounts that nothing more was sent for.
    fn closed(&self, out: &mut dyn Write) -> io::Result<()> {
        let closed = closed(&self.record.accounts);
        if !closed.is_empty() {
            writeln!(out)?;
        }
        closed.iter().take(SHOWN).try_for_each(|one| writeln!(out, "{}", Escaped(&one.to_string())))?;
        match closed.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(out, "and {}: see the report", counted(more as u64, "more account")),
        }
    }

    fn throttled(&self, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
        let heading = palette.heading;
        let mut lanes: Vec<_> = self.record.lanes.iter().filter(|(_, stats)| stats.throttled > 0).collect();
        lanes.sort_by_key(|(_, stats)| std::cmp::Reverse(stats.throttled));
        if !lanes.is_empty() {
            writeln!(out, "\n{heading}Slowed down by the service{heading:#}")?;
        }
        for (lane, stats) in lanes.iter().take(SHOWN) {
            writeln!(out, "  {}", throttled_line(lane, stats))?;
        }
        match lanes.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(out, "  and {}: see the report", counted(more as u64, "more lane")),
        }
    }

    fn disagreements(&self, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
        let Some(rehearsal) = self.rehearsal else { return Ok(()) };
        if rehearsal.agrees {
            writeln!(out, "\nThe simulator's ledger agrees with every row of the report.")?;
            return writeln!(out, "{UNKNOWABLE}");
        }
        let bad = palette.bad;
        writeln!(out, "\n{bad}The simulator's ledger DISAGREES with the report{bad:#}")?;
        for line in rehearsal.disagreements.iter().take(SHOWN) {
            writeln!(out, "  {}", Escaped(line))?;
        }
        match rehearsal.disagreements.len().saturating_sub(SHOWN) {
            0 => {}
            more => writeln!(out, "  and {more} more: see the report")?,
        }
        writeln!(out, "{UNKNOWABLE}")
    }

    fn closing(&self, out: &mut dyn Write) -> io::Result<()> {
        let requests = self.record.lanes.iter().map(|(_, stats)| stats.requests).sum::<u64>()
            + listing_requests(&self.record.selections);
        let (took, requests) = (spoken(self.record.duration), counted(requests, "request"));
        let took = match self.is_resumed {
            false => format!("Took {took} and {requests}.\n"),
            true => format!("Took {took} since the run began, and {requests} since it was resumed.\n"),
        };
        write!(out, "\n{}", self.fitted(&took))?;
        if let Some(path) = self.report {
            writeln!(out, "Report: {}", Escaped(&path.display().to_string()))?;
        }
        let command = self.command();
        let Some(step) = verdict::next_step(&self.tally, self.mode, self.record.status, command.as_deref()) else {
            return Ok(());
        };
        write!(out, "{}", self.fitted(&format!("Next: {}\n", step.words)))?;
        step.command.map_or(Ok(()), |command| writeln!(out, "  {command}"))
    }

    /// Returns lines that fit. What will be copied, paths and commands, is not among them.
    fn fitted<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.width.map_or(Cow::Borrowed(text), |width| Cow::Owned(folded(text, width)))
    }

    /// Returns the command that retries or resumes what is not done, if it would find something to do.
    #[must_use]
    pub fn command(&self) -> Option<String> {
        let command =
            self.again.filter(|_| self.mode != RunMode::DryRun && self.tally.can_be_retried(self.record.status));
        command.map(|command| Escaped(command).to_string())
    }
}

fn throttled_line(lane: &LaneInfo, stats: &LaneStats) -> String {
    let name = format!("{} {} {}", lane.account, lane.region, lane.api);
    let (throttled, requests) = (HumanCount(stats.throttled), HumanCount(stats.requests));
    let seconds = stats.duration.as_secs_f64().max(0.001);
    let rate = stats.requests as f64 / seconds;
    format!("{}: {throttled} of {requests} requests throttled, {rate:.1}/s on average", Escaped(&name))
}
