//! Warns of patterns that protect nothing: probably mistakes. They can be found only once all targets are known.

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{GUARDS, PLAN};
use crate::plan::guards::Guards;
use crate::plan::near;
use crate::plan::reader::Reader;
use crate::plan::target::Target;

/// What a pattern is matched with, for somebody whose pattern matches nothing.
const NO_MATCH: &str = "a pattern is matched with the whole of an id, an identifying field or `label=value`";

/// Warns of patterns of `guards.protect` that match no target.
pub(super) fn warn(plan: &Fields<'_, '_>, guards: &Guards, targets: &[Target], reader: &mut Reader<'_>) {
    let idle = guards.protect.idle(targets);
    if idle.is_empty() {
        return;
    }
    // The errors of the patterns were reported when they were read.
    let texts: Vec<_> = reader
        .unsaid(|quiet| {
            let guards = GUARDS.open(PLAN.guards.field(plan, quiet)?, quiet)?;
            let protect = GUARDS.protect.field(&guards, quiet)?;
            let items: Vec<_> = quiet.list(protect)?.collect();
            Some(items.into_iter().filter_map(|item| quiet.name(item)).collect())
        })
        .unwrap_or_default();
    for number in idle {
        let (Some(text), Some(pattern)) = (texts.get(number), guards.protect.texts().get(number)) else { continue };
        let advice = near::miss(pattern, targets).unwrap_or_else(|| NO_MATCH.to_owned());
        reader.found.push(Finding::warning(text.span, format!("{text} protects no target of the plan")).hint(advice));
    }
}
