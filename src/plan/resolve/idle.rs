//! Warns of patterns that protect nothing: probably mistakes. They can be found only once all targets are known.

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{GUARDS, PLAN};
use crate::plan::guards::Guards;
use crate::plan::near;
use crate::plan::pattern::Patterns;
use crate::plan::reader::Reader;
use crate::plan::select::Select;
use crate::plan::suggest::quote;
use crate::plan::target::{TAG, Target};
use crate::plan::tree::Span;

/// What a pattern is matched with, for somebody whose pattern matches nothing.
const NO_MATCH: &str = "a pattern is matched with the whole of an id, an identifying field or `label=value`";

/// Warns of patterns that protect and match no target, and of those that match nothing a plan can find.
pub(super) fn warn(
    plan: &Fields<'_, '_>,
    guards: &Guards,
    (targets, selects): (&[Target], &[Select]),
    reader: &mut Reader<'_>,
) {
    if !selects.is_empty() {
        // What is found is not known yet.
        without_tags(plan, guards, selects, reader);
        return;
    }
    for (patterns, places) in guards.protecting().into_iter().zip(places(plan, reader)) {
        for number in patterns.idle(targets) {
            let (Some(place), Some(pattern)) = (places.get(number), patterns.texts().get(number)) else { continue };
            let advice = near::miss(pattern, targets).unwrap_or_else(|| NO_MATCH.to_owned());
            let title = format!("{} protects no target of the plan", place.shown);
            reader.found.push(Finding::warning(place.span, title).hint(advice));
        }
    }
}

/// Warns of patterns of tags where a kind that is selected has none.
fn without_tags(plan: &Fields<'_, '_>, guards: &Guards, selects: &[Select], reader: &mut Reader<'_>) {
    if !guards.protecting().into_iter().flat_map(Patterns::texts).any(|pattern| pattern.starts_with(TAG)) {
        return;
    }
    for place in places(plan, reader).iter().flatten().filter(|place| place.pattern.starts_with(TAG)) {
        for select in selects {
            // The same warning at one place is given only once, however many entries select the kind.
            if let Err(why) = select.kind.service().lister().selectable().tags {
                let title = format!("{} protects no {}: {why}", place.shown, select.kind);
                reader.found.push(Finding::warning(place.span, title).hint("protect them by their names"));
            }
        }
    }
}

/// A pattern as it is written.
struct Place {
    span: Span,
    pattern: String,
    shown: String,
}

/// Returns the patterns of `guards.protect` and `guards.protect_until` with their places. Their errors were reported when
/// they were read.
fn places(plan: &Fields<'_, '_>, reader: &Reader<'_>) -> [Vec<Place>; 2] {
    let places = reader.unsaid(|quiet| {
        let guards = GUARDS.open(PLAN.guards.field(plan, quiet)?, quiet)?;
        let protect = GUARDS.protect.field(&guards, quiet);
        let items: Vec<_> = protect.and_then(|field| quiet.list(field)).into_iter().flatten().collect();
        let items = items.into_iter().filter_map(|item| {
            let text = quiet.name(item)?;
            Some(Place { span: text.span, shown: text.to_string(), pattern: text.value.into_owned() })
        });
        let items = items.collect();
        let until = GUARDS.protect_until.field(&guards, quiet);
        let keys = until.and_then(|field| quiet.entries(field)).unwrap_or_default().iter().map(|entry| {
            let pattern = entry.name().to_owned();
            Place { span: entry.key.span, shown: quote(&pattern), pattern }
        });
        Some([items, keys.collect()])
    });
    places.unwrap_or_default()
}
