//! A part of a plan's targets, for one of several workers.

use serde::{Deserialize, Serialize};

use super::choice::Choice;
use super::model::Plan;
use super::target::Target;

/// A set of a plan's targets, by their numbers in the plan.
///
/// It holds no target, only ranges of numbers, so that it is small in a queue. A run of a part goes by the whole plan
/// and keeps its numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u32, u32)>")]
pub struct Part(Vec<(u32, u32)>);

impl Part {
    /// Tells whether a target is in the part.
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        let after = self.0.partition_point(|(start, _)| *start <= number);
        after.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|(_, end)| number < *end)
    }

    /// Returns the numbers of the targets, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().flat_map(|(start, end)| *start..*end)
    }

    /// Returns how many targets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|(start, end)| (end - start) as usize).sum()
    }

    /// Tells whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<(u32, u32)>> for Part {
    /// Takes ranges, each from its first number to before its second, in any order.
    fn from(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.retain(|(start, end)| start < end);
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::new();
        for (start, end) in ranges {
            match merged.last_mut() {
                Some((_, last)) if start <= *last => *last = end.max(*last),
                Some(_) | None => merged.push((start, end)),
            }
        }
        Self(merged)
    }
}

impl FromIterator<u32> for Part {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        numbers.into_iter().map(|number| (number, number.saturating_add(1))).collect::<Vec<_>>().into()
    }
}

impl Plan {
    /// Divides the targets that a run is to stop into parts of at most `most` targets (at least one), in plan order;
    /// `selected` is given each target's number and the target.
    ///
    /// Selection, duplicates and protection are decided here, once for all parts.
    pub fn parts(&self, selected: impl Fn(usize, &Target) -> bool, most: usize) -> Vec<Part> {
        let chosen = (0_u32..).zip(self.choices(selected)).filter(|(_, choice)| *choice == Choice::Stop);
        let numbers: Vec<u32> = chosen.map(|(number, _)| number).collect();
        numbers.chunks(most.max(1)).map(|numbers| numbers.iter().copied().collect()).collect()
    }

    /// Chooses for every target, in plan order, for a run of one part: targets of other parts are stopped elsewhere.
    ///
    /// Protection is checked again, but only for the part's own targets.
    pub fn choices_of(&self, part: &Part) -> impl Iterator<Item = Choice> {
        (0_u32..).zip(&self.targets).map(|(number, target)| match part.contains(number) {
            false => Choice::Elsewhere,
            true if self.guards.protects(target).is_some() => Choice::Protected,
            true => Choice::Stop,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::Variables;

    fn plan() -> Plan {
        let names = ["a", "b", "b", "keep", "c", "d"];
        let targets = names.map(|name| format!("  - {{kind: elasticsearch_task, instance_id: {name}}}\n"));
        let text = format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: r}}}}\ndefaults: {{account: a}}\n\
             guards: {{protect: [keep]}}\ntargets:\n{}",
            targets.concat()
        );
        Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan
    }

    #[test]
    fn every_target_to_stop_is_in_one_part() {
        let plan = plan();
        let numbers = |parts: Vec<Part>| parts.iter().map(|part| part.numbers().collect()).collect::<Vec<Vec<_>>>();
        assert_eq!(numbers(plan.parts(|_, _| true, 2)), [vec![0, 1], vec![4, 5]]);
        assert_eq!(numbers(plan.parts(|number, _| number > 1, 2)), [vec![2, 4], vec![5]]);
        assert!(plan.parts(|_, _| false, 2).is_empty());
    }

    #[test]
    fn a_run_of_a_part_stops_its_own_targets_and_nothing_protected() {
        use Choice::{Elsewhere as E, Protected as P, Stop as S};
        let plan = plan();
        assert!(plan.choices_of(&[0, 1].into_iter().collect()).eq([S, S, E, E, E, E]));
        assert!(plan.choices_of(&[3, 4].into_iter().collect()).eq([E, E, E, P, S, E]));
    }

    #[test]
    fn ranges_are_merged_whatever_their_order() {
        let part = Part::from(vec![(7, 9), (1, 3), (2, 4), (5, 5), (9, 10)]);
        assert_eq!(part, [1, 2, 3, 7, 8, 9].into_iter().collect());
        assert_eq!((part.len(), part.is_empty()), (6, false));
        assert!((0..12).all(|number| part.contains(number) == part.numbers().any(|own| own == number)));
        let written = serde_json::to_string(&part).unwrap();
        assert_eq!(written, "[[1,4],[7,10]]");
        assert_eq!(serde_json::from_str::<Part>(&written).unwrap(), part);
    }
}
