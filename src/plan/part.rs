//! A part of a plan as a plan of its own: without what it does not need.

use std::collections::HashSet;

use super::model::Plan;
use super::target::Target;

impl Plan {
    /// Returns the plan with only those targets that `keep` says, by number, and without the accounts and stages that
    /// have none of them; `stays` says which accounts stay all the same. The ids of targets do not change.
    ///
    /// A target that stands for one that names the same resource is kept as if that were not there.
    #[must_use]
    pub fn part(&self, keep: impl Fn(usize) -> bool, stays: impl Fn(u16) -> bool) -> Self {
        let kept = self.targets.iter().enumerate().filter(|(number, _)| keep(*number)).map(|(_, target)| target);
        let mut plan = Self { targets: kept.cloned().collect(), ..self.without_targets() };
        plan.targets.iter_mut().for_each(|target| target.duplicate_of = None);
        let accounts: HashSet<u16> = plan.targets.iter().map(|target| target.account).collect();
        let used = |number: u16| accounts.contains(&number) || stays(number);
        let used: Vec<bool> = (0..).take(self.accounts.len()).map(used).collect();
        let number = |account: u16| number(&used, account);
        plan.accounts =
            self.accounts.iter().zip(&used).filter(|(_, used)| **used).map(|(account, _)| account).cloned().collect();
        let stages: HashSet<u16> = plan.targets.iter().filter_map(|target| target.stage).collect();
        let staged: Vec<bool> = (0..).take(self.stages.len()).map(|stage| stages.contains(&stage)).collect();
        plan.stages =
            self.stages.iter().zip(&staged).filter(|(_, used)| **used).map(|(stage, _)| stage).cloned().collect();
        for Target { account, stage, .. } in &mut plan.targets {
            *account = number(*account);
            *stage = stage.map(|stage| self::number(&staged, stage));
        }
        for select in &mut plan.selects {
            select.accounts = select
                .accounts
                .iter()
                .filter(|account| is_true(&used, **account))
                .map(|account| number(*account))
                .collect();
        }
        plan.selects.retain(|select| !select.accounts.is_empty());
        plan
    }

    /// Returns everything of the plan but its targets.
    fn without_targets(&self) -> Self {
        Self {
            name: self.name.clone(),
            path: self.path.clone(),
            sha256: self.sha256.clone(),
            accounts: Vec::new(),
            limits: self.limits.clone(),
            retry: self.retry,
            verify: self.verify,
            guards: self.guards.clone(),
            notify: self.notify.clone(),
            stages: Vec::new(),
            targets: Vec::new(),
            selects: self.selects.clone(),
            reviewed: self.reviewed.clone(),
            shard: self.shard,
        }
    }
}

fn is_true(flags: &[bool], number: u16) -> bool {
    flags.get(usize::from(number)).is_some_and(|flag| *flag)
}

/// Returns the new number of something of which those before it are kept that the flags say.
fn number(kept: &[bool], old: u16) -> u16 {
    let before = kept.iter().take(usize::from(old)).filter(|kept| **kept).count();
    u16::try_from(before).unwrap_or(u16::MAX)
}
