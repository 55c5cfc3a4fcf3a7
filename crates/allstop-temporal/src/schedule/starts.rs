//! When a schedule starts runs on a day: the engine's own word.

use std::time::SystemTime;

use allstop::Timestamp;
use jiff::SignedDuration;
use jiff::civil::Date;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::IntoRequest;
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::workflowservice::v1::ListScheduleMatchingTimesRequest;

use super::described::moment;
use super::error::ScheduleError;
use super::zone::{LocalTime, Zone};

/// Asks when a schedule starts runs on a local day; `None` where that day or zone cannot be told.
pub(super) async fn starts_on(
    client: &Client,
    name: &str,
    day: Date,
    zone: &str,
) -> Result<Option<Vec<LocalTime>>, ScheduleError> {
    let Ok(zone) = zone.parse::<Zone>() else { return Ok(None) };
    let begin = |day: Date| day.to_zoned(zone.rules().clone()).ok().map(|day| day.timestamp());
    let Some((from, to)) = begin(day).zip(day.tomorrow().ok().and_then(begin)) else { return Ok(None) };
    let stamp = |at: Timestamp| Some(SystemTime::from(at).into());
    // The server leaves out what is exactly at the first moment.
    let just_before = from.checked_sub(SignedDuration::from_secs(1)).unwrap_or(from);
    let request = ListScheduleMatchingTimesRequest {
        namespace: client.namespace(),
        schedule_id: name.to_owned(),
        start_time: stamp(just_before),
        end_time: stamp(to),
    };
    let asked = client.clone().list_schedule_matching_times(request.into_request()).await;
    let asked = asked.map_err(|status| ScheduleError::of_status(name, &status))?.into_inner();
    let starts = asked.start_time.iter().map(|at| moment(at.seconds, at.nanos));
    Ok(Some(starts.filter(|at| (from..to).contains(at)).map(|at| LocalTime::new(at, &zone)).collect()))
}
