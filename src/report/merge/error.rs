//! Why reports cannot be merged.

use std::path::PathBuf;

/// Reports that cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("no report to merge")]
    Nothing,
    /// The report is of a run of the whole plan.
    #[error("{} is not the report of a shard", .0.display())]
    Whole(PathBuf),
    /// The report's shard is not `I/N`.
    #[error("invalid shard in {}: expected I/N", .0.display())]
    Garbled(PathBuf),
    /// Two reports do not belong together.
    #[error("{} and {} differ in {what}", one.display(), other.display())]
    Differ {
        /// A report.
        one: PathBuf,
        /// One that does not go with it.
        other: PathBuf,
        /// What they differ in.
        what: &'static str,
    },
    /// Two reports are of the same shard.
    #[error("{} and {} both have shard {shard}", one.display(), other.display())]
    Twice {
        /// A report.
        one: PathBuf,
        /// Another one.
        other: PathBuf,
        /// The shard.
        shard: u32,
    },
    /// Two shards ran the same target.
    #[error("{} and {} both ran the target `{id}`", one.display(), other.display())]
    Contested {
        /// A report.
        one: PathBuf,
        /// Another one.
        other: PathBuf,
        /// The target's id.
        id: String,
    },
    /// Shards are missing.
    #[error("{count} of {of} shards are missing: {first}")]
    Missing {
        /// How many.
        count: u32,
        /// How many there are in all.
        of: u32,
        /// The first few of them.
        first: String,
    },
}

impl MergeError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Nothing | Self::Whole(_) => "name the reports of runs with --shard",
            Self::Garbled(_) => "use the original report: this one may have been edited",
            Self::Differ { .. } => "merge the shards of one run of one plan",
            Self::Twice { .. } => "name one report of each shard",
            Self::Contested { .. } => "the shards were selected with different options: run them with the same options",
            Self::Missing { .. } => "name their reports too, or pass --partial to merge without them",
        }
    }
}
