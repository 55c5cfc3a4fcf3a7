//! The rows of several shards: each target's from the shard that has it.

use std::path::PathBuf;

use super::error::MergeError;
use super::head::demand;
use super::part::ShardReport;
use crate::engine::{Outcome, SkipReason};
use crate::report::json::Row;

/// Chooses a row for each target.
pub(super) fn rows(parts: Vec<ShardReport>) -> Result<Vec<Row>, MergeError> {
    demand(&parts, "their targets", |one, other| {
        let (one, other) = (&one.report.targets, &other.report.targets);
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same_target(one, other))
    })?;
    let columns = parts.into_iter().map(|part| (part.path, part.report.targets.into_iter()));
    let (paths, mut columns): (Vec<_>, Vec<_>) = columns.unzip();
    let mut rows = Vec::new();
    loop {
        let of_parts = paths.iter().zip(&mut columns).filter_map(|(path, column)| Some((path, column.next()?)));
        let mut best: Option<(&PathBuf, Row)> = None;
        for (path, row) in of_parts {
            match &best {
                Some((one, known)) if rank(known) == RAN && rank(&row) == RAN => {
                    return Err(MergeError::Contested { one: PathBuf::clone(one), other: path.clone(), id: row.id });
                }
                Some((_, known)) if rank(known) >= rank(&row) => {}
                Some(_) | None => best = Some((path, row)),
            }
        }
        match best {
            Some((_, row)) => rows.push(row),
            None => return Ok(rows),
        }
    }
}

/// Returns whether two rows are about one target of a plan.
fn is_same_target(one: &Row, other: &Row) -> bool {
    one.id == other.id
        && one.kind == other.kind
        && one.account == other.account
        && one.region == other.region
        && one.params == other.params
}

/// The rank of a row whose target the shard ran.
const RAN: u8 = 3;

/// Tells how much a row says of its target.
fn rank(row: &Row) -> u8 {
    match (row.outcome, row.reason) {
        (Outcome::Skipped, Some(SkipReason::Shard)) => 0,
        (Outcome::Skipped, Some(reason)) if reason.is_chosen() => 1,
        (Outcome::Skipped, _) => 2,
        _ => RAN,
    }
}
