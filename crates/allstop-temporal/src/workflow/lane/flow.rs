//! The workflow of a lane: sessions hold it, one after another, until every target has its row.

use std::ops::ControlFlow;
use std::time::Duration;

use allstop::engine::Status;
use futures::FutureExt;
use futures::future::FusedFuture;
use temporalio_common::data_converters::PayloadConversionError;
use temporalio_common::error::{ApplicationFailure, IncomingError};
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::select;
use temporalio_sdk::{
    ActivityExecutionError, ContinueAsNewOptions, MemoValue, SyncWorkflowContext, TimerOptions,
    WorkflowCancellationToken, WorkflowContext, WorkflowContextView, WorkflowResult,
};

use super::decisions::{AGAIN, Lane, Over, Then};
use crate::wire::{
    Asked, Beat, Ended, Grant, LaneDoes, LaneInput, LaneMemo, LaneResult, OtherVersion, REFUSED_TYPE, Seen, SessionEnd,
    Signal, Versioned,
};
use crate::workflow::activities::Activities;
use crate::workflow::run::RunFlow;
use crate::workflow::{detached, holding};

/// The longest that a session may take, should it heartbeat and never end.
const LONGEST: Duration = Duration::from_secs(3600);

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

/// A lane of a run.
#[workflow]
pub struct LaneFlow {
    lane: Lane,
    /// Fails where its input is of another version.
    version: Result<(), OtherVersion>,
}

/// How a session ended.
enum Held {
    /// With a result.
    Ended(Box<SessionEnd>),
    /// Without one.
    Lost,
    /// No worker had begun it.
    Unserved,
}

#[workflow_methods]
impl LaneFlow {
    #[init]
    fn new(_context: &WorkflowContextView, input: Versioned<LaneInput>) -> Self {
        let (input, version) = input.read();
        Self { lane: Lane::new(input), version }
    }

    /// Goes on until every target has its row, or the run ends.
    #[run(name = "allstop.lane.v1")]
    pub async fn run(context: &mut WorkflowContext<Self>) -> WorkflowResult<LaneResult> {
        context.state(|flow| flow.version).map_err(PayloadConversionError::from)?;
        let over = loop {
            if context.cancellation_token().is_cancelled() {
                let by = context.cancellation_token().reason().filter(|reason| !reason.is_empty());
                context.state_mut(|flow| flow.lane.end_with(Ended { status: Status::Interrupted, by }));
            }
            if let Some(over) = context.state(|flow| flow.lane.verdict()) {
                break over;
            }
            if context.continue_as_new_suggested() && context.state(|flow| flow.lane.may_go_on_as_new()) {
                let input = context.state_mut(|flow| flow.lane.next(context.run_id()));
                context.continue_as_new(Versioned::new(input), ContinueAsNewOptions::default())?;
            }
            // A lane that waits for a share keeps nobody from the quota.
            if !Self::take_share(context).await || !Self::take_quota(context).await {
                continue;
            }
            if let Some(over) = Self::go_on(context).await {
                break over;
            }
        };
        // Also where it does not know that it has asked: a worker that was lost may have done so.
        Self::give_back(context, Then::Leaves).await;
        Ok(context.state(|flow| flow.lane.result(over)))
    }

    /// Waits for the quota; tells whether the lane may go on.
    async fn take_quota(context: &WorkflowContext<Self>) -> bool {
        if context.state(|flow| flow.lane.is_taken() && !flow.lane.is_over()) {
            Self::give_back(context, Then::Asks).await;
        }
        if !context.state(|flow| flow.lane.needs_quota()) {
            return true;
        }
        if !context.state(|flow| flow.lane.is_queued) {
            let input = context.state_mut(|flow| flow.lane.ask(context.run_id()));
            match context.execute_local_activity(Activities::ask, input, detached::request()).await {
                Ok(Asked::Queued) => {}
                Ok(Asked::Granted) => {
                    context.state_mut(|flow| flow.lane.begin_quota());
                    return true;
                }
                Err(_) => {
                    context.state_mut(|flow| flow.lane.is_queued = false);
                    context.timer(detached::timer(AGAIN)).await;
                    return false;
                }
            }
        }
        let mut met =
            Box::pin(Self::wait(context, |lane| lane.is_granted() || !lane.is_queued || lane.is_over()).fuse());
        let mut is_met = Self::within(context, SOON, &mut met).await;
        if is_met.is_none() {
            Self::show(context, LaneDoes::WaitsForQuota);
            is_met = Self::within(context, PATIENCE, &mut met).await;
        }
        let Some(is_met) = is_met else {
            context.state_mut(|flow| flow.lane.hears_nothing());
            return false;
        };
        if is_met {
            context.state_mut(|flow| flow.lane.accept());
        }
        is_met && !context.state(|flow| flow.lane.needs_quota())
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

    /// Waits for a share of the failures that the run may have; tells whether the lane may go on.
    async fn take_share(context: &WorkflowContext<Self>) -> bool {
        if context.state(|flow| !flow.lane.needs_share() || flow.lane.is_over()) {
            return true;
        }
        let (run, number) =
            context.state(|flow| (flow.lane.input.run.workflow_id.clone(), flow.lane.input.lane.number));
        Self::show(context, LaneDoes::WaitsForShare);
        if context
            .external_workflow(run, None)
            .signal(RunFlow::ask, Signal::new(number), detached::signal())
            .await
            .is_err()
        {
            context.state_mut(|flow| flow.lane.end_with(Ended { status: Status::Interrupted, by: None }));
            return false;
        }
        Self::wait(context, |lane| !lane.needs_share() || lane.is_over()).await
    }

    /// Waits for a condition; tells whether it holds, and not that the workflow was cancelled.
    async fn wait(context: &WorkflowContext<Self>, mut condition: impl FnMut(&Lane) -> bool) -> bool {
        let mut met =
            Box::pin(context.wait_condition_with_options(move |flow| condition(&flow.lane), detached::wait()));
        let mut cancelled = Box::pin(context.cancelled());
        select! {
            _ = met => true,
            _ = cancelled => false,
        }
    }

    /// Returns the engine's run that the workflow began as. It is another one once somebody has reset the workflow; what went
    /// on as a new run cannot tell.
    fn began_as(context: &WorkflowContext<Self>) -> Option<String> {
        let info = context.info();
        info.continued_from_run_id().is_none().then(|| info.first_execution_run_id().to_owned())
    }

    /// Has a session hold the lane, and takes in how it ended. Returns what is said of the rest, where the lane ends with it.
    async fn go_on(context: &WorkflowContext<Self>) -> Option<Over> {
        match Self::hold(context).await {
            Held::Ended(end) => Self::fold(context, *end).await,
            Held::Lost => None,
            Held::Unserved => {
                if !context.state(|flow| flow.lane.is_over()) {
                    Self::give_back(context, Then::Leaves).await;
                    let over = Box::pin(Self::wait(context, Lane::is_over).fuse());
                    Self::within(context, UNSERVED, over).await;
                }
                None
            }
        }
    }

    /// Has a session hold the lane, until it ends or must end.
    async fn hold(context: &WorkflowContext<Self>) -> Held {
        let lane_run_id = Self::began_as(context);
        let token = WorkflowCancellationToken::new();
        let (input, options) = context.state_mut(|flow| {
            let input = flow.lane.session(lane_run_id);
            let (pace, lane) = ((input.pace, LONGEST), &input.lane);
            let options = holding::options(pace, token.clone(), lane.name(), lane.queue.clone());
            (input, options)
        });
        // A lane without a memo is in its first session. A memo is a write, and all lanes of a run begin together.
        if context.state(|flow| flow.lane.was_shown()) {
            Self::show(context, LaneDoes::IsHeld);
        }
        let (others, only_settles) = (input.others, input.only_settles);
        let mut session = Box::pin(context.execute_activity(Activities::session, input, options));
        if only_settles {
            // It ends by itself.
            let end = session.await;
            return Self::ended(context, end);
        }
        let timer = WorkflowCancellationToken::new();
        let overdue = TimerOptions::builder(OVERDUE).cancellation_token(timer.clone()).build();
        let mut overdue = others.then(|| Box::pin(context.timer(overdue).fuse()));
        let mut overdue = Box::pin(detached::due(&mut overdue).fuse());
        let mut met = Box::pin(Self::wait(context, Lane::must_end).fuse());
        let mut is_overdue = false;
        let early = select! {
            end = session => Some(end),
            _ = met => None,
            () = overdue => {
                is_overdue = true;
                None
            }
        };
        timer.cancel();
        if let Some(end) = early {
            return Self::ended(context, end);
        }
        // The engine forgets what a lost session had told when it is cancelled before another begins.
        let looks = if is_overdue { 1 } else { LOOKS };
        let seen = match Self::look(context, &mut session, looks).await {
            ControlFlow::Break(end) => return Self::ended(context, end),
            ControlFlow::Continue(seen) => seen,
        };
        token.cancel();
        match session.await {
            Err(ActivityExecutionError::Cancelled(_)) => {
                let is_unserved = context.state_mut(|flow| flow.lane.cancelled(seen.ok()));
                if is_unserved { Held::Unserved } else { Held::Lost }
            }
            end => Self::ended(context, end),
        }
    }

    /// Takes in that a session ended by itself.
    fn ended(context: &WorkflowContext<Self>, end: Result<SessionEnd, ActivityExecutionError>) -> Held {
        let error = match end {
            Ok(end) => return Held::Ended(Box::new(end)),
            Err(error) => error,
        };
        if let Some(refused) = refused(&error) {
            // The engine asks no other worker once the session is cancelled.
            context.state_mut(|flow| flow.lane.refused(refused.details().ok().flatten()));
        } else if !matches!(error, ActivityExecutionError::Cancelled(_)) {
            let told = error.as_timeout().and_then(|timeout| timeout.last_heartbeat_details::<Beat>().ok().flatten());
            context.state_mut(|flow| flow.lane.lost(told.map(|beat| beat.state)));
        }
        Held::Lost
    }

    /// Looks what the engine knows of a session that must end, up to so many times while no worker has begun it: others may have
    /// come just after the quota was granted. Breaks with the session's end, should that come first.
    async fn look<E>(
        context: &WorkflowContext<Self>,
        mut session: impl FusedFuture<Output = E> + Unpin,
        most: usize,
    ) -> ControlFlow<E, Result<Seen, ActivityExecutionError>> {
        let own_id = context.state(|flow| flow.lane.own_id());
        let mut looks = 1;
        loop {
            let seen = context.execute_local_activity(Activities::look, own_id.clone(), detached::request()).await;
            let is_over = context.state(|flow| flow.lane.is_over()) || context.cancellation_token().is_cancelled();
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
    async fn fold(context: &WorkflowContext<Self>, end: SessionEnd) -> Option<Over> {
        let taken = context.state_mut(|flow| flow.lane.take(end));
        if let Some(used) = taken.used {
            let run = context.state(|flow| flow.lane.input.run.workflow_id.clone());
            // A run that is gone hears nothing, and its lanes go with it.
            let _ =
                context.external_workflow(run, None).signal(RunFlow::used, Signal::new(used), detached::signal()).await;
        }
        if taken.over.is_some() {
            return taken.over;
        }
        if let Some(then) = context.state(|flow| flow.lane.gives_back()) {
            Self::give_back(context, then).await;
        }
        if let Some(pause) = taken.pause {
            context.timer(detached::timer(pause)).await;
        }
        None
    }

    /// Gives the quota back.
    async fn give_back(context: &WorkflowContext<Self>, then: Then) {
        let input = context.state_mut(|flow| flow.lane.release(context.run_id(), then));
        for _ in 0..RELEASES {
            let released =
                context.execute_local_activity(Activities::release, input.clone(), detached::request()).await;
            if let Ok(is_there) = released {
                return context.state_mut(|flow| flow.lane.is_queued = then == Then::Asks && is_there);
            }
            context.timer(detached::timer(AGAIN)).await;
        }
    }

    /// Shows what the lane does, for `status` and for whoever looks at the workflow.
    fn show(context: &WorkflowContext<Self>, does: LaneDoes) {
        let memo = context.state_mut(|flow| flow.lane.memo(does));
        // Nothing depends on it.
        let _ = context.upsert_memo([(LaneMemo::KEY, Some(MemoValue::new(memo)))]);
    }

    /// The quota is granted.
    #[signal(name = "granted")]
    pub fn granted(&mut self, _context: &mut SyncWorkflowContext<Self>, grant: Signal<Grant>) {
        if let Some(grant) = grant.read() {
            self.lane.grant(grant);
        }
    }

    /// Others wait for the quota.
    #[signal(name = "make_way")]
    pub fn make_way(&mut self, _context: &mut SyncWorkflowContext<Self>, _nothing: Signal<()>) {
        self.lane.make_way();
    }

    /// The quota is another lane's from now on: no worker has served the lane for a while.
    #[signal(name = "taken")]
    pub fn taken(&mut self, _context: &mut SyncWorkflowContext<Self>, turn: Signal<u32>) {
        if let Some(turn) = turn.read() {
            self.lane.take_away(turn);
        }
    }

    /// The run gives a share of the failures that it may have.
    #[signal(name = "share")]
    pub fn share(&mut self, _context: &mut SyncWorkflowContext<Self>, share: Signal<u64>) {
        if let Some(share) = share.read() {
            self.lane.input.state.share = Some(share);
        }
    }

    /// The run ends.
    #[signal(name = "end")]
    pub fn end(&mut self, _context: &mut SyncWorkflowContext<Self>, ended: Signal<Ended>) {
        if let Some(ended) = ended.read() {
            self.lane.end_with(ended);
        }
    }

    /// The account's credentials were refused for good in another lane.
    #[signal(name = "close")]
    pub fn close(&mut self, _context: &mut SyncWorkflowContext<Self>, why: Signal<String>) {
        if let Some(why) = why.read() {
            self.lane.close(why);
        }
    }
}

/// Returns what a worker said that left a session, of which it had done nothing.
fn refused(error: &ActivityExecutionError) -> Option<&ApplicationFailure> {
    match error.reason()? {
        IncomingError::Application(failure) if failure.type_name() == Some(REFUSED_TYPE) => Some(failure),
        _ => None,
    }
}
