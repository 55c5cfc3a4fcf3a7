//! A report as Markdown that is short enough for a chat or the summary of a CI job.
//!
//! Text from a plan or a service is in code spans: nothing in those is markup, a link or a mention.

use std::io::{self, Write};

use super::causes::{Cause, causes};
use super::json::{Report, Row, RowSource};
use super::place::Places;
use super::remarks::{UNITS, counts, left_out, missing, remarks};
use super::stages;
use super::tally::Tally;
use super::text::{Escaped, shortened};
use super::verdict;
use super::whose::whose_of;
use super::words::{ended, mode_words, times};
use crate::base::count::{HumanCount, counted};

/// How many targets are named.
const ROWS: usize = 20;

/// How many causes, and how many disagreements of a rehearsal, are shown.
const CAUSES: usize = 10;

/// How many selections are shown.
const SELECTIONS: usize = 20;

/// How long a code span may be.
const SPAN: usize = 300;

/// A report as Markdown: the verdict, the counts, the causes with what to do, and the command that goes on.
#[derive(Debug)]
pub struct Markdown<'a, R = Vec<Row>> {
    /// The report.
    pub report: &'a Report<R>,
    /// The command that takes up what is open, ready for a shell; `None` where there is none.
    pub again: Option<&'a str>,
}

impl<R: RowSource> Markdown<'_, R> {
    /// Writes the Markdown.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let tally = self.report.tally();
        self.head(&tally, out)?;
        self.not_listed(out)?;
        self.counts(&tally, out)?;
        self.selections(out)?;
        self.disagreements(out)?;
        self.causes(out)?;
        let command = self.again.map(span);
        match verdict::next_step_of(&self.report.run, &tally, command.as_deref()) {
            Some(step) => writeln!(out, "\nNext: {step}"),
            None => Ok(()),
        }
    }

    fn head(&self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let run = &self.report.run;
        writeln!(out, "## {}\n", verdict::sentence(tally, run.mode, run.status))?;
        if let Some(words) = ended(run) {
            writeln!(out, "{words}\n")?;
        }
        write!(out, "allstop, {} of plan {}", mode_words(run.mode), code(&run.plan.name))?;
        if let Some(shard) = &run.shard {
            write!(out, ", shard {}", code(shard))?;
        }
        if let Some(reason) = &run.reason {
            write!(out, ", reason {}", code(reason))?;
        }
        writeln!(out, ": {}", times(run))?;
        let accounts = whose_of(&self.report.accounts);
        if !accounts.is_empty() {
            let accounts: Vec<_> = accounts.iter().map(|line| code(line)).collect();
            writeln!(out, "\nAccounts: {}", accounts.join(", "))?;
        }
        let stages = stages::said(&run.stages, run.status).map(|words| format!("\nStages: {}", code(&words)));
        let warnings = stages::warnings(&run.stages).map(|words| format!("\n{}", code(&words)));
        stages.into_iter().chain(warnings).try_for_each(|line| writeln!(out, "{line}"))
    }

    fn counts(&self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let mut counts = verdict::counts(tally).peekable();
        if counts.peek().is_some() {
            writeln!(out, "\n| targets | |\n|---:|---|")?;
        }
        counts.try_for_each(|(rows, words)| writeln!(out, "| {} | {words} |", HumanCount(rows)))
    }

    /// Names what could not be listed.
    fn not_listed(&self, out: &mut dyn Write) -> io::Result<()> {
        let units = missing(&self.report.selections);
        if !units.is_empty() {
            writeln!(out, "\n### Not listed\n")?;
        }
        for unit in units.iter().take(UNITS) {
            writeln!(out, "- {}", code(&unit.line()))?;
            if let Some(hint) = &unit.error.hint {
                writeln!(out, "  - hint: {}", code(hint))?;
            }
        }
        match units.len().saturating_sub(UNITS) {
            0 => Ok(()),
            more => writeln!(out, "- and {} more: see the report", HumanCount(more as u64)),
        }
    }

    fn selections(&self, out: &mut dyn Write) -> io::Result<()> {
        let selections = &self.report.selections;
        if selections.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n### Selected\n")?;
        for selection in selections.iter().take(SELECTIONS) {
            let others = left_out(selection);
            let others = if others.is_empty() { others } else { format!(" ({others})") };
            writeln!(out, "- {}", code(&format!("{}{others}", counts(selection))))?;
        }
        match selections.len().saturating_sub(SELECTIONS) {
            0 => {}
            more => writeln!(out, "- and {}: see the report", counted(more as u64, "more selection"))?,
        }
        remarks(selections).iter().try_for_each(|remark| writeln!(out, "- {}", code(remark)))
    }

    fn disagreements(&self, out: &mut dyn Write) -> io::Result<()> {
        let lines = self.report.rehearsal.as_ref().map_or(&[][..], |rehearsal| &rehearsal.disagreements);
        if !lines.is_empty() {
            writeln!(out, "\nThe simulator's ledger **disagrees** with the report:\n")?;
        }
        lines.iter().take(CAUSES).try_for_each(|line| writeln!(out, "- {}", code(line)))?;
        match lines.len().saturating_sub(CAUSES) {
            0 => Ok(()),
            more => writeln!(out, "- and {} more: see the report", HumanCount(more as u64)),
        }
    }

    fn causes(&self, out: &mut dyn Write) -> io::Result<()> {
        let causes = causes(self.report.targets.open(), Places::of_report(self.report), ROWS);
        let (shown, rest) = causes.split_at(causes.len().min(CAUSES));
        if !shown.is_empty() {
            writeln!(out, "\n### Why\n")?;
        }
        let mut left = ROWS;
        for (number, cause) in shown.iter().enumerate() {
            let later = shown.len() - number - 1;
            left -= write_cause(cause, left - later, out)?;
        }
        let targets: u64 = rest.iter().map(|cause: &Cause| cause.count).sum();
        match rest.len() {
            0 => Ok(()),
            more => {
                let causes = counted(more as u64, "other cause");
                writeln!(out, "- {} more for {causes}: see the report", HumanCount(targets))
            }
        }
    }
}

/// Writes a cause with at most `limit` of its targets; returns how many it named.
fn write_cause(cause: &Cause, limit: usize, out: &mut dyn Write) -> io::Result<usize> {
    writeln!(out, "- **{}** {}", HumanCount(cause.count), code(&cause.headline()))?;
    if let Some(hint) = cause.hint() {
        writeln!(out, "  - hint: {}", code(hint))?;
    }
    let named = cause.ids().take(limit).map(|(id, place)| match place {
        Some(place) => format!("{} ({})", code(id), code(place)),
        None => code(id),
    });
    let ids: Vec<String> = named.collect();
    write!(out, "  - {}", ids.join(", "))?;
    match cause.count - ids.len() as u64 {
        0 => writeln!(out)?,
        more => writeln!(out, " and {} more", HumanCount(more))?,
    }
    Ok(ids.len())
}

/// Puts a text into a code span; a long one is cut short.
fn code(text: &str) -> String {
    span(&shortened(text, SPAN))
}

/// Puts a text into a code span that holds, whatever the text is.
fn span(text: &str) -> String {
    let text = Escaped(text).to_string();
    if text.trim().is_empty() {
        return "(blank)".to_owned();
    }
    let longest = text.split(|ch| ch != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A blank at both ends is taken off again, so that it can keep backticks and blanks of the text apart.
    let is_bare = !text.starts_with(['`', ' ']) && !text.ends_with(['`', ' ']);
    let blank = if is_bare { "" } else { " " };
    format!("{fence}{blank}{text}{blank}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_holds() {
        let table = [
            ("plain", "`plain`"),
            ("a`b", "``a`b``"),
            ("a``b`c", "```a``b`c```"),
            ("`", "`` ` ``"),
            (" x", "`  x `"),
            ("", "(blank)"),
            ("two\nlines <b> @all | x", "`two\\nlines <b> @all | x`"),
        ];
        for (text, expected) in table {
            assert_eq!(code(text), expected);
        }
        let long = "x".repeat(1000);
        assert_eq!(code(&long).chars().count(), SPAN + 2);
        assert_eq!(span(&long).chars().count(), long.len() + 2);
    }
}
