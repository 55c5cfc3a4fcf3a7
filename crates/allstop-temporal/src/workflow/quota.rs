//! The workflow of a quota: one lane of one run holds it at a time.

use std::time::Duration;

use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::select;
use temporalio_sdk::{ContinueAsNewOptions, SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult};

use super::detached;
use super::lane::LaneFlow;
use super::turns::Turn;
use crate::wire::{Ask, QuotaInput, QuotaState, Release, Signal, VERSION};

/// How long a quota that nobody uses is remembered, with what was learnt of it.
const IDLE: Duration = Duration::from_secs(600);

/// How many events a history has before the workflow goes on as a new one.
const MOST_EVENTS: u32 = 4000;

/// Shares the quota of a lane out among the runs of a namespace.
#[workflow]
pub struct QuotaFlow {
    state: QuotaState,
    lease: Duration,
    /// How many signals have come.
    signals: u64,
}

#[workflow_methods]
impl QuotaFlow {
    #[init]
    fn new(_context: &WorkflowContextView, input: QuotaInput) -> Self {
        Self { state: input.state, lease: Duration::from_millis(input.lease_ms), signals: 0 }
    }

    /// Grants the quota until nobody has asked for it for a while.
    #[run(name = "allstop.quota.v1")]
    pub async fn run(context: &mut WorkflowContext<Self>) -> WorkflowResult<()> {
        let lease = context.state(|flow| flow.lease);
        loop {
            match context.state_mut(|flow| flow.state.next()) {
                Turn::Grant(lane, grant) => {
                    let lane_flow = context.external_workflow(lane.clone(), None);
                    if lane_flow.signal(LaneFlow::granted, Signal::new(grant), detached::signal()).await.is_err() {
                        context.state_mut(|flow| flow.state.gone(&lane));
                    }
                }
                Turn::Tell(lane) => Self::tell(context, &lane, lease).await,
                Turn::Wait => {
                    if Self::is_over(context, lease).await {
                        return Ok(());
                    }
                }
            }
            if context.history_length() > MOST_EVENTS {
                let state = context.state(|flow| flow.state.clone());
                let lease_ms = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
                context.continue_as_new(QuotaInput { v: VERSION, lease_ms, state }, ContinueAsNewOptions::default())?;
            }
        }
    }

    /// Tells the holder that others wait. One that is gone may still send for the time of a lease.
    async fn tell(context: &WorkflowContext<Self>, lane: &str, lease: Duration) {
        let lane_flow = context.external_workflow(lane, None);
        if lane_flow.signal(LaneFlow::make_way, Signal::new(()), detached::signal()).await.is_err() {
            context.timer(detached::timer(lease)).await;
            context.state_mut(|flow| flow.state.gone(lane));
        }
    }

    /// Waits for news; tells whether nobody needs the quota any more. While somebody waits, it looks now and then whether the
    /// holder is still there.
    async fn is_over(context: &WorkflowContext<Self>, lease: Duration) -> bool {
        let (signals, awaited, idle) =
            context.state(|flow| (flow.signals, flow.state.is_awaited(), flow.state.is_idle()));
        let mut news = context.wait_condition_with_options(move |flow| flow.signals != signals, detached::wait());
        let patience = match (awaited, idle) {
            (true, _) => lease,
            (false, true) => IDLE,
            (false, false) => {
                // Nobody waits for the holder.
                let _ = news.await;
                return false;
            }
        };
        let mut timer = Box::pin(context.timer(detached::timer(patience)));
        select! {
            _ = news => return false,
            _ = timer => {}
        }
        let holder = context.state(|flow| flow.state.holder().map(str::to_owned));
        if let Some(lane) = holder.filter(|_| awaited) {
            Self::tell(context, &lane, lease).await;
        }
        idle && context.state(|flow| flow.state.is_idle())
    }

    /// A lane asks for the quota.
    #[signal(name = "ask")]
    pub fn ask(&mut self, _context: &mut SyncWorkflowContext<Self>, ask: Signal<Ask>) {
        if let Some(ask) = ask.read() {
            self.state.ask(ask);
            self.signals += 1;
        }
    }

    /// A lane gives the quota back, or asks no longer.
    #[signal(name = "release")]
    pub fn release(&mut self, _context: &mut SyncWorkflowContext<Self>, release: Signal<Release>) {
        if let Some(release) = release.read() {
            self.state.release(release);
            self.signals += 1;
        }
    }
}
