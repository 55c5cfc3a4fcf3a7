//! A report as a table on a terminal.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table as Grid, presets};

use super::causes::{Cause, ranked};
use super::json::{Report, Row};
use super::palette::Palette;
use super::place::Places;
use super::selected;
use super::tally::Tally;
use super::text::Escaped;
use super::verdict;
use super::words::{counted_outcomes, ended, mode_words, plain, said, times, why};
use crate::base::count::{agreed, counted};
use crate::engine::Outcome;
use crate::wording::listed_reason;

/// Below this width, columns would be too narrow to read: each row becomes a paragraph.
const COLUMNS_FROM: usize = 60;

/// If more rows than these were not sent for the same reason, they share one line.
const FEW: u64 = 5;

/// How many ids such a line shows.
const NAMED: usize = 3;

/// Below this width, account and region have no column of their own: they are below the id.
const PLACES_FROM: usize = 110;

/// A report as a table: the verdict, the run, and a row for each target that is not stopped; many that
/// were not sent for the same reason share one.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// The report.
    pub report: &'a Report,
    /// Whether to show every row, each on its own.
    pub all: bool,
    /// The command that retries or resumes what is not done, ready for a shell; `None` if there is none.
    pub again: Option<&'a str>,
    /// How many columns the terminal has; without one, every row is one line, however long.
    pub width: Option<usize>,
    /// Whether to use colours.
    pub colour: bool,
}

impl Table<'_> {
    /// Writes the table. Text from plans and services is escaped.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let tally = self.report.tally();
        self.verdict(&tally, out)?;
        self.run(out)?;
        selected::write(&self.report.selections, None, Palette::new(self.colour), out)?;
        let rows: Vec<&Row> = self.report.targets.iter().filter(|row| self.all || is_of_interest(row)).collect();
        let (lines, grouped) = self.lines(&rows);
        if !lines.is_empty() {
            writeln!(out, "\n{}", self.grid(lines).trim_fmt())?;
        }
        if grouped > 0 {
            writeln!(out, "\n{} grouped: use --all to show each", agreed(grouped, "row is", "rows are"))?;
        }
        let hidden = (self.report.targets.len() - rows.len()) as u64;
        if hidden > 0 {
            let (rows, them) = (agreed(hidden, "row is", "rows are"), if hidden == 1 { "it" } else { "them" });
            writeln!(out, "\n{rows} hidden (stopped or left out by choice): use --all to show {them}")?;
        }
        let again = self.again.map(|command| Escaped(command).to_string());
        match verdict::next_step_of(&self.report.run, &tally, again.as_deref()) {
            Some(step) => writeln!(out, "\nNext: {step}"),
            None => Ok(()),
        }
    }

    /// Returns a line for each row, but one for many that were not sent for the same reason; besides, how many rows have
    /// no line of their own.
    fn lines(&self, rows: &[&Row]) -> (Vec<Line>, u64) {
        let places = Places::of_report(self.report);
        let is_sort = |row: &&Row| !self.all && row.outcome == Outcome::Skipped;
        let unsent = rows.iter().map(|row| is_sort(row).then_some(*row));
        let (causes, ranks) = ranked(unsent, places, NAMED);
        let is_group = |cause: &&Cause| cause.count > FEW;
        let groups = causes.iter().filter(is_group);
        let is_single =
            |rank: usize| rank.checked_sub(1).and_then(|at| causes.get(at)).is_none_or(|cause| cause.count <= FEW);
        let single = rows.iter().zip(ranks).filter(|(_, rank)| is_single(*rank)).map(|(row, _)| row);
        let single = single.map(|row| Line {
            outcome: plain(row.outcome),
            target: Escaped(&row.id).to_string(),
            place: places.of(row),
            why: why(row),
        });
        let grouped = groups.clone().map(|cause| cause.count).sum();
        (single.chain(groups.map(Line::of_group)).collect(), grouped)
    }

    fn verdict(&self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let palette = Palette::new(self.colour);
        let Palette { good, bad, .. } = palette;
        let style = if tally.open() > 0 { bad } else { good };
        writeln!(out, "{style}{}{style:#}", verdict::sentence(tally, self.report.run.mode, self.report.run.status))?;
        if let Some(words) = ended(&self.report.run) {
            writeln!(out, "{words}")?;
        }
        let disagreements = self.report.rehearsal.iter().flat_map(|rehearsal| &rehearsal.disagreements);
        disagreements.into_iter().try_for_each(|line| {
            writeln!(out, "{bad}The simulator's ledger DISAGREES with the report:{bad:#} {}", Escaped(line))
        })
    }

    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        let run = &self.report.run;
        writeln!(out, "{} of plan {}: {}", mode_words(run.mode), Escaped(&run.plan.name), times(run))?;
        if let Some(shard) = &run.shard {
            writeln!(out, "shard {}", Escaped(shard))?;
        }
        if let Some(reason) = &run.reason {
            writeln!(out, "reason: {}", Escaped(reason))?;
        }
        writeln!(out, "{}", counted_outcomes(&self.report.summary))
    }

    fn grid(&self, lines: Vec<Line>) -> Grid {
        let mut grid = Grid::new();
        grid.load_preset(presets::NOTHING);
        if let Some(width) = self.width {
            grid.set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        let has_places = lines.iter().any(|line| line.place.is_some());
        if self.width.is_some_and(|width| width < COLUMNS_FROM) {
            grid.add_rows(lines.into_iter().map(|line| [line.paragraph()]));
        } else if has_places && self.width.is_none_or(|width| width >= PLACES_FROM) {
            grid.set_header(["OUTCOME", "TARGET", "ACCOUNT, REGION", "WHY"]);
            let cells = |line: Line| [line.outcome, line.target, line.place.unwrap_or_default(), line.why];
            grid.add_rows(lines.into_iter().map(cells));
        } else {
            grid.set_header(["OUTCOME", "TARGET", "WHY"]);
            let cells = |line: Line| {
                let place = line.place.map(|place| format!("\n{place}")).unwrap_or_default();
                [line.outcome, line.target + &place, line.why]
            };
            grid.add_rows(lines.into_iter().map(cells));
        }
        let last = grid.column_count().saturating_sub(1);
        for (number, column) in grid.column_iter_mut().enumerate() {
            column.set_padding((0, if number == last { 0 } else { 2 }));
        }
        grid
    }
}

/// One line of the table: a row, or many that are alike; escaped.
struct Line {
    outcome: String,
    target: String,
    place: Option<String>,
    why: String,
}

impl Line {
    fn of_group(cause: &Cause) -> Self {
        let error = cause.class().zip(cause.message()).map(|(class, message)| format!("{class}: {message}"));
        let told: Vec<_> = cause.reason.map(listed_reason).into_iter().chain(error).collect();
        Self {
            outcome: plain(cause.outcome),
            target: counted(cause.count, "target"),
            place: None,
            why: format!("{}: {}", said(&told), cause.examples()),
        }
    }

    /// Writes it for a narrow terminal.
    fn paragraph(self) -> String {
        let target = match self.place {
            Some(place) => format!("{} ({place})", self.target),
            None => self.target,
        };
        [self.outcome, target, self.why].into_iter().filter(|line| !line.is_empty()).map(|line| line + "\n").collect()
    }
}

/// Tells whether somebody who looks for trouble wants to see the row: it is not stopped, and nobody chose so.
fn is_of_interest(row: &Row) -> bool {
    let is_chosen = row.reason.is_some_and(|reason| reason.is_chosen());
    !matches!(row.outcome, Outcome::Stopped | Outcome::AlreadyStopped) && !is_chosen
}
