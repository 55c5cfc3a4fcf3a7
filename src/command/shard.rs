//! `--shard`: which part of the plan this run has.

use allstop::environment::Environment;
use allstop::plan::{Node, Plan, Shard};

use super::failure::Failure;
use super::say;
use crate::cli::ShardArg;

/// Finds the shard that the command line asks for, and says where it was found if that was not there.
pub(super) fn of(arg: Option<ShardArg>, environment: &Environment) -> Result<Option<Shard>, Failure> {
    match arg {
        None => Ok(None),
        Some(ShardArg::Of(shard)) => Ok(Some(shard)),
        Some(ShardArg::Auto) => {
            let Node { shard, by: [index, total] } =
                Node::of_environment(environment).map_err(|error| Failure::input(&error, error.hint()))?;
            say::aside(format_args!("note: this is shard {shard}, as {index} and {total} say"));
            Ok(Some(shard))
        }
    }
}

/// Makes the plan that of one shard. All shards may run at the same time, so each has an equal part of the rates.
pub(super) fn take(plan: &mut Plan, shard: Option<Shard>) {
    plan.shard = shard;
    plan.limits.shared_by = shard.map_or(1, Shard::of);
}

/// Puts a shard into the name of a report, so that those of all shards fit into one folder.
pub(super) fn tag(shard: Option<Shard>) -> String {
    shard.map_or_else(String::new, |shard| format!(".{}-of-{}", shard.number(), shard.of()))
}
