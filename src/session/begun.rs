//! A session: everything that is known of a run before its files are opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::{Run, SkipReason};
use crate::journal::{self, Header};
use crate::plan::Plan;
use crate::report::Destination;

use super::context::Context;
use super::error::SessionError;
use super::header;
use super::journal_mode::{JournalMode, Opened};
use super::left_out::LeftOut;
use super::options::{BeginOptions, SessionOptions};
use super::place;
use super::plan::SelectedPlan;

/// A run that is prepared, and neither confirmed nor begun.
pub struct Session {
    pub(super) context: Context,
    pub(super) plan: Arc<Plan>,
    /// The file that the plan was read from, where it is one.
    pub(super) path: Option<PathBuf>,
    /// The files that the plan names.
    pub(super) files: Vec<PathBuf>,
    /// The names of the variables that were set.
    pub(super) set: Vec<String>,
    pub(super) left_out: LeftOut,
    pub(super) report: Destination,
    /// The id of the run whose open targets this one takes up.
    pub(super) retry_of: Option<String>,
    pub(super) journal: JournalMode,
    pub(super) begin: BeginOptions,
    pub(super) options: SessionOptions,
}

impl Session {
    /// Prepares a new run of a plan.
    #[must_use]
    pub fn begin(selected: SelectedPlan, begin: BeginOptions, options: SessionOptions, context: &Context) -> Self {
        let loaded = &selected.loaded;
        let report = place::report_of_run(loaded.path.as_deref(), loaded.plan.shard, begin.ending());
        Self::new(selected, Destination::File(report), begin, options, context)
    }

    /// Prepares a new run whose report goes to `report` unless the options name another place.
    pub(super) fn new(
        selected: SelectedPlan,
        report: Destination,
        begin: BeginOptions,
        options: SessionOptions,
        context: &Context,
    ) -> Self {
        let SelectedPlan { mut loaded, left_out } = selected;
        options.apply(&mut loaded.plan);
        let report = begin.report.clone().unwrap_or(report);
        let journal = match &begin.journal {
            _ if begin.dry_run || (begin.rehearsal.is_some() && begin.journal.is_none()) => JournalMode::None,
            Some(path) => JournalMode::New(path.clone()),
            None => JournalMode::New(place::journal_of_run(&report, loaded.path.as_deref())),
        };
        Self {
            context: context.clone(),
            plan: Arc::new(loaded.plan),
            path: loaded.path,
            files: loaded.files,
            set: loaded.set,
            left_out,
            report,
            retry_of: None,
            journal,
            begin,
            options,
        }
    }

    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns where the report and its exports go.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        std::iter::once(&self.report).chain(self.options.exports.iter().map(|export| &export.to))
    }

    /// Refuses to write two things to one place, or over what the run reads.
    pub(super) fn refuse_loss(&self) -> Result<(), SessionError> {
        let journal = self.journal.path().map(|path| ("--journal", Destination::File(path.to_owned())));
        let exports = self.options.exports.iter().map(|export| (export.option, export.to.clone()));
        let mut places: Vec<(&str, Destination)> = Vec::new();
        for (option, place) in [("--report", self.report.clone())].into_iter().chain(journal).chain(exports) {
            if let Some(input) = self.path.iter().chain(&self.files).find(|input| place.replaces(input)) {
                let message = format!("{option} would overwrite {}, which is an input of the run", input.display());
                return Err(SessionError::input(message, "name another file; nothing was sent"));
            }
            if option != "--journal" {
                place::refuse_journal(option, &place)?;
            }
            if let Some((other, _)) = places.iter().find(|(_, other)| other.is_same_as(&place)) {
                let shown = place.path().map_or("standard output".into(), Path::to_string_lossy);
                let message = format!("{other} and {option} both write to {shown}");
                return Err(SessionError::input(message, "name different files; nothing was sent"));
            }
            places.push((option, place));
        }
        Ok(())
    }

    /// Builds the run as the options want it; it opens its journal when nothing refuses it any more.
    pub(super) fn run(&mut self) -> (Run, Opened) {
        let run = Run::new(Arc::clone(&self.plan))
            .reason(self.begin.reason.clone())
            .leave_out(self.left_out.numbered())
            .deadline(self.options.deadline)
            .dry_run(self.begin.dry_run);
        let journal = std::mem::replace(&mut self.journal, JournalMode::None);
        let ui = Arc::clone(&self.context.ui);
        let kept = move |path: &Path| ui.note(&format!("kept the journal of an unfinished run: {}", path.display()));
        journal.open(run, |run| self.header(run), kept)
    }

    fn header(&self, run: &Run) -> Header {
        let now = self.context.now();
        Header {
            mode: if self.begin.rehearsal.is_some() { journal::Mode::Rehearsal } else { journal::Mode::Live },
            reason: self.begin.reason.clone(),
            report: self.report.path().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
            set: self.set.clone(),
            options: header::options(&self.plan, &self.left_out, &self.options, now),
            ..Header::new(&self.plan, run.run_id(), now)
        }
    }

    /// Returns why each target is skipped in a run that has nothing to stop.
    pub(super) fn skips(&self) -> impl Iterator<Item = SkipReason> {
        let choices = self.left_out.choices(&self.plan).enumerate();
        choices.map(|(number, choice)| self.left_out.skip(number, choice).unwrap_or(SkipReason::Filtered))
    }
}
