//! Where a plan and the files that it names are read from.

use std::io::{self, Read};
use std::path::Path;

use super::opened;

/// Where a plan is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanInput<'a> {
    /// A file, or its name where the bytes are already there; the files that the plan names lie next to it.
    File(&'a Path),
    /// Standard input; the files that the plan names lie in the current directory.
    Stdin,
}

impl<'a> PlanInput<'a> {
    /// Returns what messages and reports call it.
    #[must_use]
    pub fn path(self) -> &'a Path {
        match self {
            Self::File(path) => path,
            Self::Stdin => Path::new("-"),
        }
    }

    /// Returns the name of a plan that states none.
    pub(super) fn name(self) -> String {
        match self {
            Self::File(path) => path.file_stem().map_or_else(|| "plan".into(), |stem| stem.to_string_lossy().into()),
            Self::Stdin => "stdin".into(),
        }
    }
}

impl<'a> From<&'a Path> for PlanInput<'a> {
    fn from(path: &'a Path) -> Self {
        Self::File(path)
    }
}

/// Opens the files that a plan names, with `from` and as calendars.
pub trait FileSource {
    /// Opens a file; `path` is that of the plan's directory, joined with what the plan says.
    ///
    /// # Errors
    ///
    /// Fails when there is no such file, or when it cannot be opened.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;
}

/// The files of this machine: regular ones, but for those in which the system shows itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl FileSource for Disk {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(opened::named(path)?))
    }
}
