//! Starting a run of a schedule now.

use std::time::Duration;

use temporalio_client::Client;
use temporalio_client::schedules::{ScheduleOverlapPolicy, TriggerScheduleOptions};
use tokio::time::{Instant, sleep};

use super::described::Described;
use super::error::ScheduleError;
use super::run::ScheduledRun;

/// How often the engine is asked what came of it.
const AGAIN: Duration = Duration::from_millis(50);

/// How long it is.
const WITHIN: Duration = Duration::from_secs(10);

/// What came of a request to start a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Triggered {
    /// It was started.
    Started(ScheduledRun),
    /// It was not: another run is in progress.
    Skipped,
    /// It starts when the run in progress has ended.
    Waits,
    /// The engine has not done it yet.
    Unknown,
}

/// Has a schedule start a run now, also if it is paused. Its overlap policy counts.
///
/// # Errors
///
/// Fails if there is no such schedule, and if the engine refuses.
pub async fn trigger(client: &Client, name: &str) -> Result<Triggered, ScheduleError> {
    let before = Described::get(client, name).await?;
    let (handle, options) = (client.get_schedule_handle(name), TriggerScheduleOptions::default());
    // Unspecified: as the schedule says.
    let triggered = handle.trigger(ScheduleOverlapPolicy::Unspecified, options).await;
    triggered.map_err(|error| ScheduleError::of(name, &error))?;
    let end = Instant::now() + WITHIN;
    while Instant::now() < end {
        let info = Described::get(client, name).await?.info;
        if info.action_count > before.info.action_count {
            let latest = info.recent_actions.last().and_then(ScheduledRun::recent);
            return Ok(latest.map_or(Triggered::Unknown, Triggered::Started));
        }
        if info.overlap_skipped > before.info.overlap_skipped || info.buffer_dropped > before.info.buffer_dropped {
            return Ok(Triggered::Skipped);
        }
        if info.buffer_size > before.info.buffer_size {
            return Ok(Triggered::Waits);
        }
        sleep(AGAIN).await;
    }
    Ok(Triggered::Unknown)
}
