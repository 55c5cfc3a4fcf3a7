//! The report of a run in further formats, as its options ask for them.

use std::io;
use std::path::{Path, PathBuf};

use allstop::report::{Destination, Format, ReadError, Report, Rows};

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

    /// Checks before the run that all of them can be written, and that none goes where another one or one of the
    /// run's own files goes.
    pub(in crate::command) fn prepare(&self, own: &[(&'static str, PathBuf)]) -> Result<(), Failure> {
        let mut taken: Vec<(&str, &Path)> = own.iter().map(|(option, path)| (*option, path.as_path())).collect();
        for Export { option, path, .. } in &self.0 {
            if let Some((other, _)) = taken.iter().find(|(_, other)| is_same_place(other, path)) {
                let place =
                    if *path == Path::new("-") { "standard output".to_owned() } else { path.display().to_string() };
                let message = format!("{other} and {option} both go to {place}");
                return Err(Failure::input(message, "name different files; nothing was sent"));
            }
            taken.push((option, path));
            Destination::new(path).prepare()?;
        }
        Ok(())
    }

    /// Writes all of them, from the JSON that stands at `json` or, where nothing can be read there, would stand there.
    ///
    /// One that cannot be written keeps no other one from it.
    pub(in crate::command) fn write(
        &self,
        report: &Report<Rows<'_>>,
        json: Option<&Path>,
        again: Option<&str>,
    ) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let report = read_back(report, json);
        let mut failed: Option<Failure> = None;
        for Export { format, path, .. } in &self.0 {
            let written = Destination::new(path).write(|out| match &report {
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

/// Tells whether two paths of the command line mean one file that would be written twice.
fn is_same_place(one: &Path, other: &Path) -> bool {
    let is_device = one.exists() && !one.is_file();
    let place = |path: &Path| if path == Path::new("-") { None } else { std::path::absolute(path).ok() };
    !is_device && place(one) == place(other)
}

/// Reads the report of a run as any other one is read.
fn read_back(report: &Report<Rows<'_>>, json: Option<&Path>) -> Result<Report, ReadError> {
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
