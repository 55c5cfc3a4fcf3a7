//! What the engine knows of a schedule.

use allstop::Timestamp;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::IntoRequest;
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::schedule::v1::{
    Schedule, ScheduleAction, ScheduleInfo, SchedulePolicies, ScheduleSpec, ScheduleState,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::DescribeScheduleRequest;

use super::action::started;
use super::error::ScheduleError;

/// What the engine knows of a schedule of ours.
#[derive(Debug, Clone)]
pub(super) struct Described {
    pub(super) spec: ScheduleSpec,
    pub(super) action: ScheduleAction,
    pub(super) policies: SchedulePolicies,
    pub(super) state: ScheduleState,
    pub(super) info: ScheduleInfo,
    /// Which state of the schedule this is.
    pub(super) token: Vec<u8>,
}

impl Described {
    /// Asks for a schedule. One that starts no runs of ours is an error.
    pub(super) async fn get(client: &Client, name: &str) -> Result<Self, ScheduleError> {
        let request = DescribeScheduleRequest { namespace: client.namespace(), schedule_id: name.to_owned() };
        let described = client.clone().describe_schedule(request.into_request()).await;
        let described = described.map_err(|status| ScheduleError::of_status(name, &status))?.into_inner();
        let Schedule { spec, action, policies, state } = described.schedule.unwrap_or_default();
        let action = action.unwrap_or_default();
        if started(&action).is_none() {
            return Err(ScheduleError::Foreign(name.to_owned()));
        }
        Ok(Self {
            spec: spec.unwrap_or_default(),
            action,
            policies: policies.unwrap_or_default(),
            state: state.unwrap_or_default(),
            info: described.info.unwrap_or_default(),
            token: described.conflict_token,
        })
    }

    /// Returns the schedule as it is.
    pub(super) fn schedule(self) -> Schedule {
        let Self { spec, action, policies, state, .. } = self;
        Schedule { spec: Some(spec), action: Some(action), policies: Some(policies), state: Some(state) }
    }
}

/// Reads a moment of the engine's, given in seconds and nanoseconds.
pub(super) fn moment(seconds: i64, nanos: i32) -> Timestamp {
    Timestamp::new(seconds, nanos).unwrap_or_default()
}
