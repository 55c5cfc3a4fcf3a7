//! The targets that a run's selections found: written before the first stop, and never looked for again.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::LineFault;
use crate::engine::SelectionRecord;
use crate::plan::{Plan, Target};

/// The most targets of one line.
const MOST: usize = 100;

/// Targets that one selection found, in their order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    /// The number of the selection in the plan, from 0.
    select: u32,
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
    /// What became of each selection.
    selections: Arc<[SelectionRecord]>,
}

/// What the selections of a run found, as its journal has it.
#[derive(Debug, Clone, PartialEq)]
pub struct FrozenTargets {
    /// The names of the accounts that the targets refer to by number.
    accounts: Vec<String>,
    /// The targets of each selection, in their order.
    found: Vec<Vec<Target>>,
    /// What became of each selection.
    pub selections: Vec<SelectionRecord>,
    /// When the listings ended.
    pub listed_at: Timestamp,
}

/// The groups that were read so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    accounts: Vec<String>,
    found: Vec<Vec<Target>>,
    hash: Sha256,
    count: u64,
}

impl Group {
    /// Splits the targets of one selection into groups.
    pub(super) fn split<'t>(plan: &Plan, select: u32, targets: &'t [Target]) -> impl Iterator<Item = Self> + use<'t> {
        let accounts: Vec<String> = plan.accounts.iter().map(|account| account.name.clone()).collect();
        targets.chunks(MOST).map(move |targets| Self { select, accounts: accounts.clone(), targets: targets.to_vec() })
    }
}

impl Closing {
    /// Makes the seal of all targets.
    pub(super) fn of(plan: &Plan, found: &[Vec<Target>], selections: Arc<[SelectionRecord]>, at: Timestamp) -> Self {
        let (mut hash, mut targets) = (Sha256::new(), 0);
        for target in found.iter().flatten() {
            take(&mut hash, target, &plan.account_of(target).name);
            targets += 1;
        }
        Self { targets, sha256: HEXLOWER.encode(&hash.finalize()), at, selections }
    }
}

impl Gathered {
    /// Takes in the next group.
    pub(super) fn take(&mut self, group: Group) -> Result<(), LineFault> {
        let Group { select, accounts, targets } = group;
        if self.accounts.is_empty() {
            self.accounts = accounts;
        } else if self.accounts != accounts {
            return Err(LineFault::Meaningless);
        }
        let select = select as usize;
        if select >= self.found.len() {
            self.found.resize_with(select + 1, Vec::new);
        }
        for target in &targets {
            let name = self.accounts.get(usize::from(target.account)).ok_or(LineFault::Meaningless)?;
            take(&mut self.hash, target, name);
        }
        self.count += targets.len() as u64;
        self.found[select].extend(targets);
        Ok(())
    }

    /// Checks that everything is there.
    pub(super) fn seal(self, seal: Closing) -> Result<FrozenTargets, LineFault> {
        let Self { accounts, mut found, hash, count } = self;
        let Closing { targets, sha256, at: listed_at, selections } = seal;
        if targets != count || sha256 != HEXLOWER.encode(&hash.finalize()) {
            return Err(LineFault::Meaningless);
        }
        found.resize_with(found.len().max(selections.len()), Vec::new);
        Ok(FrozenTargets { accounts, found, selections: selections.to_vec(), listed_at })
    }
}

impl FrozenTargets {
    /// Returns how many targets were found.
    #[must_use]
    pub fn count(&self) -> usize {
        self.found.iter().map(Vec::len).sum()
    }

    /// Returns the plan with its found targets, each in its place; `None` where the plan has not the accounts and
    /// selections that the targets were found with.
    #[must_use]
    pub fn complete(self, plan: &Plan) -> Option<Plan> {
        let Self { accounts, mut found, .. } = self;
        if found.len() != plan.selects.len() {
            return None;
        }
        let number = |name: &String| plan.accounts.iter().position(|account| account.name == *name);
        let numbers: Vec<Option<u16>> =
            accounts.iter().map(|name| number(name).and_then(|number| u16::try_from(number).ok())).collect();
        for target in found.iter_mut().flatten() {
            target.account = numbers.get(usize::from(target.account)).copied().flatten()?;
        }
        Some(plan.with_found(found))
    }
}

fn take(hash: &mut Sha256, target: &Target, account: &str) {
    for text in [account, &target.made_id(), &target.id()] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
}
