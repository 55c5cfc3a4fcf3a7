//! Holding a lane: the executor between its first heartbeat and its result.

use std::sync::Arc;
use std::time::Duration;

use allstop::CancellationToken;
use allstop::engine::{Record, ResumeState, Run, RunError, Status, StopLane};
use allstop::plan::MaxFailures;
use allstop::session::Context;
use temporalio_client::{ActivityIdentifier, AsyncActivityHandle, Client};
use temporalio_common::protos::TaskToken;
use tokio::time::{Instant, sleep_until, timeout};

use super::beats::Beats;
use super::fence::Fence;
use super::lease::Lease;
use super::notes::Notes;
use super::outcome;
use super::start::Start;
use crate::history::{describe, was_taken};
use crate::plans::{FetchError, Opened, PlanError, Plans};
use crate::wire::{Beat, Ended, PackedError, RunRef, SessionEnd, SessionInput, VERSION, Why, lane_id};

/// How long a session takes while others wait for the quota, and else.
const TURN: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

/// How long what is in flight has to complete at the end of a session. The rest is in doubt.
const GRACE: Duration = Duration::from_secs(1);

/// How long it counts that a run goes on, as a part of the time between two heartbeats.
const FRESH: u32 = 4;

/// How many workers may take a session up that cannot sign in, before it fails.
const ATTEMPTS: u32 = 10;

/// Holds lanes for a worker.
pub struct Holder {
    /// The client of the worker.
    pub client: Client,
    /// The plans that it has read.
    pub plans: Arc<Plans>,
    /// Where credentials come from.
    pub context: Context,
    /// What it is called in `status`.
    pub worker: String,
    /// Cancelled when the worker leaves.
    pub leaving: CancellationToken,
}

/// The task of holding a lane, as the engine gives it to a worker.
pub struct Task {
    /// What names it to the engine.
    pub token: Vec<u8>,
    /// What a lost session had told with its heartbeats.
    pub told: Option<Beat>,
    /// The engine's run of the lane's workflow.
    pub own_run: Option<String>,
    /// How often it was given to a worker, this time included.
    pub attempt: u32,
    /// How long it waited for a worker, by the engine's clock.
    pub waited: Duration,
}

/// How the holding of a lane ended.
pub enum Held {
    /// With this result.
    Ended(Box<SessionEnd>),
    /// The engine knows the session no more: nothing that it did since its last heartbeat counts.
    Lost,
    /// This worker cannot hold the lane; another one may.
    Refused(String),
}

/// One session on its way.
struct Session<'a> {
    holder: &'a Holder,
    input: &'a SessionInput,
    attempt: u32,
    /// The engine's run of the lane's workflow, where the session begins long after it was asked for.
    late_in: Option<&'a str>,
    notes: Arc<Notes>,
    lease: Arc<Lease>,
    /// Cancelled when nothing new may be sent.
    over: CancellationToken,
}

impl Holder {
    /// Holds a lane.
    pub async fn hold(&self, task: Task, input: &SessionInput) -> Held {
        match self.try_hold(task, input).await {
            Ok(held) => held,
            Err(error) => Held::Refused(error.to_string()),
        }
    }

    async fn try_hold(&self, task: Task, input: &SessionInput) -> Result<Held, PackedError> {
        let Task { token, told, own_run, attempt, waited } = task;
        let own_run = own_run.as_deref();
        if input.v != VERSION || told.as_ref().is_some_and(|told| told.v != VERSION) {
            return Ok(Held::Refused(format!(
                "the lane was begun in version {} of the payloads, and this worker reads version {VERSION}",
                told.map_or(input.v, |told| told.v)
            )));
        }
        let told = told.map(|told| told.state.read::<ResumeState>()).transpose()?;
        let start = Start::of(input, told, own_run)?;
        let over = CancellationToken::new();
        let notes = Arc::new(Notes::new(start.state.clone(), input.pace.checkpoint(), over.clone()));
        let lease = Arc::new(Lease::new(input.pace.lease()));
        let beats = Beats {
            handle: AsyncActivityHandle::new(
                self.client.clone(),
                ActivityIdentifier::from_task_token(TaskToken::from(token)),
            ),
            notes: Arc::clone(&notes),
            lease: Arc::clone(&lease),
            pace: input.pace,
            done: input.done.len(),
            worker: self.worker.clone(),
            asked: over.clone(),
        };
        // Whatever takes its time, such as a large plan, happens under the lease.
        let sent = Instant::now();
        if !beats.beat().await {
            return Ok(Held::Lost);
        }
        // Its lane may have lost the quota meanwhile.
        let is_late = attempt > 1 || waited >= input.pace.timeout() / 2;
        let late_in = own_run.filter(|_| is_late);
        let session = Session { holder: self, input, attempt, late_in, notes, lease: Arc::clone(&lease), over };
        let held = {
            let mut work = std::pin::pin!(session.work(start));
            let mut beating = std::pin::pin!(beats.go_on(sent));
            let mut is_beating = true;
            loop {
                tokio::select! {
                    biased;
                    held = &mut work => break held?,
                    () = &mut beating, if is_beating => is_beating = false,
                }
            }
        };
        if lease.is_lost() { Ok(Held::Lost) } else { Ok(held) }
    }
}

impl Session<'_> {
    /// Opens the plan, signs in, and sends.
    async fn work(&self, mut start: Start) -> Result<Held, PackedError> {
        let Holder { client, plans, context, worker, .. } = self.holder;
        let input = self.input;
        let opened = match plans.get(client, &input.run, context).await {
            Ok(opened) => opened,
            Err(PlanError::Fetch(error)) => return Ok(Held::Refused(error.to_string())),
            Err(PlanError::Read(error)) => {
                return Ok(Held::Refused(format!("this worker reads the plan otherwise: {error}")));
            }
        };
        let Some(lane) = self.lane(&opened) else {
            return Ok(Held::Refused("this worker reads the plan otherwise: it has other lanes".to_owned()));
        };
        let targets = start.targets(input, lane);
        let share = input.share.map(|share| share.saturating_sub(start.failed()));
        let why = match (input.only_settles, share) {
            (true, _) => Some(Why::Slice),
            (false, Some(0)) => Some(Why::Budget),
            // The workflow of the lane may not know either yet.
            (false, _) => match (self.is_over(&opened).await, self.was_taken().await) {
                (Ok(true), _) => Some(Why::Guard(Ended { status: Status::Interrupted, by: None })),
                (Ok(false), Ok(true)) => Some(Why::Slice),
                (Ok(false), Ok(false)) => None,
                (Err(error), _) | (_, Err(error)) => return Ok(Held::Refused(error.to_string())),
            },
        };
        if let Some(why) = why {
            return outcome::unsent(&start.state, lane, why, worker).map(|end| Held::Ended(Box::new(end)));
        }
        let keyring = match opened.bundle.sign_in(&targets).await {
            Ok(keyring) => Arc::new(keyring),
            Err(error) => {
                let is_final = error.get_ref().downcast_ref().is_some_and(RunError::is_refused);
                let message = error.to_string();
                if !is_final && self.attempt < ATTEMPTS {
                    // Another worker may have the credentials that this one lacks.
                    return Ok(Held::Refused(message));
                }
                // The lanes of the same accounts need not ask with these credentials again.
                let closed = is_final.then(|| (lane.accounts.clone(), message.clone()));
                let why = Why::Failed { message, of_credentials: true, is_final };
                let end = outcome::unsent(&start.state, lane, why, worker)?;
                return Ok(Held::Ended(Box::new(SessionEnd { closed, ..end })));
            }
        };
        let run = opened.bundle.part(targets, keyring).max_failures(share.map(MaxFailures::Count));
        let run = self.prepared(run, &opened, start.state.clone());
        let record = match self.carry_out(run).await {
            Ok(record) => record,
            Err(error) => {
                let why = Why::Failed { message: error.to_string(), of_credentials: false, is_final: false };
                return outcome::unsent(&start.state, lane, why, worker).map(|end| Held::Ended(Box::new(end)));
            }
        };
        if record.unrecorded.is_some() {
            return Ok(Held::Lost);
        }
        outcome::of_record(&record, lane, input.share, worker).map(|end| Held::Ended(Box::new(end)))
    }

    /// Tells whether the run has ended, or was asked to. The sessions of a run ask together: its workflow tells of all lanes
    /// with each response, and does nothing else meanwhile.
    async fn is_over(&self, opened: &Opened) -> Result<bool, FetchError> {
        let RunRef { workflow_id, run_id, .. } = &self.input.run;
        // While the engine does not respond, each asks for itself.
        let mut known = timeout(self.input.pace.lease(), opened.goes_on.lock()).await.ok();
        let fresh = self.input.pace.checkpoint() / FRESH;
        if known.as_ref().is_some_and(|goes_on| goes_on.is_some_and(|at| at.elapsed() < fresh)) {
            return Ok(false);
        }
        let asked_at = Instant::now();
        let is_over = match describe(&self.holder.client, workflow_id, Some(run_id)).await {
            Ok(run) => run.cancel_requested || !run.goes_on(),
            Err(FetchError::NoSuchRun(_)) => true,
            Err(error) => return Err(error),
        };
        if let Some(goes_on) = known.as_mut().filter(|_| !is_over) {
            **goes_on = Some(asked_at);
        }
        Ok(is_over)
    }

    /// Tells whether the lane has lost its quota, because no worker served it for a while.
    async fn was_taken(&self) -> Result<bool, FetchError> {
        let RunRef { workflow_id, .. } = &self.input.run;
        let Some(run) = self.late_in else { return Ok(false) };
        was_taken(&self.holder.client, &lane_id(workflow_id, self.input.lane.number), run).await
    }

    /// Returns the lane as this worker reads the plan, where that is the same.
    fn lane<'o>(&self, opened: &'o Opened) -> Option<&'o StopLane> {
        let spec = &self.input.lane;
        let lane = opened.lanes.get(spec.number as usize)?;
        (spec.is(lane) && opened.fingerprint == self.input.fingerprint).then_some(lane)
    }

    /// Has a part of the run note, send and end as a session does.
    fn prepared(&self, run: Run, opened: &Opened, state: ResumeState) -> Run {
        let fence = Fence { inner: Arc::clone(&opened.transport), lease: Arc::clone(&self.lease) };
        run.resume(ResumeState { reason: opened.bundle.reason(), ..state })
            .journal(Arc::clone(&self.notes) as _)
            .transport(fence)
            .hand_over_on(self.over.clone(), GRACE)
    }

    /// Carries the part of the run out, until the session's time is over.
    async fn carry_out(&self, run: Run) -> Result<Record, RunError> {
        let ends_at = Instant::now() + if self.input.others { TURN.0 } else { TURN.1 };
        let mut run = std::pin::pin!(run.execute());
        loop {
            tokio::select! {
                biased;
                record = &mut run => return record,
                () = sleep_until(ends_at), if !self.over.is_cancelled() => self.over.cancel(),
                () = self.holder.leaving.cancelled(), if !self.over.is_cancelled() => self.over.cancel(),
            }
        }
    }
}
