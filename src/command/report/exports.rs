//! The report of a run in further formats, as its options ask for them.

use std::path::{Path, PathBuf};

use allstop::report::{Destination, Format, Prepared, Report, Rows, export};

use super::Failure;
use crate::cli::ExportArgs;

/// What else a run writes besides its JSON report.
pub(in crate::command) struct Exports<'a>(Vec<Export<'a>>);

struct Export<'a> {
    option: &'static str,
    format: Format,
    path: &'a Path,
}

impl<'a> Exports<'a> {
    /// Takes what the command line asks for.
    pub(in crate::command) fn new(args: &'a ExportArgs) -> Self {
        let asked = [
            ("--html", Format::Html, &args.html),
            ("--markdown", Format::Markdown, &args.markdown),
            ("--junit", Format::Junit, &args.junit),
        ];
        let asked = asked
            .into_iter()
            .filter_map(|(option, format, path)| Some(Export { option, format, path: path.as_deref()? }));
        Self(asked.collect())
    }

    /// Returns where they go, each with the option that says so.
    pub(in crate::command) fn places(&self) -> impl Iterator<Item = (&'static str, PathBuf)> {
        self.0.iter().map(|export| (export.option, export.path.to_owned()))
    }

    /// Checks before the run that all of them can be written.
    pub(in crate::command) fn prepare(self) -> Result<Ready, Failure> {
        let ready = self.0.iter().map(|export| Ok((export.format, Destination::new(export.path).prepare()?)));
        ready.collect::<Result<_, Failure>>().map(Ready)
    }
}

/// What else a run writes, once that can be written.
pub(in crate::command) struct Ready(Vec<(Format, Prepared)>);

impl Ready {
    /// Leaves out those that would replace a file: a run that was refused replaces nothing. Returns what stays.
    pub(in crate::command) fn sparing(self) -> (Self, Vec<PathBuf>) {
        let (standing, free): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|(_, place)| place.standing().is_some());
        let spared = standing.iter().filter_map(|(_, place)| place.standing().map(Path::to_owned));
        (Self(free), spared.collect())
    }

    /// Writes all of them. A format that cannot be written does not keep the others from being written.
    pub(in crate::command) fn write(self, report: &Report<Rows<'_>>, again: Option<&str>) -> Result<(), Failure> {
        let mut failures = export(report, again, self.0).into_iter().map(Failure::from);
        let Some(first) = failures.next() else { return Ok(()) };
        failures.for_each(|failure| {
            failure.show();
        });
        Err(first)
    }
}
