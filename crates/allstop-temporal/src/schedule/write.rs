//! Making and changing schedules.

use std::time::Duration;

use allstop::session::Context;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::schedules::{
    DeleteScheduleOptions, PauseScheduleOptions, ScheduleHandle, UnpauseScheduleOptions,
};
use temporalio_client::tonic::{Code, IntoRequest, Status};
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::schedule::v1::Schedule;
use temporalio_common::protos::temporal::api::workflowservice::v1::{CreateScheduleRequest, UpdateScheduleRequest};
use uuid::Uuid;

use super::action::{Frozen, ToFreeze};
use super::cron::Cron;
use super::described::Described;
use super::error::ScheduleError;
use super::terms::{Overlap, Policy, Times, read};
use super::zone::Zone;
use crate::plans::let_go;
use crate::wire::PlanAt;

/// What is to be another than it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// When it starts runs.
    pub cron: Option<Cron>,
    /// Whose clock counts.
    pub zone: Option<Zone>,
    /// What happens if a run is in progress.
    pub overlap: Option<Overlap>,
    /// How late a run may start.
    pub catchup: Option<Duration>,
}

impl Changes {
    /// Tells whether all stays as it is.
    #[must_use]
    pub const fn are_none(&self) -> bool {
        let Self { cron, zone, overlap, catchup } = self;
        cron.is_none() && zone.is_none() && overlap.is_none() && catchup.is_none()
    }
}

/// Fails if there is a schedule of this name.
///
/// # Errors
///
/// Fails also if the engine cannot be asked.
pub async fn demand_free(client: &Client, name: &str) -> Result<(), ScheduleError> {
    match Described::get(client, name).await {
        Err(ScheduleError::NoSuch(_)) => Ok(()),
        Ok(_) | Err(ScheduleError::Foreign(_)) => Err(ScheduleError::Taken(name.to_owned())),
        Err(error) => Err(error),
    }
}

/// Makes a schedule.
///
/// # Errors
///
/// Fails if there is one of this name, if the plan is too large, and if the engine refuses.
pub async fn create(
    client: &Client,
    name: &str,
    plan: ToFreeze<'_>,
    (times, policy): (&Times, Policy),
    context: &Context,
) -> Result<(), ScheduleError> {
    let frozen = Frozen::new(client, plan, context).await?;
    let schedule = Schedule {
        spec: Some(times.spec()),
        action: Some(frozen.action(client, name).await?),
        policies: Some(policy.policies()),
        state: None,
    };
    let request = CreateScheduleRequest {
        namespace: client.namespace(),
        schedule_id: name.to_owned(),
        schedule: Some(schedule),
        identity: client.identity(),
        request_id: Uuid::new_v4().to_string(),
        ..CreateScheduleRequest::default()
    };
    let created = WorkflowService::create_schedule(&mut client.clone(), request.into_request()).await;
    if created.as_ref().is_err_and(is_refusal) {
        release(client, &frozen.input.plan).await;
    }
    created.map(drop).map_err(|status| ScheduleError::of_status(name, &status))
}

/// Tells whether the engine has surely not done what was asked for.
fn is_refusal(status: &Status) -> bool {
    let refusals = [Code::AlreadyExists, Code::FailedPrecondition, Code::InvalidArgument, Code::NotFound];
    refusals.contains(&status.code()) || matches!(status.code(), Code::PermissionDenied | Code::Unauthenticated)
}

/// Returns when a schedule would start runs with these changes.
///
/// # Errors
///
/// Fails if there is no such schedule, and if somebody else has set times of which only a part is to change.
pub async fn changed_times(client: &Client, name: &str, changes: &Changes) -> Result<Option<Times>, ScheduleError> {
    times(&Described::get(client, name).await?, name, changes)
}

fn times(described: &Described, name: &str, changes: &Changes) -> Result<Option<Times>, ScheduleError> {
    let (cron, zone) = match (&changes.cron, &changes.zone) {
        (None, None) => return Ok(None),
        (Some(cron), Some(zone)) => (cron.clone(), zone.clone()),
        (cron, zone) => {
            let set = Times::of_spec(&described.spec).ok_or_else(|| ScheduleError::OtherTimes(name.to_owned()))?;
            (cron.clone().unwrap_or(set.cron), zone.clone().unwrap_or(set.zone))
        }
    };
    Ok(Some(Times { cron, zone }))
}

/// Changes a schedule: its plan, its times or both. A run in progress is not concerned.
///
/// # Errors
///
/// Fails as [`create`] and [`changed_times`] do, and if somebody else changes it at the same time.
pub async fn update(
    client: &Client,
    name: &str,
    plan: Option<ToFreeze<'_>>,
    changes: &Changes,
    context: &Context,
) -> Result<(), ScheduleError> {
    let described = Described::get(client, name).await?;
    let token = described.token.clone();
    let times = times(&described, name, changes)?;
    let (overlap, catchup) = read(&described.policies);
    let mut schedule = described.clone().schedule();
    if let Some(times) = times {
        schedule.spec = Some(times.spec());
    }
    if changes.overlap.is_some() || changes.catchup.is_some() {
        let overlap = changes.overlap.or(overlap).unwrap_or(Overlap::Skip);
        schedule.policies = Some(Policy { overlap, catchup: changes.catchup.unwrap_or(catchup) }.policies());
    }
    let (old, new) = match plan {
        None => (None, None),
        Some(plan) => {
            let old = Frozen::read(client, name, &described.action).await?;
            let new = Frozen::new(client, plan, context).await?;
            schedule.action = Some(new.action(client, name).await?);
            (Some(old.input.plan), Some(new.input.plan))
        }
    };
    let request = UpdateScheduleRequest {
        namespace: client.namespace(),
        schedule_id: name.to_owned(),
        schedule: Some(schedule),
        conflict_token: token,
        identity: client.identity(),
        request_id: Uuid::new_v4().to_string(),
        ..UpdateScheduleRequest::default()
    };
    let updated = client.clone().update_schedule(request.into_request()).await;
    // The plan that nothing starts, if that is known.
    let idle = match &updated {
        Ok(_) => old,
        Err(status) if is_refusal(status) => new,
        Err(_) => None,
    };
    if let Some(idle) = idle {
        release(client, &idle).await;
    }
    updated.map(drop).map_err(|status| ScheduleError::of_status(name, &status))
}

/// Pauses a schedule: it starts nothing by itself. Returns whether it was paused before; then the reason of before stays,
/// unless there is another one. `by` is who does it, kept in place of a reason.
///
/// # Errors
///
/// Fails if there is no such schedule, and if the engine refuses.
pub async fn pause(client: &Client, name: &str, (reason, by): (Option<&str>, &str)) -> Result<bool, ScheduleError> {
    let (was_paused, handle) = handle(client, name).await?;
    if let Some(note) = note(reason, was_paused, || format!("paused by {by}")) {
        let paused = handle.pause(Some(note), PauseScheduleOptions::default()).await;
        paused.map_err(|error| ScheduleError::of(name, &error))?;
    }
    Ok(was_paused)
}

/// Lets a paused schedule start runs again. Returns whether it was paused before; if it was not, the reason of before stays,
/// unless there is another one. `by` is who does it, kept in place of a reason.
///
/// # Errors
///
/// Fails if there is no such schedule, and if the engine refuses.
pub async fn resume(client: &Client, name: &str, (reason, by): (Option<&str>, &str)) -> Result<bool, ScheduleError> {
    let (was_paused, handle) = handle(client, name).await?;
    if let Some(note) = note(reason, !was_paused, || format!("resumed by {by}")) {
        let resumed = handle.unpause(Some(note), UnpauseScheduleOptions::default()).await;
        resumed.map_err(|error| ScheduleError::of(name, &error))?;
    }
    Ok(was_paused)
}

/// Returns what the engine is to keep as the reason; `None` if nothing changes.
fn note(reason: Option<&str>, is_done: bool, otherwise: impl FnOnce() -> String) -> Option<String> {
    reason.map(str::to_owned).or_else(|| (!is_done).then(otherwise))
}

/// Returns a schedule that starts runs, and whether it is paused.
async fn handle(client: &Client, name: &str) -> Result<(bool, ScheduleHandle<Client>), ScheduleError> {
    let described = Described::get(client, name).await?;
    Ok((described.state.paused, client.get_schedule_handle(name)))
}

/// Deletes a schedule. A run in progress is not concerned.
///
/// # Errors
///
/// Fails if there is no such schedule, if what it starts cannot be read, and if the engine refuses.
pub async fn delete(client: &Client, name: &str) -> Result<(), ScheduleError> {
    let described = Described::get(client, name).await?;
    let frozen = Frozen::read(client, name, &described.action).await?;
    let handle = client.get_schedule_handle(name);
    handle.delete(DeleteScheduleOptions::default()).await.map_err(|error| ScheduleError::of(name, &error))?;
    release(client, &frozen.input.plan).await;
    Ok(())
}

/// Lets go of a plan, if a workflow holds it.
async fn release(client: &Client, plan: &PlanAt) {
    if let Some(held) = plan.held() {
        let_go(client, held).await;
    }
}
