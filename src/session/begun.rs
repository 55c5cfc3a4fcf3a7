//! A session: everything that is known of a run before its files are opened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;

use crate::base::clock::{Clock, SystemClock};
use crate::engine::{Journal, Keyring, KnownAccount, ResumeState, Run, new_id};
use crate::journal::{self, Header, OpenError, Reopened, Writer};
use crate::plan::Plan;
use crate::report::{Destination, Format, RunMode};

use super::context::Context;
use super::error::SessionError;
use super::header;
use super::listed::{BegunJournal, Listed};
use super::listed_again::ListedAgain;
use super::options::{BeginOptions, SessionOptions};
use super::place;
use super::plan::SelectedPlan;
use super::question;
use super::round::Round;
use super::trace::Trace;

/// The journal of a run, once nothing refuses the run any more.
pub(super) type Opened = Arc<OnceLock<Arc<Writer>>>;

/// A run that is prepared, and neither confirmed nor begun.
pub struct Session {
    /// The id of the run.
    pub(super) id: String,
    pub(super) context: Context,
    pub(super) selected: SelectedPlan,
    pub(super) report: Destination,
    /// The id of the run whose open targets this one takes up.
    pub(super) retry_of: Option<String>,
    /// Where the journal is or will be. A run that changes nothing that could be lost has none.
    pub(super) journal: Option<PathBuf>,
    /// What the selections of the plan found.
    pub(super) listed: Option<Box<Listed>>,
    /// What became of a reviewed plan that was listed again.
    pub(super) listed_again: Option<Box<ListedAgain>>,
    /// What an earlier part of the run has done, and its journal.
    pub(super) resumed: Option<Box<(ResumeState, Reopened)>>,
    pub(super) begin: BeginOptions,
    pub(super) options: SessionOptions,
    /// What it knows as one round of a watch.
    pub(super) round: Round,
    /// The keys of its accounts, once they have signed in.
    pub(super) keyring: Option<Arc<Keyring>>,
    /// The trace of the run, once it is [ready](Self::ready).
    pub(super) trace: Trace,
    /// Which accounts of the cloud the run that it retries had, by name.
    pub(super) retried_accounts: BTreeMap<String, KnownAccount>,
}

impl Session {
    /// Prepares a new run of a plan.
    #[must_use]
    pub fn begin(selected: SelectedPlan, begin: BeginOptions, options: SessionOptions, context: &Context) -> Self {
        let report = place::report_of_run(selected.path.as_deref(), selected.plan.shard, begin.ending());
        Self::new(selected, Destination::File(report), begin, options, context)
    }

    /// Prepares a new run whose report goes to `report` unless the options name another place.
    pub(super) fn new(
        mut selected: SelectedPlan,
        report: Destination,
        begin: BeginOptions,
        options: SessionOptions,
        context: &Context,
    ) -> Self {
        options.apply(Arc::make_mut(&mut selected.plan));
        let report = begin.report.clone().unwrap_or(report);
        let is_journaled = !begin.dry_run && (begin.rehearsal.is_none() || begin.journal.is_some());
        let journal = begin.journal.clone().unwrap_or_else(|| place::journal_of_run(&report, selected.path.as_deref()));
        Self {
            id: begin.id.clone().unwrap_or_else(|| new_id(context.now())),
            context: context.clone(),
            selected,
            report,
            retry_of: None,
            journal: is_journaled.then_some(journal),
            listed: None,
            listed_again: None,
            resumed: None,
            begin,
            options,
            round: Round::default(),
            keyring: None,
            trace: Trace::default(),
            retried_accounts: BTreeMap::new(),
        }
    }

    /// Returns where the report, its exports and the metrics go.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let exports = self.options.exports.iter().map(|(_, to)| to);
        std::iter::once(&self.report).chain(exports).chain(&self.options.metrics)
    }

    /// Returns what the run is for.
    pub(super) const fn mode(&self) -> RunMode {
        match (self.begin.dry_run, &self.begin.rehearsal) {
            (true, _) => RunMode::DryRun,
            (false, Some(_)) => RunMode::Rehearsal,
            (false, None) => RunMode::Live,
        }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.selected.plan
    }

    /// Returns what the run has done before.
    pub(super) fn past(&self) -> Option<&ResumeState> {
        self.resumed.as_ref().map(|resumed| &resumed.0)
    }

    /// Returns which accounts of the cloud an earlier part of the run had, or the run that it retries, by name.
    pub(super) fn known_accounts(&self) -> &BTreeMap<String, KnownAccount> {
        self.past().map_or(&self.retried_accounts, |past| &past.accounts)
    }

    /// Tells whether the command of the session can run against the simulator instead. The simulator does not know what a
    /// resumed run has done so far.
    pub(super) fn can_rehearse(&self) -> bool {
        self.past().is_none() && !self.begin.elsewhere
    }

    /// Takes over the projects that an earlier part of the run has looked up.
    pub(super) fn recall_projects(&mut self) {
        let known = self.known_accounts().clone();
        for account in &mut Arc::make_mut(&mut self.selected.plan).accounts {
            account.found_project = known.get(&account.name).and_then(|known| known.project_id.clone());
        }
    }

    /// Refuses to write two things to one place, or over what the run reads.
    pub(super) fn refuse_loss(&self) -> Result<(), SessionError> {
        let journal = self.journal.clone().map(|path| ("--journal", Destination::File(path)));
        let exports = self.options.exports.iter().map(|(format, to)| (option(*format), to.clone()));
        let metrics = self.options.metrics.clone().map(|to| ("--metrics", to));
        let mut places: Vec<(&str, Destination)> = Vec::new();
        for (option, place) in
            [("--report", self.report.clone())].into_iter().chain(journal).chain(exports).chain(metrics)
        {
            if let Some(input) =
                self.selected.path.iter().chain(&self.selected.files).find(|input| place.replaces(input))
            {
                let message = format!("{option} would overwrite {}, which is an input of the run", input.display());
                return Err(SessionError::input(message, "name another file"));
            }
            if option != "--journal" {
                place::refuse_journal(option, &place)?;
            }
            if let Some((other, _)) = places.iter().find(|(_, other)| other.is_same_as(&place)) {
                let shown = place.path().map_or("standard output".into(), Path::to_string_lossy);
                let message = format!("{other} and {option} both write to {shown}");
                return Err(SessionError::input(message, "name different files"));
            }
            places.push((option, place));
        }
        Ok(())
    }

    /// Builds the run as the options want it; it opens its journal when nothing refuses it any more.
    pub(super) fn run(&mut self) -> (Run, Opened) {
        let run = Run::new(Arc::clone(&self.selected.plan))
            .reason(self.begin.reason.clone())
            .leave_out(self.selected.left_out.numbered())
            .deadline(self.left_of_deadline())
            .id(self.id.clone())
            .following(self.round.earlier)
            .dry_run(self.begin.dry_run);
        let run = match &self.keyring {
            Some(keyring) => run.signed_in(Arc::clone(keyring)),
            None => run.asking(self.context.provider_of(&self.id)),
        };
        let run = match self.context.ui.can_confirm() {
            true => run.ask(question::asker(Arc::clone(&self.context.ui))),
            false => run,
        };
        let opened = Opened::default();
        let cell = Arc::clone(&opened);
        let set = move |writer| Arc::clone(cell.get_or_init(|| Arc::new(writer))) as Arc<dyn Journal>;
        let mut run = run;
        if let Some(listed) = self.listed.as_mut().filter(|_| self.resumed.is_none()) {
            let known = if self.begin.dry_run { listed.looked_at(&self.selected) } else { Vec::new() };
            run = run.known(known);
            if let Some(writer) = listed.journal.take().and_then(BegunJournal::keep) {
                let writer = opened.get_or_init(|| writer);
                return (run.journal(Arc::clone(writer) as Arc<dyn Journal>), opened);
            }
        }
        let run = match (self.resumed.take(), self.journal.clone()) {
            (Some(resumed), _) => {
                let (past, reopened) = *resumed;
                run.resume(past).journal_by(move || reopened.go_on(SystemClock.now()).map(set))
            }
            (None, Some(path)) => {
                let (header, ui) = (self.header(run.run_id()), Arc::clone(&self.context.ui));
                run.journal_by(move || {
                    let created = journal::create(&path, &header)?;
                    if let Some(path) = created.kept {
                        ui.note(&format!("kept the journal of an unfinished run: {}", path.display()));
                    }
                    Ok::<_, OpenError>(set(created.writer))
                })
            }
            (None, None) => run,
        };
        (run, opened)
    }

    /// Returns how much of the deadline the listings have left.
    fn left_of_deadline(&self) -> Option<Duration> {
        let listed = self.listed.as_ref().filter(|_| self.resumed.is_none());
        let took = listed.map(|listed| listed.listed_at.duration_since(listed.started_at));
        let took = took.and_then(|took| Duration::try_from(took).ok()).unwrap_or_default();
        self.options.deadline.map(|deadline| deadline.saturating_sub(took))
    }

    pub(super) fn header(&self, run: &str) -> Header {
        let now = self.context.now();
        Header {
            mode: if self.begin.rehearsal.is_some() { journal::Mode::Rehearsal } else { journal::Mode::Live },
            reason: self.begin.reason.clone(),
            report: self.report.path().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
            set: self.selected.set.clone(),
            options: self.header_options(&self.options, now),
            selects: self.listed.is_some() || !self.plan().selects.is_empty(),
            ..Header::new(self.listed.as_ref().map_or(self.plan(), |listed| &listed.unlisted), run, now)
        }
    }

    /// Returns what the header of the run says of these options, and of the session.
    pub(super) fn header_options(&self, options: &SessionOptions, now: Timestamp) -> BTreeMap<String, Vec<String>> {
        let stated = header::options((&self.selected, self.listed.is_some()), options, now);
        stated.into_iter().chain(self.listed_again.as_ref().map(|again| again.option())).collect()
    }
}

/// Returns the option that asks for a format, as messages name it.
const fn option(format: Format) -> &'static str {
    match format {
        #[cfg(feature = "html")]
        Format::Html => "--html",
        Format::Markdown => "--markdown",
        Format::Junit => "--junit",
        Format::Csv => "--csv",
    }
}
