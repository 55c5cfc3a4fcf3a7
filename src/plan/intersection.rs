//! What still matches of a reviewed plan. Pure rules: a target that was reviewed and matches is stopped, nothing else is.

use std::collections::{HashMap, HashSet};

use super::model::Plan;
use super::target::Target;
use crate::service::{Kind, Start};

/// What became of a reviewed target when its plan was listed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It matches, or it is no target that a selection found.
    Stays,
    /// It does not match any more. The listing shows this state, if it shows the resource at all.
    Stale(Option<Box<str>>),
    /// What would show it could not be listed.
    Unknown,
}

/// A reviewed plan, listed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intersection {
    /// What became of each target of the plan, by number.
    pub fates: Vec<Fate>,
    /// The ids of what matches now, was not reviewed, and is not protected.
    pub unreviewed: Vec<String>,
}

/// What tells the resources of one plan apart.
type Key<'t> = (u16, &'static str, Vec<&'t str>);

fn key(target: &Target) -> Key<'_> {
    (target.account, target.kind.name, target.params.identity(target.kind.params).collect())
}

impl Plan {
    /// Compares a reviewed plan with what its selections found now, which is of the same accounts. `spared` is what they
    /// show and do not take; `failed` tells whether something of a kind in an account could not be listed.
    #[must_use]
    pub fn intersection<'t>(
        &self,
        found: impl IntoIterator<Item = &'t Target>,
        spared: impl IntoIterator<Item = &'t Target>,
        failed: impl Fn(Kind, u16) -> bool,
    ) -> Intersection {
        let reviewed: HashSet<Key<'_>> = self.targets.iter().map(key).collect();
        let (mut matching, mut unreviewed): (HashMap<Key<'_>, &Target>, Vec<&Target>) = (HashMap::new(), Vec::new());
        for target in found {
            let is_new = matching.insert(key(target), target).is_none();
            if is_new && !reviewed.contains(&key(target)) && self.guards.protects(target).is_none() {
                unreviewed.push(target);
            }
        }
        let spared: HashMap<Key<'_>, &Target> = spared.into_iter().map(|target| (key(target), target)).collect();
        let fate = |target: &Target| {
            if target.selection.is_none() {
                return Fate::Stays;
            }
            match (matching.get(&key(target)), spared.get(&key(target))) {
                // A tag or a name that protects it may have come since.
                (Some(now), _) if runs_another(target, now) || self.guards.protects(now).is_some() => {
                    Fate::Stale(state(now))
                }
                (Some(_), _) => Fate::Stays,
                (None, Some(now)) => Fate::Stale(state(now)),
                (None, None) if failed(target.kind, target.account) => Fate::Unknown,
                (None, None) => Fate::Stale(None),
            }
        };
        Intersection {
            fates: self.targets.iter().map(fate).collect(),
            unreviewed: unreviewed.into_iter().map(|target| target.id().into_owned()).collect(),
        }
    }

    /// Returns the kinds of its found targets of which no listing can tell whether they were started again.
    #[must_use]
    pub fn kinds_without_start(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = Vec::new();
        for target in self.targets.iter().filter(|target| target.selection.is_some()) {
            let start = target.kind.service().lister().selectable().start;
            if matches!(start, Start::Unknown(_)) && !kinds.contains(&target.kind) {
                kinds.push(target.kind);
            }
        }
        kinds
    }
}

/// Tells whether a name stands for something that began at another time: an instance's name is no change's.
fn runs_another(then: &Target, now: &Target) -> bool {
    let since = |target: &'_ Target| target.seen.as_ref().and_then(|seen| seen.since.clone());
    let is_exact = now.kind.service().lister().selectable().start == Start::Exact;
    is_exact && since(then).zip(since(now)).is_some_and(|(then, now)| then != now)
}

fn state(target: &Target) -> Option<Box<str>> {
    target.seen.as_ref().and_then(|seen| seen.state.clone())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::Variables;

    fn plan(targets: &str) -> Plan {
        let text = format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: r}}, h: {{cloud: huawei, region: r, project_id: p}}}}\n\
             guards: {{protect: [\"*golden*\"]}}\ntargets:\n{targets}"
        );
        let mut plan = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan;
        for target in plan.targets.iter_mut().filter(|target| target.seen.is_some()) {
            target.selection = Some("s".into());
        }
        plan
    }

    fn job(id: &str, state: &str) -> String {
        format!("  - {{kind: drs_job, account: h, job_id: {id}, seen: {{state: {state}}}}}\n")
    }

    #[test]
    fn the_list_of_wednesday_on_friday() {
        let explicit = "  - {kind: drs_job, account: h, job_id: own}\n";
        let reviewed = plan(&format!(
            "{}{}{}{}{explicit}",
            job("j1", "RUN"),
            job("j2", "RUN"),
            job("j3", "RUN"),
            job("j5", "RUN")
        ));
        let found = plan(&format!("{}{}{}", job("j1", "RUN"), job("j4", "RUN"), job("golden-1", "RUN")));
        let spared = plan(&format!("{}{}", job("j2", "RUN"), job("j3", "DONE")));
        let listed = reviewed.intersection(&found.targets, &spared.targets, |_, _| false);
        let stale = |state: &str| Fate::Stale(Some(state.into()));
        assert_eq!(listed.fates, [Fate::Stays, stale("RUN"), stale("DONE"), Fate::Stale(None), Fate::Stays]);
        assert_eq!(listed.unreviewed, ["drs_job:j4"]);
    }

    #[test]
    fn what_was_protected_since_is_left_alone() {
        let reviewed = plan(&format!("{}{}", job("j1", "RUN"), job("j2", "RUN")));
        let mut found = plan(&format!("{}{}", job("j1", "RUN"), job("j2", "RUN")));
        found.targets[1].labels = std::sync::Arc::new([("name".to_owned(), "a-golden-one".to_owned())].into());
        let fates = reviewed.intersection(&found.targets, [], |_, _| false).fates;
        assert_eq!(fates, [Fate::Stays, Fate::Stale(Some("RUN".into()))]);
    }

    #[test]
    fn what_could_not_be_listed_is_not_gone() {
        let reviewed = plan(&format!("{}{}", job("j1", "RUN"), job("j2", "RUN")));
        let spared = plan(&job("j2", "DONE"));
        let listed = reviewed.intersection([], &spared.targets, |kind, account| (kind.name, account) == ("drs_job", 1));
        assert_eq!(listed.fates, [Fate::Unknown, Fate::Stale(Some("DONE".into()))]);
    }

    #[test]
    fn another_change_of_the_same_instance_is_another_thing() {
        let change = |since: &str| {
            format!(
                "  - {{kind: elasticsearch_task, account: a, instance_id: es, seen: {{state: activating{since}}}}}\n"
            )
        };
        let [first, second, unknown] =
            [", since: '1732240800000'", ", since: '1732244400000'", ""].map(|since| plan(&change(since)));
        let fate = |then: &Plan, now: &Plan| then.intersection(&now.targets, [], |_, _| false).fates;
        assert_eq!(fate(&first, &first), [Fate::Stays]);
        assert_eq!(fate(&first, &second), [Fate::Stale(Some("activating".into()))]);
        assert_eq!(fate(&first, &unknown), [Fate::Stays]);
        assert_eq!(fate(&unknown, &second), [Fate::Stays]);
    }
}
