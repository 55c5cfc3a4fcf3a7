//! From the tree to the plan: every key is checked, every problem is kept, and nothing is guessed.

use super::fields::Fields;
use super::files::Files;
use super::finding::Finding;
use super::format::{PLAN, PlanKeys};
use super::model::Plan;
use super::reader::{Field, Reader};
use super::secret_text;
use super::source::PlanInput;
use super::tree::{Content, Node, Span};
use reading::Reading;

mod account;
mod accounts;
mod address;
mod bulk;
mod calendars;
mod credentials;
mod doubt;
mod draft;
mod endpoint;
mod identity;
mod idle;
mod labels;
mod notify;
mod only_for;
mod owner;
mod param;
mod places;
mod reading;
mod regions;
mod reviewed;
mod select;
mod stages;
mod target;

/// Reads the whole plan, and the files that it names.
pub(super) fn plan(
    tree: &Node<'_>,
    source: PlanInput<'_>,
    files: &mut Files<'_>,
    reader: &mut Reader<'_>,
) -> Option<Plan> {
    secret_text::refuse(tree, &mut reader.found);
    let root = Field { name: "the plan", node: tree };
    let fields = reader.fields(root, "the plan", PlanKeys::NAMES)?;
    if let Some(place) = empty(&fields) {
        let finding =
            Finding::error(place, "this plan has no targets: nothing ran when it was written, or not all was listed");
        reader.found.push(finding.hint("write it again with `allstop discover` or `allstop plan`; no run takes it"));
        return None;
    }
    if fields.get(PLAN.version.name).is_some() {
        PLAN.version.read(&fields, reader);
    } else if !fields.is_mistyped(PLAN.version.name) {
        let finding = Finding::error(fields.place, "missing `version`");
        reader.found.push(finding.hint("add `version: 1` as the first line"));
    }
    let name = PLAN.name.read(&fields, reader);
    let accounts = account::accounts(&fields, files.directory(), reader);
    let limits = PLAN.limits.read(&fields, reader).unwrap_or_default();
    let retry = PLAN.retry.read(&fields, reader).unwrap_or_default();
    let verify = PLAN.verify.read(&fields, reader).unwrap_or_default();
    let mut guards = PLAN.guards.read(&fields, reader).unwrap_or_default();
    calendars::read(&fields, &mut guards, files, reader);
    let notify = notify::notifications(&fields, files.directory(), reader);
    let review = reviewed::read(&fields, reader);
    let mut reading = Reading::new(&fields, &accounts, reader);
    target::targets(&fields, &mut reading, files, reader);
    let stages = stages::stages(&fields, &mut reading, files, reader);
    if let Some(review) = &review {
        reviewed::selections(review, &mut reading, files, reader);
    }
    let (targets, selects) = reading.finish(&accounts.list, files, reader);
    // What a reviewed plan protects was left out when it was written.
    if !reader.found.has_errors() && files.errors.is_empty() && review.is_none() {
        idle::warn(&fields, &guards, (&targets, &selects), reader);
    }
    let name = name.unwrap_or_else(|| source.name());
    let accounts = accounts.list;
    let (path, sha256, shard) = (source.path().to_owned(), files.sha256(), None);
    let reviewed = None;
    let mut plan = Plan {
        name,
        path,
        sha256,
        accounts,
        limits,
        retry,
        verify,
        guards,
        notify,
        stages,
        targets,
        selects,
        reviewed,
        shard,
    };
    if let Some(review) = review {
        reviewed::finish(review, &mut plan, reader);
    }
    Some(plan)
}

/// Returns where a plan says that it has no targets and nothing else, as the one that stands in place of an empty list.
fn empty(plan: &Fields<'_, '_>) -> Option<Span> {
    let targets = plan.get(PLAN.targets.name)?;
    let is_empty = matches!(targets.node.content(), Content::Sequence(items) if items.is_empty());
    (is_empty && plan.get(PLAN.accounts.name).is_none()).then_some(targets.node.span)
}
