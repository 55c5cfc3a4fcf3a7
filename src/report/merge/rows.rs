//! The rows of several shards: each target's from the shard that has it.

use super::error::MergeError;
use super::head::demand;
use super::part::Part;
use crate::engine::{Outcome, SkipReason};
use crate::report::json::Row;

/// Chooses a row for each target.
pub(super) fn rows(parts: Vec<Part>) -> Result<Vec<Row>, MergeError> {
    demand(&parts, "their targets", |one, other| {
        let (one, other) = (&one.report.targets, &other.report.targets);
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same_target(one, other))
    })?;
    let mut columns: Vec<_> = parts.into_iter().map(|part| (part.path, part.report.targets.into_iter())).collect();
    let mut rows = Vec::new();
    loop {
        let mut best: Option<(usize, Row)> = None;
        for number in 0..columns.len() {
            let Some(row) = columns.get_mut(number).and_then(|(_, column)| column.next()) else { continue };
            match &best {
                Some((one, known)) if rank(known) == RAN && rank(&row) == RAN => {
                    return Err(contested(&columns, *one, number, row.id));
                }
                Some((_, known)) if rank(known) >= rank(&row) => {}
                Some(_) | None => best = Some((number, row)),
            }
        }
        match best {
            Some((_, row)) => rows.push(row),
            None => return Ok(rows),
        }
    }
}

fn contested<T>(columns: &[(std::path::PathBuf, T)], one: usize, other: usize, id: String) -> MergeError {
    let path = |number: usize| columns.get(number).map(|(path, _)| path.clone()).unwrap_or_default();
    MergeError::Contested { one: path(one), other: path(other), id }
}

/// Tells whether two rows are about one target of a plan.
fn is_same_target(one: &Row, other: &Row) -> bool {
    let target = |row: &Row| (row.id.clone(), row.kind.clone(), row.account.clone(), row.region.clone());
    target(one) == target(other) && one.params == other.params
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
