//! The report of one shard.

use std::path::PathBuf;

use crate::report::json::Report;

/// The report of a shard, and the file it is from.
#[derive(Debug, Clone)]
pub struct ShardReport {
    /// What errors call it.
    pub path: PathBuf,
    /// The report.
    pub report: Report,
}
