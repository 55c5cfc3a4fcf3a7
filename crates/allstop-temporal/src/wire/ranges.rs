//! Sets of numbers as ranges: the targets of a lane are done nearly in their order.

use std::fmt::Write as _;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A set of numbers, kept as ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// Takes numbers in any order.
    #[must_use]
    pub fn of(numbers: impl IntoIterator<Item = u32>) -> Self {
        let mut numbers: Vec<u32> = numbers.into_iter().collect();
        numbers.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for number in numbers {
            match ranges.last_mut() {
                Some((_, last)) if number <= last.saturating_add(1) => *last = number.max(*last),
                Some(_) | None => ranges.push((number, number)),
            }
        }
        Self(ranges)
    }

    /// Adds all numbers of another set.
    pub fn extend(&mut self, other: &Self) {
        let mut all: Vec<(u32, u32)> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match ranges.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                Some(_) | None => ranges.push((first, last)),
            }
        }
        self.0 = ranges;
    }

    /// Tells whether a number is in it.
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= number);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, last)| number <= *last)
    }

    /// Returns how many numbers are in it.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.iter().map(|(first, last)| u64::from(last - first) + 1).sum()
    }

    /// Tells whether it has no number.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Ranges {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::new();
        for (first, last) in &self.0 {
            if !text.is_empty() {
                text.push(',');
            }
            // Writing to a string never fails.
            let _ = if first == last { write!(text, "{first}") } else { write!(text, "{first}-{last}") };
        }
        to.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Ranges {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let range = |part: &str| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Some((first.parse().ok()?, last.parse().ok()?)).filter(|(first, last)| first <= last)
        };
        let parts = text.split(',').filter(|part| !part.is_empty());
        let ranges = parts.map(|part| range(part).ok_or_else(|| D::Error::custom(format!("no range: {part}"))));
        Ok(Self(ranges.collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_ranges() {
        let mut ranges = Ranges::of([5, 1, 2, 3, 9]);
        assert_eq!(serde_json::to_string(&ranges).unwrap(), r#""1-3,5,9""#);
        ranges.extend(&Ranges::of([4, 6, 10, 20]));
        let text = serde_json::to_string(&ranges).unwrap();
        assert_eq!(text, r#""1-6,9-10,20""#);
        assert_eq!(serde_json::from_str::<Ranges>(&text).unwrap(), ranges);
        assert_eq!(ranges.len(), 9);
        assert!([1, 6, 9, 10, 20].into_iter().all(|number| ranges.contains(number)));
        assert!(![0, 7, 8, 11, 21].into_iter().any(|number| ranges.contains(number)));
        assert!(serde_json::from_str::<Ranges>(r#""3-1""#).is_err());
        assert!(serde_json::from_str::<Ranges>(r#""""#).unwrap().is_empty());
    }
}
