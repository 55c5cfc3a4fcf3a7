//! The activities, carried out.

#![allow(missing_docs, reason = "the SDK's macros make constants of methods, without their docs")]

use std::sync::Arc;
use std::time::Duration;

use allstop::Timestamp;
use allstop::clock::{Clock, SystemClock};
use allstop::engine::ResumeState;
use allstop::session::SessionError;
use jiff::SignedDuration;
use temporalio_client::errors::{AsyncActivityError, WorkflowInteractionError};
use temporalio_client::{
    ActivityIdentifier, AsyncActivityHandle, Client, NamespacedClient, RpcOptions, WorkflowExecutionInfo,
    WorkflowHandle, WorkflowSignalOptions,
};
use temporalio_common::data_converters::TemporalSerializable;
use temporalio_common::error::ApplicationFailure;
use temporalio_common::protos::TaskToken;
use temporalio_common::protos::temporal::api::enums::v1::PendingActivityState;
use temporalio_macros::activities;
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use tokio::time::sleep;

use super::asking;
use super::health::Health;
use super::listing::{Lister, Listing};
use super::reports::Reports;
use crate::history::{beat, describe};
use crate::plans::{self, FetchError};
use crate::session::{Held, Holder, Task};
use crate::wire::{
    AskInput, Asked, Beat, ConcludeInput, HolderInput, ListBeat, ListEnd, ListInput, REFUSED_TYPE, ReleaseInput, Seen,
    SessionEnd, SessionInput, Signal, Unserved, Why,
};
use crate::workflow::QuotaFlow;

/// How long another worker may take a lane up that this one cannot hold.
const REFUSED: Duration = Duration::from_secs(2);

/// How long after a result that the engine did not take it is sent again.
const RETRY: Duration = Duration::from_millis(200);

/// What a worker does for the workflows.
#[derive(Clone)]
pub struct Work {
    /// Holds the lanes.
    pub holder: Arc<Holder>,
    /// What probes are told.
    pub health: Health,
    /// Where the reports of runs go.
    pub reports: Option<Reports>,
}

#[activities]
impl Work {
    /// Holds a lane for a while.
    ///
    /// It heartbeats and completes through the client: the SDK drops the result of an activity of which it has seen no
    /// heartbeat of its own for a while.
    #[activity(name = "allstop.session.v1")]
    pub async fn session(
        self: Arc<Self>,
        context: ActivityContext,
        input: SessionInput,
    ) -> Result<SessionEnd, ActivityError> {
        let _held = self.health.hold();
        let info = context.info();
        let (token, own_run) = (info.task_token.clone(), info.workflow_run_id.clone());
        let (attempt, told) = (info.attempt, context.heartbeat_details().deserialize::<Beat>()?);
        let lane = format!("{} of the run {}", input.lane.name(), input.run.id);
        self.say(&match &told {
            Some(told) => format!("holds the lane {lane}, which {} has lost", told.worker),
            None => format!("holds the lane {lane}"),
        });
        let client = self.holder.client.clone();
        let handle =
            AsyncActivityHandle::new(client, ActivityIdentifier::from_task_token(TaskToken::from(token.clone())));
        let work = Arc::clone(&self);
        let last = told.clone();
        let (scheduled, started) = (info.current_attempt_scheduled_time, info.started_time);
        let waited = started.zip(scheduled).map(|(started, scheduled)| started.duration_since(scheduled));
        // A clock that was set back tells nothing.
        let waited = waited.and_then(Result::ok).unwrap_or(Duration::MAX);
        let begun_at = started.and_then(|at| Timestamp::try_from(at).ok());
        let task = Task { token, told, own_run, attempt, waited, begun_at };
        let held = tokio::spawn(async move { work.holder.hold(task, &input).await });
        match held.await {
            Ok(Held::Ended(end)) => {
                let rows = end.done.len();
                if let Why::Failed { message, .. } = &end.why {
                    self.holder.context.ui.warning(&format!("cannot send for the lane {lane}: {message}"));
                }
                let said = if end.why == Why::Done {
                    format!("has finished the lane {lane} with {rows} rows")
                } else {
                    format!("hands the lane {lane} over after {rows} rows")
                };
                match complete(&handle, *end).await {
                    Ok(()) => self.say(&said),
                    Err(Lost) => self.lost(&lane),
                }
            }
            Ok(Held::Lost) => self.lost(&lane),
            Ok(Held::Refused(why)) => self.refuse(&handle, (why, REFUSED), last, &lane).await,
            Ok(Held::Broken(why, told)) => self.refuse(&handle, (why, REFUSED), Some(*told), &lane).await,
            Ok(Held::Later(why, after)) => self.refuse(&handle, (why, after), last, &lane).await,
            Err(error) => {
                // The engine keeps what the session told last.
                let why = format!("the session failed: {error}");
                self.holder.context.ui.warning(&format!("cannot hold the lane {lane}: {why}"));
                fail(&handle, why, Some(REFUSED), None::<Beat>).await;
            }
        }
        Err(ActivityError::WillCompleteAsync)
    }

    /// Lists what a run's plan selects. It heartbeats and completes as a session does.
    #[activity(name = "allstop.list.v1")]
    pub async fn list(self: Arc<Self>, context: ActivityContext, input: ListInput) -> Result<ListEnd, ActivityError> {
        let (info, run) = (context.info(), input.run.id.clone());
        self.say(&format!("lists what the run {run} selects"));
        let token = TaskToken::from(info.task_token.clone());
        let handle = AsyncActivityHandle::new(self.holder.client.clone(), ActivityIdentifier::from_task_token(token));
        let lister = Lister { holder: &self.holder, handle: &handle, input: &input, attempt: info.attempt };
        let lost = format!("has lost the listing of the run {run}");
        match lister.list().await {
            Listing::Ended(end) => {
                let failure = end.came_to.failure().map(str::to_owned);
                match (complete(&handle, *end).await, failure) {
                    (Ok(()), None) => self.say(&format!("has listed what the run {run} selects")),
                    (Ok(()), Some(why)) => {
                        self.holder.context.ui.warning(&format!("cannot list what the run {run} selects: {why}"));
                    }
                    (Err(Lost), _) => self.say(&lost),
                }
            }
            Listing::Lost => self.say(&lost),
            Listing::Left => {
                self.say(&format!("leaves the listing of the run {run} to another worker"));
                fail(&handle, "the worker left".to_owned(), None, None::<ListBeat>).await;
            }
            Listing::Refused(why) => {
                self.holder.context.ui.warning(&format!("cannot list what the run {run} selects: {why}"));
                fail(&handle, why, Some(REFUSED), None::<ListBeat>).await;
            }
        }
        Err(ActivityError::WillCompleteAsync)
    }

    /// Asks for a quota, and starts its workflow where there is none.
    #[activity(name = "allstop.ask.v1")]
    pub async fn ask(self: Arc<Self>, _context: ActivityContext, input: AskInput) -> Result<Asked, ActivityError> {
        asking::ask(&self.holder.client, input).await
    }

    /// Gives a quota back; tells whether its workflow was there.
    #[activity(name = "allstop.release.v1")]
    pub async fn release(self: Arc<Self>, _: ActivityContext, input: ReleaseInput) -> Result<bool, ActivityError> {
        let ReleaseInput { quota, request, release } = input;
        let client = self.holder.client.clone();
        let info = WorkflowExecutionInfo::builder().namespace(client.namespace()).workflow_id(quota).build();
        let options = WorkflowSignalOptions::builder().request_id(request).build();
        let quota = WorkflowHandle::<Client, QuotaFlow>::new(client, info);
        match quota.signal(QuotaFlow::release, Signal::new(release), options).await {
            Ok(()) => Ok(true),
            Err(WorkflowInteractionError::NotFound(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks what waits for a worker at the holder of a quota, since long; `None` where a worker serves it.
    #[activity(name = "allstop.unserved.v1")]
    pub async fn unserved(
        self: Arc<Self>,
        _: ActivityContext,
        input: HolderInput,
    ) -> Result<Option<Unserved>, ActivityError> {
        let HolderInput { lane, lease_ms } = input;
        let waits = match describe(&self.holder.client, &lane, None).await {
            Ok(now) => now.unserved(),
            Err(FetchError::NoSuchRun(_)) => None,
            Err(error) => return Err(error.into()),
        };
        // Workers that serve it take its next step up at once.
        let long = SignedDuration::from_millis(i64::try_from(lease_ms / 2).unwrap_or(i64::MAX));
        Ok(waits.filter(|waits| SystemClock.now().duration_since(waits.step.since) >= long))
    }

    /// Looks what the engine knows of the session of a lane, by the id of the lane's workflow.
    #[activity(name = "allstop.look.v1")]
    pub async fn look(self: Arc<Self>, _context: ActivityContext, lane: String) -> Result<Seen, ActivityError> {
        let client = &self.holder.client;
        let now = describe(client, &lane, None).await?;
        let Some(session) = now.session() else { return Ok(Seen::Running) };
        if session.state() != PendingActivityState::Scheduled {
            return Ok(Seen::Running);
        }
        let Some(Beat { state: told, .. }) = beat(client, &lane, session).await? else { return Ok(Seen::Unbegun) };
        let state: ResumeState = told.read()?;
        // A session that did nothing, such as one that was refused, leaves nothing to settle: its run may end without a
        // worker that can hold the lane.
        Ok(if state.done.is_empty() && state.open.is_empty() { Seen::Unbegun } else { Seen::Lost(told) })
    }

    /// Writes the report of a run where the worker is told to, and lets go of its plan.
    #[activity(name = "allstop.conclude.v1")]
    pub async fn conclude(
        self: Arc<Self>,
        _context: ActivityContext,
        input: ConcludeInput,
    ) -> Result<(), ActivityError> {
        let written = self.report(&input).await;
        for held in &input.held {
            plans::let_go(&self.holder.client, held).await;
        }
        Ok(written?)
    }

    /// Says that the report of a run was not written, where the worker is told to write reports.
    #[activity(name = "allstop.unreported.v1")]
    pub async fn unreported(self: Arc<Self>, _context: ActivityContext, run: String) -> Result<(), ActivityError> {
        if self.reports.is_some() {
            let message = format!(
                "no worker has written the report of the run {run} in time; `allstop-temporal report {run}` writes it"
            );
            self.holder.context.ui.warning(&message);
        }
        Ok(())
    }
}

impl Work {
    /// Leaves a lane to another worker, or to a later attempt.
    async fn refuse(
        &self,
        handle: &AsyncActivityHandle<Client>,
        (why, after): (String, Duration),
        told: Option<Beat>,
        lane: &str,
    ) {
        self.holder.context.ui.warning(&format!("cannot hold the lane {lane}: {why}"));
        let state = told.as_ref().map(|told| told.state.clone());
        let failure = ApplicationFailure::builder(why).type_name(REFUSED_TYPE.to_owned()).next_retry_delay(after);
        send_failure(handle, failure.maybe_details(state).build(), told).await;
    }

    fn lost(&self, lane: &str) {
        self.say(&format!("has lost the lease of the lane {lane}; what it sent is read back"));
    }

    /// Writes the report of a run that ends, where this worker is told to.
    async fn report(&self, input: &ConcludeInput) -> Result<(), SessionError> {
        let Some(reports) = &self.reports else { return Ok(()) };
        let context = &self.holder.context;
        let written = reports.write(&self.holder.client, input, context).await;
        match &written {
            Ok(path) => self.say(&format!("has written {}", path.display())),
            Err(error) => context.ui.warning(&format!("cannot write the report of the run {}: {error}", input.run.id)),
        }
        written.map(drop)
    }

    fn say(&self, what: &str) {
        self.holder.context.ui.status(&format!("{} {what}", self.holder.worker));
    }
}

/// The engine knows an activity no more.
struct Lost;

/// Gives the engine the result of an activity, until it has it.
async fn complete<T>(handle: &AsyncActivityHandle<Client>, end: T) -> Result<(), Lost>
where
    T: TemporalSerializable + Clone + Send + Sync + 'static,
{
    loop {
        match handle.complete(Some(end.clone()), RpcOptions::default()).await {
            Ok(()) => return Ok(()),
            Err(AsyncActivityError::NotFound(_)) => return Err(Lost),
            Err(_) => sleep(RETRY).await,
        }
    }
}

/// Leaves an activity to another worker, `after` a while, with what was told of it. If the engine does not hear of it, it is
/// lost after a while, and another worker takes it up as well.
async fn fail<T>(handle: &AsyncActivityHandle<Client>, why: String, after: Option<Duration>, told: Option<T>)
where
    T: TemporalSerializable + Send + Sync + 'static,
{
    send_failure(handle, ApplicationFailure::builder(why).maybe_next_retry_delay(after).build(), told).await;
}

async fn send_failure<T>(handle: &AsyncActivityHandle<Client>, failure: ApplicationFailure, told: Option<T>)
where
    T: TemporalSerializable + Send + Sync + 'static,
{
    let _ = handle.fail(failure, told, RpcOptions::default()).await;
}
