//! The ids of targets that state none.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::account::Account;
use super::duplicates::Index;
use super::target::Target;

/// Gives an own id to those targets whose made one is taken; `is_stated` tells whether a target states an id.
///
/// An id is made of the kind and the identifying fields. If a target in another region has it already, `@` and the
/// region are appended; if that is taken, too, or the region is the same, `#2` and so on.
pub(super) fn name(targets: &mut [Target], accounts: &[Account], is_stated: &dyn Fn(&str) -> bool) {
    let mut made = Index::with_capacity(targets.len());
    let mut given: HashSet<Arc<str>> = HashSet::new();
    let mut next: HashMap<String, u32> = HashMap::new();
    for number in 0..u32::try_from(targets.len()).unwrap_or(u32::MAX) {
        let has_made = |other: u32, id: &str| {
            targets.get(other as usize).is_some_and(|other| other.own_id.is_none() && other.made_id() == id)
        };
        let Some(target) = targets.get(number as usize).filter(|target| target.own_id.is_none()) else { continue };
        let id = target.made_id();
        let is_own = |id: &str| is_stated(id) || given.contains(id);
        let first = if is_own(&id) { None } else { Some(made.first(hash(&id), number, |other| has_made(other, &id))) };
        if first == Some(number) {
            continue;
        }
        let region = |number: u32| Some(&*accounts.get(usize::from(targets.get(number as usize)?.account))?.region);
        let elsewhere = region(number).filter(|own| first.and_then(region).is_some_and(|first| first != *own));
        let base = elsewhere.map_or_else(|| id.clone(), |region| format!("{id}@{region}"));
        let is_free = |id: &str| !is_own(id) && !made.has(hash(id), |other| has_made(other, id));
        let chosen = if elsewhere.is_some() && is_free(&base) {
            Arc::<str>::from(base)
        } else {
            let counter = next.entry(base.clone()).or_insert(2);
            loop {
                let candidate = format!("{base}#{counter}");
                *counter += 1;
                if is_free(&candidate) {
                    break Arc::<str>::from(candidate);
                }
            }
        };
        given.insert(Arc::clone(&chosen));
        if let Some(target) = targets.get_mut(number as usize) {
            target.own_id = Some(chosen);
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
