//! How a lane stands.

use std::collections::{BTreeMap, HashMap};

use allstop::Timestamp;
use allstop::engine::{InProgress, Outcome, ResumeState, TargetResult};
use futures::TryStreamExt;
use jiff::SignedDuration;
use serde::Serialize;
use temporalio_client::{Client, WorkflowExecutionStatus};
use temporalio_common::protos::temporal::api::enums::v1::PendingActivityState;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflow::v1::PendingActivityInfo;

use super::failure::{failing, failure};
use super::latest::{holder, last_result, last_session};
use crate::history::execution::{self, Execution, describe};
use crate::history::first::first_session;
use crate::history::lane::GONE;
use crate::history::loss::loss;
use crate::plans::{self, FetchError};
use crate::wire::{LaneDoes, LaneMemo, LaneResult, LaneSpec, Pace, RunRef, SessionEnd, lane_id};

/// What a lane does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LaneStatus {
    /// It has not begun.
    NotBegun,
    /// It waits for the quota, which another lane holds.
    WaitsForQuota,
    /// It waits for a share of the failures that the run may have.
    WaitsForFailures,
    /// It waits for a worker.
    WaitsForWorker,
    /// A worker holds it.
    Held,
    /// It is between two sessions.
    Between,
    /// Every target has its row, or none is sent any more.
    Ended,
    /// Its workflow did not end by itself.
    Lost,
}

/// How a lane stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LaneStanding {
    /// Its number in the run, from 0.
    pub number: u32,
    /// The name of its first account in the plan.
    pub account: String,
    /// The region.
    pub region: String,
    /// The API.
    pub api: String,
    /// The task queue of its sessions.
    pub queue: String,
    /// What it does.
    pub status: LaneStatus,
    /// How many targets it has.
    pub targets: u64,
    /// How many of them have their final row.
    pub done: u64,
    /// How many are in progress.
    pub open: u64,
    /// How many of those have a request whose response is not known yet, while its worker's heartbeats come.
    pub in_flight: u64,
    /// How many may have been stopped by a request whose response is not known, because its worker was lost, or nothing more
    /// is sent.
    pub in_doubt: u64,
    /// The outcomes of the rows by name, counted; of a lane that has ended, also of the targets that no stop was sent for.
    pub outcomes: BTreeMap<String, u64>,
    /// When its first session was asked for; null for one that no worker holds.
    pub began_at: Option<Timestamp>,
    /// How many targets a second got their row since then.
    pub rate: Option<f64>,
    /// How long it takes at that rate, in seconds.
    pub seconds_left: Option<u64>,
    /// The worker that holds it.
    pub holder: Option<String>,
    /// When that last told something, by the engine's clock.
    pub heartbeat_at: Option<Timestamp>,
    /// Whether it should have told something since.
    pub is_overdue: bool,
    /// The id of the workflow of the lane that holds the quota that this one waits for.
    pub waits_for: Option<String>,
    /// Why its last session failed, or how its workflow ended.
    pub failure: Option<String>,
    /// Whether a worker gave that reason: the session was not lost.
    #[serde(skip)]
    pub is_refused: bool,
    /// The attempt to carry its workflow out that workers fail at, as they do without the payload key.
    pub failing_attempt: Option<u32>,
    /// Why the first of those attempts failed.
    pub failing_reason: Option<String>,
    /// The attempt at the workflow task of the quota that it waits for, if workers fail at it.
    pub quota_failing_attempt: Option<u32>,
    /// Why the first of those attempts failed.
    pub quota_failing_reason: Option<String>,
}

/// What is asked about.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) client: &'a Client,
    pub(super) run: &'a RunRef,
    pub(super) pace: Pace,
    /// The task queue of the run.
    pub(super) queue: &'a str,
    /// Now, by this machine's clock.
    pub(super) at: Timestamp,
}

/// How long a lane is held before its rate says how long it takes.
const TELLING: f64 = 10.0;

/// How many heartbeats must be missing before a worker may be lost.
const MISSING: u32 = 4;

impl LaneStanding {
    /// Returns a lane that has not begun.
    fn not_begun(spec: &LaneSpec, queue: &str) -> Self {
        Self {
            number: spec.number,
            account: spec.account.clone(),
            region: spec.region.clone(),
            api: spec.api.clone(),
            queue: spec.queue.clone().unwrap_or_else(|| queue.to_owned()),
            status: LaneStatus::NotBegun,
            targets: spec.targets.into(),
            done: 0,
            open: 0,
            in_flight: 0,
            in_doubt: 0,
            outcomes: BTreeMap::new(),
            began_at: None,
            rate: None,
            seconds_left: None,
            holder: None,
            heartbeat_at: None,
            is_overdue: false,
            waits_for: None,
            failure: None,
            is_refused: false,
            failing_attempt: None,
            failing_reason: None,
            quota_failing_attempt: None,
            quota_failing_reason: None,
        }
    }

    /// Takes in that the engine does not have its workflow any more.
    pub(super) fn go(&mut self) {
        (self.status, self.failure) = (LaneStatus::Lost, Some(GONE.to_owned()));
    }

    /// Tells whether it stays as it is.
    pub(crate) const fn is_over(&self) -> bool {
        matches!(self.status, LaneStatus::Ended | LaneStatus::Lost)
    }

    /// Asks the engine how a lane stands; `began_at` is when its first session was asked for, where that is known.
    ///
    /// # Errors
    ///
    /// Fails when the engine cannot be asked, or a payload cannot be decoded.
    pub(super) async fn read(
        asked: Asked<'_>,
        spec: &LaneSpec,
        began_at: Option<Timestamp>,
    ) -> Result<Self, FetchError> {
        let Asked { client, run, queue, .. } = asked;
        let standing = Self { began_at, ..Self::not_begun(spec, queue) };
        let now = match describe(client, &lane_id(&run.workflow_id, spec.number), None).await {
            // A later run of the same id has lanes of its own.
            Ok(now) if now.parent_run.as_ref() == Some(&run.run_id) => now,
            Ok(_) | Err(FetchError::NoSuchRun(_)) => return Ok(standing),
            Err(error) => return Err(error),
        };
        let memo: Option<LaneMemo> = now.memo(client, LaneMemo::KEY).await?;
        let standing = match &memo {
            Some(memo) => Self { done: memo.done, outcomes: memo.counts.clone(), ..standing },
            None => standing,
        };
        if now.goes_on() {
            return standing.going_on(asked, &now, memo.map(|memo| memo.state), spec).await;
        }
        standing.over(client, &now).await
    }

    /// Takes in what the lane does.
    async fn going_on(
        mut self,
        asked: Asked<'_>,
        now: &Execution,
        does: Option<LaneDoes>,
        spec: &LaneSpec,
    ) -> Result<Self, FetchError> {
        let (client, session) = (asked.client, now.session());
        (self.failing_attempt, self.failing_reason) = failing(client, now).await?;
        self.status = match (session, does) {
            (Some(session), _) if session.state() == PendingActivityState::Scheduled => LaneStatus::WaitsForWorker,
            (Some(_), _) => LaneStatus::Held,
            (None, _) if self.failing_attempt.is_some() || now.is_idle(asked.at) => LaneStatus::WaitsForWorker,
            (None, Some(LaneDoes::WaitsForQuota)) => LaneStatus::WaitsForQuota,
            (None, Some(LaneDoes::WaitsForShare)) => LaneStatus::WaitsForFailures,
            (None, Some(LaneDoes::IsHeld) | None) => LaneStatus::Between,
        };
        if let Some(session) = session {
            self.hear(client, now, session).await?;
            self.measure(asked, now).await?;
        }
        // A lane shows nothing before its first session.
        if session.is_none() && matches!(does, Some(LaneDoes::IsHeld) | None) {
            self.add_last(client, now).await?;
        }
        if matches!(self.status, LaneStatus::WaitsForQuota | LaneStatus::Between) {
            self.waits_for = holder(client, &spec.quota_id()).await?.filter(|holder| *holder != now.workflow_id);
        }
        if self.waits_for.is_some() {
            self.status = LaneStatus::WaitsForQuota;
        }
        if self.status == LaneStatus::WaitsForQuota {
            self.ask_for_quota(asked, &spec.quota_id()).await?;
        }
        Ok(self)
    }

    /// Takes in whether workers run the workflow of the quota that it waits for.
    async fn ask_for_quota(&mut self, asked: Asked<'_>, quota: &str) -> Result<(), FetchError> {
        let quota = match describe(asked.client, quota, None).await {
            Ok(quota) => quota,
            Err(FetchError::NoSuchRun(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        (self.quota_failing_attempt, self.quota_failing_reason) = failing(asked.client, &quota).await?;
        if self.quota_failing_attempt.is_none() && quota.is_idle(asked.at) {
            // Nobody says now whose turn is next.
            (self.status, self.waits_for) = (LaneStatus::WaitsForWorker, None);
        }
        Ok(())
    }

    /// Takes in how fast a lane is that a worker holds, and whether that worker may be lost.
    async fn measure(&mut self, asked: Asked<'_>, now: &Execution) -> Result<(), FetchError> {
        let Some(heard) = self.heartbeat_at.filter(|_| self.status == LaneStatus::Held) else { return Ok(()) };
        // Without a lease, it sends nothing in any case.
        let longest = (asked.pace.checkpoint() * MISSING).min(asked.pace.lease());
        self.is_overdue =
            asked.at.duration_since(heard) > SignedDuration::try_from(longest).unwrap_or(SignedDuration::MAX);
        if self.is_overdue {
            return Ok(());
        }
        (self.in_flight, self.in_doubt) = (self.in_doubt, 0);
        if self.began_at.is_none() {
            self.began_at = first_session(asked.client, &now.workflow_id, &now.first_run).await?;
        }
        let took = self.began_at.map(|began| heard.duration_since(began).as_secs_f64());
        let Some(took) = took.filter(|took| *took >= 1.0) else { return Ok(()) };
        let rate = self.done as f64 / took;
        self.rate = Some(rate);
        if took >= TELLING && rate > 0.0 {
            let left = self.targets.saturating_sub(self.done);
            self.seconds_left = Some((left as f64 / rate).ceil() as u64);
        }
        Ok(())
    }

    /// Adds what the session brought that ended since the lane last showed what it does.
    async fn add_last(&mut self, client: &Client, now: &Execution) -> Result<(), FetchError> {
        let Some(result) = last_result(client, &now.workflow_id, &now.run_id).await? else { return Ok(()) };
        let end: SessionEnd = plans::decode_versioned(client, &now.workflow_id, Some(result)).await?;
        self.done += end.done.len();
        end.counts.into_iter().for_each(|(outcome, count)| *self.outcomes.entry(outcome).or_default() += count);
        Ok(())
    }

    /// Takes in what a session tells.
    async fn hear(
        &mut self,
        client: &Client,
        now: &Execution,
        session: &PendingActivityInfo,
    ) -> Result<(), FetchError> {
        if let Some(last) = &session.last_failure {
            self.failure = Some(failure(client, &now.workflow_id, last).await?).filter(|text| !text.is_empty());
            let is_told = matches!(last.failure_info, Some(FailureInfo::ApplicationFailureInfo(_)));
            self.is_refused = is_told && self.failure.is_some();
        }
        let Some(beat) = execution::beat(client, &now.workflow_id, session).await? else { return Ok(()) };
        let state: ResumeState = beat.state.read()?;
        (self.done, self.open) = (beat.done, beat.open);
        self.in_doubt = in_doubt(&state.open);
        state.done.iter().for_each(|(_, row)| *self.outcomes.entry(row.outcome.name().to_owned()).or_default() += 1);
        self.heartbeat_at = execution::beat_at(session);
        if self.status == LaneStatus::Held {
            self.holder = Some(beat.worker);
            let began = session.last_started_time.as_ref();
            let began = began.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
            // Another session has told something since the last one failed.
            if self.heartbeat_at > began {
                (self.failure, self.is_refused) = (None, false);
            }
        }
        Ok(())
    }

    /// Takes in how the lane ended.
    async fn over(mut self, client: &Client, now: &Execution) -> Result<Self, FetchError> {
        self.status = LaneStatus::Lost;
        let mut closing = plans::closing(client, &now.workflow_id, Some(&now.run_id));
        let event = closing.try_next().await.map_err(|cause| plans::failed(&now.workflow_id, cause))?;
        let attributes = event.and_then(|event| event.attributes);
        if now.status == WorkflowExecutionStatus::Completed
            && let Some(Attributes::WorkflowExecutionCompletedEventAttributes(ended)) = attributes
        {
            let result: LaneResult = plans::decode_versioned(client, &now.workflow_id, ended.result).await?;
            self.status = LaneStatus::Ended;
            (self.done, self.outcomes) = (result.state.done.len(), result.state.counts);
            self.failure = result.message;
            let open = result.state.open.as_ref().map(|open| open.read()).transpose()?.unwrap_or_default();
            let unsettled = self.give_up(client, now, &open).await?;
            let rest = self.targets.saturating_sub(self.done + unsettled);
            if rest > 0 {
                *self.outcomes.entry(result.rest.row().outcome.name().to_owned()).or_default() += rest;
            }
            return Ok(self);
        }
        if let Some(session) = now.session() {
            self.hear(client, now, session).await?;
        }
        self.failure = attributes.as_ref().and_then(loss).map(|how| format!("the workflow {how}"));
        Ok(self)
    }

    /// Takes in the rows that the targets in progress have, as nobody goes on with them. Returns how many have none.
    async fn give_up(
        &mut self,
        client: &Client,
        now: &Execution,
        open: &HashMap<u32, InProgress>,
    ) -> Result<u64, FetchError> {
        if open.is_empty() {
            return Ok(0);
        }
        let rows = match last_session(client, &now.workflow_id, &now.run_id).await? {
            Some(result) => {
                let end: SessionEnd = plans::decode_versioned(client, &now.workflow_id, Some(result)).await?;
                end.given_up.map(|rows| rows.read::<HashMap<u32, TargetResult>>()).transpose()?.unwrap_or_default()
            }
            None => HashMap::new(),
        };
        let mut unsettled = 0;
        for (number, open) in open {
            let row = rows.get(number);
            self.done += u64::from(row.is_some());
            unsettled += u64::from(row.is_none());
            if let Some(row) = row {
                *self.outcomes.entry(row.outcome.name().to_owned()).or_default() += 1;
            }
            let is_in_doubt = row.map_or_else(|| open.is_in_doubt(), |row| row.outcome == Outcome::Unknown);
            self.in_doubt += u64::from(is_in_doubt);
        }
        Ok(unsettled)
    }
}

fn in_doubt(open: &HashMap<u32, InProgress>) -> u64 {
    open.values().filter(|open| open.is_in_doubt()).count() as u64
}
