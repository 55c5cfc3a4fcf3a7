//! The front door of a run: a plan, and whatever of the world it should use instead of the real one.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::attempt::{self, Nonces, Origins, Sender};
use super::dispatcher::Dispatcher;
use super::earlier::Earlier;
use super::error::RunError;
use super::event::{LaneInfo, Observer, Record, Status};
use super::id::new_id;
use super::journal::{Journal, JournalError, ResumeState};
use super::keyring::{Keyring, SourceId};
use super::opening::Opening;
use super::outcome::{SkipReason, TargetResult};
use super::recorder::Recorder;
use super::refusal;
use super::results::Results;
use super::scheduler::{Laid, LaneOptions, LaneTable, Limiter, Limiters, Now, Pick, Scheduler};
use super::stages::{Asker, AtPause, Stages};
use super::threshold::{HandOver, Threshold};
use super::tracker::Tracker;
use crate::base::clock::{Clock, SystemClock, Timeline};
use crate::base::environment::Environment;
use crate::credentials::{CredentialProvider, SystemProvider};
use crate::plan::{Guards, MaxFailures, Plan, TargetId};
use crate::transport::Transport;

/// A plan that is about to be carried out.
///
/// Everything has a default from the real world: HTTP, the system's clock, credentials from the environment.
///
/// The crate's first page has a whole example.
pub struct Run {
    plan: Arc<Plan>,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    credentials: Arc<dyn CredentialProvider>,
    keyring: Option<Arc<Keyring>>,
    observers: Vec<Box<dyn Observer>>,
    drain: CancellationToken,
    hand_over: HandOver,
    deadline: Option<Duration>,
    max_failures: Option<MaxFailures>,
    journal: Option<OpenJournal>,
    past: ResumeState,
    is_dry: bool,
    id: String,
    reason: Option<String>,
    seed: u64,
    speed: f64,
    has_used_burst: bool,
    only: Option<Vec<u32>>,
    left_out: Vec<(u32, SkipReason)>,
    known: Vec<(u32, TargetResult)>,
    limiters: Option<Box<Limiters>>,
    asker: Option<Box<Asker>>,
    earlier: Earlier,
}

/// Opens a journal, when nothing refuses the run any more.
type OpenJournal = Box<dyn FnOnce() -> Result<Arc<dyn Journal>, Box<dyn Error + Send + Sync>> + Send + Sync>;

impl Run {
    /// Prepares a run of `plan` in the real world.
    #[must_use]
    pub fn new(plan: impl Into<Arc<Plan>>) -> Self {
        let clock = Arc::new(SystemClock);
        Self {
            plan: plan.into(),
            transport: None,
            clock,
            credentials: Arc::new(SystemProvider::new(Environment::of_process())),
            keyring: None,
            observers: Vec::new(),
            drain: CancellationToken::new(),
            hand_over: HandOver::Never,
            deadline: None,
            max_failures: None,
            journal: None,
            past: ResumeState::default(),
            is_dry: false,
            id: new_id(SystemClock.now()),
            reason: None,
            seed: fastrand::u64(..),
            speed: 1.0,
            has_used_burst: false,
            only: None,
            left_out: Vec::new(),
            known: Vec::new(),
            limiters: None,
            asker: None,
            earlier: Earlier::default(),
        }
    }

    /// Uses `transport` instead of HTTP.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Uses `clock` instead of the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Asks `provider` for credentials instead of the environment.
    #[must_use]
    pub fn credentials(self, provider: impl CredentialProvider + 'static) -> Self {
        self.asking(Arc::new(provider))
    }

    /// Does so with a provider that others ask as well.
    #[must_use]
    pub fn asking(self, provider: Arc<dyn CredentialProvider>) -> Self {
        Self { credentials: provider, keyring: None, ..self }
    }

    /// Uses the keys of accounts that have signed in, instead of asking a provider.
    #[must_use]
    pub fn signed_in(mut self, keyring: Arc<Keyring>) -> Self {
        self.keyring = Some(keyring);
        self
    }

    /// Tells `observer` everything that happens; may be called more than once.
    #[must_use]
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Ends the run early when `token` is cancelled: nothing new is sent, what is in flight finishes.
    #[must_use]
    pub fn drain_on(mut self, token: CancellationToken) -> Self {
        self.drain = token;
        self
    }

    /// Hands the run over when `token` is cancelled: nothing new is sent, what is in flight has `grace` to complete, and
    /// [`Record::resume_state`] is what another process goes on from.
    ///
    /// A stop that is in flight after that is in doubt: whoever goes on reads the state before anything else.
    #[must_use]
    pub fn hand_over_on(mut self, token: CancellationToken, grace: Duration) -> Self {
        self.hand_over = HandOver::On(token, grace);
        self
    }

    /// Ends the run early after `deadline`, in the same way as [`drain_on`](Self::drain_on).
    #[must_use]
    pub const fn deadline(mut self, deadline: Option<Duration>) -> Self {
        self.deadline = deadline;
        self
    }

    /// Takes `limit` in place of the plan's `max_failures`, where there is one.
    #[must_use]
    pub const fn max_failures(mut self, limit: Option<MaxFailures>) -> Self {
        self.max_failures = limit;
        self
    }

    /// Writes down in `journal` what is sent and what came of it, so that a killed run can be taken up.
    #[must_use]
    pub fn journal(self, journal: Arc<dyn Journal>) -> Self {
        self.journal_by(|| Ok::<_, JournalError>(journal))
    }

    /// Writes it down in the journal that `open` opens: when nothing refuses the run any more, so that a run which is
    /// refused leaves no journal, and none in another state.
    #[must_use]
    pub fn journal_by<E: Error + Send + Sync + 'static>(
        mut self,
        open: impl FnOnce() -> Result<Arc<dyn Journal>, E> + Send + Sync + 'static,
    ) -> Self {
        self.journal = Some(Box::new(|| open().map_err(Into::into)));
        self
    }

    /// Goes on where an earlier part of the run ended: with its id, its reason, its facts and its open targets.
    #[must_use]
    pub fn resume(mut self, past: ResumeState) -> Self {
        self.id.clone_from(&past.id);
        self.reason.clone_from(&past.reason);
        self.past = past;
        self
    }

    /// Only looks: reads each target's state and sends no stop.
    #[must_use]
    pub const fn dry_run(mut self, is_dry: bool) -> Self {
        self.is_dry = is_dry;
        self
    }

    /// Returns the run's id.
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.id
    }

    /// Sets the run's id; otherwise it is a new UUID.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Says why: it goes into the report and, where the service takes a cause, to the service.
    #[must_use]
    pub fn reason(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }

    /// Seeds the jitter of waits.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Begins without a burst: an earlier part of the run that was lost may have sent until now whatever the quotas allow.
    #[must_use]
    pub const fn without_burst(mut self) -> Self {
        self.has_used_burst = true;
        self
    }

    /// Makes all quotas pass `speed` times as fast, for rehearsals against a cloud that does the same.
    #[must_use]
    pub const fn speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// Sends nothing for these targets, by number, for the reason given with each. A number that the plan does not have
    /// leaves nothing out.
    ///
    /// Where the first of several targets that name one resource is left out, the next of them is stopped.
    #[must_use]
    pub fn leave_out(mut self, targets: Vec<(u32, SkipReason)>) -> Self {
        self.left_out = targets;
        self
    }

    /// Takes the results of these targets, by number, as they are: nothing is sent for them. So a dry run needs not read
    /// what a listing has just shown.
    #[must_use]
    pub fn known(mut self, results: Vec<(u32, TargetResult)>) -> Self {
        self.known = results;
        self
    }

    /// Carries out only the part of the plan that has these targets, by number. Of other targets nothing is said: they
    /// have no row and no event, and count for no guard.
    ///
    /// Duplicates of other parts are not known here: name only targets that [`Plan::choices`] wants stopped.
    #[must_use]
    pub fn only(mut self, targets: impl IntoIterator<Item = u32>) -> Self {
        self.only = Some(targets.into_iter().collect());
        self
    }

    /// Asks `limiter` for the limiter of each lane; where it returns `None`, the lane limits itself to the plan's rate.
    #[must_use]
    pub fn limiter(mut self, limiter: impl Fn(&LaneInfo) -> Option<Box<dyn Limiter>> + Send + Sync + 'static) -> Self {
        self.limiters = Some(Box::new(limiter));
        self
    }

    /// Asks `asker` at each pause of a stage that asks whether the run goes on. Without it, and after a no, the run ends
    /// there as [`Status::Paused`], and a run that [resumes](Self::resume) it goes on without asking again.
    ///
    /// The run still hears signals and its deadline while it waits for the answer.
    #[must_use]
    pub fn ask(mut self, asker: impl Fn(AtPause) -> BoxFuture<'static, bool> + Send + Sync + 'static) -> Self {
        self.asker = Some(Box::new(asker));
        self
    }

    /// Counts what earlier rounds did in the guards `max_targets` and `max_failures`.
    #[must_use]
    pub const fn following(mut self, earlier: Earlier) -> Self {
        self.earlier = earlier;
        self
    }

    /// Carries the plan out. Targets that could not be stopped are in the record, not errors.
    ///
    /// Runs on a tokio runtime that has time and I/O enabled, such as one that `enable_all` was called for. The future
    /// is `Send`.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when an account lacks credentials, when no HTTP client can be built, when the
    /// journal cannot be opened, or when a target is named that the plan does not have.
    pub async fn execute(mut self) -> Result<Record, RunError> {
        if !self.plan.selects.is_empty() {
            return Err(RunError::Unlisted);
        }
        let picks = self.picks()?;
        let keyring = match self.keyring.take() {
            Some(keyring) => keyring,
            None => self.sign_in(&picks).await?,
        };
        keyring.refuse_others(&self.past.accounts)?;
        if let Some(plan) = keyring.complete(&self.plan) {
            self.plan = Arc::new(plan);
        }
        let mut past = std::mem::take(&mut self.past);
        if self.is_dry {
            // The next step of a target in progress can be a stop. A dry run reads its state, like that of any other.
            past.open.clear();
        }
        std::mem::take(&mut self.known).iter().for_each(|(number, result)| past.done.insert(*number, result));
        let Laid { table: lanes, left_out, held } = self.lanes(&keyring, &picks, &past);
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None => Arc::new(attempt::client(&self.plan, lanes.sorts())?),
        };
        let taken = picks.iter().filter(|pick| **pick != Pick::Ignore).count();
        let selected = taken - left_out.len();
        let elsewhere = left_out.iter().filter(|(_, reason)| *reason == SkipReason::Shard).count();
        let now = (!self.is_dry).then(|| self.clock.now());
        if let Some(refusal) = refusal::refusal(&self.plan, selected + elsewhere, self.earlier, now) {
            return Ok(self.refused(refusal, &left_out, &picks, past));
        }
        let journal = self.journal.take().map(|open| open()).transpose().map_err(RunError::Journal)?;
        let wall = self.clock.now();
        let started_at = if past.id.is_empty() { wall } else { past.started_at };
        // A run that is taken up does not end before it began, whatever the clock says now.
        let timeline = Timeline::starting_at(wall.max(started_at));
        let sender = self.sender(transport, &lanes, timeline);
        let accounts = Arc::clone(&keyring);
        let opening = Opening::new(&self.plan, left_out, &picks, past);
        let stages = self.is_staged().then(|| self.stages(held, &opening));
        let recorder = Recorder::new(journal, self.plan.targets.len(), taken);
        keyring.accounts().iter().for_each(|account| recorder.note_account(account.note()));
        let seed = self.seed;
        let tracker = self.tracker(&sender, lanes, (recorder, stages), selected);
        let end = Dispatcher::new(sender, tracker, keyring, seed).run(opening).await;
        Ok(Record { accounts: accounts.accounts(), ..self.record(started_at, end) })
    }

    /// Tells whether the run goes by stages; a dry run, which stops nothing, does not.
    fn is_staged(&self) -> bool {
        !self.plan.stages.is_empty() && !self.is_dry
    }

    fn stages(&mut self, held: Vec<TargetId>, opening: &Opening) -> Stages {
        Stages::new(&self.plan, held, opening.known(), (self.speed, self.asker.take()))
    }

    /// Lays out the lanes.
    fn lanes(&self, keyring: &Keyring, picks: &[Pick], past: &ResumeState) -> Laid {
        let clock = |source: &Option<SourceId>| source.map(|source| keyring.clock_offset(source)).unwrap_or_default();
        let clocks: Vec<_> = keyring.sources().iter().map(clock).collect();
        let options = LaneOptions {
            owners: &keyring.owners(),
            sources: keyring.sources(),
            clocks: &clocks,
            speed: self.speed,
            is_dry: self.is_dry,
            is_journaled: self.journal.is_some(),
            is_staged: self.is_staged(),
            past,
            has_used_burst: self.has_used_burst,
            picks,
            limiters: self.limiters.as_deref(),
            now: Now { instant: Instant::now(), wall: self.clock.now() },
        };
        LaneTable::lay(&self.plan, &options)
    }

    fn sender(&self, transport: Arc<dyn Transport>, lanes: &LaneTable, timeline: Timeline) -> Arc<Sender> {
        Arc::new(Sender {
            plan: Arc::clone(&self.plan),
            transport,
            clock: Arc::clone(&self.clock),
            timeline,
            origins: Origins::new(&self.plan, lanes.sorts()),
            cause: self.cause(),
            run_id: self.id.clone(),
            nonces: Nonces::new(),
        })
    }

    fn tracker(
        &mut self,
        sender: &Sender,
        lanes: LaneTable,
        (recorder, stages): (Recorder, Option<Stages>),
        selected: usize,
    ) -> Tracker<'_> {
        let deadline = self.deadline.map(|deadline| Instant::now() + deadline);
        let hand_over = std::mem::replace(&mut self.hand_over, HandOver::Never);
        let scheduler = Scheduler::new(Arc::clone(&self.plan), lanes);
        let guards =
            Guards { max_failures: self.max_failures.or(self.plan.guards.max_failures), ..self.plan.guards.clone() };
        let threshold = Threshold::new(&guards, (selected, self.earlier), self.drain.clone(), deadline, hand_over);
        let sources = self.plan.accounts.iter().map(|account| self.credentials.source(account)).collect();
        Tracker::new(sender, (scheduler, recorder, threshold, stages), sources, &mut self.observers)
    }

    /// Adds to what a run was at its end what it was from its beginning.
    fn record(self, started_at: Timestamp, end: Record) -> Record {
        let duration = end.finished_at.duration_since(started_at).unsigned_abs();
        Record { id: self.id, reason: self.reason, started_at, duration, ..end }
    }

    /// Returns what the run does about each target before the plan has its say.
    ///
    /// # Errors
    ///
    /// Fails when a target is named that the plan does not have.
    fn picks(&self) -> Result<Vec<Pick>, RunError> {
        let targets = self.plan.targets.len();
        let index = |number: u32| match self.plan.target_id(number) {
            Some(id) => Ok(id.index()),
            None => Err(RunError::NoSuchTarget { target: number, targets }),
        };
        let mut picks = vec![if self.only.is_some() { Pick::Ignore } else { Pick::Take }; targets];
        for number in self.only.iter().flatten() {
            picks[index(*number)?] = Pick::Take;
        }
        for (number, reason) in &self.left_out {
            if let Some(pick) = picks.get_mut(*number as usize).filter(|pick| **pick == Pick::Take) {
                *pick = Pick::LeaveOut(*reason);
            }
        }
        self.past.open.keys().copied().chain(self.past.done.last()).try_for_each(|number| index(number).map(drop))?;
        Ok(picks)
    }

    /// Signs the accounts in use in.
    fn sign_in(&self, picks: &[Pick]) -> impl Future<Output = Result<Arc<Keyring>, RunError>> + Send + use<> {
        let in_use = refusal::accounts_in_use(&self.plan, |number, _| picks[number] == Pick::Take);
        let (plan, provider, clock) = (Arc::clone(&self.plan), Arc::clone(&self.credentials), Arc::clone(&self.clock));
        async move { Ok(Arc::new(Keyring::sign_in(plan, provider, &in_use, clock, &[]).await?)) }
    }

    /// Returns the record of a run that is refused: nothing is sent, and what an earlier part of it knows stays so.
    fn refused(
        self,
        refusal: String,
        left_out: &[(TargetId, SkipReason)],
        picks: &[Pick],
        past: ResumeState,
    ) -> Record {
        let now = self.clock.now();
        let started_at = if past.id.is_empty() { now } else { past.started_at };
        let mut reasons = vec![SkipReason::Aborted; picks.len()];
        left_out.iter().for_each(|(id, reason)| reasons[id.index()] = *reason);
        let mut results = Results::of(picks.len());
        for id in self.plan.target_ids().filter(|id| picks[id.index()] != Pick::Ignore) {
            let row = past.row(id.number()).unwrap_or_else(|| TargetResult::skipped(reasons[id.index()]));
            results.put(id.index(), &row);
        }
        let end = Record {
            finished_at: now.max(started_at),
            status: Status::Aborted,
            ended_by: Some(refusal),
            results,
            open: past.open.into_iter().collect(),
            memory: past.lanes,
            ..Record::default()
        };
        self.record(started_at, end)
    }

    /// Returns the cause for services that take one, so that their own history says who stopped it.
    fn cause(&self) -> String {
        match &self.reason {
            Some(reason) => format!("stopped by allstop run {}: {reason}", self.id),
            None => format!("stopped by allstop run {}", self.id),
        }
    }
}
