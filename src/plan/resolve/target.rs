//! Reads `defaults` and `targets`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::plan::fields::Fields;
use crate::plan::files::{Files, Line};
use crate::plan::finding::Finding;
use crate::plan::format;
use crate::plan::model::{Labels, Target};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest;
use crate::plan::tree::Entry;
use crate::service::Kind;

use super::labels::LabelSets;
use super::owner::Owners;
use super::place::Place;
use super::{Accounts, bulk, identity, param, unsupported};

/// The targets while they are read.
pub(super) struct Reading<'t> {
    pub(super) owners: Owners<'t>,
    pub(super) labels: LabelSets,
    /// The labels that every target gets.
    pub(super) default_labels: Labels,
    /// The ids that the plan and its files state, and where.
    ids: HashMap<Arc<str>, Place>,
    targets: Vec<Target>,
    /// Where each of them stands.
    places: Vec<Place>,
    /// The plan's text.
    plan: &'t str,
}

/// What a target gets from around it.
pub(super) struct Given<'g> {
    /// Its account; `None` where that is missing, which was said.
    pub(super) account: Option<u16>,
    /// The labels that it has unless it says otherwise.
    pub(super) labels: &'g Labels,
    /// Its line in a file that the plan names.
    pub(super) line: Option<Line>,
}

/// Reads all targets; those with a problem are left out.
pub(super) fn targets(
    plan: &Fields<'_, '_>,
    accounts: &Accounts<'_>,
    files: &mut Files,
    reader: &mut Reader<'_>,
) -> Vec<Target> {
    let mut reading = Reading::new(plan, accounts, reader);
    let Some(field) = plan.require("targets", reader) else { return Vec::new() };
    let Some(items) = reader.list(field) else { return Vec::new() };
    let mut is_empty = true;
    for item in items {
        is_empty = false;
        reading.item(Field { name: "a target", ..item }, files, reader);
    }
    if is_empty {
        let finding = Finding::error(field.node.span, "`targets` lists no target, so there is nothing to stop");
        reader.found.push(finding);
    }
    let Reading { mut targets, places, ids, .. } = reading;
    identity::settle(&mut targets, &places, &ids, &accounts.list, (files, reader));
    targets
}

impl<'t> Reading<'t> {
    fn new<'v: 't>(plan: &Fields<'_, '_>, accounts: &'t Accounts<'t>, reader: &mut Reader<'v>) -> Self {
        let defaults =
            plan.get("defaults").and_then(|field| reader.fields(field, "`defaults`", &format::DEFAULTS.names()));
        let mut labels = LabelSets::default();
        let own = defaults.as_ref().and_then(|defaults| defaults.get("labels"));
        let default_labels = labels.of(&Labels::default(), own, reader).unwrap_or_default();
        let owners = Owners::new(accounts, defaults.as_ref().and_then(|defaults| defaults.get("account")), reader);
        let (ids, targets, places) = (HashMap::new(), Vec::new(), Vec::new());
        Self { owners, labels, default_labels, ids, targets, places, plan: reader.source }
    }

    /// Reads one entry of the list: a target, or the name of a file of targets.
    fn item(&mut self, field: Field<'_, '_>, files: &mut Files, reader: &mut Reader<'_>) -> Option<()> {
        let entries = reader.entries(field)?;
        let kind = kind(field, entries, reader)?;
        if let Some(entry) = entries.iter().find(|entry| entry.name() == "select") {
            unsupported(reader, entry.key.span, "`select`", "list the targets in the plan itself");
            return None;
        }
        if entries.iter().any(|entry| entry.name() == "from") {
            return bulk::read(self, (kind, field), files, reader);
        }
        let fields = reader.fields(field, kind.name(), &keys(kind))?;
        let account = match fields.get("account") {
            Some(field) => self.owners.named(kind, field, reader),
            None => match self.owners.default(kind, fields.place) {
                Ok(number) => Some(number),
                // Where a mistyped key was probably meant to name the account, that was said.
                Err(finding) => {
                    let unsaid = finding.filter(|_| !fields.is_mistyped("account"));
                    unsaid.into_iter().for_each(|finding| reader.found.push(finding));
                    None
                }
            },
        };
        let labels = Arc::clone(&self.default_labels);
        self.target((kind, &fields), &Given { account, labels: &labels, line: None }, files, reader)
    }

    /// Reads a target, whose keys are known to be those of its kind.
    pub(super) fn target(
        &mut self,
        (kind, fields): (Kind, &Fields<'_, '_>),
        given: &Given<'_>,
        files: &Files,
        reader: &mut Reader<'_>,
    ) -> Option<()> {
        let params = param::params(kind, fields, reader);
        let id = fields.get("id").map(|field| self.id(field, given.line, files, reader));
        let labels = self.labels.of(given.labels, fields.get("labels"), reader);
        self.targets.push(Target {
            own_id: id.map_or(Some(None), |id| id.map(Some))?,
            kind,
            account: given.account?,
            params: params?,
            labels: labels?,
            duplicate_of: None,
        });
        self.places.push(Place::of(fields.place, given.line));
        Some(())
    }

    /// Reads a stated id, which no other target may state.
    fn id(
        &mut self,
        field: Field<'_, '_>,
        line: Option<Line>,
        files: &Files,
        reader: &mut Reader<'_>,
    ) -> Option<Arc<str>> {
        let text = reader.name(field)?;
        let id: Arc<str> = text.value.as_ref().into();
        let Some(first) = self.ids.get(&id) else {
            self.ids.insert(Arc::clone(&id), Place::of(text.span, line));
            return Some(id);
        };
        let finding = Finding::error(text.span, format!("the id {text} is given to two targets")).label("given again");
        reader.found.push(match (first, line) {
            (Place::Plan(span), None) => finding.related(*span, "first given here"),
            // Once no more errors are shown, nobody reads where the first one is.
            _ if files.errors.is_full() => finding,
            _ => finding.hint(format!("it is first given at {}", first.name(self.plan, files))),
        });
        None
    }
}

/// Returns the keys of a target.
pub(super) fn keys(kind: Kind) -> Vec<&'static str> {
    format::TARGET.names().into_iter().chain(kind.params().iter().map(|param| param.name)).collect()
}

/// Reads a target's kind, which says what other keys it takes.
fn kind(field: Field<'_, '_>, entries: &[Entry<'_>], reader: &mut Reader<'_>) -> Option<Kind> {
    let names = Kind::all().iter().map(|kind| kind.name());
    let Some(entry) = entries.iter().find(|entry| entry.name() == "kind") else {
        let finding = Finding::error(field.node.span, "a target needs `kind`");
        reader.found.push(finding.maybe_hint(suggest::hint("", names)));
        return None;
    };
    let text = reader.name(Field { name: "kind", node: &entry.value })?;
    let kind = Kind::named(&text.value);
    if kind.is_none() {
        reader.wrong(text.span, format!("{text} is not a kind of target"), suggest::hint(&text.value, names));
    }
    kind
}
