//! The formats of a report besides JSON.

use std::io::{self, Write};

use super::csv::write_csv;
#[cfg(feature = "html")]
use super::html::HtmlPage;
use super::json::{Report, RowSource};
use super::junit::write_junit;
use super::markdown::Markdown;
use super::write::{Prepared, WriteError};

/// A format of a report besides JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// A self-contained HTML page
    #[cfg(feature = "html")]
    Html,
    /// Short enough for a chat or the summary of a CI job
    Markdown,
    /// JUnit XML for CI servers
    Junit,
    /// Table for spreadsheets, one line per target
    Csv,
}

impl Format {
    /// Writes a report in this format; `again` is the command that takes up what is open, where the format has room for it.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(self, report: &Report<impl RowSource>, again: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            #[cfg(feature = "html")]
            Self::Html => HtmlPage { report, again }.write(out),
            Self::Markdown => Markdown { report, again }.write(out),
            Self::Junit => write_junit(report, out),
            Self::Csv => write_csv(report, out),
        }
    }
}

/// Writes a report in several formats, each to its place; `again` is as in [`Format::write`]. A format that cannot be
/// written does not keep the others from being written.
#[must_use]
pub fn export(
    report: &Report<impl RowSource>,
    again: Option<&str>,
    formats: Vec<(Format, Prepared)>,
) -> Vec<WriteError> {
    let write = |(format, place): (Format, Prepared)| place.write(None, |out| format.write(report, again, out)).err();
    formats.into_iter().filter_map(write).collect()
}
