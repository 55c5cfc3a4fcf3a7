//! The workflow of a run: it starts the lanes, and ends them together.

use std::collections::BTreeMap;
use std::time::Duration;

use allstop::Timestamp;
use allstop::engine::{Status, too_many_failures};
use futures::FutureExt;
use futures::future::FusedFuture;
use temporalio_common::RetryPolicy;
use temporalio_common::data_converters::PayloadConversionError;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::{join_all, select};
use temporalio_sdk::{
    ActivityCloseTimeouts, ActivityOptions, ChildWorkflowOptions, MemoValue, ParentClosePolicy, SyncWorkflowContext,
    WorkflowCancellationToken, WorkflowContext, WorkflowContextView, WorkflowIdReusePolicy, WorkflowResult,
};

use super::activities::Activities;
use super::budget::Budget;
use super::lane::LaneFlow;
use super::listing::{self, Taken};
use super::{TASK_TIMEOUT, detached};
use crate::wire::{
    ConcludeInput, Ended, LaneInput, LaneSpec, LaneState, ListInput, Listed, ListedMemo, OtherVersion, RunInput,
    RunRef, RunResult, Signal, Used, VERSION, Versioned, lane_id, reports_queue,
};

/// How long one try to conclude a run may take, and all of them.
const CONCLUDING: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(180));

/// How many lanes are being started at once. The engine locks the run for each of them: one that waits too long for that lock
/// is tried again seconds later, and the run's own workflow tasks wait as well.
const STARTS: usize = 10;

/// A run of a plan.
#[workflow]
pub struct RunFlow {
    input: RunInput,
    /// Fails where that is of another version.
    version: Result<(), OtherVersion>,
    budget: Budget,
    ended: Option<Ended>,
    /// The lanes that are started and have not ended, by number, and whether they were told that the run ends.
    lanes: BTreeMap<u32, bool>,
    /// How many lanes are started, or will not be.
    started: usize,
    /// The lanes whose account was closed, by number, and why; not told yet.
    closed: Vec<(u32, String)>,
    /// How many signals have come.
    signals: u64,
}

#[workflow_methods]
impl RunFlow {
    #[init]
    fn new(_context: &WorkflowContextView, input: Versioned<RunInput>) -> Self {
        let (input, version) = input.read();
        let budget = Budget::new(input.max_failures, input.lanes.len());
        Self { input, version, budget, ended: None, lanes: BTreeMap::new(), started: 0, closed: Vec::new(), signals: 0 }
    }

    /// Has a worker list what the plan selects, where that is to be done; then starts the lanes, and waits for all of them.
    #[run(name = "allstop.run.v1")]
    pub async fn run(context: &mut WorkflowContext<Self>) -> WorkflowResult<RunResult> {
        context.state(|flow| flow.version).map_err(PayloadConversionError::from)?;
        let mut run = Self::reference(context);
        let lists = context.state(|flow| flow.input.lists.is_some());
        let left = Self::left(context);
        if left.is_some_and(|left| left.is_zero()) {
            context.state_mut(Self::passed);
        }
        let mut deadline = left.filter(|_| lists).map(|left| Self::due_in(context, left));
        if let Some(listed) = Self::list(context, &run, &mut deadline).await {
            run.held = Some(listed.held.clone());
            let memo = ListedMemo { targets: listed.lanes.iter().map(|lane| u64::from(lane.targets)).sum() };
            // Nothing depends on it.
            let _ = context.upsert_memo([(ListedMemo::KEY, Some(MemoValue::new(memo)))]);
            context.state_mut(|flow| flow.begin(listed));
        }
        let lanes = context.state(|flow| flow.input.lanes.clone());
        let mut over = Box::pin(join_all(lanes.iter().map(|lane| Self::carry(context, &run, lane))).fuse());
        let watch = async {
            // The lanes are asked for first.
            let deadline = if lists { deadline } else { left.map(|left| Self::due_in(context, left)) };
            Self::watch(context, &run, deadline).await;
        };
        let mut watch = Box::pin(watch.fuse());
        select! {
            _ = over => {}
            () = watch => {}
        }
        drop((over, watch));
        let result = context.state(|flow| RunResult {
            v: VERSION,
            status: flow.ended.as_ref().map_or(Status::Completed, |ended| ended.status),
            ended_by: flow.ended.as_ref().and_then(|ended| ended.by.clone()),
        });
        Self::conclude(context, run, result.clone()).await;
        Ok(result)
    }

    /// Names the run.
    fn reference(context: &WorkflowContext<Self>) -> RunRef {
        let started_at = context.info().start_time().and_then(|at| Timestamp::try_from(at).ok());
        let started_at = started_at.unwrap_or_default();
        RunRef {
            workflow_id: context.workflow_id().to_owned(),
            run_id: context.run_id().to_owned(),
            id: context.state(|flow| flow.input.id.clone()).unwrap_or_else(|| context.run_id().to_owned()),
            started_at,
            deadline: context.state(|flow| flow.input.deadline(started_at)),
            held: context.state(|flow| flow.input.plan.held().cloned()),
        }
    }

    /// Has a worker list what the plan selects, where that is to be done; returns what came of it. Nothing is stopped meanwhile.
    async fn list(
        context: &WorkflowContext<Self>,
        run: &RunRef,
        deadline: &mut Option<impl FusedFuture + Unpin>,
    ) -> Option<Listed> {
        let lists = context.state(|flow| flow.input.lists.clone().filter(|_| flow.ended.is_none()))?;
        let mut tries = 0;
        loop {
            let (input, options, token) = context.state(|flow| {
                let token = WorkflowCancellationToken::new();
                let input =
                    ListInput { v: VERSION, run: run.clone(), routes: lists.routes.clone(), pace: flow.input.pace };
                (input, listing::options(&lists, context.task_queue(), flow.input.pace, token.clone()), token)
            });
            let mut activity = Box::pin(context.execute_activity(Activities::list, input, options));
            let mut cancelled = Box::pin(context.cancelled());
            let end = loop {
                let mut due = Box::pin(detached::due(deadline).fuse());
                select! {
                    end = activity => break end,
                    reason = cancelled => Self::cancelled(context, reason),
                    () = due => context.state_mut(Self::passed),
                }
                token.cancel();
            };
            tries += 1;
            match listing::take(end, tries) {
                Taken::Listed(listed) => return Some(*listed),
                Taken::Over(ended) => {
                    context.state_mut(|flow| flow.end_with(ended));
                    return None;
                }
                Taken::Again if context.state(|flow| flow.ended.is_some()) => return None,
                Taken::Again => {}
            }
            let mut again = Box::pin(context.timer(detached::timer(listing::AGAIN)));
            let mut due = Box::pin(detached::due(deadline).fuse());
            select! {
                _ = again => {}
                reason = cancelled => Self::cancelled(context, reason),
                () = due => context.state_mut(Self::passed),
            }
            if context.state(|flow| flow.ended.is_some()) {
                return None;
            }
        }
    }

    /// Takes in what was listed. The lanes of a run that has ended are not begun.
    fn begin(&mut self, listed: Listed) {
        if let Some(ended) = listed.ended {
            self.end_with(ended);
        }
        if self.ended.is_some() {
            return;
        }
        self.budget = Budget::new(listed.max_failures, listed.lanes.len());
        self.input.fingerprint = listed.fingerprint;
        self.input.lanes = listed.lanes;
        self.input.max_failures = listed.max_failures;
        self.input.max_failures_rule = listed.max_failures_rule;
    }

    /// Returns how long it is to the deadline of the run, where it has one. It counts from the submission, by the engine's
    /// clock: the first worker may have come later.
    fn left(context: &WorkflowContext<Self>) -> Option<Duration> {
        let after = context.state(|flow| flow.input.deadline_ms).map(Duration::from_millis)?;
        let submitted = context.info().start_time();
        let passed = context.workflow_time().zip(submitted).and_then(|(now, at)| now.duration_since(at).ok());
        Some(after.saturating_sub(passed.unwrap_or_default()))
    }

    /// Begins to wait for the deadline.
    fn due_in(context: &WorkflowContext<Self>, left: Duration) -> impl FusedFuture + Unpin {
        Box::pin(context.timer(detached::timer(left)).fuse())
    }

    /// Takes in that the deadline has passed.
    fn passed(&mut self) {
        self.end_with(Ended { status: Status::Deadline, by: None });
    }

    /// Starts a lane when its turn has come, in the order of their numbers, and waits for its end. One of a run that ends is not
    /// started.
    async fn carry(context: &WorkflowContext<Self>, run: &RunRef, lane: &LaneSpec) {
        let place = lane.number as usize;
        if place >= STARTS {
            let is_next = move |flow: &Self| place < flow.started + STARTS;
            let _ = context.wait_condition_with_options(is_next, detached::wait()).await;
        }
        if context.state(|flow| flow.ended.is_some()) {
            return context.state_mut(|flow| {
                flow.started += 1;
                flow.over(lane.number);
            });
        }
        let input = context.state_mut(|flow| LaneInput {
            v: VERSION,
            run: run.clone(),
            fingerprint: flow.input.fingerprint.clone(),
            lane: lane.clone(),
            has_budget: flow.input.max_failures.is_some(),
            priority: flow.input.priority,
            pace: flow.input.pace,
            closed: flow.closes(lane.number),
            state: LaneState::default(),
        });
        let options = ChildWorkflowOptions::builder()
            .workflow_id(lane_id(&run.workflow_id, lane.number))
            // A run that is reset to its begin must not do again what its lanes did.
            .id_reuse_policy(WorkflowIdReusePolicy::RejectDuplicate)
            .cancellation_token(WorkflowCancellationToken::new())
            .parent_close_policy(ParentClosePolicy::Terminate)
            .task_timeout(TASK_TIMEOUT)
            .static_summary(lane.name())
            .build();
        let started = context.start_child_workflow(LaneFlow::run, Versioned::new(input), options).await;
        context.state_mut(|flow| flow.started += 1);
        match started {
            Ok(started) => {
                context.state_mut(|flow| flow.begun(lane.number));
                // What a lane did is in its own history. Of one that somebody has terminated, the report says so.
                let _ = started.result().await;
            }
            Err(_) => {
                // Its workflow is that of a run that somebody has reset to its begin. It must end, and nobody else would tell it.
                let by = format!("the lane {} has a workflow that this run did not start", lane.name());
                let ended = Ended { status: Status::Aborted, by: Some(by) };
                context.state_mut(|flow| flow.end_with(ended.clone()));
                let lane = context.external_workflow(lane_id(&run.workflow_id, lane.number), None);
                let _ = lane.signal(LaneFlow::end, Signal::new(ended), detached::signal()).await;
            }
        }
        context.state_mut(|flow| flow.over(lane.number));
    }

    /// Takes in that a lane is started. What it should have heard before, it can hear now.
    fn begun(&mut self, lane: u32) {
        self.lanes.insert(lane, false);
        self.signals += 1;
    }

    /// Takes in that a lane has ended.
    fn over(&mut self, lane: u32) {
        self.lanes.remove(&lane);
        self.budget.ended(lane);
        self.signals += 1;
    }

    /// Returns the lanes that do not know yet that the run ends, and why it does; notes that they are told.
    fn untold(&mut self) -> Option<(Vec<u32>, Ended)> {
        let ended = self.ended.clone()?;
        let untold = self.lanes.iter_mut().filter(|(_, is_told)| !**is_told);
        let untold = untold.map(|(lane, is_told)| {
            *is_told = true;
            *lane
        });
        Some((untold.collect(), ended))
    }

    /// Returns why the account of a lane is closed that begins now.
    fn closes(&mut self, lane: u32) -> Option<String> {
        let place = self.closed.iter().position(|(closed, _)| *closed == lane)?;
        Some(self.closed.swap_remove(place).1)
    }

    /// Returns the lanes that can be told that their account is closed, and why.
    fn closed(&mut self) -> Vec<(u32, String)> {
        let (now, later) =
            std::mem::take(&mut self.closed).into_iter().partition(|(lane, _)| self.lanes.contains_key(lane));
        self.closed = later;
        now
    }

    /// Tells the lanes what they must know, for as long as they go on.
    async fn watch(context: &WorkflowContext<Self>, run: &RunRef, mut deadline: Option<impl FusedFuture + Unpin>) {
        loop {
            let signals = context.state(|flow| flow.signals);
            if let Some((lanes, ended)) = context.state_mut(Self::untold) {
                let told = lanes.into_iter().map(async |lane| {
                    let lane = context.external_workflow(lane_id(&run.workflow_id, lane), None);
                    lane.signal(LaneFlow::end, Signal::new(ended.clone()), detached::signal()).await
                });
                // A lane that has ended hears nothing.
                join_all(told).await;
            }
            join_all(context.state_mut(Self::closed).into_iter().map(async |(lane, why)| {
                let lane = context.external_workflow(lane_id(&run.workflow_id, lane), None);
                lane.signal(LaneFlow::close, Signal::new(why), detached::signal()).await
            }))
            .await;
            while let Some((lane, share)) = context.state_mut(|flow| flow.budget.next()) {
                let lane_flow = context.external_workflow(lane_id(&run.workflow_id, lane), None);
                if lane_flow.signal(LaneFlow::share, Signal::new(share), detached::signal()).await.is_err() {
                    context.state_mut(|flow| flow.budget.ended(lane));
                }
            }
            if signals != context.state(|flow| flow.signals) {
                // Something came while lanes were told.
                continue;
            }
            let mut news =
                Box::pin(context.wait_condition_with_options(move |flow| flow.signals != signals, detached::wait()));
            if context.state(|flow| flow.ended.is_some()) {
                let _ = news.await;
                continue;
            }
            let mut cancelled = Box::pin(context.cancelled());
            let mut due = Box::pin(detached::due(&mut deadline).fuse());
            select! {
                _ = news => {}
                reason = cancelled => Self::cancelled(context, reason),
                () = due => context.state_mut(Self::passed),
            }
        }
    }

    fn cancelled(context: &WorkflowContext<Self>, reason: Option<String>) {
        let by = reason.filter(|reason| !reason.is_empty());
        context.state_mut(|flow| flow.end_with(Ended { status: Status::Interrupted, by }));
    }

    fn end_with(&mut self, ended: Ended) {
        self.ended.get_or_insert(ended);
    }

    /// Has a worker write the report, where one is told to, and let go of the plan.
    async fn conclude(context: &WorkflowContext<Self>, run: RunRef, result: RunResult) {
        // That of a schedule is needed by the next run.
        let submitted = context.state(|flow| flow.input.plan.held().filter(|_| flow.input.id.is_some()).cloned());
        let listed = run.held.clone().filter(|_| context.state(|flow| flow.input.lists.is_some()));
        let listed = listed.filter(|held| context.state(|flow| flow.input.plan.held() != Some(held)));
        let options = ActivityOptions::with_close_timeouts(ActivityCloseTimeouts::ScheduleAndStartToClose {
            start_to_close: CONCLUDING.0,
            schedule_to_close: CONCLUDING.1,
        })
        .cancellation_token(WorkflowCancellationToken::new())
        .retry_policy(RetryPolicy::builder().maximum_attempts(3).build())
        .task_queue(reports_queue(context.task_queue()))
        .build();
        // A report can be written later, too, and a plan that is held costs nothing.
        let held = submitted.into_iter().chain(listed).collect();
        let id = run.id.clone();
        let input = ConcludeInput { v: VERSION, run, result, held };
        if context.execute_activity(Activities::conclude, input, options).await.is_err() {
            let _ = context.execute_local_activity(Activities::unreported, id, detached::request()).await;
        }
    }

    /// A lane asks for a share of the failures that the run may have.
    #[signal(name = "ask")]
    pub fn ask(&mut self, _context: &mut SyncWorkflowContext<Self>, lane: Signal<u32>) {
        if let Some(lane) = lane.read() {
            self.budget.ask(lane);
            self.signals += 1;
        }
    }

    /// A lane tells what a session did that concerns the whole run.
    #[signal(name = "used")]
    pub fn used(&mut self, _context: &mut SyncWorkflowContext<Self>, used: Signal<Used>) {
        let Some(used) = used.read() else { return };
        let Used { lane, failed, ended, closed } = used;
        self.budget.used(lane, failed);
        if let Some((accounts, why)) = closed {
            let hit =
                |other: &&LaneSpec| other.number != lane && other.accounts.iter().all(|name| accounts.contains(name));
            let hit = self.input.lanes.iter().filter(hit).map(|other| (other.number, why.clone()));
            self.closed.extend(hit);
        }
        if let Some(failed) = self.budget.is_used_up() {
            let rule = self.input.max_failures_rule.clone().unwrap_or_default();
            self.end_with(Ended { status: Status::Aborted, by: Some(too_many_failures(failed, &rule)) });
        }
        if let Some(ended) = ended {
            self.end_with(ended);
        }
        self.signals += 1;
    }
}
