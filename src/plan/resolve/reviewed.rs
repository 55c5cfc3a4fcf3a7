//! Reads `reviewed`, and checks the seal.

use std::sync::Arc;

use crate::plan::fields::Fields;
use crate::plan::files::Files;
use crate::plan::finding::Finding;
use crate::plan::format::{self, PLAN, REVIEWED};
use crate::plan::model::Plan;
use crate::plan::reader::{Field, Reader};
use crate::plan::reviewed::Reviewed;
use crate::plan::seal::Seal;
use crate::plan::tree::Span;

use super::reading::Reading;
use super::{select, target};

/// The section `reviewed` while the rest of its plan is read.
pub(super) struct Review<'t, 's> {
    reviewed: Reviewed,
    seal: Seal,
    place: Span,
    selections: Option<Field<'t, 's>>,
}

/// Reads the section; `None` where there is none, or where it is wrong.
pub(super) fn read<'t, 's>(plan: &Fields<'t, 's>, reader: &mut Reader<'_>) -> Option<Review<'t, 's>> {
    let field = PLAN.reviewed.field(plan, reader)?;
    let fields = REVIEWED.open(field, reader)?;
    let reviewed = format::reviewed(&fields, reader);
    let accounts = REVIEWED.sealed_accounts.field(&fields, reader).and_then(|field| texts(field, reader));
    let targets = REVIEWED.sealed_targets.field(&fields, reader).and_then(|field| texts(field, reader));
    let selections = REVIEWED.selections.field(&fields, reader);
    let reviewed = reviewed?;
    if let Some(place) = fields.key(REVIEWED.expires_at.name).filter(|_| reviewed.is_too_long()) {
        let finding = Finding::error(place, "`expires_at` is more than 30 days after `listed_at`");
        reader.found.push(finding.hint("list again: `allstop plan`"));
    }
    let place = fields.key(REVIEWED.sha256.name).unwrap_or(fields.place);
    let seal = Seal { sha256: reviewed.sha256.clone(), accounts: accounts?, targets: targets? };
    Some(Review { reviewed, seal, place, selections })
}

/// Reads the selections of the plan that was reviewed. The plan itself has none: it never becomes larger.
pub(super) fn selections(
    review: &Review<'_, '_>,
    reading: &mut Reading<'_>,
    files: &Files<'_>,
    reader: &mut Reader<'_>,
) {
    if !reading.drafts.is_empty() {
        let finding =
            Finding::error(review.place, "this reviewed plan was changed by hand: an entry with `select` was added");
        reader.found.push(finding.hint("write a new one with `allstop plan`; nothing was sent"));
        reading.drafts.clear();
    }
    reading.leave_stages();
    let items: Vec<_> = review.selections.and_then(|field| reader.list(field)).into_iter().flatten().collect();
    for item in items {
        let field = Field { name: "a target", ..item };
        let kind = reader.entries(field).and_then(|entries| target::kind(field, entries, reader));
        if let Some(kind) = kind {
            select::read(reading, (kind, field), files, reader);
        }
    }
}

/// Checks that accounts and targets are as they were reviewed. The plan's selections are those to list again.
pub(super) fn finish(review: Review<'_, '_>, plan: &mut Plan, reader: &mut Reader<'_>) {
    // What is wrong in a plan hides what was changed in it.
    if !reader.found.has_errors()
        && let Some(changes) = review.seal.changes(&Seal::of(plan))
    {
        let title = format!("this reviewed plan was changed by hand: {changes}");
        reader.found.push(Finding::error(review.place, title).hint(changes.hint()));
    }
    let selects = std::mem::take(&mut plan.selects);
    plan.reviewed = Some(Arc::new(Reviewed { selects, ..review.reviewed }));
}

fn texts(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let items: Vec<_> = reader.list(field)?.collect();
    items.into_iter().map(|item| Some(reader.text(item)?.value.into_owned())).collect()
}
