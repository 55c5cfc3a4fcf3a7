//! A session whose files are fit and whose simulator runs: to be confirmed, then run.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Record, ResumeState, Run, SignedAccount, SkipReason, Status, TargetResult, foresee};
use crate::plan::{Choice, Listing, Overview, Plan};

use super::begun::{Opened, Session};
use super::error::{NotConfirmed, SessionError};
use super::finish::Ran;
use super::measure::Unbegun;
use super::notices::Notices;
use super::outputs::Outputs;
use super::plan::SelectedPlan;
use super::rehearsal::Rehearsal;
use super::trace::Trace;
use super::ui::Question;
use crate::base::ExitStatus;

/// A run that only its confirmation is missing of.
pub struct Ready {
    pub(super) session: Session,
    pub(super) outputs: Outputs,
    /// Several rounds of a watch share one.
    pub(super) rehearsal: Option<Arc<Rehearsal>>,
    /// Who is told of the run.
    pub(super) notices: Notices,
    pub(super) overview: Overview,
}

impl Session {
    /// Checks that everything can be written, and starts the simulator of a rehearsal.
    ///
    /// # Errors
    ///
    /// Fails when two things would go to one place, when an input would be overwritten, when something cannot be
    /// written, and when the simulator cannot start.
    pub fn ready(self) -> Result<Ready, SessionError> {
        self.ready_in(None)
    }

    /// Does so in a rehearsal that runs already, where there is one: the plan leads to its simulator.
    pub(super) fn ready_in(mut self, running: Option<Arc<Rehearsal>>) -> Result<Ready, SessionError> {
        self.refuse_loss()?;
        let notices = self.notices()?;
        self.demand_review()?;
        let outputs = Outputs::prepare(&self.report, &self.options.exports)?.with(self.metrics_file()?);
        self.trace = Trace::begin(&self.context, &self.id, self.mode(), self.plan());
        let plan = Arc::make_mut(&mut self.selected.plan);
        let rehearsal = match (running, &self.begin.rehearsal) {
            (None, Some(options)) => Some(Arc::new(Rehearsal::start(plan, options, &self.context)?)),
            (running, _) => running,
        };
        let overview = self.selected.overview();
        Ok(Ready { session: self, outputs, rehearsal, notices, overview })
    }
}

impl Ready {
    /// Returns the plan as it is run: a rehearsal's leads to the simulator.
    #[must_use]
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.session.selected.plan
    }

    /// Tells whether there is something to stop, or to report of an earlier part of the run.
    #[must_use]
    pub fn has_work(&self) -> bool {
        // What an earlier part of the run has done is reported, whatever the guards say by now.
        let has_past = |past: &ResumeState| !(past.done.is_empty() && past.open.is_empty());
        self.overview.stops() > 0 || self.session.past().is_some_and(has_past)
    }

    /// Tells which guard refuses the run now, in words, if one does; of one that [runs later](super::BeginOptions::later),
    /// no window is closed.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        let Session { context, selected, begin, .. } = &self.session;
        foresee(&selected.plan, &self.overview, begin.later.is_none().then(|| context.now()))
    }

    /// Returns what is known of the accounts that have signed in, in the plan's order.
    #[must_use]
    pub fn accounts(&self) -> Vec<SignedAccount> {
        self.session.keyring.as_ref().map(|keyring| keyring.accounts()).unwrap_or_default()
    }

    /// Asks for confirmation, unless the options confirm or nothing real is stopped.
    ///
    /// # Errors
    ///
    /// Fails when nobody can be asked, and when the answer is no.
    pub fn confirm(&self) -> Result<(), SessionError> {
        let Session { context, selected, begin, options, round, .. } = &self.session;
        let is_nothing = self.overview.stops() == 0 && round.ahead.is_none();
        if is_nothing || begin.rehearsal.is_some() {
            return Ok(());
        }
        let accounts = &self.accounts();
        if options.yes || begin.dry_run {
            context.ui.signed_in(accounts);
            return Ok(());
        }
        // What is refused is not asked about: the run says why.
        if self.refusal().is_some() {
            return Ok(());
        }
        let past = self.session.past();
        let (overview, listing) = match past {
            Some(past) => self.left(past),
            None => (self.overview.clone(), selected.listing()),
        };
        let (overview, listing, reason) = (&overview, &listing, begin.reason.as_deref());
        // A reviewed plan names its targets.
        let found = self.session.listed.as_ref().filter(|_| selected.plan.reviewed.is_none());
        let selections = found.map_or(&[][..], |listed| &listed.selections);
        let (is_resumed, ahead, later) = (past.is_some(), round.ahead, begin.later.as_deref());
        let can_rehearse = self.session.can_rehearse();
        let remark = begin.remark.and_then(|remark| remark(&selected.plan, overview));
        let (place, remark) = (begin.place.as_deref(), remark.as_deref());
        let question = Question {
            overview,
            listing,
            selections,
            accounts,
            reason,
            is_resumed,
            ahead,
            later,
            place,
            remark,
            can_rehearse,
        };
        if !context.ui.can_confirm() {
            return Err(question.unasked());
        }
        match context.ui.confirm(&question)? {
            true => self.session.refuse_late(),
            false => {
                let hint = if later.is_some() { "nothing was changed" } else { "nothing was sent" };
                Err(SessionError::new(ExitStatus::Refused, NotConfirmed, hint))
            }
        }
    }

    /// Returns what is left of a run that goes on, in numbers and by name.
    fn left(&self, past: &ResumeState) -> (Overview, Listing<'_>) {
        let SelectedPlan { plan, .. } = &self.session.selected;
        let is_left = (0_u32..).zip(self.session.selected.choices()).map(|(number, choice)| match choice {
            Choice::Stop => !past.done.contains(number),
            Choice::Protected | Choice::Elsewhere => true,
            Choice::Unselected | Choice::Duplicate => false,
        });
        let is_left: Vec<bool> = is_left.collect();
        let is_left = |number: usize| is_left.get(number).is_some_and(|is_left| *is_left);
        let left = plan.overview_of(|number, _| is_left(number));
        (Overview { unselected: self.overview.unselected, ..left }, plan.listing(|number, _| is_left(number)))
    }

    /// Runs the plan; `adapt` has the last word on the run, such as its observers and what ends it early. Nothing is sent
    /// where [`has_work`](Self::has_work) is false.
    ///
    /// Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when credentials are missing, when the journal cannot be opened, or when the HTTP
    /// client cannot be created.
    pub async fn run(self, adapt: impl FnOnce(Run) -> Run) -> Result<Ran, SessionError> {
        let unbegun = Unbegun::of(&self.session);
        self.execute(adapt).await.map_err(|error| unbegun.failed(error))
    }

    async fn execute(mut self, adapt: impl FnOnce(Run) -> Run) -> Result<Ran, SessionError> {
        let is_resumed = self.session.past().is_some();
        let listed = self.session.listed.as_ref().map(|listed| (listed.selections.clone(), listed.started_at));
        let frozen = if self.has_work() { self.session.freeze().await? } else { Ok(()) };
        let (mut record, opened) = if let Err(error) = frozen {
            let (status, ended_by) = (Status::Aborted, Some(error.to_string()));
            let unsent = self.unsent(status.skip_reason());
            (Record { status, ended_by, unrecorded: Some(error), ..unsent }, Opened::default())
        } else if self.has_work() {
            if self.refusal().is_none() {
                self.notices.start(self.overview.stops());
            }
            let has_signed_in = self.session.keyring.is_some();
            let (mut run, opened) = self.session.run();
            if let Some(rehearsal) = &self.rehearsal {
                run = rehearsal.lead(run, has_signed_in);
            }
            let run = self.session.trace.observe(run, &self.session.selected.plan);
            (adapt(run).execute().await?, opened)
        } else {
            (self.nothing(), Opened::default())
        };
        if let Some((selections, started_at)) = listed {
            record.selections = selections;
            record.started_at = started_at;
            record.duration = record.finished_at.duration_since(started_at).unsigned_abs();
        }
        if let Some(again) = &self.session.listed_again {
            record.results = again.show(record.results.iter()).into_iter().collect();
        }
        let Self { session, outputs, rehearsal, notices, .. } = self;
        Ok(Ran { session, outputs, rehearsal, notices, record, opened, is_resumed, goes_on: false })
    }

    /// Returns the record of a run that has nothing to stop, for which no credentials are needed.
    fn nothing(&self) -> Record {
        self.unsent(SkipReason::Filtered)
    }

    /// Returns the record of a run that sent nothing; `reason` is that of the targets that it would have stopped.
    pub(super) fn unsent(&self, reason: SkipReason) -> Record {
        let Session { id, context, selected, begin, .. } = &self.session;
        let now = context.now();
        let skip = |(number, choice)| selected.left_out.skip(number, choice).unwrap_or(reason);
        let skipped = selected.choices().enumerate().map(skip);
        Record {
            id: id.clone(),
            reason: begin.reason.clone(),
            started_at: now,
            finished_at: now,
            duration: Duration::ZERO,
            status: Status::Completed,
            results: skipped.map(TargetResult::skipped).collect(),
            ..Record::default()
        }
    }
}
