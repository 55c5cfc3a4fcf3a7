//! `--output json`: one line on standard output that says how it ended, and nothing else there.

use std::path::Path;

use allstop::report::{OutputLine, write_json_line};

use super::failure::Failure;
use super::say;
use crate::cli::{Command, Output, RunOptions};

impl Command {
    /// Tells whether a line for programs is wanted.
    pub(super) fn is_for_programs(&self) -> bool {
        let options = match self {
            Self::Run(args) => &args.options,
            Self::Resume(args) => &args.options,
            Self::Retry(args) => &args.options,
            Self::Check(_)
            | Self::Simulate(_)
            | Self::Report(_)
            | Self::Init(_)
            | Self::Explain(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_) => return false,
        };
        options.output == Output::Json
    }
}

/// Refuses to write two things to standard output.
pub(super) fn refuse_two(options: &RunOptions, report: &Path) -> Result<(), Failure> {
    let exports = &options.exports;
    let others = [&exports.html, &exports.markdown, &exports.junit].into_iter().filter_map(|path| path.as_deref());
    if options.output == Output::Json && others.chain([report]).any(|path| path == Path::new("-")) {
        let message = "a report and the line of --output json cannot both go to standard output";
        return Err(Failure::input(message, "name a file for the report; nothing was sent"));
    }
    Ok(())
}

/// Writes the line.
pub(super) fn write(line: &OutputLine) -> Result<(), Failure> {
    say::aloud_by(|out| write_json_line(out, line))
}
