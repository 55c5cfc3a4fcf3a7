//! Reads `stages`, and the targets of each.

use std::collections::HashMap;

use crate::plan::fields::Fields;
use crate::plan::files::Files;
use crate::plan::finding::Finding;
use crate::plan::format::{self, DEFAULTS, PLAN, STAGE, StageKeys};
use crate::plan::reader::{Field, Reader};
use crate::plan::stage::{self, Stage};
use crate::plan::suggest::quote;
use crate::plan::tree::Span;

use super::labels;
use super::reading::Reading;
use super::target;

/// Reads all stages; the targets of each become the next ones of `reading`.
pub(super) fn stages(
    plan: &Fields<'_, '_>,
    reading: &mut Reading<'_>,
    files: &mut Files<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Stage> {
    let Some(field) = PLAN.stages.field(plan, reader) else { return Vec::new() };
    refuse_both(plan, reader);
    refuse_default_label(plan, reader);
    let Some(items) = reader.list(field) else { return Vec::new() };
    let (mut stages, mut names) = (Vec::new(), HashMap::new());
    let mut is_empty = true;
    for item in items {
        is_empty = false;
        let field = Field { name: "a stage", ..item };
        stages.extend(one(field, (&mut names, stages.len()), reading, files, reader));
    }
    if is_empty {
        reader.found.push(Finding::error(field.node.span, "`stages` is empty"));
    }
    stages
}

/// Reads one stage; of one with a problem the targets are read all the same, to report what is wrong in them.
fn one(
    field: Field<'_, '_>,
    (names, number): (&mut HashMap<String, Span>, usize),
    reading: &mut Reading<'_>,
    files: &mut Files<'_>,
    reader: &mut Reader<'_>,
) -> Option<Stage> {
    let fields = reader.fields(field, "a stage", StageKeys::NAMES)?;
    let stage = format::stage(&fields, reader);
    if let (Some(stage), Some(name)) = (&stage, fields.get(STAGE.name.name)) {
        unique(&stage.name, name.node.span, names, reader);
    }
    let number = u16::try_from(number).ok();
    if number.is_none() {
        reader.found.push(Finding::error(field.node.span, "a plan has at most 65,536 stages"));
    }
    reading.enter_stage(number.unwrap_or(u16::MAX), stage.as_ref().map_or("", |stage| &stage.name));
    if let Some(targets) = STAGE.targets.field(&fields, reader) {
        target::list(reading, targets, files, reader);
    }
    stage
}

fn unique(name: &str, place: Span, names: &mut HashMap<String, Span>, reader: &mut Reader<'_>) {
    let Some(first) = names.get(name) else {
        names.insert(name.to_owned(), place);
        return;
    };
    let finding = Finding::error(place, format!("duplicate stage {}", quote(name))).label("duplicate");
    reader.found.push(finding.related(*first, "first defined here"));
}

/// Refuses `targets` beside `stages`.
fn refuse_both(plan: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    if let (Some(stages), Some(targets)) = (plan.key(PLAN.stages.name), plan.key(PLAN.targets.name)) {
        let finding = Finding::error(stages, "a plan has `targets` or `stages`, not both");
        reader.found.push(finding.related(targets, "`targets` is here").hint("put these targets into a stage"));
    }
}

/// Refuses a default value of the label that says a target's stage.
fn refuse_default_label(plan: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    let place = reader.unsaid(|quiet| {
        let defaults = DEFAULTS.open(PLAN.defaults.field(plan, quiet)?, quiet)?;
        let labels = DEFAULTS.labels.field(&defaults, quiet)?;
        let labels = quiet.entries(labels)?;
        labels.iter().find(|entry| entry.name() == stage::LABEL).map(|entry| entry.key.span)
    });
    place.into_iter().for_each(|place| reader.found.push(labels::taken(place)));
}

#[cfg(test)]
mod tests;
