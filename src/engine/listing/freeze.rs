//! From what was found to targets: ordered, limited, and without what is named already.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::collector::Found;
use super::record::ListingRecord;
use crate::engine::selection::SelectionRecord;
use crate::plan::{CompletePlan, Plan, Select, Target};

/// The targets of a plan's selections, as they are frozen.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Frozen {
    /// The targets of each selection, in their order.
    pub found: Vec<Vec<Target>>,
    /// What became of each selection.
    pub selections: Vec<SelectionRecord>,
    /// Which selections match more or fewer than their plan expects, in words.
    pub unexpected: Vec<String>,
    /// When the listings ended.
    pub listed_at: Timestamp,
}

impl Frozen {
    /// Returns the plan with the found targets in the place of its selections: the plan that was listed.
    #[must_use]
    pub fn complete(self, plan: &Plan) -> CompletePlan {
        plan.with_found(self.found)
    }
}

impl ListingRecord {
    /// Orders what each selection of `plan` found, cuts it to the selection's limit, drops what is named already, and
    /// gives the rest its ids.
    #[must_use]
    pub fn freeze(self, plan: &Plan) -> Frozen {
        let Self { mut selections, found, principals, finished_at: listed_at, .. } = self;
        let mut unexpected = Vec::new();
        let lists = plan.selects.iter().zip(found).zip(&mut selections).map(|((select, found), record)| {
            let targets = ordered(plan, select, found, record);
            // Where nothing matches there is nothing to leave out; what could not be listed might be.
            if record.matched > 0 && record.missing.is_empty() && select.query.excepts_nothing(record.left_out.excepted)
            {
                record.warnings.push(format!("`except` of {} leaves nothing out", select.id));
            }
            // What was listed nowhere, as the options leave it out, is not known to match too few.
            let is_listed = !record.accounts.is_empty();
            unexpected.extend(select.unexpected(targets.len() as u64).filter(|_| is_listed));
            targets
        });
        let lists = lists.collect();
        let settled = plan.settle(lists, &principals);
        let dropped = settled.named_already.iter().zip(&settled.otherwise);
        for (record, (named, otherwise)) in selections.iter_mut().zip(dropped) {
            for account in named {
                record.left_out.named_already += 1;
                unmatch(record, plan, *account);
            }
            if *otherwise > 0 {
                let nouns = if *otherwise == 1 { "1 target is" } else { "several targets are" };
                record.warnings.push(format!(
                    "{nouns} named by an explicit target or an earlier selection with other optional fields; those apply \
                     ({otherwise} of {})",
                    named.len()
                ));
            }
        }
        Frozen { found: settled.found, selections, unexpected, listed_at }
    }
}

/// Orders what a selection found, and cuts it to the selection's limit.
fn ordered(plan: &Plan, select: &Select, mut found: Vec<Found>, record: &mut SelectionRecord) -> Vec<Target> {
    found.sort_unstable_by(|one, other| one.compare(other, &select.query));
    let limit = select.query.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    if found.len() > limit {
        let over = (found.len() - limit) as u64;
        record.left_out.limit += over;
        found.truncate(limit);
    }
    let targets: Vec<Target> = found.into_iter().map(|found| found.target).collect();
    recount(plan, record, &targets);
    targets
}

/// Counts how many targets each account has.
fn recount(plan: &Plan, record: &mut SelectionRecord, targets: &[Target]) {
    record.matched = targets.len() as u64;
    if let [account] = &mut record.accounts[..] {
        account.matched = record.matched;
        return;
    }
    let mut by_account = BTreeMap::new();
    targets.iter().for_each(|target| *by_account.entry(&*plan.account_of(target).name).or_insert(0_u64) += 1);
    record.accounts.iter_mut().for_each(|account| {
        account.matched = by_account.get(&*account.account).copied().unwrap_or_default();
    });
}

/// Takes a target of an account out of the count.
fn unmatch(record: &mut SelectionRecord, plan: &Plan, number: u16) {
    let name = plan.accounts.get(usize::from(number)).map(|account| &account.name);
    record.matched = record.matched.saturating_sub(1);
    if let Some(account) = record.accounts.iter_mut().find(|account| Some(&account.account) == name) {
        account.matched = account.matched.saturating_sub(1);
    }
}
