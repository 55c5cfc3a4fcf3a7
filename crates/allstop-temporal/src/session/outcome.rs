//! What a session brings.

use std::collections::{BTreeMap, HashMap};

use allstop::engine::{Completed, InProgress, Outcome, Record, ResumeState, Status, StopLane, TargetResult};

use super::room::{Detail, fitted, weight};
use crate::wire::{Ended, Packed, PackedError, Ranges, Rest, SessionEnd, VERSION, Why};

/// The result of a session that could not begin, or that only settles what is known.
/// `targets` are those of the lane.
pub(super) fn unsent(state: &ResumeState, targets: &[u32], why: Why, worker: &str) -> Result<SessionEnd, PackedError> {
    let doubt = |target: &u32| Some((*target, state.row(*target)?));
    let given_up = state.open.keys().filter_map(doubt).collect();
    Brought { rows: state.done.clone(), open: state.open.clone(), given_up }.end(targets, why, worker)
}

/// The result of a session that was carried out.
pub(super) fn of_record(
    record: &Record,
    lane: &StopLane,
    share: Option<u64>,
    worker: &str,
) -> Result<SessionEnd, PackedError> {
    let state = record.resume_state();
    let failed = failed(&state.done);
    let (why, open) = match record.status {
        // Every target has a row that the run itself gave it, and nobody goes on with any.
        Status::Completed => (Why::Done, HashMap::new()),
        Status::Aborted if share.is_some_and(|share| failed >= share) => (Why::Budget, state.open.clone()),
        Status::Aborted => {
            (Why::Guard(Ended { status: Status::Aborted, by: record.ended_by.clone() }), state.open.clone())
        }
        Status::Interrupted | Status::Deadline | Status::Paused | Status::Unlisted => (Why::Slice, state.open.clone()),
    };
    let row = |target: &u32| Some((*target, record.results.get(*target as usize)?));
    let (mut rows, mut rest) = (state.done.clone(), None);
    if why == Why::Done {
        for target in &lane.targets {
            let Some((_, result)) = row(target).filter(|_| record.results.has(*target as usize)) else { continue };
            // Those that nothing was sent for are alike; there may be a million.
            if rows.contains(*target)
                || (!result.is_final() && result.attempts.is_empty() && !record.open.contains_key(target))
            {
                rest = rest.or_else(|| (!result.is_final()).then_some(result));
            } else {
                rows.insert(*target, &result);
            }
        }
    }
    let given_up = open.keys().filter_map(row).collect();
    let closed: Vec<_> = record.accounts.iter().filter(|account| account.closed.is_some()).collect();
    let closed = closed.first().map(|first| {
        let names = closed.iter().map(|account| base(&account.name)).collect();
        (names, first.closed.clone().unwrap_or_default())
    });
    Ok(SessionEnd {
        memory: record.memory.clone(),
        stats: record.lanes.clone(),
        accounts: record.accounts.clone(),
        rest: rest.map(|row| Rest::of(&row)).transpose()?,
        closed,
        ..Brought { rows, open, given_up }.end(&lane.targets, why, worker)?
    })
}

/// What a session brings.
struct Brought {
    rows: Completed,
    open: HashMap<u32, InProgress>,
    /// What the rows of those are if nobody goes on with them.
    given_up: HashMap<u32, TargetResult>,
}

impl Brought {
    fn with(&self, detail: Detail) -> Self {
        let Self { rows, open, given_up } = self;
        Self {
            rows: rows.iter().map(|(target, row)| (target, detail.row(&row).into_owned())).collect(),
            open: open.iter().map(|(target, open)| (*target, detail.open(open))).collect(),
            given_up: given_up.iter().map(|(target, row)| (*target, detail.row(row).into_owned())).collect(),
        }
    }

    /// Packs the rows, what is open, and what the rows of those are.
    fn packed(&self) -> Result<[Option<Packed>; 3], PackedError> {
        let Self { rows, open, given_up } = self;
        Ok([
            (!rows.is_empty()).then(|| Packed::of(rows)).transpose()?,
            (!open.is_empty()).then(|| Packed::of(open)).transpose()?,
            (!given_up.is_empty()).then(|| Packed::of(given_up)).transpose()?,
        ])
    }

    fn end(&self, targets: &[u32], why: Why, worker: &str) -> Result<SessionEnd, PackedError> {
        let rows = &self.rows;
        let [packed_rows, open, given_up] = fitted(|detail| {
            let less = (detail != Detail::Full).then(|| self.with(detail));
            let brought = less.as_ref().unwrap_or(self);
            let packed = brought.packed()?;
            let length = packed.iter().flatten().map(Packed::len).sum();
            Ok((packed, brought.open.values().map(weight).sum(), length))
        })?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        rows.iter().for_each(|(_, row)| *counts.entry(row.outcome.name().to_owned()).or_default() += 1);
        let places = (0_u32..).zip(targets).filter(|(_, target)| rows.contains(**target));
        Ok(SessionEnd {
            v: VERSION,
            done: Ranges::of(places.map(|(place, _)| place)),
            rows: packed_rows,
            open,
            given_up,
            memory: Vec::new(),
            stats: Vec::new(),
            accounts: Vec::new(),
            counts,
            failed: failed(rows),
            rest: None,
            why,
            closed: None,
            worker: worker.to_owned(),
        })
    }
}

fn failed(rows: &Completed) -> u64 {
    rows.iter().filter(|(_, row)| matches!(row.outcome, Outcome::Failed | Outcome::Unknown)).count() as u64
}

/// Returns the name that the plan writes an account under, of which this is perhaps a region.
fn base(name: &str) -> String {
    name.split_once('@').map_or(name, |(base, _)| base).to_owned()
}
