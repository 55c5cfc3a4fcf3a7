//! The report of a run in further formats, as its options ask for them.

use std::io;
use std::path::{Path, PathBuf};

use allstop::report::{Destination, Format, Prepared, ReadError, Report, Rows};

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

    /// Writes all of them, from the JSON that stands at `json` or, where nothing can be read there, would stand there.
    ///
    /// One that cannot be written keeps no other one from it.
    pub(in crate::command) fn write(
        self,
        report: &Report<Rows<'_>>,
        json: Option<&Path>,
        again: Option<&str>,
    ) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let report = read_back(report, json);
        let mut failed: Option<Failure> = None;
        for (format, place) in self.0 {
            let written = place.write(None, |out| match &report {
                Ok(report) => format.write(report, again, out),
                Err(error) => Err(io::Error::other(error.to_string())),
            });
            let earlier = written.err().and_then(|error| failed.replace(error.into()));
            earlier.inspect(|failure| {
                failure.show();
            });
        }
        failed.map_or(Ok(()), Err)
    }
}

/// Reads the report of a run as any other one is read.
pub(super) fn read_back(report: &Report<Rows<'_>>, json: Option<&Path>) -> Result<Report, ReadError> {
    match json.filter(|path| path.is_file()) {
        Some(path) => Report::read(path),
        None => {
            let path = PathBuf::from("the report");
            let mut bytes = Vec::new();
            report
                .write_json(&mut bytes)
                .map_err(|cause| ReadError::Unreadable { path: path.clone(), cause })
                .and_then(|()| Report::parse(&bytes, &path))
        }
    }
}
