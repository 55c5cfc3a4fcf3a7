//! What a merged report says of its run.

use sha2::{Digest, Sha256};
use uuid::Builder;

use super::error::MergeError;
use super::part::ShardReport;
use super::shards::Shards;
use crate::engine::Status;
use crate::report::exit::gravest;
use crate::report::json::{AccountRef, Moment, Rehearsal, Report, RunInfo, SelectionSummary, StageInfo, Unended};

/// Fails unless all reports are of one plan and one mode, and of retries of the same run if of any.
pub(super) fn demand_one_run(parts: &[ShardReport]) -> Result<(), MergeError> {
    demand(parts, "the plan, by its SHA-256", |one, other| one.report.run.plan.sha256 == other.report.run.plan.sha256)?;
    demand(parts, "whether they were live", |one, other| one.report.run.mode == other.report.run.mode)?;
    demand(parts, "the run that they retry", |one, other| one.report.run.retry_of == other.report.run.retry_of)
}

/// Fails with the first two reports that are not alike.
pub(super) fn demand(
    parts: &[ShardReport],
    what: &'static str,
    alike: impl Fn(&ShardReport, &ShardReport) -> bool,
) -> Result<(), MergeError> {
    let pairs = parts.iter().zip(parts.iter().skip(1));
    match pairs.into_iter().find(|(one, other)| !alike(one, other)) {
        None => Ok(()),
        Some((one, other)) => Err(MergeError::Differ { one: one.path.clone(), other: other.path.clone(), what }),
    }
}

/// Builds the run that the shards' runs were parts of.
pub(super) fn run(parts: &[ShardReport], shards: &Shards) -> Result<RunInfo, MergeError> {
    let runs = || parts.iter().map(|part| &part.report.run);
    let first = runs().next().ok_or(MergeError::Nothing)?;
    let started_at = runs().map(|run| run.started_at).min().unwrap_or(first.started_at);
    let finished_at = runs().map(|run| run.finished_at).max().unwrap_or(first.finished_at);
    let longest = runs().map(|run| run.duration_ms).max().unwrap_or_default();
    Ok(RunInfo {
        id: id(parts),
        mode: first.mode,
        plan: first.plan.clone(),
        reason: texts(parts, |run| run.reason.as_deref()),
        resumed_from: None,
        retry_of: first.retry_of.clone(),
        reviewed: first.reviewed.clone(),
        shard: (!shards.is_whole()).then(|| shards.to_string()),
        started_at,
        finished_at,
        duration_ms: between(started_at, finished_at).max(longest),
        status: runs().map(|run| run.status).max_by_key(|status| weight(*status)).unwrap_or(first.status),
        ended_by: texts(parts, |run| run.ended_by.as_deref()),
        exit_code: gravest(runs().map(|run| run.exit_code)).unwrap_or(first.exit_code),
        accepts: stated(parts, "what counts as done: guards.not_found or verify.mode", |report| {
            report.run.accepts.as_ref()
        })?
        .copied(),
        stages: stages(parts),
        unended: runs().filter_map(|run| run.unended).min_by_key(|unended| *unended != Unended::GoesOn),
    })
}

/// Joins what the shards' runs were in each stage.
fn stages(parts: &[ShardReport]) -> Vec<StageInfo> {
    let mut all = parts.iter().map(|part| part.report.run.stages.as_slice());
    let first = all.next().map(<[_]>::to_vec).unwrap_or_default();
    all.fold(first, |joined, stages| joined.iter().zip(stages).map(|(one, other)| one.joined(other)).collect())
}

/// Makes an id from those of the shards' runs: the same reports have the same one.
fn id(parts: &[ShardReport]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(&part.report.run.id);
        hash.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Joins a text that the shards' runs have, each once.
fn texts<'a>(parts: &'a [ShardReport], of: impl Fn(&'a RunInfo) -> Option<&'a str>) -> Option<String> {
    let mut texts: Vec<&str> = Vec::new();
    for text in parts.iter().filter_map(|part| of(&part.report.run)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// Returns the milliseconds from one moment to a later one.
pub(super) fn between(from: Moment, to: Moment) -> u64 {
    u64::try_from(to.timestamp().as_millisecond() - from.timestamp().as_millisecond()).unwrap_or_default()
}

const fn weight(status: Status) -> u8 {
    match status {
        Status::Completed => 0,
        Status::Deadline => 1,
        Status::Paused => 2,
        Status::Interrupted => 3,
        Status::Aborted => 4,
        // Nothing was stopped anywhere, and nobody knows how much there is.
        Status::Unlisted => 5,
    }
}

/// Returns the accounts, which must have been the same ones for all.
pub(super) fn accounts(parts: &[ShardReport]) -> Result<Vec<AccountRef>, MergeError> {
    let accounts = stated(parts, "their accounts: region, project or endpoints", |report| {
        Some(&report.accounts).filter(|accounts| !accounts.is_empty())
    })?;
    Ok(accounts.cloned().unwrap_or_default())
}

/// Returns what became of the selections: they were listed once, before the plan was cut into shards, so all shards that
/// know of them know the same.
pub(super) fn selections(parts: &[ShardReport]) -> Result<Vec<SelectionSummary>, MergeError> {
    let selections = stated(parts, "what their selections found", |report| {
        Some(&report.selections).filter(|selections| !selections.is_empty())
    })?;
    Ok(selections.cloned().unwrap_or_default())
}

/// Returns what the reports state, which must be the same in all that do; reports of earlier versions do not.
fn stated<'a, T: PartialEq>(
    parts: &'a [ShardReport],
    what: &'static str,
    of: impl Fn(&'a Report) -> Option<&'a T>,
) -> Result<Option<&'a T>, MergeError> {
    let mut stated = parts.iter().filter_map(|part| Some((&part.path, of(&part.report)?)));
    let Some((one, first)) = stated.next() else { return Ok(None) };
    match stated.find(|(_, other)| *other != first) {
        None => Ok(Some(first)),
        Some((other, _)) => Err(MergeError::Differ { one: one.clone(), other: other.clone(), what }),
    }
}

/// Merges how the rehearsals went.
pub(super) fn rehearsal(parts: &[ShardReport]) -> Result<Option<Rehearsal>, MergeError> {
    demand(parts, "how they were rehearsed: seed, faults or speed", |one, other| {
        let setup = |part: &ShardReport| {
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
