//! The targets that a run's selections found: written before the first stop, and never looked for again.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::LineFault;
use crate::engine::SelectionRecord;
use crate::plan::{CompletePlan, FoundTargets, Plan, Target};

/// The most targets of one line.
const MOST: usize = 100;

/// Targets that were found, in their order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    /// How many explicit targets of the plan come before them.
    at: u32,
    /// The names of the accounts that the targets refer to by number.
    accounts: Vec<String>,
    targets: Vec<Target>,
}

/// That all targets were found and written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    /// How many targets were found.
    targets: u64,
    /// The SHA-256 over their ids and accounts, in hexadecimal.
    sha256: String,
    /// When the listings ended.
    at: Timestamp,
    /// Which targets of the whole plan are left out, as ranges of their numbers.
    left_out: Vec<String>,
    /// What became of each selection.
    selections: Vec<SelectionRecord>,
}

/// What the journal says of found targets besides the targets.
#[derive(Debug, Clone, Copy)]
pub struct FrozenFacts<'a> {
    /// What became of each selection.
    pub selections: &'a [SelectionRecord],
    /// Which targets of the whole plan are left out, as ranges of their numbers.
    pub left_out: &'a [String],
    /// When the listings ended.
    pub listed_at: Timestamp,
}

/// What the selections of a run found, as its journal has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenTargets {
    /// The names of the accounts that the targets refer to by number.
    accounts: Vec<String>,
    /// The targets, each with the number of explicit targets before it.
    found: Vec<(usize, Target)>,
    /// What became of each selection.
    pub selections: Vec<SelectionRecord>,
    /// Which targets of the whole plan are left out, as ranges of their numbers.
    pub left_out: Vec<String>,
    /// When the listings ended.
    pub listed_at: Timestamp,
}

/// The groups that were read so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    accounts: Vec<String>,
    found: Vec<(usize, Target)>,
    hash: Sha256,
}

impl Group {
    /// Splits the found targets of one place into groups.
    pub(super) fn split<'t>(plan: &Plan, at: u32, targets: &'t [Target]) -> impl Iterator<Item = Self> + use<'t> {
        let accounts: Vec<String> = plan.accounts.iter().map(|account| account.name.clone()).collect();
        targets.chunks(MOST).map(move |targets| Self { at, accounts: accounts.clone(), targets: targets.to_vec() })
    }

    /// Returns its targets.
    pub(super) fn targets(&self) -> &[Target] {
        &self.targets
    }
}

impl Closing {
    /// Closes the found targets, of which there are so many; `hash` has [taken](take) all of them.
    pub(super) fn of((targets, hash): (u64, Sha256), facts: &FrozenFacts<'_>) -> Self {
        let FrozenFacts { selections, left_out, listed_at: at } = *facts;
        let (selections, left_out) = (selections.to_vec(), left_out.to_vec());
        Self { targets, sha256: HEXLOWER.encode(&hash.finalize()), at, left_out, selections }
    }
}

impl Gathered {
    /// Takes in the next group.
    pub(super) fn take(&mut self, group: Group) -> Result<(), LineFault> {
        let Group { at, accounts, targets } = group;
        if self.accounts.is_empty() {
            self.accounts = accounts;
        } else if self.accounts != accounts {
            return Err(LineFault::Meaningless);
        }
        for target in targets {
            let name = self.accounts.get(usize::from(target.account)).ok_or(LineFault::Meaningless)?;
            take(&mut self.hash, &target, name);
            self.found.push((at as usize, target));
        }
        Ok(())
    }

    /// Checks that everything is there.
    pub(super) fn seal(self, seal: Closing) -> Result<FrozenTargets, LineFault> {
        let Self { accounts, found, hash } = self;
        let Closing { targets, sha256, at: listed_at, left_out, selections } = seal;
        if targets != found.len() as u64 || sha256 != HEXLOWER.encode(&hash.finalize()) {
            return Err(LineFault::Meaningless);
        }
        Ok(FrozenTargets { accounts, found, selections, left_out, listed_at })
    }
}

impl FrozenTargets {
    /// Takes what was found, as a journal would have it.
    pub(crate) fn of(found: FoundTargets<'_>, facts: &FrozenFacts<'_>) -> Self {
        let FrozenFacts { selections, left_out, listed_at } = *facts;
        let lists = found.lists().flat_map(|(at, targets)| targets.iter().map(move |target| (at, target.clone())));
        Self {
            accounts: found.plan.accounts.iter().map(|account| account.name.clone()).collect(),
            found: lists.collect(),
            selections: selections.to_vec(),
            left_out: left_out.to_vec(),
            listed_at,
        }
    }

    /// Returns how many targets were found.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.found.len()
    }

    /// Returns the plan with its found targets, each in its place; `None` where the plan has not the accounts that
    /// they were found in.
    #[must_use]
    pub fn complete(self, plan: &Plan) -> Option<CompletePlan> {
        let Self { accounts, mut found, .. } = self;
        let number = |name: &String| plan.accounts.iter().position(|account| account.name == *name);
        let numbers: Vec<Option<u16>> =
            accounts.iter().map(|name| number(name).and_then(|number| u16::try_from(number).ok())).collect();
        for (_, target) in &mut found {
            target.account = numbers.get(usize::from(target.account)).copied().flatten()?;
        }
        Some(plan.with_targets_at(found))
    }
}

/// Adds a target to the hash over all of them.
pub(super) fn take(hash: &mut Sha256, target: &Target, account: &str) {
    let made = target.made_id();
    for text in [account, &made, target.own_id.as_deref().unwrap_or(&made)] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
}
