//! Holding a lane: the executor between its first heartbeat and its result.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use allstop::engine::{Record, ResumeState, Run, RunError, Status, StopLane};
use allstop::plan::MaxFailures;
use allstop::session::Context;
use allstop::{CancellationToken, Timestamp};
use futures::FutureExt;
use temporalio_client::{ActivityIdentifier, AsyncActivityHandle, Client};
use temporalio_common::protos::TaskToken;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::beats::Beats;
use super::fence::Fence;
use super::lease::Lease;
use super::notes::Notes;
use super::outcome;
use super::start::Start;
use crate::client::Outage;
use crate::history::{describe, was_reset, was_taken};
use crate::plans::{FetchError, Opened, PlanError, Plans};
use crate::wire::{Beat, Ended, OtherVersion, PackedError, RunRef, SessionEnd, SessionInput, Why, lane_id};

/// How long a session takes while others wait for the quota, and else.
const TURN: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

/// How long what is in flight has to complete at the end of a session. The rest is in doubt.
const GRACE: Duration = Duration::from_secs(1);

/// How a session ends because the deadline of the run has passed.
const LATE: Why = Why::Guard(Ended { status: Status::Deadline, by: None });

/// How long it counts that a run goes on, as a part of the time between two heartbeats.
const FRESH: u32 = 4;

/// How many workers may take a session up that cannot sign in, before it fails.
const ATTEMPTS: u32 = 10;

/// How many attempts of a session may panic before it fails.
const PANICS: u32 = 3;

/// How long a lane waits after a failure that may pass by itself: twice as long after each, up to the longest.
const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(15));

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
    /// Whether the engine responds to its sessions.
    pub outage: Arc<Outage>,
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
    /// When it was given to this worker, by the engine's clock.
    pub begun_at: Option<Timestamp>,
}

/// How the holding of a lane ended.
pub enum Held {
    /// With this result.
    Ended(Box<SessionEnd>),
    /// The engine knows the session no more: nothing that it did since its last heartbeat counts.
    Lost,
    /// This worker cannot hold the lane; another one may.
    Refused(String),
    /// This worker has failed by a bug of its own, with this known of what it did; another one may hold the lane.
    Broken(String, Box<Beat>),
    /// Nobody can hold the lane for now: what failed may pass by itself, and it is tried again after so long.
    Later(String, Duration),
}

/// One session on its way.
struct Session<'a> {
    holder: &'a Holder,
    input: &'a SessionInput,
    attempt: u32,
    /// The engine's run of the lane's workflow.
    own_run: Option<&'a str>,
    /// Whether the session begins long after it was asked for.
    begins_late: bool,
    /// When nothing more may be sent. The workflow of the run may tell the lane later, such as when all workers were away.
    deadline: Option<Instant>,
    notes: Arc<Notes>,
    lease: Arc<Lease>,
    /// Cancelled when nothing new may be sent.
    over: CancellationToken,
    /// The plan, once it is read.
    opened: OnceLock<Arc<Opened>>,
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
        let Task { token, told, own_run, attempt, waited, begun_at } = task;
        let deadline = begun_at.zip(input.run.deadline).map(|(now, deadline)| deadline.duration_since(now));
        let deadline = deadline.map(|left| Instant::now() + Duration::try_from(left).unwrap_or_default());
        let versions = [Some(input.v), told.as_ref().map(|told| told.v)];
        if let Some(Err(version)) = versions.into_iter().flatten().map(OtherVersion::refuse).find(Result::is_err) {
            return Ok(Held::Refused(version.to_string()));
        }
        let told = told.map(|told| told.state.read::<ResumeState>()).transpose()?;
        let start = Start::of(input, told)?;
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
            outage: Arc::clone(&self.outage),
            asked: over.clone(),
        };
        // Whatever takes its time, such as a large plan, happens under the lease.
        let sent = Instant::now();
        if !beats.beat().await {
            return Ok(Held::Lost);
        }
        // Its lane may have lost the quota meanwhile: to a quota that has found twice, a heartbeat timeout apart, that nobody had
        // begun the session.
        let begins_late = attempt > 1 || waited >= input.pace.engine_timeout();
        let own_run = own_run.as_deref();
        let (lease_held, opened) = (Arc::clone(&lease), OnceLock::new());
        let session = Session {
            holder: self,
            input,
            attempt,
            own_run,
            begins_late,
            deadline,
            notes,
            lease: lease_held,
            over,
            opened,
        };
        let held = {
            let mut work = std::pin::pin!(AssertUnwindSafe(session.work(start)).catch_unwind());
            let mut beating = std::pin::pin!(beats.go_on(sent));
            let mut is_beating = true;
            loop {
                tokio::select! {
                    biased;
                    held = &mut work => break match held {
                        Ok(held) => held?,
                        Err(panic) => session.broken(&beats, said(&*panic))?,
                    },
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
        let _ = self.opened.set(Arc::clone(&opened));
        let Some(lane) = self.lane(&opened) else {
            return Ok(Held::Refused("this worker reads the plan otherwise: it has other lanes".to_owned()));
        };
        match self.was_reset().await {
            Ok(true) => start.reset(),
            Ok(false) => {}
            Err(error) => return Ok(Held::Refused(error.to_string())),
        }
        let targets = start.targets(input, lane);
        let share = input.share.map(|share| share.saturating_sub(start.failed()));
        let why = match (input.only_settles, share) {
            (true, _) => Some(Why::Slice),
            (false, Some(0)) => Some(Why::Budget),
            (false, _) if self.is_late() => Some(LATE),
            // The workflow of the lane may not know either yet.
            (false, _) => match (self.is_over(&opened).await, self.was_taken().await) {
                (Ok(true), _) => Some(Why::Guard(Ended { status: Status::Interrupted, by: None })),
                (Ok(false), Ok(true)) => Some(Why::Slice),
                (Ok(false), Ok(false)) => None,
                (Err(error), _) | (_, Err(error)) => return Ok(Held::Refused(error.to_string())),
            },
        };
        if let Some(why) = why {
            return self.unsent(&start, lane, why);
        }
        let signed_in = tokio::select! {
            biased;
            signed_in = opened.bundle.sign_in(&targets) => signed_in,
            // A service that does not respond may take its time.
            () = self.must_end() => return self.unsent(&start, lane, Why::Slice),
        };
        let keyring = match signed_in {
            Ok(keyring) => Arc::new(keyring),
            Err(error) => {
                let cause = error.get_ref().downcast_ref();
                let is_final = cause.is_some_and(RunError::is_refused);
                let message = error.to_string();
                if cause.is_some_and(RunError::may_pass) {
                    return self.later(&start, lane, &opened, message);
                }
                if !is_final && self.attempt < ATTEMPTS {
                    // Another worker may have the credentials that this one lacks.
                    return Ok(Held::Refused(message));
                }
                // The lanes of the same accounts need not ask with these credentials again.
                let closed = is_final.then(|| (lane.accounts.clone(), message.clone()));
                let why = Why::Failed { message, of_credentials: true, is_final };
                let end = outcome::unsent(&start.state, &lane.targets, why, worker)?;
                return Ok(Held::Ended(Box::new(SessionEnd { closed, ..end })));
            }
        };
        let run = opened.bundle.part(targets, keyring).max_failures(share.map(MaxFailures::Count));
        let run = if start.follows_lost { run.without_burst() } else { run };
        let run = self.prepared(run, &opened, start.state.clone());
        let record = match self.carry_out(run, &opened).await {
            Ok(record) => record,
            Err(error) if error.may_pass() => return self.later(&start, lane, &opened, error.to_string()),
            Err(error) => {
                let why = Why::Failed { message: error.to_string(), of_credentials: false, is_final: false };
                return self.unsent(&start, lane, why);
            }
        };
        if record.unrecorded.is_some() {
            return Ok(Held::Lost);
        }
        let mut end = outcome::of_record(&record, lane, input.share, worker)?;
        if end.why == Why::Slice && self.is_late() {
            end.why = LATE;
        }
        Ok(Held::Ended(Box::new(end)))
    }

    /// Tells whether the deadline of the run has passed.
    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Ends the session, which has sent nothing.
    fn unsent(&self, start: &Start, lane: &StopLane, why: Why) -> Result<Held, PackedError> {
        outcome::unsent(&start.state, &lane.targets, why, &self.holder.worker).map(|end| Held::Ended(Box::new(end)))
    }

    /// Says how the session ends that has panicked: the first times, another worker may do better.
    fn broken(&self, beats: &Beats, said: &str) -> Result<Held, PackedError> {
        let why = format!("the session failed: {said}");
        let (_, state) = self.notes.snapshot(ResumeState::clone);
        let lane = self.opened.get().and_then(|opened| self.lane(opened));
        let end = after_panics(self.attempt, &state, lane, why.clone(), &self.holder.worker)?;
        Ok(match end {
            Some(end) => Held::Ended(Box::new(end)),
            None => Held::Broken(why, Box::new(beats.details(&state)?)),
        })
    }

    /// Leaves the lane to a later attempt of any worker, as what failed may pass by itself. Its run ends meanwhile when the
    /// window of the plan closes.
    fn later(&self, start: &Start, lane: &StopLane, opened: &Opened, why: String) -> Result<Held, PackedError> {
        if let Some(closed) = opened.bundle.closed_window() {
            return self.unsent(start, lane, Why::Guard(Ended { status: Status::Aborted, by: Some(closed) }));
        }
        Ok(Held::Later(why, pause(self.attempt)))
    }

    /// Waits until the session must end early.
    async fn must_end(&self) {
        tokio::select! {
            () = self.over.cancelled() => {}
            () = self.holder.leaving.cancelled() => {}
        }
    }

    /// Tells whether the run has ended, or was asked to. The sessions of a run ask together: its workflow tells of all lanes
    /// with each response, and does nothing else meanwhile.
    async fn is_over(&self, opened: &Opened) -> Result<bool, FetchError> {
        let RunRef { workflow_id, run_id, .. } = &self.input.run;
        // While the engine does not respond, each asks for itself.
        let mut known = timeout(self.input.pace.lease(), opened.goes_on.lock()).await.ok();
        if opened.over.is_cancelled() {
            return Ok(true);
        }
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
        if is_over {
            opened.over.cancel();
        } else if let Some(goes_on) = &mut known {
            **goes_on = Some(asked_at);
        }
        Ok(is_over)
    }

    /// Tells whether somebody has reset the workflow of the lane.
    async fn was_reset(&self) -> Result<bool, FetchError> {
        let Some(own_run) = self.own_run else { return Ok(false) };
        match &self.input.lane_run_id {
            Some(run) => Ok(run != own_run),
            None => was_reset(&self.holder.client, &self.workflow(), own_run).await,
        }
    }

    /// Tells whether the lane has lost its quota, because no worker served it for a while.
    async fn was_taken(&self) -> Result<bool, FetchError> {
        let Some(own_run) = self.own_run.filter(|_| self.begins_late) else { return Ok(false) };
        was_taken(&self.holder.client, &self.workflow(), own_run).await
    }

    /// Returns the id of the workflow of the lane.
    fn workflow(&self) -> String {
        lane_id(&self.input.run.workflow_id, self.input.lane.number)
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

    /// Waits until the run has ended, or was asked to: its workflow may take seconds until it has told many lanes.
    async fn ended(&self, opened: &Opened) {
        let asks = async {
            loop {
                sleep(self.input.pace.checkpoint()).await;
                // Whether the engine responds, heartbeats tell.
                if let Ok(true) = self.is_over(opened).await {
                    return;
                }
            }
        };
        tokio::select! {
            () = opened.over.cancelled() => {}
            () = asks => {}
        }
    }

    /// Carries the part of the run out, until the session's time or the run is over.
    async fn carry_out(&self, run: Run, opened: &Opened) -> Result<Record, RunError> {
        let ends_at = Instant::now() + if self.input.others { TURN.0 } else { TURN.1 };
        let ends_at = self.deadline.map_or(ends_at, |deadline| deadline.min(ends_at));
        let mut run = std::pin::pin!(run.execute());
        let mut ended = std::pin::pin!(self.ended(opened));
        loop {
            tokio::select! {
                biased;
                record = &mut run => return record,
                () = sleep_until(ends_at), if !self.over.is_cancelled() => self.over.cancel(),
                () = &mut ended, if !self.over.is_cancelled() => self.over.cancel(),
                () = self.holder.leaving.cancelled(), if !self.over.is_cancelled() => self.over.cancel(),
            }
        }
    }
}

/// Returns the result of a session whose so-manieth attempt has panicked, with this known of what it did; `None` where another
/// worker is asked. Rows of a lane that this worker does not know cannot be brought.
fn after_panics(
    attempt: u32,
    state: &ResumeState,
    lane: Option<&StopLane>,
    message: String,
    worker: &str,
) -> Result<Option<SessionEnd>, PackedError> {
    if attempt < PANICS || lane.is_none() && !state.done.is_empty() {
        return Ok(None);
    }
    let why = Why::Failed { message, of_credentials: false, is_final: false };
    outcome::unsent(state, lane.map_or(&[], |lane| &lane.targets), why, worker).map(Some)
}

/// Returns what a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic")
}

/// Returns how long a lane waits after an attempt that failed for what may pass by itself.
fn pause(attempt: u32) -> Duration {
    let (first, longest) = PAUSE;
    first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(longest)
}

#[cfg(test)]
mod tests {
    use allstop::engine::{InProgress, SkipReason, TargetResult};

    use super::*;

    #[test]
    fn what_may_pass_is_tried_again_ever_later_and_for_ever() {
        let pauses = [1, 2, 3, 4, 5, 6, u32::MAX].map(|attempt| pause(attempt).as_secs());
        assert_eq!(pauses, [2, 4, 8, 15, 15, 15, 15]);
    }

    #[test]
    fn a_session_that_panics_again_and_again_fails_and_keeps_what_it_knows() {
        let open = [(3, InProgress::default())].into_iter().collect();
        let state = ResumeState { open, ..ResumeState::default() };
        let end =
            |attempt, state| after_panics(attempt, state, None, "the session failed: no".to_owned(), "w").unwrap();
        assert!(end(1, &state).is_none() && end(2, &state).is_none());
        let third = end(3, &state).unwrap();
        assert!(
            matches!(&third.why, Why::Failed { message, of_credentials: false, is_final: false } if message.ends_with("no"))
        );
        assert!(third.open.is_some() && third.given_up.is_some());
        // The row of a lost session is not dropped because this worker does not know its place.
        let mut told = ResumeState::default();
        told.done.insert(3, &TargetResult::skipped(SkipReason::Protected));
        assert!(end(3, &told).is_none());
    }

    #[test]
    fn what_a_panic_said_is_told() {
        let panics: [(Box<dyn Any + Send>, &str); 3] =
            [(Box::new("plain"), "plain"), (Box::new("text".to_owned()), "text"), (Box::new(7), "a panic")];
        panics.iter().for_each(|(panic, text)| assert_eq!(said(&**panic), *text));
    }
}
