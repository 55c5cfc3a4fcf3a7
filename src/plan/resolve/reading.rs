//! The targets while they are read.

use std::collections::HashMap;
use std::sync::Arc;

use crate::plan::account::Account;
use crate::plan::fields::Fields;
use crate::plan::files::{Files, Line};
use crate::plan::finding::Finding;
use crate::plan::format::{self, DEFAULTS, PLAN, SEEN, TARGET, TargetKeys};
use crate::plan::reader::{Field, Reader};
use crate::plan::seen::{self, Seen};
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
        let selection = self.selection(fields, reader);
        let seen = TARGET.seen.field(fields, reader).and_then(|field| seen(field, reader));
        let shown = seen::labels(selection.as_deref(), seen.as_ref());
        let shown = shown.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned()));
        let under = selection.is_some().then(|| self.labels.over(given.labels, shown));
        let own = TARGET.labels.field(fields, reader);
        let labels = self.labels.of(under.as_ref().unwrap_or(given.labels), own, reader);
        self.targets.push(Target {
            own_id: id.map_or(Some(None), |id| id.map(Some))?,
            kind,
            account: given.account?,
            params: params?,
            labels: labels?,
            stage: self.stage,
            duplicate_of: None,
            selection,
            seen: seen.map(Box::new),
        });
        self.places.push(Place::of(fields.place, given.line));
        Some(())
    }

    /// Reads the selection that found a target, which only reviewed plans say.
    fn selection(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Arc<str>> {
        let field = TARGET.selection.field(fields, reader)?;
        if !self.labels.are_found {
            let title = "`selection` is for reviewed plans, which `allstop plan` writes".to_owned();
            reader.wrong(field.node.span, title, Some("use `labels` to mark targets".into()));
            return None;
        }
        let text = reader.name(field)?;
        // Targets that one selection found follow one another, and share its name.
        let last = self.targets.last().and_then(|target| target.selection.as_ref());
        let same = last.filter(|last| ***last == *text.value);
        Some(same.map_or_else(|| text.value.as_ref().into(), Arc::clone))
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

/// Reads what a listing showed of a target.
fn seen(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Seen> {
    let fields = SEEN.open(field, reader)?;
    Some(format::seen(&fields, reader))
}

/// Returns the keys of a target.
pub(super) fn names(kind: Kind) -> Vec<&'static str> {
    TargetKeys::NAMES.iter().copied().chain(kind.params.iter().map(|param| param.name)).collect()
}
