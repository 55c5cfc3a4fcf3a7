//! Variables that configure a source and are not used.

use super::machine::Machine;
use super::variables::Set;
use super::{alibaba, huawei};
use crate::provider::Cloud;

/// Returns a note for each source of the account's cloud that variables configure, wholly or in part, and that is not
/// the one in use.
pub(super) fn notes(machine: &Machine<'_>, used: &[String]) -> Vec<String> {
    let sets: &[Set] = match machine.account.cloud {
        Cloud::Alibaba => &alibaba::SETS,
        Cloud::Huawei => &huawei::SETS,
    };
    let is_used = |name: &str| used.iter().any(|used| used == name);
    let unused = sets.iter().filter(|set| !set.iter().copied().flatten().any(|name| is_used(name)));
    unused.filter_map(|set| note(machine, set)).collect()
}

fn note(machine: &Machine<'_>, set: Set) -> Option<String> {
    let is_set = |name: &&str| machine.value(name).is_some();
    let there: Vec<&str> = set.iter().copied().flatten().copied().filter(is_set).collect();
    let missing: Vec<String> = set
        .iter()
        .filter(|names| !names.iter().any(|name| is_set(name)))
        .map(|names| format!("no {}", names.join(" or ")))
        .collect();
    match (there.as_slice(), missing.as_slice()) {
        ([], _) => None,
        (there, []) => Some(format!("also set, not used: {}", there.join(", "))),
        (there, missing) => {
            Some(format!("also set, not used: {} (incomplete: {})", there.join(", "), missing.join(", ")))
        }
    }
}
