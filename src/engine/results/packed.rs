//! The results of a run, packed: a plan may have a million targets, and most results are alike and short.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::outcome::{Outcome, TargetResult};

/// One result a target, in plan order; about a hundred bytes for a target that took one request.
///
/// Each is unpacked when it is asked for, in less than a microsecond.
#[derive(Clone, Default)]
pub struct Results {
    /// The results one after another, in the order they came.
    packed: Vec<u8>,
    /// Where each target's begins, by number.
    places: Vec<usize>,
}

/// Bytes that are no packed result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid packed results: {0}")]
pub struct UnpackError(String);

/// The place of a result that has not come.
const NOWHERE: usize = usize::MAX;

impl Results {
    /// Makes room for the results of `targets` targets; each is `unknown` until it is set.
    #[must_use]
    pub fn of(targets: usize) -> Self {
        Self { packed: Vec::new(), places: vec![NOWHERE; targets] }
    }

    /// Sets a target's result by its number in the plan, from 0, and tells whether there is such a target.
    pub fn set(&mut self, target: usize, result: &TargetResult) -> bool {
        let is_there = target < self.places.len();
        if is_there {
            self.put(target, result);
        }
        is_there
    }

    /// Sets the result of a target that is there.
    pub(in crate::engine) fn put(&mut self, target: usize, result: &TargetResult) {
        self.places[target] = pack(&mut self.packed, result);
    }

    /// Makes room for the results of `targets` targets.
    pub(super) fn grow_to(&mut self, targets: usize) {
        self.places.resize(targets.max(self.places.len()), NOWHERE);
    }

    /// Tells whether a target's result is set.
    #[must_use]
    pub fn has(&self, target: usize) -> bool {
        self.places.get(target).is_some_and(|place| *place != NOWHERE)
    }

    /// Returns how many targets there are.
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

    /// Returns all of them in plan order, unpacked one at a time. A row that is not there is `unknown`: see
    /// [`has`](Self::has).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = TargetResult> {
        self.places.iter().map(|place| self.unpack(*place))
    }

    /// Returns all of them as bytes, for [`from_bytes`](Self::from_bytes) of this version of the library.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        packed(self)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) returned.
    ///
    /// # Errors
    ///
    /// Fails when the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, UnpackError> {
        unpacked(bytes)
    }

    #[expect(clippy::expect_used, reason = "every place that is set was returned by `pack`")]
    fn unpack(&self, place: usize) -> TargetResult {
        if place == NOWHERE {
            return TargetResult::bare(Outcome::Unknown, None);
        }
        postcard::from_bytes(&self.packed[place..]).expect("what was packed here is a result")
    }
}

impl TargetResult {
    /// Returns the result as bytes, for [`from_bytes`](Self::from_bytes) of this version of the library.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        packed(self)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) returned.
    ///
    /// # Errors
    ///
    /// Fails when the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, UnpackError> {
        unpacked(bytes)
    }
}

/// Packs a result at the end, and returns where it begins.
#[expect(clippy::expect_used, reason = "a result has nothing that cannot be written, and a vector takes all bytes")]
fn pack(packed: &mut Vec<u8>, result: &TargetResult) -> usize {
    let place = packed.len();
    postcard::to_io(result, packed).expect("a result can be packed");
    place
}

#[expect(clippy::expect_used, reason = "results have nothing that cannot be written, and a vector takes all bytes")]
fn packed(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("results can be packed")
}

fn unpacked<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, UnpackError> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(UnpackError(format!("{} bytes follow them", rest.len()))),
        Err(error) => Err(UnpackError(error.to_string())),
    }
}

impl Extend<Option<TargetResult>> for Results {
    fn extend<I: IntoIterator<Item = Option<TargetResult>>>(&mut self, results: I) {
        for result in results {
            let place = result.map_or(NOWHERE, |result| pack(&mut self.packed, &result));
            self.places.push(place);
        }
    }
}

impl FromIterator<TargetResult> for Results {
    fn from_iter<I: IntoIterator<Item = TargetResult>>(results: I) -> Self {
        let mut all = Self::default();
        all.extend(results.into_iter().map(Some));
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

impl Serialize for Results {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.places.iter().map(|place| (*place != NOWHERE).then(|| self.unpack(*place))))
    }
}

impl<'de> Deserialize<'de> for Results {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(InOrder)
    }
}

/// Reads results one at a time.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Results;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a result or nothing for each target")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut results: A) -> Result<Results, A::Error> {
        let mut all = Results::default();
        while let Some(result) = results.next_element::<Option<TargetResult>>()? {
            all.extend([result]);
        }
        Ok(all)
    }
}
