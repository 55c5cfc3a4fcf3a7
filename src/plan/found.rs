//! Found targets: what selections found takes its place among the plan's explicit targets.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use super::duplicates::Index;
use super::model::Plan;
use super::naming;
use super::sites::Sites;
use super::target::Target;
use crate::base::environment::Environment;
use crate::provider::Principal;
use crate::service::{Kind, Value};

/// What selections found, without what is named already.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// The targets of each selection, in their order.
    pub(crate) found: Vec<Vec<Target>>,
    /// For each selection, the accounts of those that an explicit target or an earlier selection names.
    pub(crate) named_already: Vec<Vec<u16>>,
    /// For each selection, how many of those have other optional fields than it would give them.
    pub(crate) otherwise: Vec<u64>,
}

/// A plan whose selections are targets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CompletePlan {
    /// The plan.
    pub plan: Plan,
    /// The numbers of the targets that were found, in their order.
    pub ranges: Vec<Range<usize>>,
}

impl Plan {
    /// Drops what an explicit target or an earlier selection names, and gives the others their ids. `keys` are those of
    /// the accounts, as far as they are known.
    pub(crate) fn settle(&self, found: Vec<Vec<Target>>, keys: &[Option<Principal>]) -> Settled {
        let environment = Environment::default();
        let sites = Sites::of(&self.accounts, &environment, |number| keys.get(number)?.as_ref());
        let mut all = self.targets.clone();
        let mut known = Index::with_capacity(all.len() + found.iter().map(Vec::len).sum::<usize>());
        for number in 0..count(all.len()) {
            first(&mut known, &all, number, &sites);
        }
        let (mut counts, mut settled) = (Vec::new(), Settled::default());
        for mut targets in found {
            let (mut named, mut otherwise, before) = (Vec::new(), 0, all.len());
            // There may be a million: none is copied without need.
            if all.is_empty() {
                all = targets
            } else {
                all.append(&mut targets)
            }
            let mut kept = before;
            for next in before..all.len() {
                all.swap(kept, next);
                let first = first(&mut known, &all, count(kept), &sites);
                if first == count(kept) {
                    kept += 1;
                } else if let (Some(taken), Some(known)) = (all.get(kept), all.get(first as usize)) {
                    otherwise += u64::from(differs(taken, known));
                    named.push(taken.account);
                }
            }
            all.truncate(kept);
            counts.push(kept - before);
            settled.named_already.push(named);
            settled.otherwise.push(otherwise);
        }
        drop(known);
        let mut stated: HashSet<Arc<str>> = self.targets.iter().filter_map(|target| target.own_id.clone()).collect();
        for target in all.iter_mut().skip(self.targets.len()) {
            let Some(account) = self.accounts.get(usize::from(target.account)) else { continue };
            if account.base.is_some() {
                // Whatever runs in another region of the account: the id is that of the same resource in every run.
                let id: Arc<str> = format!("{}@{}", target.made_id(), account.region).into();
                if stated.insert(Arc::clone(&id)) {
                    target.own_id = Some(id);
                }
            }
        }
        naming::name(&mut all, &self.accounts, &|id| stated.contains(id));
        settled.found = split(all, &counts);
        settled
    }

    /// Returns the plan with the targets of its selections, each in its place. It selects nothing any more.
    ///
    /// There are as many lists as selections; they come from [`settle`](Self::settle).
    pub(crate) fn with_found(&self, mut found: Vec<Vec<Target>>) -> CompletePlan {
        if self.targets.is_empty()
            && let [targets] = &mut found[..]
        {
            // There may be a million: they stay where they are.
            let targets = std::mem::take(targets);
            let ranges = Some(0..targets.len()).filter(|all| !all.is_empty()).into_iter().collect();
            let plan = Self { targets, selects: Vec::new(), ..self.clone() };
            return CompletePlan { plan, ranges };
        }
        let lists = self.selects.iter().zip(found);
        let further =
            lists.flat_map(|(select, list)| list.into_iter().map(move |target| (select.position as usize, target)));
        self.with_targets_at(further)
    }

    /// Returns the plan with further targets, each behind so many of its own. It selects nothing any more. The targets come
    /// in the order of their places.
    pub(crate) fn with_targets_at(&self, further: impl IntoIterator<Item = (usize, Target)>) -> CompletePlan {
        let mut plan = Self { targets: Vec::new(), selects: Vec::new(), ..self.clone() };
        let mut further = further.into_iter().peekable();
        plan.targets.reserve_exact(self.targets.len() + further.size_hint().0);
        // The new number of each explicit target.
        let mut numbers: Vec<u32> = Vec::with_capacity(self.targets.len());
        let mut ranges = Vec::new();
        for number in 0..=self.targets.len() {
            let first = plan.targets.len();
            let is_last = number == self.targets.len();
            while let Some((_, target)) = further.next_if(|(position, _)| is_last || *position <= number) {
                plan.targets.push(target);
            }
            if plan.targets.len() > first {
                ranges.push(first..plan.targets.len());
            }
            if let Some(target) = self.targets.get(number) {
                numbers.push(count(plan.targets.len()));
                plan.targets.push(target.clone());
            }
        }
        for number in &numbers {
            if let Some(target) = plan.targets.get_mut(*number as usize) {
                target.duplicate_of = target.duplicate_of.and_then(|first| numbers.get(first as usize).copied());
            }
        }
        CompletePlan { plan, ranges }
    }
}

/// Splits the last targets into lists of so many each.
fn split(mut all: Vec<Target>, counts: &[usize]) -> Vec<Vec<Target>> {
    let mut lists: Vec<Vec<Target>> = Vec::with_capacity(counts.len());
    for number in counts.iter().rev() {
        let rest = all.len() - number;
        lists.push(if rest == 0 { std::mem::take(&mut all) } else { all.split_off(rest) });
    }
    lists.reverse();
    lists
}

/// The found targets of a plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundTargets<'p> {
    /// The plan with these targets.
    pub(crate) plan: &'p Plan,
    /// Their numbers.
    pub(crate) ranges: &'p [Range<usize>],
}

impl<'p> FoundTargets<'p> {
    /// Returns them, each list with the number of explicit targets before it.
    pub(crate) fn lists(self) -> impl Iterator<Item = (usize, &'p [Target])> {
        let mut before = 0;
        self.ranges.iter().map(move |range| {
            let position = range.start.saturating_sub(before);
            before += range.len();
            (position, self.plan.targets.get(range.clone()).unwrap_or_default())
        })
    }
}

/// Returns the number of the first target that names the same resource, which may be the target itself.
fn first(known: &mut Index, targets: &[Target], number: u32, sites: &Sites) -> u32 {
    let Some(target) = targets.get(number as usize) else { return number };
    let mut hasher = DefaultHasher::new();
    sites.of_account(target.account).hash(&mut hasher);
    target.kind.name.hash(&mut hasher);
    target.params.identity(target.kind.params).for_each(|part| part.hash(&mut hasher));
    known.first(hasher.finish(), number, |other| {
        targets.get(other as usize).is_some_and(|other| sites.names_same(other, target))
    })
}

/// Tells whether two targets of one resource have other optional fields.
fn differs(one: &Target, other: &Target) -> bool {
    let optional = |target: &Target, kind: Kind| -> Vec<(&'static str, String)> {
        let given = target.params.given(kind.params).filter(|(param, _)| !param.identifying);
        given.map(|(param, value)| (param.name, shown(value))).collect()
    };
    optional(one, one.kind) != optional(other, other.kind)
}

fn shown(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Flag(flag) => flag.to_string(),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
