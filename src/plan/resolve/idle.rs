//! Warns of patterns that protect nothing: probably mistakes. They can be found only once all targets are known.

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{GUARDS, PLAN};
use crate::plan::guards::Guards;
use crate::plan::near;
use crate::plan::reader::{Reader, Text};
use crate::plan::select::Select;
use crate::plan::target::{TAG, Target};

/// What a pattern is matched with, for somebody whose pattern matches nothing.
const NO_MATCH: &str = "a pattern is matched with the whole of an id, an identifying field or `label=value`";

/// Warns of patterns of `guards.protect` that match no target, and of those that match nothing a plan can find.
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
    let idle = guards.protect.idle(targets);
    if idle.is_empty() {
        return;
    }
    let texts = texts(plan, reader);
    for number in idle {
        let (Some(text), Some(pattern)) = (texts.get(number), guards.protect.texts().get(number)) else { continue };
        let advice = near::miss(pattern, targets).unwrap_or_else(|| NO_MATCH.to_owned());
        reader.found.push(Finding::warning(text.span, format!("{text} protects no target of the plan")).hint(advice));
    }
}

/// Warns of patterns of tags where a kind that is selected has none.
fn without_tags(plan: &Fields<'_, '_>, guards: &Guards, selects: &[Select], reader: &mut Reader<'_>) {
    if !guards.protect.texts().iter().any(|pattern| pattern.starts_with(TAG)) {
        return;
    }
    let texts = texts(plan, reader);
    for text in texts.iter().filter(|text| text.value.starts_with(TAG)) {
        for select in selects {
            // The same warning at one place is given only once, however many entries select the kind.
            if let Err(why) = select.kind.service().lister().selectable().tags {
                let title = format!("{text} protects no {}: {why}", select.kind);
                reader.found.push(Finding::warning(text.span, title).hint("protect them by their names"));
            }
        }
    }
}

/// Returns the patterns of `guards.protect` with their places. Their errors were reported when they were read.
fn texts<'t>(plan: &Fields<'t, '_>, reader: &Reader<'_>) -> Vec<Text<'t>> {
    let texts = reader.unsaid(|quiet| {
        let guards = GUARDS.open(PLAN.guards.field(plan, quiet)?, quiet)?;
        let protect = GUARDS.protect.field(&guards, quiet)?;
        let items: Vec<_> = quiet.list(protect)?.collect();
        Some(items.into_iter().filter_map(|item| quiet.name(item)).collect())
    });
    texts.unwrap_or_default()
}
