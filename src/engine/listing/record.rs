//! What the listings of a plan's selections came to.

use jiff::Timestamp;

use super::catalog::Listed;
use super::collector::{Collected, Found, Spared};
use super::job::Job;
use crate::engine::event::Status;
use crate::engine::selection::{AccountCount, SelectionRecord};
use crate::plan::{Plan, Select};
use crate::provider::Principal;

/// What the listings of a plan's selections came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct ListingRecord {
    /// Why they ended.
    pub end: ListingEnd,
    /// When they began.
    pub started_at: Timestamp,
    /// When they ended.
    pub finished_at: Timestamp,
    /// One record a selection of the plan. `matched` counts what is in `found`: no limit of a selection is applied.
    pub selections: Vec<SelectionRecord>,
    /// What each selection takes, in no order.
    pub found: Vec<Vec<Found>>,
    /// What each selection does not take, in no order, where that is [asked for](super::Listings::rest).
    pub spared: Vec<Vec<Spared>>,
    /// Whose credentials each account has, by account; `None` where it was not listed.
    pub(crate) principals: Vec<Option<Principal>>,
}

impl ListingRecord {
    /// Tells whether nothing that was to be listed is missing.
    pub(crate) fn is_whole(&self) -> bool {
        self.selections.iter().all(|selection| selection.missing.is_empty())
    }
}

/// Why listings ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingEnd {
    /// Everything was listed, or has failed.
    Whole,
    /// More was found than a run may stop.
    TooMany,
    /// A signal or the deadline.
    Ended(Status),
}

/// The records of all selections, put together account by account.
pub(super) struct Assembly<'p> {
    plan: &'p Plan,
    pub(super) selections: Vec<SelectionRecord>,
    pub(super) found: Vec<Vec<Found>>,
    pub(super) spared: Vec<Vec<Spared>>,
}

impl<'p> Assembly<'p> {
    pub(super) fn new(plan: &'p Plan, started_at: Timestamp, finished_at: Timestamp) -> Self {
        let empty = |select: &Select| SelectionRecord::empty(select, started_at, finished_at);
        let selections: Vec<_> = plan.selects.iter().map(empty).collect();
        let count = selections.len();
        Self { plan, selections, found: vec![Vec::new(); count], spared: vec![Vec::new(); count] }
    }

    /// Adds what one listing came to.
    pub(super) fn add(&mut self, job: &Job<'_>, listed: Listed<'_>) {
        let account = &self.plan[job.account];
        for (number, collected) in job.numbers.iter().zip(listed.collector.finish()) {
            let Collected { mut found, left_out, unclear, mut unusable, mut spared } = collected;
            let (record, all) = (&mut self.selections[*number], &mut self.found[*number]);
            let matched = found.len() as u64;
            record.requests += listed.requests;
            record.seen += matched + left_out.total();
            record.matched += matched;
            record.left_out += left_out;
            unclear.into_iter().for_each(|(why, count)| *record.unclear.entry(why.into()).or_default() += count);
            record.unusable.append(&mut unusable);
            self.spared[*number].append(&mut spared);
            record.accounts.push(AccountCount {
                account: account.name.clone(),
                region: account.region.clone(),
                seen: matched + left_out.total(),
                matched,
                requests: listed.requests,
            });
            record.missing.extend(listed.missing.iter().cloned());
            record.warnings.extend(listed.warnings.iter().map(|warning| format!("{}: {warning}", account.name)));
            if all.is_empty() { *all = found } else { all.append(&mut found) }
        }
    }
}
