//! A report as a table on a terminal.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table as Grid, presets};
use indicatif::HumanCount;

use super::palette::Palette;
use super::text::Harmless;
use super::verdict;
use super::words::{counted, early_end, mode_words, plain, times, why};
use super::{Report, Row, Tally};
use crate::run::Outcome;

/// Below this width, columns would be too narrow to read: each row becomes a paragraph.
const COLUMNS_FROM: usize = 60;

/// A report as a table: the verdict, the run, and a row for each target that is not stopped.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// The report.
    pub report: &'a Report,
    /// Whether to show every row.
    pub all: bool,
    /// The command that takes up what is open, ready for a shell; `None` where there is none.
    pub again: Option<&'a str>,
    /// How many columns the terminal has; without one, every row is one line, however long.
    pub width: Option<usize>,
    /// Whether to use colours.
    pub colour: bool,
}

impl Table<'_> {
    /// Writes the table. Text from plans and services is made harmless for terminals.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let tally = Tally::of_report(self.report);
        self.verdict(&tally, out)?;
        self.run(out)?;
        let rows: Vec<&Row> = self.report.targets.iter().filter(|row| self.all || is_of_interest(row)).collect();
        if !rows.is_empty() {
            writeln!(out, "\n{}", self.grid(&rows).trim_fmt())?;
        }
        match self.report.targets.len() - rows.len() {
            0 => {}
            1 => writeln!(out, "\n1 row of what is stopped or was left out by choice is not shown: --all shows it")?,
            hidden => writeln!(
                out,
                "\n{} rows of what is stopped or was left out by choice are not shown: --all shows them",
                HumanCount(hidden as u64)
            )?,
        }
        let again = self.again.filter(|_| tally.leaves_open).map(|command| Harmless(command).to_string());
        match verdict::next_step(&tally, self.report.run.mode, self.report.run.status, again.as_deref()) {
            Some(step) => writeln!(out, "\nNext: {step}"),
            None => Ok(()),
        }
    }

    fn verdict(&self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let palette = Palette::new(self.colour);
        let Palette { good, bad, .. } = palette;
        let style = if tally.open() > 0 { bad } else { good };
        writeln!(out, "{style}{}{style:#}", verdict::sentence(tally, self.report.run.mode))?;
        if let Some(words) = early_end(self.report.run.status) {
            writeln!(out, "{words}")?;
        }
        let disagreements = self.report.rehearsal.iter().flat_map(|rehearsal| &rehearsal.disagreements);
        disagreements.into_iter().try_for_each(|line| {
            writeln!(out, "{bad}The simulator's ledger DISAGREES with the report:{bad:#} {}", Harmless(line))
        })
    }

    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        let run = &self.report.run;
        writeln!(out, "{} of plan {}: {}", mode_words(run.mode), Harmless(&run.plan.name), times(run))?;
        if let Some(shard) = &run.shard {
            writeln!(out, "shard {}", Harmless(shard))?;
        }
        if let Some(reason) = &run.reason {
            writeln!(out, "reason: {}", Harmless(reason))?;
        }
        writeln!(out, "{}", counted(&self.report.summary))
    }

    fn grid(&self, rows: &[&Row]) -> Grid {
        let mut grid = Grid::new();
        grid.load_preset(presets::NOTHING);
        if let Some(width) = self.width {
            grid.set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        if self.width.is_some_and(|width| width < COLUMNS_FROM) {
            grid.add_rows(rows.iter().map(|row| [paragraph(row)]));
        } else {
            grid.set_header(["OUTCOME", "TARGET", "WHY"]);
            grid.add_rows(rows.iter().map(|row| [plain(row.outcome), Harmless(&row.id).to_string(), why(row)]));
        }
        let last = grid.column_count().saturating_sub(1);
        for (number, column) in grid.column_iter_mut().enumerate() {
            column.set_padding((0, if number == last { 0 } else { 2 }));
        }
        grid
    }
}

/// Tells whether somebody who looks for trouble wants to see the row: it is not stopped, and nobody chose so.
fn is_of_interest(row: &Row) -> bool {
    let is_chosen = row.reason.is_some_and(|reason| reason.is_chosen());
    !matches!(row.outcome, Outcome::Stopped | Outcome::AlreadyStopped) && !is_chosen
}

/// Writes a row for a narrow terminal.
fn paragraph(row: &Row) -> String {
    let lines = [plain(row.outcome), Harmless(&row.id).to_string(), why(row)];
    lines.into_iter().filter(|line| !line.is_empty()).map(|line| line + "\n").collect()
}
