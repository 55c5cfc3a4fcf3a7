//! The report as one HTML page that opens anywhere: the verdict, why, the lanes over time, and a table of all targets.
//!
//! The page is made of the report and nothing else, loads nothing, and shows every text of plans and services as text.
//! Verdict, counts, causes and lanes are plain HTML; only the table of targets needs the page's script.
//! Rows are written one at a time: there is never a second copy of them.

mod assets;
mod causes;
mod chip;
mod facts;
mod history;
mod inert;
mod lanes;
mod page;
mod rows;
mod selections;
mod verdict;

pub use history::HistoryPage;

use std::io::{self, Write};

use askama::Template;

use self::causes::Causes;
use self::lanes::Span;
use self::page::{Foot, Head};
use super::json::{Report, Row, RowSource};
use super::place::Places;

/// A report about to be written as a page.
#[derive(Debug)]
pub struct HtmlPage<'a, R = Vec<Row>> {
    /// The report.
    pub report: &'a Report<R>,
    /// The command that takes up what is open, ready for a shell, such as `allstop retry plan.report.json`; `None` where
    /// there is none.
    pub again: Option<&'a str>,
}

impl<R: RowSource> HtmlPage<'_, R> {
    /// Writes the page, in many small writes: give it a buffered writer.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut span = Span::begin(self.report.run.started_at);
        let rows = self.report.targets.rows().inspect(|row| span.add(row));
        let causes = Causes::of(rows, Places::of_report(self.report));
        Head::new(self.report, self.again, &causes, span).write_into(out)?;
        rows::write(self.report, &causes, out)?;
        Foot::new(&self.report.tool).write_into(out)
    }
}
