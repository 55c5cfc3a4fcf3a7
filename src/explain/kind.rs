//! The kinds of targets.

use super::entry::Entry;
use super::topic::Topic;
use crate::service::{Kind, Param};

fn entry(kind: Kind) -> Entry {
    let lasting = kind.lasting.map(|lasting| format!("stopping one cannot be undone: {lasting}"));
    let details = kind.params.iter().map(|param| (param.name, param.about.into())).collect();
    Entry {
        treatment: lasting,
        advice: Some(format!("`allstop init --kind {kind}` writes a plan with one; {}", kind.permission)),
        details,
        ..Entry::new(Topic::Kind, kind.name, kind.title, None)
    }
}

/// A parameter of a kind, which is a key of its targets.
fn parameter(kind: Kind, param: &'static Param) -> Entry {
    let treatment = if param.identifying { "required" } else { "optional" };
    Entry {
        owner: Some(kind.name),
        treatment: Some(treatment.to_owned()),
        ..Entry::new(Topic::Key, param.name, param.about, None)
    }
}

pub(super) fn entries() -> Vec<Entry> {
    Kind::all().iter().map(|kind| entry(*kind)).collect()
}

pub(super) fn parameters() -> Vec<Entry> {
    let of = |kind: &Kind| kind.params.iter().map(|param| parameter(*kind, param)).collect::<Vec<_>>();
    Kind::all().iter().flat_map(of).collect()
}

/// Returns the place of a key with `KIND` for the kind in it, as in `limits.per_kind.KIND.rate`; nothing if it has none.
pub(super) fn generic(place: &str) -> Option<String> {
    let is_kind = |part: &&str| Kind::all().iter().any(|kind| kind.name.eq_ignore_ascii_case(part));
    let kind = place.split('.').skip(1).find(is_kind)?;
    Some(place.replacen(kind, "KIND", 1))
}
