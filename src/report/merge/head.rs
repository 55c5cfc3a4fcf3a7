//! What a merged report says of its run.

use sha2::{Digest, Sha256};
use uuid::Builder;

use super::shards::Shards;
use super::{MergeError, Part};
use crate::engine::Status;
use crate::report::json::{AccountRef, Moment, Rehearsal, Run};

/// Fails unless all reports are of one plan and one mode, and of retries of the same run if of any.
pub(super) fn demand_one_run(parts: &[Part]) -> Result<(), MergeError> {
    demand(parts, "the plan, by its SHA-256", |one, other| one.report.run.plan.sha256 == other.report.run.plan.sha256)?;
    demand(parts, "whether they were live", |one, other| one.report.run.mode == other.report.run.mode)?;
    demand(parts, "the run that they retry", |one, other| one.report.run.retry_of == other.report.run.retry_of)
}

/// Fails with the first two reports that are not alike.
pub(super) fn demand(
    parts: &[Part],
    what: &'static str,
    alike: impl Fn(&Part, &Part) -> bool,
) -> Result<(), MergeError> {
    let pairs = parts.iter().zip(parts.iter().skip(1));
    match pairs.into_iter().find(|(one, other)| !alike(one, other)) {
        None => Ok(()),
        Some((one, other)) => Err(MergeError::Differ { one: one.path.clone(), other: other.path.clone(), what }),
    }
}

/// Builds the run that the shards' runs were parts of.
pub(super) fn run(parts: &[Part], shards: &Shards) -> Result<Run, MergeError> {
    let runs = || parts.iter().map(|part| &part.report.run);
    let first = runs().next().ok_or(MergeError::Nothing)?;
    let started_at = runs().map(|run| run.started_at).min().unwrap_or(first.started_at);
    let finished_at = runs().map(|run| run.finished_at).max().unwrap_or(first.finished_at);
    let longest = runs().map(|run| run.duration_ms).max().unwrap_or_default();
    Ok(Run {
        id: id(parts),
        mode: first.mode,
        plan: first.plan.clone(),
        reason: reason(parts),
        resumed_from: None,
        retry_of: first.retry_of.clone(),
        shard: (!shards.is_whole()).then(|| shards.to_string()),
        started_at,
        finished_at,
        duration_ms: between(started_at, finished_at).max(longest),
        status: runs().map(|run| run.status).max_by_key(|status| weight(*status)).unwrap_or(first.status),
        exit_code: runs().map(|run| run.exit_code).max_by_key(|code| gravity(*code)).unwrap_or(first.exit_code),
        unended: None,
    })
}

/// Makes an id from those of the shards' runs: the same reports have the same one.
fn id(parts: &[Part]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(&part.report.run.id);
        hash.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Returns every reason that was given, once.
fn reason(parts: &[Part]) -> Option<String> {
    let mut reasons: Vec<&str> = Vec::new();
    for reason in parts.iter().filter_map(|part| part.report.run.reason.as_deref()) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// Returns the milliseconds from one moment to a later one.
pub(super) fn between(from: Moment, to: Moment) -> u64 {
    u64::try_from(to.timestamp().as_millisecond() - from.timestamp().as_millisecond()).unwrap_or_default()
}

const fn weight(status: Status) -> u8 {
    match status {
        Status::Completed => 0,
        Status::Deadline => 1,
        Status::Interrupted => 2,
        Status::Aborted => 3,
    }
}

/// Orders exit statuses as one run would: how it ended goes before what the rows say, and an empty selection is told
/// only where all were.
const fn gravity(exit_code: u8) -> u8 {
    match exit_code {
        4 => 0,
        0 => 1,
        129 => 3,
        130 => 4,
        143 => 5,
        3 => 6,
        5 => 7,
        _ => 2,
    }
}

/// Returns the accounts, which must have been the same ones for all; reports of earlier versions do not say.
pub(super) fn accounts(parts: &[Part]) -> Result<Vec<AccountRef>, MergeError> {
    let stated = |part: &&Part| !part.report.accounts.is_empty();
    let Some(first) = parts.iter().find(stated) else { return Ok(Vec::new()) };
    let differs = |part: &&Part| part.report.accounts != first.report.accounts;
    match parts.iter().filter(stated).find(differs) {
        None => Ok(first.report.accounts.clone()),
        Some(other) => Err(MergeError::Differ {
            one: first.path.clone(),
            other: other.path.clone(),
            what: "their accounts: region, project or endpoints",
        }),
    }
}

/// Merges how the rehearsals went.
pub(super) fn rehearsal(parts: &[Part]) -> Result<Option<Rehearsal>, MergeError> {
    demand(parts, "how they were rehearsed: seed, faults or speed", |one, other| {
        let setup = |part: &Part| {
            let rehearsal = part.report.rehearsal.as_ref();
            rehearsal.map(|rehearsal| (rehearsal.seed, rehearsal.faults.clone(), rehearsal.speed))
        };
        setup(one) == setup(other)
    })?;
    let mut rehearsals = parts.iter().filter_map(|part| part.report.rehearsal.as_ref());
    let Some(first) = rehearsals.next() else { return Ok(None) };
    let mut merged = first.clone();
    for other in rehearsals {
        merged.agrees &= other.agrees;
        merged.disagreements.extend_from_slice(&other.disagreements);
    }
    Ok(Some(merged))
}
