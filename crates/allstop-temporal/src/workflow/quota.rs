//! The workflow of a quota: one lane of one run holds it at a time.

use std::time::Duration;

use allstop::Timestamp;
use temporalio_common::data_converters::PayloadConversionError;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::select;
use temporalio_sdk::{ContinueAsNewOptions, SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult};

use super::activities::Activities;
use super::detached;
use super::lane::LaneFlow;
use super::turns::{Sight, Turn};
use crate::wire::{Ask, HolderInput, OtherVersion, QuotaInput, QuotaState, Release, Signal, VERSION, Versioned};

/// How long a quota that nobody uses is remembered, with what was learnt of it.
const IDLE: Duration = Duration::from_secs(600);

/// Shares the quota of a lane out among the runs of a namespace.
#[workflow]
pub struct QuotaFlow {
    state: QuotaState,
    /// Fails where its input is of another version.
    version: Result<(), OtherVersion>,
    /// How many signals have come.
    signals: u64,
}

#[workflow_methods]
impl QuotaFlow {
    #[init]
    fn new(_context: &WorkflowContextView, input: Versioned<QuotaInput>) -> Self {
        let (input, version) = input.read();
        Self { state: input.state, version, signals: 0 }
    }

    /// Grants the quota until nobody has asked for it for a while.
    #[run(name = "allstop.quota.v1")]
    pub async fn run(context: &mut WorkflowContext<Self>) -> WorkflowResult<()> {
        context.state(|flow| flow.version).map_err(PayloadConversionError::from)?;
        loop {
            match context.state_mut(|flow| flow.state.next()) {
                Turn::Grant(lane, grant) => {
                    let lane_flow = context.external_workflow(lane.clone(), None);
                    if lane_flow.signal(LaneFlow::granted, Signal::new(grant), detached::signal()).await.is_err() {
                        context.state_mut(|flow| flow.state.gone(&lane));
                    }
                }
                Turn::Tell(lane) => {
                    Self::tell(context, &lane).await;
                }
                Turn::Wait => {
                    if Self::is_over(context).await {
                        return Ok(());
                    }
                }
            }
            if context.continue_as_new_suggested() {
                let state = context.state(|flow| flow.state.clone());
                context.continue_as_new(
                    Versioned::new(QuotaInput { v: VERSION, state }),
                    ContinueAsNewOptions::default(),
                )?;
            }
        }
    }

    /// Tells the holder that others wait, and returns whether it is there. One that is gone may still send for the time of a
    /// lease.
    async fn tell(context: &WorkflowContext<Self>, lane: &str) -> bool {
        let lease = context.state(|flow| flow.state.lease());
        let lane_flow = context.external_workflow(lane, None);
        let is_there = lane_flow.signal(LaneFlow::make_way, Signal::new(()), detached::signal()).await.is_ok();
        if !is_there {
            context.timer(detached::timer(lease)).await;
            context.state_mut(|flow| flow.state.gone(lane));
        }
        is_there
    }

    /// Waits for news; tells whether nobody needs the quota any more. While somebody waits, it looks now and then at the
    /// holder.
    async fn is_over(context: &WorkflowContext<Self>) -> bool {
        let now = Self::now(context);
        let (signals, awaited, idle) =
            context.state(|flow| (flow.signals, flow.state.is_awaited(), flow.state.is_idle()));
        let mut news = context.wait_condition_with_options(move |flow| flow.signals != signals, detached::wait());
        let patience = match (awaited, idle) {
            (true, _) => context.state_mut(|flow| flow.state.until_look(now)),
            (false, true) => IDLE,
            (false, false) => {
                // Nobody waits for the holder.
                let _ = news.await;
                return false;
            }
        };
        if !patience.is_zero() {
            let mut timer = Box::pin(context.timer(detached::timer(patience)));
            select! {
                _ = news => return false,
                _ = timer => {}
            }
        }
        if awaited {
            Self::look(context).await;
            // Counted from its end: a session that has not begun by the next look has waited for a heartbeat timeout.
            let now = Self::now(context);
            context.state_mut(|flow| flow.state.has_looked(now));
        }
        idle && context.state(|flow| flow.state.is_idle())
    }

    /// Looks whether the holder is there, and whether workers serve it. A lane that nobody serves loses the quota.
    async fn look(context: &WorkflowContext<Self>) {
        let Some((lane, turn)) = context.state(|flow| flow.state.looks_at()) else { return };
        if !Self::tell(context, &lane).await {
            return;
        }
        let lease_ms = context.state(|flow| u64::try_from(flow.state.lease().as_millis()).unwrap_or(u64::MAX));
        let input = HolderInput { lane: lane.clone(), lease_ms };
        let looked = context.execute_local_activity(Activities::unserved, input, detached::request()).await;
        let Ok(waits) = looked else { return };
        if context.state_mut(|flow| flow.state.look(&lane, turn, waits)) != Sight::TakesAway {
            return;
        }
        let lane_flow = context.external_workflow(lane.clone(), None);
        if lane_flow.signal(LaneFlow::taken, Signal::new(turn), detached::signal()).await.is_err() {
            // It was not told.
            context.state_mut(|flow| flow.state.look(&lane, turn, None));
        }
    }

    /// Returns the time by the engine's clock.
    fn now(context: &WorkflowContext<Self>) -> Timestamp {
        context.workflow_time().and_then(|at| Timestamp::try_from(at).ok()).unwrap_or_default()
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
