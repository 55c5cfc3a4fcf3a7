//! Gives every target its id, and finds those that name the same resource.

use std::collections::HashMap;

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
    stated: HashMap<Box<str>, Span>,
    reader: &mut Reader<'_>,
) {
    let duplicates = duplicates(targets);
    let mut taken: HashMap<Box<str>, u32> = stated.into_keys().map(|id| (id, 2)).collect();
    for (index, (target, first)) in targets.iter_mut().zip(duplicates).enumerate() {
        if target.id.is_empty() {
            target.id = unused(made_id(target), &mut taken);
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

fn made_id(target: &Target) -> String {
    let identity: Vec<_> = target.params.identity(target.kind.params()).collect();
    format!("{}:{}", target.kind, identity.join("/"))
}

/// Returns `id`, or the first of `id#2`, `id#3`… that nobody has, and takes it.
fn unused(id: String, taken: &mut HashMap<Box<str>, u32>) -> Box<str> {
    let mut chosen: Box<str> = id.as_str().into();
    while taken.contains_key(&chosen) {
        let next = taken.entry(id.as_str().into()).or_insert(2);
        chosen = format!("{id}#{next}").into();
        *next += 1;
    }
    taken.insert(chosen.clone(), 2);
    chosen
}
