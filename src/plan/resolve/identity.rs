//! Gives every target its id, and finds those that name the same resource.

use std::collections::HashMap;
use std::sync::Arc;

use crate::plan::finding::Finding;
use crate::plan::model::Target;
use crate::plan::reader::Reader;
use crate::plan::tree::Span;

/// Fills in the ids that the plan does not state, and who is a duplicate of whom.
///
/// An id is made of the kind and the identifying fields; where that is taken already, `#2` and so on is put behind.
pub(super) fn settle(
    targets: &mut [Target],
    places: &[Span],
    stated: HashMap<Arc<str>, Span>,
    reader: &mut Reader<'_>,
) {
    let duplicates = duplicates(targets);
    let mut taken: HashMap<Arc<str>, u32> = stated.into_keys().map(|id| (id, 2)).collect();
    for (index, (target, first)) in targets.iter_mut().zip(duplicates).enumerate() {
        if target.own_id.is_none() {
            target.own_id = unused(target.made_id(), &mut taken);
        }
        let Some(first) = first else { continue };
        target.duplicate_of = u32::try_from(first).ok();
        if let (Some(place), Some(first)) = (places.get(index), places.get(first)) {
            reader.found.push(
                Finding::warning(*place, "this target names the same resource as an earlier one")
                    .label("named again")
                    .related(*first, "named first")
                    .hint("the resource is stopped once; in the report, this target only refers to the earlier one"),
            );
        }
    }
}

/// Returns for every target the first one that names the same resource, if that is another one.
fn duplicates(targets: &[Target]) -> Vec<Option<usize>> {
    let mut first: HashMap<(&str, u16, Vec<&str>), usize> = HashMap::with_capacity(targets.len());

    let mut duplicates = Vec::with_capacity(targets.len());
    for (index, target) in targets.iter().enumerate() {
        let identity = target.params.identity(target.kind.params()).collect();
        let earliest = *first.entry((target.kind.name(), target.account, identity)).or_insert(index);
        duplicates.push((earliest != index).then_some(earliest));
    }
    duplicates
}

/// Takes `id`, or the first of `id#2`, `id#3`… that nobody has, and returns it where it is not `id` itself.
fn unused(id: String, taken: &mut HashMap<Arc<str>, u32>) -> Option<Arc<str>> {
    let made: Arc<str> = id.into();
    let mut chosen = Arc::clone(&made);
    while taken.contains_key(&chosen) {
        let next = taken.entry(Arc::clone(&made)).or_insert(2);
        chosen = format!("{made}#{next}").into();
        *next += 1;
    }
    taken.insert(Arc::clone(&chosen), 2);
    (chosen != made).then_some(chosen)
}
