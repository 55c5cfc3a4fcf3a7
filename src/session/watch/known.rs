//! What the rounds of a watch know of targets: which were stopped, and which of them came back.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::engine::{Outcome, Record, TargetResult};
use crate::plan::{Plan, Target};
use crate::report::{Accepts, Disposition};

/// What is known of the targets of all rounds so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What was stopped and can come back: by account and kind, what a target shares with the one in its place.
    stopped: HashSet<String>,
    /// What the last round that had a row of a target says of it.
    last: HashMap<String, Last>,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    is_stopped: bool,
    is_open: bool,
}

/// What the rows of one round add up to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// The numbers of the targets that came back.
    pub(super) respawned: BTreeSet<u32>,
    /// How many targets were to be stopped.
    pub(super) selected: u64,
    /// How many of these a selection found.
    pub(super) found: u64,
    pub(super) failed: u64,
    pub(super) stopped: u64,
    /// Whether there was nothing to stop.
    pub(super) is_empty: bool,
}

impl Known {
    /// Takes in the rows of a round.
    pub(super) fn take(&mut self, plan: &Plan, record: &Record) -> Counted {
        let mut counted = Counted { is_empty: true, ..Counted::default() };
        let rows = (0_u32..).zip(plan.targets.iter().zip(record.results.iter()));
        let taken = rows.filter(|(_, (_, result))| result.outcome != Outcome::Skipped);
        let taken: Vec<_> = taken.collect();
        for (number, (target, result)) in &taken {
            counted.selected += 1;
            counted.found += u64::from(target.selection.is_some());
            counted.failed += u64::from(matches!(result.outcome, Outcome::Failed | Outcome::Unknown));
            counted.stopped += u64::from(result.outcome == Outcome::Stopped);
            counted.is_empty &= !was_running(target, result);
            if self.came_back(plan, target, result) {
                counted.respawned.insert(*number);
            }
        }
        // Two executions of a flow in one round are no return of each other.
        let accepts = Accepts::from(plan);
        for (_, (target, result)) in taken {
            let is_stopped = result.outcome == Outcome::Stopped;
            let is_open = Disposition::of(result.outcome, result.reason, accepts) == Disposition::Open;
            if is_stopped {
                self.stopped.extend(shared(plan, target));
            }
            self.last.insert(own(plan, target), Last { is_stopped, is_open });
        }
        counted
    }

    /// Returns how many targets are not stopped by the last that is known of them.
    pub(super) fn open(&self) -> u64 {
        self.last.values().filter(|last| last.is_open).count() as u64
    }

    /// Tells whether a target is in the place of one that an earlier round stopped. One that was there and was not stopped
    /// has not come back.
    fn came_back(&self, plan: &Plan, target: &Target, result: &TargetResult) -> bool {
        let has_stayed = self.last.get(&own(plan, target)).is_some_and(|last| !last.is_stopped);
        let is_known = || shared(plan, target).is_some_and(|shared| self.stopped.contains(&shared));
        was_running(target, result) && !has_stayed && is_known()
    }
}

/// Tells whether a target ran when its round began, as far as that is known.
fn was_running(target: &Target, result: &TargetResult) -> bool {
    match result.outcome {
        Outcome::Stopped | Outcome::Accepted => true,
        Outcome::Skipped => false,
        // A listing showed it, whatever came of it.
        Outcome::AlreadyStopped | Outcome::NotFound => target.selection.is_some(),
        Outcome::Failed | Outcome::Unknown | Outcome::WouldStop => true,
    }
}

/// Returns what tells a target apart from all others.
fn own(plan: &Plan, target: &Target) -> String {
    format!("{}\0{}", plan.account_of(target).name, target.made_id())
}

/// Returns what tells the place of a target apart from all others: that of whatever comes back there.
pub(super) fn shared(plan: &Plan, target: &Target) -> Option<String> {
    let place = target.kind.service().lister().comes_back(&target.params)?;
    Some(format!("{}\0{}\0{place}", plan.account_of(target).name, target.kind.name))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::Variables;

    /// Plays rounds of explicit targets with these outcomes; returns the numbers that came back in each.
    fn play(targets: &str, rounds: &[&[Option<Outcome>]]) -> Vec<Vec<u32>> {
        let text = format!(
            "version: 1\naccounts: {{ali: {{cloud: alibaba, region: cn-hangzhou}}, hw: {{cloud: huawei, region: \
             cn-north-4, project_id: p}}}}\ndefaults: {{account: ali}}\ntargets:\n{targets}"
        );
        let plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan;
        let mut known = Known::default();
        let rounds = rounds.iter().map(|outcomes| {
            let result = |outcome: &Option<Outcome>| match outcome {
                Some(outcome) => TargetResult::bare(*outcome, None),
                None => TargetResult::skipped(crate::engine::SkipReason::Filtered),
            };
            let record = Record { results: outcomes.iter().map(result).collect(), ..Record::default() };
            known.take(&plan, &record).respawned.into_iter().collect()
        });
        rounds.collect()
    }

    const FLOWS: &str = "
  - {kind: fnf_execution, flow_name: etl, execution_name: a}
  - {kind: fnf_execution, flow_name: etl, execution_name: b}
  - {kind: fnf_execution, flow_name: other, execution_name: a}
";
    const NONE: Vec<u32> = Vec::new();
    const STOPPED: Option<Outcome> = Some(Outcome::Stopped);
    const FAILED: Option<Outcome> = Some(Outcome::Failed);

    #[test]
    fn another_execution_of_a_flow_that_was_stopped_came_back() {
        let rounds = play(FLOWS, &[&[STOPPED, None, None], &[None, STOPPED, STOPPED]]);
        assert_eq!(rounds, [NONE, vec![1]]);
        assert_eq!(play(FLOWS, &[&[STOPPED, STOPPED, None]]), [NONE], "side by side is no return");
    }

    #[test]
    fn what_was_there_and_was_not_stopped_has_not_come_back() {
        assert_eq!(play(FLOWS, &[&[STOPPED, FAILED, None], &[None, STOPPED, None]]), [NONE, NONE]);
        let already = Some(Outcome::AlreadyStopped);
        assert_eq!(play(FLOWS, &[&[STOPPED, None, None], &[already, None, None]]), [NONE, NONE]);
        assert_eq!(play(FLOWS, &[&[FAILED, None, None], &[None, STOPPED, None]]), [NONE, NONE]);
    }

    #[test]
    fn the_same_flow_of_live_and_instance_come_back_and_jobs_do_not() {
        let targets = "
  - {kind: live_flow, account: hw, flow_id: ec897482-d24b-4d64-aa39-407980902b1d}
  - {kind: elasticsearch_task, instance_id: es-cn-1}
  - {kind: drs_job, account: hw, job_id: j}
";
        let all = &[STOPPED; 3][..];
        assert_eq!(play(targets, &[all, all]), [NONE, vec![0, 1]]);
    }

    #[test]
    fn the_last_that_is_known_counts() {
        let text = format!(
            "version: 1\naccounts: {{ali: {{cloud: alibaba, region: r}}}}\ndefaults: {{account: ali}}\ntargets:\n{FLOWS}"
        );
        let plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan;
        let mut known = Known::default();
        let mut take = |outcomes: [Outcome; 3]| {
            let results = outcomes.into_iter().map(|outcome| TargetResult::bare(outcome, None)).collect();
            known.take(&plan, &Record { results, ..Record::default() });
            known.open()
        };
        assert_eq!(take([Outcome::Stopped, Outcome::Failed, Outcome::Unknown]), 2);
        assert_eq!(take([Outcome::AlreadyStopped, Outcome::Stopped, Outcome::Unknown]), 1);
        assert_eq!(take([Outcome::AlreadyStopped; 3]), 0);
    }
}
