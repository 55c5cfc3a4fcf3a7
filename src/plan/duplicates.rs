//! Targets that name the same resource as an earlier one.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::model::Plan;
use super::sites::Sites;
use super::target::Target;
use crate::base::environment::Environment;
use crate::provider::Principal;

/// Returns the numbers of all targets that name the same resource as an earlier one, each with the first of those.
pub(super) fn duplicates(targets: &[Target], sites: &Sites) -> Vec<(u32, u32)> {
    let mut firsts = Index::with_capacity(targets.len());
    let mut duplicates = Vec::new();
    for (number, target) in (0..).zip(targets) {
        let mut hasher = DefaultHasher::new();
        sites.of_account(target.account).hash(&mut hasher);
        target.kind.name.hash(&mut hasher);
        target.params.identity(target.kind.params).for_each(|part| part.hash(&mut hasher));
        let same = |other: u32| targets.get(other as usize).is_some_and(|other| sites.names_same(other, target));
        let first = firsts.first(hasher.finish(), number, same);
        if first != number {
            duplicates.push((number, first));
        }
    }
    duplicates
}

impl Plan {
    /// Returns the plan once the keys are known, by account number; `None` if they change nothing.
    ///
    /// The reader knows the keys in the environment. Keys of another provider may show later that two accounts are one
    /// place, where a resource is stopped once and protected under all its names.
    pub(crate) fn with_keys(&self, keys: &[Option<Principal>]) -> Option<Self> {
        let environment = Environment::default();
        let sites = Sites::of(&self.accounts, &environment, |number| keys.get(number)?.as_ref());
        if sites.are_apart() {
            return None;
        }
        let found = duplicates(&self.targets, &sites);
        let is_new = |(number, first): &(u32, u32)| {
            self.targets.get(*number as usize).map(|t| t.duplicate_of) != Some(Some(*first))
        };
        if !found.iter().any(is_new) {
            return None;
        }
        let mut plan = self.clone();
        for (number, first) in found {
            if let Some(target) = plan.targets.get_mut(number as usize) {
                target.duplicate_of = Some(first);
            }
        }
        Some(plan)
    }
}

/// Finds equal targets by their hashes, without copying them.
pub(super) struct Index(HashMap<u64, u32>);

impl Index {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(HashMap::with_capacity(capacity))
    }

    /// Returns the number of the first target that is the same, which is inserted if there is none.
    pub(super) fn first(&mut self, mut hash: u64, number: u32, same: impl Fn(u32) -> bool) -> u32 {
        loop {
            let first = *self.0.entry(hash).or_insert(number);
            if first == number || same(first) {
                return first;
            }
            // Others have the same hash: this one goes behind them.
            hash = hash.wrapping_add(1);
        }
    }

    /// Tells whether one is the same.
    pub(super) fn has(&self, mut hash: u64, same: impl Fn(u32) -> bool) -> bool {
        while let Some(number) = self.0.get(&hash) {
            if same(*number) {
                return true;
            }
            hash = hash.wrapping_add(1);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_with_equal_hashes_are_distinguished() {
        let mut index = Index::with_capacity(4);
        assert_eq!(index.first(u64::MAX, 0, |_| false), 0);
        assert_eq!(index.first(u64::MAX, 1, |_| false), 1);
        assert_eq!(index.first(0, 2, |_| false), 2);
        assert_eq!(index.first(u64::MAX, 3, |other| other == 2), 2);
        assert!(index.has(u64::MAX, |other| other == 1));
        assert!(!index.has(u64::MAX, |other| other == 3));
    }
}
