//! A bundle that was opened: its plan, its lanes, and the parts of its run.

use std::sync::Arc;

use jiff::Timestamp;

use super::data::Bundle;
use super::gathered::Gathered;
use super::remembered::Remembered;
use crate::base::clock::SystemClock;
use crate::engine::{Keyring, Record, Run, SelectionRecord, StopLane, TargetResult, foresee_window};
use crate::journal::Header;
use crate::plan::{Choice, MaxFailures, Plan};
use crate::report::{Destination, Format};
use crate::session::begun::{Opened, Session};
use crate::session::context::Context;
use crate::session::error::SessionError;
use crate::session::finish::Ran;
use crate::session::listed::Listed;
use crate::session::listed_again::ListedAgain;
use crate::session::notices::Notices;
use crate::session::options::{BeginOptions, SessionOptions};
use crate::session::outputs::Outputs;
use crate::session::plan::SelectedPlan;
use crate::session::rows::rows;
use crate::session::{header, place, sign_in};

/// Which run a bundle is opened for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BundledRun {
    /// Its id, which client tokens depend on.
    pub id: String,
    /// When it began.
    pub started_at: Timestamp,
}

impl BundledRun {
    /// Names a run.
    #[must_use]
    pub const fn new(id: String, started_at: Timestamp) -> Self {
        Self { id, started_at }
    }
}

/// A bundle that was read: a plan, of which parts can be run.
pub struct OpenBundle {
    pub(super) session: Session,
    pub(super) run: BundledRun,
    pub(super) header: Header,
    /// What became of the selections in a listing that ended early, where the plan is not listed.
    unlisted: Option<Vec<SelectionRecord>>,
    /// What sign-ins have learnt.
    remembered: Arc<Remembered>,
}

impl Bundle {
    /// Reads the plan, and puts the found targets in their place. It reads no file and no variable of this machine; the
    /// context is for credentials and messages.
    ///
    /// What is not [listed](Self::list) yet can be reported and not run: it has no lanes.
    ///
    /// # Errors
    ///
    /// Fails when this version of the library reads the plan otherwise than the one that made the bundle.
    pub fn open(&self, run: BundledRun, context: &Context) -> Result<OpenBundle, SessionError> {
        let (session, header) = self.session(&run, context)?;
        let unlisted = self.unlisted.as_ref().map(|unlisted| unlisted.selections.clone());
        Ok(OpenBundle { session, run, header, unlisted, remembered: Arc::default() })
    }

    /// Prepares the session of the run, without a journal.
    pub(super) fn session(&self, run: &BundledRun, context: &Context) -> Result<(Session, Header), SessionError> {
        let mut header = self.header.clone();
        header.run.clone_from(&run.id);
        header.started_at = run.started_at;
        let mut selected = SelectedPlan::of_copy(&self.copy, &self.projects)?.begun_at(run.started_at);
        let plan = Arc::make_mut(&mut selected.plan);
        for account in &mut plan.accounts {
            account.found_project = self.accounts.get(&account.name).and_then(|known| known.project_id.clone());
        }
        let ranges = header::left_out_ranges(&header);
        selected.left_out = header::left_out(ranges, header.targets as usize)?;
        let mut options = SessionOptions { yes: true, ..SessionOptions::default() };
        header::keep(&mut options, &header, run.started_at)?;
        header.check(&selected.plan)?;
        let listed = match &self.unlisted {
            None => Listed::of_journal(&mut selected, &header, self.found.clone())?,
            Some(unlisted) => {
                selected.filters = unlisted.filters.clone();
                None
            }
        };
        let listed_again = ListedAgain::of_header(&header, &selected.left_out)?.map(Box::new);
        let partial = self.unlisted.as_ref().is_some_and(|unlisted| unlisted.partial);
        let begin = BeginOptions { reason: header.reason.clone(), partial, ..BeginOptions::default() };
        let report = Destination::File(place::report_of_run(selected.path.as_deref(), None, begin.ending()));
        let (id, retried_accounts) = (run.id.clone(), self.accounts.clone());
        let session = Session::new(selected, report, begin, options, context);
        Ok((Session { id, journal: None, listed, listed_again, retried_accounts, ..session }, header))
    }
}

impl OpenBundle {
    /// Returns the plan.
    #[must_use]
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.session.selected.plan
    }

    /// Returns the operator's reason.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.session.begin.reason.clone()
    }

    /// Returns the parts of the run that never share a quota for stops; none before its selections were listed.
    #[must_use]
    pub fn lanes(&self) -> Vec<StopLane> {
        if self.unlisted.is_some() {
            return Vec::new();
        }
        StopLane::all(self.plan(), self.session.selected.choices())
    }

    /// Tells whether what the plan selects is known. What was not listed cannot be run.
    #[must_use]
    pub const fn is_listed(&self) -> bool {
        self.unlisted.is_none()
    }

    /// Returns how many targets are to be stopped.
    #[must_use]
    pub fn stops(&self) -> u64 {
        self.session.selected.choices().filter(|choice| *choice == Choice::Stop).count() as u64
    }

    /// Returns how many failures end the run, where the plan or the options say so.
    #[must_use]
    pub fn max_failures(&self) -> Option<u64> {
        self.plan().guards.max_failures.map(|rule| rule.limit(self.stops()))
    }

    /// Returns that rule as the plan or the options state it.
    #[must_use]
    pub fn max_failures_rule(&self) -> Option<MaxFailures> {
        self.plan().guards.max_failures
    }

    /// Says that the guards' window is closed now, if it is: a part of the run that begins now ends at once.
    #[must_use]
    pub fn closed_window(&self) -> Option<String> {
        foresee_window(self.plan(), self.session.context.now())
    }

    /// Signs the accounts of these targets in. What an earlier sign-in of this bundle has learnt of the same keys is not
    /// asked again.
    ///
    /// # Errors
    ///
    /// Fails when an account has no credentials, or those of another account than the plan pins or than had signed in when
    /// the run was bundled, and when the account is denied.
    pub async fn sign_in(&self, targets: &[u32]) -> Result<Keyring, SessionError> {
        let (plan, context) = (self.plan(), &self.session.context);
        let mut in_use = vec![false; plan.accounts.len()];
        for target in targets.iter().filter_map(|target| plan.targets.get(*target as usize)) {
            if let Some(used) = in_use.get_mut(usize::from(target.account)) {
                *used = true;
            }
        }
        let provider = self.remembered.before(context.provider_of(&self.run.id));
        let denied = sign_in::denied(context)?;
        let keyring = Keyring::sign_in(Arc::clone(plan), provider, &in_use, Arc::new(SystemClock), &denied).await?;
        keyring.refuse_others(self.session.known_accounts())?;
        Ok(keyring)
    }

    /// Prepares the part of the run that has these targets, by number.
    #[must_use]
    pub fn part(&self, targets: impl IntoIterator<Item = u32>, keyring: Arc<Keyring>) -> Run {
        Run::new(Arc::clone(self.plan()))
            .id(self.run.id.clone())
            .reason(self.session.begin.reason.clone())
            .only(targets)
            .signed_in(keyring)
    }

    /// Returns the run as one that has ended, ready to be reported; `unreached` says what the row of a target is, by number,
    /// that nothing is known of. Of a run that goes on, the report shows what it has done so far. The report goes to `report`, or else to the default place of the plan's.
    ///
    /// # Errors
    ///
    /// Fails when something cannot be written.
    pub fn ended(
        self,
        gathered: Gathered,
        unreached: impl Fn(u32) -> TargetResult,
        report: Option<Destination>,
        exports: Vec<(Format, Destination)>,
    ) -> Result<Ran, SessionError> {
        let Self { mut session, run, unlisted, .. } = self;
        session.report = report.unwrap_or(session.report);
        session.options.exports = exports;
        session.refuse_loss()?;
        let outputs = Outputs::prepare(&session.report, &session.options.exports)?;
        let Gathered { mut past, lanes, accounts, status, ended_by, finished_at, goes_on } = gathered;
        let results = rows(&session.selected, &mut past, unreached);
        let finished_at = finished_at.max(run.started_at);
        let record = Record {
            id: run.id,
            reason: session.begin.reason.clone(),
            started_at: run.started_at,
            finished_at,
            duration: finished_at.duration_since(run.started_at).unsigned_abs(),
            status,
            ended_by,
            lanes,
            accounts,
            results,
            open: past.open.into_iter().collect(),
            memory: past.lanes,
            selections: session
                .listed
                .as_ref()
                .map(|listed| listed.selections.clone())
                .or(unlisted)
                .unwrap_or_default(),
            ..Record::default()
        };
        let (notices, opened) = (Notices::default(), Opened::default());
        Ok(Ran { session, outputs, rehearsal: None, notices, record, opened, is_resumed: false, goes_on })
    }
}
