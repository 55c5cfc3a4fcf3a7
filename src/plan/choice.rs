//! Which of a plan's targets a run is to stop: one rule for selected, duplicate and protected targets.

use std::collections::HashSet;

use super::model::Plan;
use super::target::Target;

/// What a run is to do about a target, known before anything is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Stop it.
    Stop,
    /// Nothing: it is not selected.
    Unselected,
    /// Nothing: another shard of the plan stops it.
    Elsewhere,
    /// Nothing: another selected target names the same resource and represents it.
    Duplicate,
    /// Nothing: a pattern protects its resource.
    Protected,
}

impl Plan {
    /// Chooses for every target, in plan order; `selected` is given each target's number and the target.
    ///
    /// The first of the selected targets that name one resource represents it, even if the plan's first one is not
    /// selected. A resource is protected when a pattern matches any of the targets that name it, selected or not.
    pub fn choices(&self, selected: impl Fn(usize, &Target) -> bool) -> impl Iterator<Item = Choice> {
        let guarded = self.guarded();
        let mut stood_for = HashSet::new();
        (0_u32..).zip(&self.targets).map(move |(number, target)| {
            if !selected(number as usize, target) {
                return Choice::Unselected;
            }
            if let Some(first) = target.duplicate_of {
                let is_selected = |original| selected(first as usize, original);
                if self.targets.get(first as usize).is_some_and(is_selected) || !stood_for.insert(first) {
                    return Choice::Duplicate;
                }
            }
            let resource = target.duplicate_of.unwrap_or(number);
            let is_protected = guarded.contains(&resource) || self.guards.protects(target).is_some();
            match self.shard {
                _ if is_protected => Choice::Protected,
                Some(shard) if !shard.takes(target) => Choice::Elsewhere,
                Some(_) | None => Choice::Stop,
            }
        })
    }

    /// Returns the first targets of the resources that several targets name, one of them protected.
    fn guarded(&self) -> HashSet<u32> {
        let protects = |target: &Target| self.guards.protects(target).is_some();
        let repeated = self.targets.iter().filter_map(|target| Some((target.duplicate_of?, target)));
        repeated
            .filter(|(first, target)| protects(target) || self.targets.get(*first as usize).is_some_and(protects))
            .map(|(first, _)| first)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::Variables;

    /// Three targets that name one resource, and one that names another.
    fn plan(protect: &str) -> Plan {
        let text = format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou}}}}\ndefaults: {{account: a}}\n\
             guards: {{protect: [{protect}]}}\ntargets:\n\
             \x20 - {{id: one, kind: elasticsearch_task, instance_id: es-1}}\n\
             \x20 - {{id: two, kind: elasticsearch_task, instance_id: es-1}}\n\
             \x20 - {{id: three, kind: elasticsearch_task, instance_id: es-1}}\n\
             \x20 - {{id: other, kind: elasticsearch_task, instance_id: es-2}}\n"
        );
        Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan
    }

    fn choices(protect: &str, selected: &[&str]) -> Vec<Choice> {
        plan(protect).choices(|_, target| selected.contains(&&*target.id())).collect()
    }

    #[test]
    fn one_selected_target_stands_for_each_resource() {
        use Choice::{Duplicate as D, Stop as S, Unselected as U};
        for (selected, expected) in [
            (&["one", "two", "three", "other"][..], [S, D, D, S]),
            (&["two", "three", "other"], [U, S, D, S]),
            (&["three"], [U, U, S, U]),
            (&["one", "three"], [S, U, D, U]),
            (&[], [U, U, U, U]),
        ] {
            assert_eq!(choices("", selected), expected, "{selected:?}");
        }
    }

    #[test]
    fn a_pattern_protects_the_resource_under_all_its_names() {
        use Choice::{Duplicate as D, Protected as P, Stop as S, Unselected as U};
        assert_eq!(choices("three", &["one", "two", "three", "other"]), [P, D, D, S]);
        assert_eq!(choices("one", &["two", "three", "other"]), [U, P, D, S]);
        assert_eq!(choices("three", &["one", "other"]), [P, U, U, S]);
    }
}
