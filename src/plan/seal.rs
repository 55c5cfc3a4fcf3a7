//! The seal of a reviewed plan: what its accounts and targets were, and what was changed of them since.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::digest::Digest;
use super::model::Plan;
use super::target::Target;

/// So many names of what was changed are shown.
const SHOWN: usize = 5;

/// So many digits of a digest tell one target from a changed one; all digits of all of them are in the seal.
const SHORT: usize = 8;

/// What the accounts and targets of a plan are: their places, kinds and parameters. Limits, retries, guards, labels and
/// what was seen may be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seal {
    /// Over all of it.
    pub(super) sha256: String,
    /// An entry for each account: digits, a blank, and its name.
    pub(super) accounts: Vec<String>,
    /// An entry for each target: digits, a blank, and its id.
    pub(super) targets: Vec<String>,
}

/// What was changed of a reviewed plan.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    added: Vec<String>,
    taken_out: Vec<String>,
    changed: Vec<String>,
    accounts: Vec<String>,
}

impl Seal {
    /// Seals a plan.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut whole = Digest::new("allstop reviewed plan 1");
        let mut accounts: Vec<_> = plan.accounts.iter().collect();
        accounts.sort_by(|one, other| one.name.cmp(&other.name));
        let mut entry = |digest: Digest, name: &str| {
            let digits = digest.finish();
            whole.text(&digits);
            whole.text(name);
            format!("{} {name}", digits.get(..SHORT).unwrap_or(&digits))
        };
        let accounts = accounts.into_iter().map(|account| {
            let mut digest = Digest::new("account");
            digest.account(account);
            entry(digest, &account.name)
        });
        let accounts: Vec<_> = accounts.collect();
        let targets = plan.targets.iter().map(|target| entry(digest(plan, target), &target.id())).collect();
        whole.number(accounts.len());
        Self { sha256: whole.finish(), accounts, targets }
    }

    /// Returns what is different now, of which `self` is the seal; `None` if nothing is.
    pub(super) fn changes(&self, now: &Self) -> Option<Changes> {
        if self.sha256 == now.sha256 {
            return None;
        }
        let (was, is) = (by_name(&self.targets), by_name(&now.targets));
        let lacking = |of: &BTreeMap<&str, &str>, other: &BTreeMap<&str, &str>| {
            of.keys().filter(|name| !other.contains_key(*name)).map(|name| (*name).to_owned()).collect::<Vec<_>>()
        };
        let other = |(name, digits): &(&&str, &&str)| was.get(**name).is_some_and(|before| before != *digits);
        let changed = is.iter().filter(other).map(|(name, _)| (*name).to_owned()).collect();
        let (was_there, is_there): (BTreeSet<_>, BTreeSet<_>) =
            (self.accounts.iter().collect(), now.accounts.iter().collect());
        let accounts: BTreeSet<_> =
            was_there.symmetric_difference(&is_there).map(|entry| name(entry).to_owned()).collect();
        Some(Changes {
            added: lacking(&is, &was),
            taken_out: lacking(&was, &is),
            changed,
            accounts: accounts.into_iter().collect(),
        })
    }
}

/// Digests one target: where it is, what it is, and which selection found it.
fn digest(plan: &Plan, target: &Target) -> Digest {
    let mut digest = Digest::new("target");
    digest.text(&plan.account_of(target).name);
    digest.text(target.kind.name);
    digest.params(target.kind, &target.params);
    digest.optional(target.selection.as_deref());
    digest
}

fn by_name(entries: &[String]) -> BTreeMap<&str, &str> {
    entries.iter().filter_map(|entry| entry.split_once(' ')).map(|(digits, name)| (name, digits)).collect()
}

fn name(entry: &str) -> &str {
    entry.split_once(' ').map_or(entry, |(_, name)| name)
}

impl Changes {
    /// Returns what to do about it.
    pub(super) fn hint(&self) -> &'static str {
        match (self.taken_out.as_slice(), self.added.as_slice()) {
            ([_, ..], []) => {
                "put it back, and leave it out with --skip, or write a smaller one: `allstop plan … --skip … -o FILE`"
            }
            _ => "undo the change, or write a new one with `allstop plan`; nothing was sent",
        }
    }
}

impl fmt::Display for Changes {
    /// Says what was changed: `1 taken out: drs_job:j2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("taken out", &self.taken_out),
            ("added", &self.added),
            ("changed", &self.changed),
            ("of the accounts changed", &self.accounts),
        ];
        let parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
        let mut said: Vec<_> = parts
            .map(|(what, names)| {
                let shown: Vec<_> = names.iter().take(SHOWN).map(String::as_str).collect();
                let more = match names.len().saturating_sub(SHOWN) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!("{} {what}: {}{more}", names.len(), shown.join(", "))
            })
            .collect();
        if said.is_empty() {
            said.push("the order of the targets, or the seal itself".to_owned());
        }
        f.write_str(&said.join("; "))
    }
}
