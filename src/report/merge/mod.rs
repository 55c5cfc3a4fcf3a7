//! The reports of the shards of one plan, made one report again.
//!
//! Pure: the same reports give the same result, in whatever order they come.

mod error;
mod head;
mod lanes;
mod part;
mod rows;
mod shards;

pub use error::MergeError;
pub use part::ShardReport;
pub(crate) use shards::Shards;

use super::counts::OutcomeCounts;
use super::json::{Report, RowSource, Tool};

/// Merges the reports of shards of one plan; each target's row comes from the shard that has it.
///
/// Unless `partial`, every shard must be there. Where shards are missing, their targets stay skipped because of `shard`,
/// and `run.shard` lists those that are there, as in `1,3/5`; such a report can be merged with the missing ones.
///
/// # Errors
///
/// Fails when a report is not of a shard, when a shard is missing or there twice, and when the reports are not of one
/// plan, one mode and the same targets.
pub fn merge(parts: Vec<ShardReport>, partial: bool) -> Result<Report, MergeError> {
    let (shards, parts) = shards::in_order(parts)?;
    shards.demand_all(partial)?;
    head::demand_one_run(&parts)?;
    let run = head::run(&parts, &shards)?;
    let accounts = head::accounts(&parts)?;
    let selections = head::selections(&parts)?;
    let rehearsal = head::rehearsal(&parts)?;
    let lanes = lanes::lanes(&parts);
    let targets = rows::rows(parts)?;
    let (version, tool, summary) = (Report::VERSION, Tool::default(), OutcomeCounts::default());
    let mut report = Report { version, tool, run, accounts, summary, lanes, selections, rehearsal, targets };
    report.judge();
    report.summary = *report.targets.tally().counts();
    Ok(report)
}
