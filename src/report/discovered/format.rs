//! The formats in which what was discovered is written.

use std::io::{self, Write};

use super::found::Discovered;
use super::{json, rows, table, yaml};

/// The formats of what was discovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum DiscoverFormat {
    /// A plan.
    #[default]
    Yaml,
    /// A JSON object a line.
    Ndjson,
    /// A table with commas.
    Csv,
    /// One JSON object.
    Json,
    /// A table for people.
    Table,
}

impl DiscoverFormat {
    /// Tells whether all rows are of one kind.
    #[must_use]
    pub const fn has_one_kind(self) -> bool {
        match self {
            Self::Ndjson | Self::Csv => true,
            Self::Yaml | Self::Json | Self::Table => false,
        }
    }
}

impl Discovered {
    /// Writes a plan that no run takes, in place of an older one.
    ///
    /// # Errors
    ///
    /// Fails when `out` does.
    pub fn write_nothing(&self, out: &mut dyn Write) -> io::Result<()> {
        yaml::empty(self, out)
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Fails when `out` does.
    pub fn write(&self, format: DiscoverFormat, out: &mut dyn Write) -> io::Result<()> {
        match format {
            DiscoverFormat::Yaml => yaml::write(self, out),
            DiscoverFormat::Ndjson => rows::ndjson(self, out),
            DiscoverFormat::Csv => rows::csv(self, out),
            DiscoverFormat::Json => json::write(self, out),
            DiscoverFormat::Table => table::write(self, out),
        }
    }
}
