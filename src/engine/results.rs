//! The results of a run, packed: a plan may have a million targets, and most results are alike and short.

use std::fmt;

use super::outcome::{Outcome, TargetResult};

/// One result a target, in plan order; about a hundred bytes for a target that took one request.
///
/// They are packed, and unpacked whenever somebody asks; a pass over all of them costs less than a microsecond each.
#[derive(Clone, Default)]
pub struct Results {
    /// The results one after another, in the order they came.
    packed: Vec<u8>,
    /// Where each target's begins, by number.
    places: Vec<usize>,
}

/// The place of a result that has not come.
const NOWHERE: usize = usize::MAX;

impl Results {
    /// Makes room for the results of `targets` targets, each of which is `unknown` until it has one.
    pub(super) fn of(targets: usize) -> Self {
        Self { packed: Vec::new(), places: vec![NOWHERE; targets] }
    }

    /// Sets a target's result, and tells whether there is such a target.
    pub(super) fn set(&mut self, target: usize, result: &TargetResult) -> bool {
        let Some(place) = self.places.get_mut(target) else { return false };
        *place = pack(&mut self.packed, result);
        true
    }

    /// Makes room for the results of `targets` targets.
    pub(super) fn grow_to(&mut self, targets: usize) {
        self.places.resize(targets.max(self.places.len()), NOWHERE);
    }

    /// Tells whether a target has its result.
    pub(super) fn has(&self, target: usize) -> bool {
        self.places.get(target).is_some_and(|place| *place != NOWHERE)
    }

    /// Returns how many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Returns the result of a target by its number in the plan, from 0.
    #[must_use]
    pub fn get(&self, target: usize) -> Option<TargetResult> {
        self.places.get(target).map(|place| self.unpack(*place))
    }

    /// Returns all of them in plan order, unpacked one at a time.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = TargetResult> {
        self.places.iter().map(|place| self.unpack(*place))
    }

    fn unpack(&self, place: usize) -> TargetResult {
        let packed = self.packed.get(place..).unwrap_or_default();
        // Never more is said of a target whose result is not there than is known.
        postcard::from_bytes(packed).unwrap_or_else(|_| TargetResult::bare(Outcome::Unknown, None))
    }
}

/// Packs a result at the end, and returns where it begins.
fn pack(packed: &mut Vec<u8>, result: &TargetResult) -> usize {
    let place = packed.len();
    match postcard::to_io(result, &mut *packed) {
        Ok(_) => place,
        Err(_) => {
            packed.truncate(place);
            NOWHERE
        }
    }
}

impl FromIterator<TargetResult> for Results {
    fn from_iter<I: IntoIterator<Item = TargetResult>>(results: I) -> Self {
        let mut all = Self::default();
        for result in results {
            all.places.push(pack(&mut all.packed, &result));
        }
        all
    }
}

impl PartialEq for Results {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
