//! The workflow of a lane: sessions hold it, one after another, until every target has its row.

use std::ops::ControlFlow;
use std::time::Duration;

use allstop::engine::{SkipReason, Status};
use futures::FutureExt;
use futures::future::FusedFuture;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::select;
use temporalio_sdk::{
    ActivityExecutionError, ActivityOptions, ContinueAsNewOptions, MemoValue, SyncWorkflowContext, TimerOptions,
    WorkflowCancellationToken, WorkflowContext, WorkflowContextView, WorkflowResult,
};

use super::activities::Activities;
use super::detached;
use super::holding;
use super::run::RunFlow;
use crate::wire::{
    Ask, AskInput, Asked, Beat, Ended, Grant, LaneDoes, LaneInput, LaneMemo, LaneResult, Packed, Release, ReleaseInput,
    Rest, Seen, SessionEnd, SessionInput, Used, VERSION, Why, lane_id,
};

/// The longest that a session may take, should it heartbeat and never end.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long a lane waits after a session that could not begin; eight times as long after another one.
const AGAIN: Duration = Duration::from_secs(2);

/// How long a lane waits for the quota before it shows that: most get it at once.
const SOON: Duration = Duration::from_secs(2);

/// How long a lane that waits for the quota hears nothing before it asks again.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a lane asks the engine to take the quota back, where it does not.
const RELEASES: usize = 30;

/// How long a session may keep others from the quota. One that has begun ends before.
const OVERDUE: Duration = Duration::from_secs(10);

/// How long after a look at a session that no worker has begun the lane looks again, and how often it looks.
const LOOK: Duration = Duration::from_secs(1);
const LOOKS: usize = 8;

/// How long a lane that no worker has begun to hold leaves the quota to others.
const UNSERVED: Duration = Duration::from_secs(15);

/// How many events a history has before the workflow goes on as a new one. Rows are most of it: see `MOST_BYTES`.
const MOST_EVENTS: u32 = 4000;

/// How many bytes of rows a history has before the workflow goes on as a new one.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A lane of a run.
#[workflow]
pub struct LaneFlow {
    input: LaneInput,
    /// Whether it has asked for the turn that it waits for.
    is_queued: bool,
    /// The quota that was granted, and not taken yet.
    granted: Option<Grant>,
    /// Whether the session that goes on must end because others wait for the quota.
    makes_way: bool,
    /// Why the run ends.
    ended: Option<Ended>,
    /// Why nothing more may be sent with the account's credentials.
    closed: Option<String>,
    /// What a lost session had told, when no other could go on from it.
    recovered: Option<Packed>,
    /// Whether nobody knows what a session did.
    is_lost: bool,
    /// Whether no worker had begun the last session.
    is_unserved: bool,
    /// Whether it has shown what it does.
    is_shown: bool,
    /// How many bytes of rows the history has.
    bytes: usize,
}

#[workflow_methods]
impl LaneFlow {
    #[init]
    fn new(_context: &WorkflowContextView, input: LaneInput) -> Self {
        Self {
            is_queued: false,
            input,
            granted: None,
            makes_way: false,
            ended: None,
            closed: None,
            recovered: None,
            is_lost: false,
            is_unserved: false,
            is_shown: false,
            bytes: 0,
        }
    }

    /// Goes on until every target has its row, or the run ends.
    #[run(name = "allstop.lane.v1")]
    pub async fn run(context: &mut WorkflowContext<Self>) -> WorkflowResult<LaneResult> {
        let (rest, message) = loop {
            if context.cancellation_token().is_cancelled() {
                let by = context.cancellation_token().reason().filter(|reason| !reason.is_empty());
                context.state_mut(|flow| flow.end_with(Ended { status: Status::Interrupted, by }));
            }
            if let Some(rest) = context.state(Self::verdict) {
                break rest;
            }
            // A lane that waits for a share keeps nobody from the quota.
            if !Self::take_share(context).await || !Self::take_quota(context).await {
                continue;
            }
            let end = Self::hold(context).await?;
            if let Some(rest) = Self::fold(context, end).await? {
                break rest;
            }
            if context.history_length() > MOST_EVENTS || context.state(|flow| flow.bytes > MOST_BYTES) {
                if let Some(rest) = context.state(Self::verdict) {
                    break rest;
                }
                let input = context.state_mut(|flow| {
                    flow.input.state.others |= flow.makes_way;
                    flow.input.clone()
                });
                context.continue_as_new(input, ContinueAsNewOptions::default())?;
            }
        };
        // Also where it does not know that it has asked: a worker that was lost may have done so.
        Self::give_back(context, false).await;
        let state = context.state(|flow| flow.input.state.clone());
        Ok(LaneResult { v: VERSION, state, rest, message })
    }

    /// Returns what is said of the rest, where the lane is over, and why in words.
    fn verdict(&self) -> Option<(Rest, Option<String>)> {
        if self.recovered.is_some() || self.is_lost {
            // One more session brings what the last one knew into the history.
            return None;
        }
        if self.input.is_done() {
            return Some((Rest::bare(SkipReason::Aborted), None));
        }
        if let Some(ended) = &self.ended {
            return Some((Rest::bare(ended.status.skip_reason()), None));
        }
        self.closed.clone().map(|why| (Rest::bare(SkipReason::Credentials), Some(why)))
    }

    /// Tells whether nothing more may be sent.
    const fn is_over(&self) -> bool {
        self.ended.is_some() || self.closed.is_some()
    }

    fn end_with(&mut self, ended: Ended) {
        self.ended.get_or_insert(ended);
    }

    /// Waits for the quota; tells whether the lane may go on. One that ends needs none.
    async fn take_quota(context: &WorkflowContext<Self>) -> bool {
        if context.state(|flow| flow.input.state.holds || flow.is_over()) {
            return true;
        }
        if !context.state(|flow| flow.is_queued) {
            let input = context.state_mut(|flow| {
                flow.is_queued = true;
                let (lane, run) = (flow.own_id(), context.run_id().to_owned());
                let ask = Ask { lane, run, priority: flow.input.priority, turn: flow.input.state.turn };
                AskInput { quota: flow.input.lane.quota_id(), lease_ms: flow.input.pace.timeout_ms, ask }
            });
            match context.execute_local_activity(Activities::ask, input, detached::request()).await {
                Ok(Asked::Queued) => {}
                Ok(Asked::Granted) => {
                    context.state_mut(Self::begin_quota);
                    return true;
                }
                Err(_) => {
                    context.state_mut(|flow| flow.is_queued = false);
                    context.timer(detached::timer(AGAIN)).await;
                    return false;
                }
            }
        }
        let mut met = Box::pin(Self::wait(context, |flow| flow.granted.is_some() || flow.is_over()).fuse());
        let mut is_met = Self::within(context, SOON, &mut met).await;
        if is_met.is_none() {
            Self::show(context, LaneDoes::WaitsForQuota);
            is_met = Self::within(context, PATIENCE, &mut met).await;
        }
        let Some(is_met) = is_met else {
            // The workflow of the quota may have been lost with what it knew.
            context.state_mut(|flow| flow.is_queued = false);
            return false;
        };
        if is_met {
            context.state_mut(Self::accept);
        }
        is_met
    }

    /// Waits for something; returns `None` where it takes longer.
    async fn within<T>(
        context: &WorkflowContext<Self>,
        longest: Duration,
        mut awaited: impl FusedFuture<Output = T> + Unpin,
    ) -> Option<T> {
        let timer = WorkflowCancellationToken::new();
        let options = TimerOptions::builder(longest).cancellation_token(timer.clone()).build();
        let mut late = Box::pin(context.timer(options).fuse());
        let met = select! {
            met = awaited => Some(met),
            _ = late => None,
        };
        timer.cancel();
        met
    }

    /// Takes a quota that nobody else knows.
    fn begin_quota(&mut self) {
        self.granted = Some(Grant { turn: self.input.state.turn, others: false, memory: Vec::new() });
        self.accept();
    }

    /// Takes the quota that was granted.
    fn accept(&mut self) {
        let Some(grant) = self.granted.take() else { return };
        let state = &mut self.input.state;
        (state.holds, state.others) = (true, grant.others);
        self.is_queued = false;
        state.recall(grant.memory, &self.input.lane.account);
    }

    /// Waits for a share of the failures that the run may have; tells whether the lane may go on.
    async fn take_share(context: &WorkflowContext<Self>) -> bool {
        if context.state(|flow| !flow.input.has_budget || flow.input.state.share.is_some() || flow.is_over()) {
            return true;
        }
        let (run, number) = context.state(|flow| (flow.input.run.workflow_id.clone(), flow.input.lane.number));
        Self::show(context, LaneDoes::WaitsForShare);
        if context.external_workflow(run, None).signal(RunFlow::ask, number, detached::signal()).await.is_err() {
            context.state_mut(|flow| flow.end_with(Ended { status: Status::Interrupted, by: None }));
            return false;
        }
        Self::wait(context, |flow| flow.input.state.share.is_some() || flow.is_over()).await
    }

    /// Waits for a condition; tells whether it holds, and not that the workflow was cancelled.
    async fn wait(context: &WorkflowContext<Self>, condition: impl FnMut(&Self) -> bool) -> bool {
        let mut met = Box::pin(context.wait_condition_with_options(condition, detached::wait()));
        let mut cancelled = Box::pin(context.cancelled());
        select! {
            _ = met => true,
            _ = cancelled => false,
        }
    }

    /// Returns the engine's run that the workflow began as. It is another one once somebody has reset the workflow; what goes
    /// on as a new run cannot tell.
    fn began_as(context: &WorkflowContext<Self>) -> String {
        let info = context.info();
        match info.continued_from_run_id() {
            None => info.first_execution_run_id().to_owned(),
            Some(_) => context.run_id().to_owned(),
        }
    }

    /// Has a session hold the lane, until it ends or must end.
    async fn hold(context: &WorkflowContext<Self>) -> WorkflowResult<Result<SessionEnd, ActivityExecutionError>> {
        let lane_run_id = Self::began_as(context);
        let (input, options, token) = context.state_mut(|flow| {
            // Others may have come since the quota was granted.
            flow.input.state.others |= std::mem::take(&mut flow.makes_way);
            let token = WorkflowCancellationToken::new();
            (flow.session(lane_run_id), flow.options(token.clone()), token)
        });
        // A lane without a memo is in its first session. A memo is a write, and all lanes of a run begin together.
        if context.state(|flow| flow.is_shown || flow.input.state.sessions > 0) {
            Self::show(context, LaneDoes::IsHeld);
        }
        let others = input.others;
        let mut session = Box::pin(context.execute_activity(Activities::session, input, options));
        let (is_over, mut is_overdue) = (context.state(Self::is_over), false);
        if !is_over {
            let timer = WorkflowCancellationToken::new();
            let overdue = TimerOptions::builder(OVERDUE).cancellation_token(timer.clone()).build();
            let mut overdue = others.then(|| Box::pin(context.timer(overdue).fuse()));
            let mut overdue = Box::pin(detached::due(&mut overdue).fuse());
            let mut met = Box::pin(
                context.wait_condition_with_options(|flow| flow.makes_way || flow.is_over(), detached::wait()),
            );
            let mut cancelled = Box::pin(context.cancelled());
            select! {
                end = session => {
                    timer.cancel();
                    return Ok(end);
                }
                _ = met => {}
                _ = cancelled => {}
                () = overdue => is_overdue = true,
            }
            timer.cancel();
        }
        if is_over {
            // A session that only settles ends by itself.
            return Ok(session.await);
        }
        // The engine forgets what a lost session had told when it is cancelled before another begins.
        let looks = if is_overdue { 1 } else { LOOKS };
        let seen = match Self::look(context, &mut session, looks).await {
            ControlFlow::Break(end) => return Ok(end),
            ControlFlow::Continue(seen) => seen,
        };
        token.cancel();
        let end = session.await;
        if matches!(end, Err(ActivityExecutionError::Cancelled(_))) {
            context.state_mut(|flow| match seen {
                Ok(Seen::Unbegun) => flow.is_unserved = true,
                Ok(Seen::Lost(told)) => flow.recovered = Some(told),
                Ok(Seen::Running) | Err(_) => flow.is_lost = true,
            });
        }
        Ok(end)
    }

    /// Looks what the engine knows of a session that must end, up to so many times while no worker has begun it: others may have
    /// come just after the quota was granted. Breaks with the session's end, should that come first.
    async fn look<E>(
        context: &WorkflowContext<Self>,
        mut session: impl FusedFuture<Output = E> + Unpin,
        most: usize,
    ) -> ControlFlow<E, Result<Seen, ActivityExecutionError>> {
        let own_id = context.state(Self::own_id);
        let mut looks = 1;
        loop {
            let seen = context.execute_local_activity(Activities::look, own_id.clone(), detached::request()).await;
            let is_over = context.state(Self::is_over) || context.cancellation_token().is_cancelled();
            if is_over || looks >= most || !matches!(seen, Ok(Seen::Unbegun)) {
                return ControlFlow::Continue(seen);
            }
            looks += 1;
            if let Some(end) = Self::within(context, LOOK, &mut session).await {
                return ControlFlow::Break(end);
            }
        }
    }

    /// Takes in how a session ended; returns what is said of the rest, where the lane ends with it.
    async fn fold(
        context: &WorkflowContext<Self>,
        end: Result<SessionEnd, ActivityExecutionError>,
    ) -> WorkflowResult<Option<(Rest, Option<String>)>> {
        let end = match end {
            Ok(end) => end,
            Err(error) => {
                context.state_mut(|flow| flow.lost(&error));
                if context.state_mut(|flow| std::mem::take(&mut flow.is_unserved) && !flow.is_over()) {
                    Self::give_back(context, false).await;
                    let over = Box::pin(Self::wait(context, Self::is_over).fuse());
                    Self::within(context, UNSERVED, over).await;
                }
                return Ok(None);
            }
        };
        let (used, failed_early) = context.state(|flow| {
            let ended = match &end.why {
                Why::Guard(ended) => Some(ended.clone()),
                Why::Done | Why::Slice | Why::Budget | Why::Failed { .. } => None,
            };
            let used = Used { lane: flow.input.lane.number, failed: end.failed, ended, closed: end.closed.clone() };
            (used, matches!(end.why, Why::Failed { .. }))
        });
        let has_budget = context.state(|flow| flow.input.has_budget);
        let must_tell = used.ended.is_some() || used.closed.is_some() || (has_budget && used.failed > 0);
        let rest = context.state_mut(|flow| {
            flow.recovered = None;
            flow.is_lost = false;
            flow.bytes += end.rows.as_ref().map_or(0, Packed::len) + end.open.as_ref().map_or(0, Packed::len);
            if let Some(ended) = &used.ended {
                flow.end_with(ended.clone());
            }
            flow.input.state.take(end)
        });
        if must_tell {
            let run = context.state(|flow| flow.input.run.workflow_id.clone());
            // A run that is gone hears nothing, and its lanes go with it.
            let _ = context.external_workflow(run, None).signal(RunFlow::used, used, detached::signal()).await;
        }
        if rest.is_some() || context.state(|flow| flow.input.is_done()) {
            return Ok(rest);
        }
        let (needs_share, others_wait) = context.state(|flow| {
            let state = &flow.input.state;
            (flow.input.has_budget && state.share.is_none(), flow.makes_way || state.others)
        });
        if needs_share || others_wait {
            Self::give_back(context, !needs_share).await;
        }
        if failed_early {
            let before = context.state(|flow| flow.input.state.fruitless.saturating_sub(1));
            context.timer(detached::timer(AGAIN * 8_u32.pow(before))).await;
        }
        Ok(None)
    }

    /// Gives the quota back; `again` tells whether it asks for it again at once.
    async fn give_back(context: &WorkflowContext<Self>, again: bool) {
        let input = context.state_mut(|flow| {
            let state = &mut flow.input.state;
            let (run, turn) = (context.run_id().to_owned(), state.turn);
            let request = format!("{run}/{turn}");
            let memory = if state.holds { state.memory.clone() } else { Vec::new() };
            (state.holds, state.others) = (false, false);
            state.turn += 1;
            let again = again.then_some(state.turn);
            flow.makes_way = false;
            flow.granted = flow.granted.take().filter(|grant| again == Some(grant.turn));
            let release = Release { lane: flow.own_id(), run, turn, memory, again, priority: flow.input.priority };
            ReleaseInput { quota: flow.input.lane.quota_id(), request, release }
        });
        for _ in 0..RELEASES {
            let released =
                context.execute_local_activity(Activities::release, input.clone(), detached::request()).await;
            if let Ok(is_there) = released {
                return context.state_mut(|flow| flow.is_queued = again && is_there);
            }
            context.timer(detached::timer(AGAIN)).await;
        }
    }

    /// Takes in that a session ended without a result. What it had told goes to one more session.
    fn lost(&mut self, error: &ActivityExecutionError) {
        if matches!(error, ActivityExecutionError::Cancelled(_)) {
            // What was known of it was noted when it was cancelled.
            return;
        }
        let told = error.as_timeout().and_then(|timeout| timeout.last_heartbeat_details::<Beat>().ok().flatten());
        match told {
            Some(beat) => self.recovered = Some(beat.state),
            None => self.is_lost = true,
        }
    }

    fn own_id(&self) -> String {
        lane_id(&self.input.run.workflow_id, self.input.lane.number)
    }

    fn session(&self, lane_run_id: String) -> SessionInput {
        let LaneInput { run, fingerprint, lane, pace, state, .. } = self.input.clone();
        SessionInput {
            v: VERSION,
            run,
            fingerprint,
            lane,
            lane_run_id,
            done: state.done,
            open: state.open,
            memory: state.memory,
            accounts: state.accounts,
            share: state.share,
            others: state.others,
            recovered: self.recovered.clone(),
            is_lost: self.is_lost,
            only_settles: self.is_over(),
            pace,
        }
    }

    fn options(&self, token: WorkflowCancellationToken) -> ActivityOptions {
        let lane = &self.input.lane;
        holding::options((self.input.pace, LONGEST), token, lane.name(), lane.queue.clone())
    }

    /// Shows what the lane does, for `status` and for whoever looks at the workflow.
    fn show(context: &WorkflowContext<Self>, state: LaneDoes) {
        let memo = context.state_mut(|flow| {
            flow.is_shown = true;
            let known = &flow.input.state;
            LaneMemo { state, done: known.done.len(), counts: known.counts.clone(), sessions: known.sessions }
        });
        // Nothing depends on it.
        let _ = context.upsert_memo([(LaneMemo::KEY, Some(MemoValue::new(memo)))]);
    }

    /// The quota is granted.
    #[signal(name = "granted")]
    pub fn granted(&mut self, _context: &mut SyncWorkflowContext<Self>, grant: Grant) {
        if self.input.state.expects(&grant) {
            self.granted = Some(grant);
        }
    }

    /// Others wait for the quota. A session that knows so already ends by itself.
    #[signal(name = "make_way")]
    pub fn make_way(&mut self, _context: &mut SyncWorkflowContext<Self>, _nothing: ()) {
        if !self.input.state.others {
            self.makes_way = true;
        }
    }

    /// The run gives a share of the failures that it may have.
    #[signal(name = "share")]
    pub fn share(&mut self, _context: &mut SyncWorkflowContext<Self>, share: u64) {
        self.input.state.share = Some(share);
    }

    /// The run ends.
    #[signal(name = "end")]
    pub fn end(&mut self, _context: &mut SyncWorkflowContext<Self>, ended: Ended) {
        self.end_with(ended);
    }

    /// The account's credentials were refused for good in another lane.
    #[signal(name = "close")]
    pub fn close(&mut self, _context: &mut SyncWorkflowContext<Self>, why: String) {
        self.closed.get_or_insert(why);
    }
}
