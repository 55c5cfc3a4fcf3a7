//! The lanes of several runs, made one list.

use std::time::Duration;

use super::head::between;
use super::part::ShardReport;
use crate::report::json::{LaneSummary, Moment, per_second};

/// Adds the lanes up.
///
/// A report does not say when a lane began: it is taken to begin with its run. So the merged lane's time is that from
/// the first run's begin to the last response, and is exact if the shards ran at the same time.
pub(super) fn lanes(parts: &[ShardReport]) -> Vec<LaneSummary> {
    let first = parts.iter().map(|part| part.report.run.started_at).min();
    let mut merged: Vec<LaneSummary> = Vec::new();
    for part in parts {
        for lane in &part.report.lanes {
            let lane = LaneSummary { duration_ms: end(lane, part, first), ..lane.clone() };
            match merged.iter_mut().find(|known| is_same(known, &lane)) {
                Some(known) => add(known, &lane),
                None => merged.push(lane),
            }
        }
    }
    for lane in &mut merged {
        lane.requests_per_second = per_second(lane.requests, Duration::from_millis(lane.duration_ms));
    }
    merged
}

/// Returns when the lane ended, in milliseconds from the first run's begin.
fn end(lane: &LaneSummary, part: &ShardReport, first: Option<Moment>) -> u64 {
    let begin = part.report.run.started_at;
    if lane.duration_ms == 0 { 0 } else { lane.duration_ms + between(first.unwrap_or(begin), begin) }
}

fn is_same(one: &LaneSummary, other: &LaneSummary) -> bool {
    (&one.account, &one.region, &one.api) == (&other.account, &other.region, &other.api)
}

fn add(known: &mut LaneSummary, lane: &LaneSummary) {
    known.requests += lane.requests;
    known.throttled += lane.throttled;
    known.duration_ms = known.duration_ms.max(lane.duration_ms);
    // Shards share the quota, so that together they have the whole of it.
    known.stated_per_second = known.stated_per_second.zip(lane.stated_per_second).map(|(one, other)| one + other);
}
