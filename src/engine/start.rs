//! The front door of a run: a plan, and whatever of the world it should use instead of the real one.

use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::client;
use super::dispatcher::{Dispatcher, Limits, Setup};
use super::echo::Secrets;
use super::event::{Observer, Record, Status};
use super::exchange::{Nonces, Origins, Sender};
use super::id::new_id;
use super::journal::{Journal, ResumeState};
use super::lane::Lane;
use super::outcome::{SkipReason, TargetResult};
use super::refusal;
use super::roster::{Intake, Roster};
use crate::base::clock::{Clock, SystemClock, Timeline};
use crate::base::environment::Environment;
use crate::credentials::{CredentialError, CredentialProvider, EnvironmentProvider};
use crate::plan::Plan;
use crate::provider::Credentials;
use crate::transport::{Transport, TransportError};

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
    observers: Vec<Box<dyn Observer>>,
    drain: CancellationToken,
    deadline: Option<Duration>,
    journal: Option<Source>,
    past: ResumeState,
    is_dry: bool,
    id: String,
    reason: Option<String>,
    seed: u64,
    speed: f64,
    left_out: Vec<(u32, SkipReason)>,
}

/// Opens a journal.
type InProgress = Box<dyn FnOnce() -> Result<Arc<dyn Journal>, Box<dyn Error + Send + Sync>> + Send + Sync>;

/// Where a journal comes from.
enum Source {
    /// It is there.
    Ready(Arc<dyn Journal>),
    /// It is opened when nothing refuses the run any more.
    InProgress(InProgress),
}

/// A run that could not begin. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Accounts lack credentials; all of them are listed.
    #[error("{}", lines(.0))]
    Credentials(Vec<CredentialError>),
    /// Huawei Cloud accounts lack a project; all of them are listed.
    #[error("no project is known for {}", .0.join(", "))]
    Projects(Vec<String>),
    /// The HTTP client could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The journal could not be opened.
    #[error("{0}")]
    Journal(Box<dyn Error + Send + Sync>),
}

impl RunError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Credentials(errors) => errors.first().map_or("", CredentialError::hint),
            Self::Projects(_) => "write `project_id` under the account, or set HUAWEICLOUD_SDK_PROJECT_ID",
            Self::Transport(error) => error.hint(),
            Self::Journal(_) => "",
        }
    }
}

fn lines(errors: &[CredentialError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Run {
    /// Prepares a run of `plan` in the real world.
    #[must_use]
    pub fn new(plan: impl Into<Arc<Plan>>) -> Self {
        let clock = Arc::new(SystemClock);
        Self {
            plan: plan.into(),
            transport: None,
            clock,
            credentials: Arc::new(EnvironmentProvider::new(Environment::of_process())),
            observers: Vec::new(),
            drain: CancellationToken::new(),
            deadline: None,
            journal: None,
            past: ResumeState::default(),
            is_dry: false,
            id: new_id(SystemClock.now()),
            reason: None,
            seed: fastrand::u64(..),
            speed: 1.0,
            left_out: Vec::new(),
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
    pub fn credentials(mut self, provider: impl CredentialProvider + 'static) -> Self {
        self.credentials = Arc::new(provider);
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

    /// Ends the run early after `deadline`, in the same way.
    #[must_use]
    pub const fn deadline(mut self, deadline: Option<Duration>) -> Self {
        self.deadline = deadline;
        self
    }

    /// Writes down in `journal` what is sent and what came of it, so that a killed run can be taken up.
    #[must_use]
    pub fn journal(mut self, journal: Arc<dyn Journal>) -> Self {
        self.journal = Some(Source::Ready(journal));
        self
    }

    /// Writes it down in the journal that `open` opens: when nothing refuses the run any more, so that a run which is
    /// refused leaves no journal, and none in another state.
    #[must_use]
    pub fn journal_by<E: Error + Send + Sync + 'static>(
        mut self,
        open: impl FnOnce() -> Result<Arc<dyn Journal>, E> + Send + Sync + 'static,
    ) -> Self {
        self.journal = Some(Source::InProgress(Box::new(|| open().map_err(Into::into))));
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

    /// Makes all quotas pass `speed` times as fast, for rehearsals against a cloud that does the same.
    #[must_use]
    pub const fn speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// Sends nothing for these targets, by number, for the reason given with each.
    ///
    /// Where the first of several targets that name one resource is left out, the next of them is stopped.
    #[must_use]
    pub fn leave_out(mut self, targets: Vec<(u32, SkipReason)>) -> Self {
        self.left_out = targets;
        self
    }

    /// Carries the plan out. Targets that could not be stopped are in the record, not errors.
    ///
    /// Runs on a tokio runtime that has time and I/O enabled, such as one that `enable_all` was called for.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when an account lacks credentials or no HTTP client can be built.
    pub async fn execute(mut self) -> Result<Record, RunError> {
        let credentials = self.all_credentials().await?;
        let keys: Vec<_> = credentials.iter().map(|key| key.as_ref().map(Credentials::principal)).collect();
        if let Some(plan) = self.plan.with_keys(&keys) {
            self.plan = Arc::new(plan);
        }
        let past = std::mem::take(&mut self.past);
        let intake = Intake {
            credentials: &credentials,
            speed: self.speed,
            is_dry: self.is_dry,
            is_journaled: self.journal.is_some(),
            past: &past,
            unselected: &self.left_out,
        };
        let roster = Roster::new(&self.plan, &intake);
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None => Arc::new(client::of(&self.plan, roster.sorts())?),
        };
        let selected = self.plan.targets.len() - roster.left_out.len();
        let elsewhere = roster.left_out.iter().filter(|(_, reason)| *reason == SkipReason::Shard).count();
        if let Some(refusal) = self.refusal(selected + elsewhere) {
            return Ok(self.refused(refusal, roster, &past));
        }
        let journal = match self.journal.take() {
            Some(Source::InProgress(open)) => Some(open().map_err(RunError::Journal)?),
            Some(Source::Ready(journal)) => Some(journal),
            None => None,
        };
        let wall = self.clock.now();
        let started_at = if past.id.is_empty() { wall } else { past.started_at };
        // A run that is taken up does not end before it began, whatever the clock says now.
        let timeline = Timeline::starting_at(wall.max(started_at));
        let secrets = credentials.iter().map(|known| Arc::new(known.as_ref().map(Secrets::of).unwrap_or_default()));
        let sender = Arc::new(Sender {
            secrets: secrets.collect(),
            plan: Arc::clone(&self.plan),
            transport,
            clock: Arc::clone(&self.clock),
            timeline,
            credentials,
            sources: self.plan.accounts.iter().map(|account| self.credentials.source(account)).collect(),
            origins: Origins::new(&self.plan),
            journal,
            cause: self.cause(),
            run_id: self.id.clone(),
            nonces: Nonces::new(),
        });
        let most_failures = self.plan.guards.max_failures.map(|most| most.limit(selected as u64));
        let observers = &mut self.observers;
        let setup = Setup { sender, roster, observers, seed: self.seed, most_failures, past };
        let deadline = self.deadline.map(|deadline| Instant::now() + deadline);
        let landing = Dispatcher::new(setup).run(Limits { drain: &self.drain, deadline }).await;
        let finished_at = timeline.now();
        Ok(Record {
            id: self.id,
            reason: self.reason,
            started_at,
            finished_at,
            duration: finished_at.duration_since(started_at).unsigned_abs(),
            status: landing.status,
            ended_by: landing.ended_by,
            unrecorded: landing.unrecorded,
            lanes: landing.lanes.into_iter().map(Lane::into_stats).collect(),
            results: landing.results,
        })
    }

    /// Returns which accounts have targets that may be stopped, by number.
    fn accounts_in_use(&self) -> Vec<bool> {
        let unselected: HashSet<u32> = self.left_out.iter().map(|(number, _)| *number).collect();
        refusal::accounts_in_use(&self.plan, |number, _| {
            !u32::try_from(number).is_ok_and(|number| unselected.contains(&number))
        })
    }

    /// Finds the credentials of every account in use, and checks that those whose paths need a project have one.
    async fn all_credentials(&self) -> Result<Vec<Option<Credentials>>, RunError> {
        let mut found = Vec::new();
        let mut missing = Vec::new();
        let in_use = self.accounts_in_use();
        let lacking = refusal::without_project(&self.plan, &in_use);
        for (account, is_used) in self.plan.accounts.iter().zip(in_use) {
            if !is_used {
                found.push(None);
                continue;
            }
            match self.credentials.credentials(account).await {
                Ok(credentials) => found.push(Some(credentials)),
                Err(error) => missing.push(error),
            }
        }
        match (missing.is_empty(), lacking.is_empty()) {
            (false, _) => Err(RunError::Credentials(missing)),
            (true, false) => Err(RunError::Projects(lacking)),
            (true, true) => Ok(found),
        }
    }

    /// Tells which guard refuses the run, if one does.
    fn refusal(&self, selected: usize) -> Option<String> {
        refusal::refusal(&self.plan, selected, (!self.is_dry).then(|| self.clock.now()))
    }

    /// Returns the record of a run that is refused: nothing is sent, and what an earlier part of it knows stays so.
    fn refused(self, refusal: String, roster: Roster, past: &ResumeState) -> Record {
        let now = self.clock.now();
        let started_at = if past.id.is_empty() { now } else { past.started_at };
        let finished_at = now.max(started_at);
        let mut reasons = vec![SkipReason::Aborted; self.plan.targets.len()];
        for (target, reason) in roster.left_out {
            if let Some(slot) = reasons.get_mut(target as usize) {
                *slot = reason;
            }
        }
        let row = |(number, reason)| past.row(number).unwrap_or_else(|| TargetResult::skipped(reason));
        let results = (0..).zip(reasons).map(row).collect();
        Record {
            id: self.id,
            reason: self.reason,
            started_at,
            finished_at,
            duration: finished_at.duration_since(started_at).unsigned_abs(),
            status: Status::Aborted,
            ended_by: Some(refusal),
            unrecorded: None,
            lanes: Vec::new(),
            results,
        }
    }

    /// Returns the cause told to services that take one, so that their own history says who stopped it.
    fn cause(&self) -> String {
        match &self.reason {
            Some(reason) => format!("stopped by allstop run {}: {reason}", self.id),
            None => format!("stopped by allstop run {}", self.id),
        }
    }
}
