//! The targets while they are read.

use std::collections::HashMap;
use std::sync::Arc;

use crate::plan::account::Account;
use crate::plan::fields::Fields;
use crate::plan::files::{Files, Line};
use crate::plan::finding::Finding;
use crate::plan::format::{DEFAULTS, PLAN, TARGET, TargetKeys, seen};
use crate::plan::reader::{Field, Reader};
use crate::plan::seen::{Seen, labels};
use crate::plan::select::Select;
use crate::plan::target::{Labels, Target};
use crate::service::Kind;

use super::accounts::Accounts;
use super::draft::{self, Draft};
use super::identity::{self, Place};
use super::labels::LabelSets;
use super::owner::Owners;
use super::param;

/// The targets while they are read.
pub(super) struct Reading<'t> {
    pub(super) owners: Owners<'t>,
    pub(super) labels: LabelSets,
    /// The labels that every target gets; in a stage, its name is among them.
    pub(super) default_labels: Labels,
    /// The stage whose targets are read.
    stage: Option<u16>,
    /// The ids that the plan and its files state, and where.
    ids: HashMap<Arc<str>, Place>,
    targets: Vec<Target>,
    /// The entries that select.
    pub(super) drafts: Vec<Draft>,
    /// The place of each.
    places: Vec<Place>,
    /// The plan's text.
    plan: &'t str,
}

/// What a target gets from its surroundings.
pub(super) struct Given<'g> {
    /// Its account; `None` if that is missing, which was reported.
    pub(super) account: Option<u16>,
    /// The labels under its own.
    pub(super) labels: &'g Labels,
    /// Its line in a file that the plan names.
    pub(super) line: Option<Line>,
}

impl<'t> Reading<'t> {
    pub(super) fn new<'v: 't>(plan: &Fields<'_, '_>, accounts: &'t Accounts<'t>, reader: &mut Reader<'v>) -> Self {
        let defaults = PLAN.defaults.field(plan, reader).and_then(|field| DEFAULTS.open(field, reader));
        let is_reviewed = plan.get(PLAN.reviewed.name).is_some();
        let mut labels = LabelSets::default();
        labels.are_found = is_reviewed;
        let own = defaults.as_ref().and_then(|defaults| DEFAULTS.labels.field(defaults, reader));
        let default_labels = labels.of(&Labels::default(), own, reader).unwrap_or_default();
        let account = defaults.as_ref().and_then(|defaults| DEFAULTS.account.field(defaults, reader));
        let owners = Owners::new(accounts, account, reader);
        let (ids, targets, drafts, places) = (HashMap::new(), Vec::new(), Vec::new(), Vec::new());
        Self { owners, labels, default_labels, stage: None, ids, targets, drafts, places, plan: reader.source }
    }

    /// Begins the targets of a stage: from now on every target is one of its targets.
    pub(super) fn enter_stage(&mut self, number: u16, name: &str) {
        self.stage = Some(number);
        self.default_labels = self.labels.of_stage(&self.default_labels, name);
    }

    /// Ends the targets of stages.
    pub(super) const fn leave_stages(&mut self) {
        self.stage = None;
    }

    /// Returns the stage whose targets are read.
    pub(super) const fn stage(&self) -> Option<u16> {
        self.stage
    }

    /// Returns how many targets were read so far.
    pub(super) fn position(&self) -> u32 {
        u32::try_from(self.targets.len()).unwrap_or(u32::MAX)
    }

    /// Reads a target, whose keys are known to be those of its kind.
    pub(super) fn target(
        &mut self,
        (kind, fields): (Kind, &Fields<'_, '_>),
        given: &Given<'_>,
        files: &Files<'_>,
        reader: &mut Reader<'_>,
    ) -> Option<()> {
        let params = param::params(kind, fields, reader);
        let id = TARGET.id.field(fields, reader).map(|field| self.id(field, given.line, files, reader));
        let selection = match TARGET.selection.field(fields, reader) {
            Some(_) => TARGET.selection.read(fields, reader).map(|name| Some(self.selection(&name))),
            None => Some(None),
        };
        let seen = match TARGET.seen.field(fields, reader) {
            Some(field) => seen(field, reader).map(|seen| Some(Box::new(seen))),
            None => Some(None),
        };
        let found = self.found_labels(given.labels, selection.as_ref(), seen.as_ref());
        let own = TARGET.labels.field(fields, reader);
        let labels = self.labels.of(found.as_ref().unwrap_or(given.labels), own, reader);
        self.targets.push(Target {
            own_id: id.map_or(Some(None), |id| id.map(Some))?,
            kind,
            account: given.account?,
            params: params?,
            labels: labels?,
            stage: self.stage,
            duplicate_of: None,
            selection: selection?,
            seen: seen?,
        });
        self.places.push(Place::of(fields.place, given.line));
        Some(())
    }

    /// Returns the labels under a target's own ones, if it was found and reviewed.
    fn found_labels(
        &mut self,
        given: &Labels,
        selection: Option<&Option<Arc<str>>>,
        seen: Option<&Option<Box<Seen>>>,
    ) -> Option<Labels> {
        let selection = selection?.as_deref().filter(|_| self.labels.are_found)?;
        let shown = labels(Some(selection), seen.and_then(Option::as_deref));
        Some(self.labels.over(given, shown.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned()))))
    }

    /// Returns the name of a selection; the targets of one share it.
    fn selection(&self, name: &str) -> Arc<str> {
        let last = self.targets.last().and_then(|target| target.selection.as_ref());
        last.filter(|last| ***last == *name).map_or_else(|| name.into(), Arc::clone)
    }

    /// Reads a stated id, which no other target or selection may state.
    pub(super) fn id(
        &mut self,
        field: Field<'_, '_>,
        line: Option<Line>,
        files: &Files<'_>,
        reader: &mut Reader<'_>,
    ) -> Option<Arc<str>> {
        let text = reader.name(field)?;
        let id: Arc<str> = text.value.as_ref().into();
        let Some(first) = self.ids.get(&id) else {
            self.ids.insert(Arc::clone(&id), Place::of(text.span, line));
            return Some(id);
        };
        let finding = Finding::error(text.span, format!("duplicate id {text}")).label("duplicate");
        reader.found.push(match (first, line) {
            (Place::Plan(span), None) => finding.related(*span, "first defined here"),
            // No more errors are shown, so the first place is not needed.
            _ if files.errors.is_full() => finding,
            _ => finding.hint(format!("first defined at {}", first.name(self.plan, files))),
        });
        None
    }

    /// Gives every target and selection its id and finds duplicates; returns the targets and the selections.
    pub(super) fn finish(
        self,
        accounts: &[Account],
        files: &mut Files<'_>,
        reader: &mut Reader<'_>,
    ) -> (Vec<Target>, Vec<Select>) {
        let Self { mut targets, drafts, places, ids, .. } = self;
        identity::settle(&mut targets, &places, &ids, accounts, (files, reader));
        (targets, draft::name(drafts, |id| ids.contains_key(id)))
    }
}

/// Returns the keys of a target.
pub(super) fn names(kind: Kind) -> Vec<&'static str> {
    TargetKeys::NAMES.iter().copied().chain(kind.params.iter().map(|param| param.name)).collect()
}
