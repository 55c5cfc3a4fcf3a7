//! The formats that a report can be had in besides JSON.

use std::io::{self, Write};

#[cfg(feature = "html")]
use super::HtmlPage;
use super::{Markdown, Report, write_csv, write_junit};

/// A format that a report can be had in besides JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A self-contained HTML page
    #[cfg(feature = "html")]
    Html,
    /// Short enough for a chat or the summary of a CI job
    Markdown,
    /// XML that CI servers show
    Junit,
    /// A table for spreadsheets, one line a target
    Csv,
}

impl Format {
    /// Writes a report in this format; `again` is the command that takes up what is open, where the format has room for it.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(self, report: &Report, again: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            #[cfg(feature = "html")]
            Self::Html => HtmlPage { report, again }.write(out),
            Self::Markdown => Markdown { report, again }.write(out),
            Self::Junit => write_junit(report, out),
            Self::Csv => write_csv(report, out),
        }
    }
}
