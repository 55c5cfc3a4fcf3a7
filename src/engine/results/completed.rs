//! The final facts about some of a plan's targets, packed: a journal may know a million of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::packed::Results;
use crate::engine::outcome::TargetResult;

/// Final facts by the number of their target, in plan order.
#[derive(Clone, Default)]
pub struct Completed {
    results: Results,
    known: usize,
}

impl Completed {
    /// Adds the fact about a target, in the place of an earlier one.
    pub fn insert(&mut self, target: u32, fact: &TargetResult) {
        let number = target as usize;
        self.results.grow_to(number + 1);
        self.known += usize::from(!self.results.has(number));
        self.results.put(number, fact);
    }

    /// Tells whether a target's fact is known.
    #[must_use]
    pub fn contains(&self, target: u32) -> bool {
        self.results.has(target as usize)
    }

    /// Returns the fact about a target.
    #[must_use]
    pub fn get(&self, target: u32) -> Option<TargetResult> {
        self.contains(target).then(|| self.results.get(target as usize)).flatten()
    }

    /// Returns the greatest number of a target whose fact is known.
    #[must_use]
    pub fn last(&self) -> Option<u32> {
        u32::try_from(self.results.len()).unwrap_or(u32::MAX).checked_sub(1)
    }

    /// Returns how many are known.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.known
    }

    /// Tells whether none is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.known == 0
    }

    /// Returns the results of `targets` targets: the facts, and room for the others. Those of a million targets are not
    /// copied.
    #[must_use]
    pub fn into_results(self, targets: usize) -> Results {
        let mut results = self.results;
        results.grow_to(targets);
        results
    }

    /// Returns all of them in plan order, unpacked one at a time.
    pub fn iter(&self) -> impl Iterator<Item = (u32, TargetResult)> {
        (0..).take(self.results.len()).filter_map(|target| Some((target, self.get(target)?)))
    }
}

impl FromIterator<(u32, TargetResult)> for Completed {
    fn from_iter<I: IntoIterator<Item = (u32, TargetResult)>>(facts: I) -> Self {
        let mut all = Self::default();
        facts.into_iter().for_each(|(target, fact)| all.insert(target, &fact));
        all
    }
}

impl Serialize for Completed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.known))?;
        self.iter().try_for_each(|(target, fact)| map.serialize_entry(&target, &fact))?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Completed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(from).map(Self::from_iter)
    }
}

impl PartialEq for Completed {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Completed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SkipReason;

    #[test]
    fn knows_what_was_added_and_no_more() {
        let mut facts = Completed::default();
        assert!(facts.is_empty() && !facts.contains(0));
        let [first, second] = [SkipReason::Protected, SkipReason::Filtered].map(TargetResult::skipped);
        facts.insert(7, &first);
        facts.insert(3, &first);
        facts.insert(7, &second);
        assert_eq!(facts.len(), 2);
        assert_eq!(facts.get(7), Some(second.clone()));
        assert_eq!([0, 4, 8].map(|target| facts.get(target)), [None, None, None]);
        assert!(facts.iter().eq([(3, first), (7, second)]));
    }
}
