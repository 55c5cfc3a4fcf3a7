//! Reads `reviewed`, and checks the seal.

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{self, PLAN, REVIEWED};
use crate::plan::model::Plan;
use crate::plan::reader::{Field, Reader};
use crate::plan::reviewed::Reviewed;
use crate::plan::seal::Seal;
use crate::plan::tree::Span;

/// The section `reviewed` while the rest of its plan is read.
pub(super) struct Reading {
    reviewed: Reviewed,
    seal: Seal,
    place: Span,
}

/// Reads the section; `None` where there is none, or where it is wrong.
pub(super) fn read(plan: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Reading> {
    let field = PLAN.reviewed.field(plan, reader)?;
    let fields = REVIEWED.open(field, reader)?;
    let reviewed = format::reviewed(&fields, reader);
    let accounts = REVIEWED.sealed_accounts.field(&fields, reader).and_then(|field| texts(field, reader));
    let targets = REVIEWED.sealed_targets.field(&fields, reader).and_then(|field| texts(field, reader));
    let reviewed = reviewed?;
    if let Some(place) = fields.key(REVIEWED.expires_at.name).filter(|_| reviewed.is_too_long()) {
        let finding = Finding::error(place, "`expires_at` is more than 30 days after `listed_at`");
        reader.found.push(finding.hint("list again: `allstop plan`"));
    }
    let place = fields.key(REVIEWED.sha256.name).unwrap_or(fields.place);
    let seal = Seal { sha256: reviewed.sha256.clone(), accounts: accounts?, targets: targets? };
    Some(Reading { reviewed, seal, place })
}

/// Checks that accounts and targets are as they were reviewed, and returns what was.
pub(super) fn finish(reading: Reading, plan: &Plan, reader: &mut Reader<'_>) -> Reviewed {
    // What is wrong in a plan hides what was changed in it.
    if !reader.found.has_errors()
        && let Some(changes) = reading.seal.changes(&Seal::of(plan))
    {
        let title = format!("this reviewed plan was changed by hand: {changes}");
        reader.found.push(Finding::error(reading.place, title).hint(changes.hint()));
    }
    reading.reviewed
}

fn texts(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let items: Vec<_> = reader.list(field)?.collect();
    items.into_iter().map(|item| Some(reader.text(item)?.value.into_owned())).collect()
}
