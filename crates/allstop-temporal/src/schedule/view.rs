//! What is shown of a schedule.

use std::time::Duration;

use allstop::Timestamp;
use futures::{StreamExt, TryStreamExt, try_join};
use serde::Serialize;
use temporalio_client::Client;
use temporalio_client::schedules::ListSchedulesOptions;

use super::action::Frozen;
use super::change::ClockChange;
use super::described::{Described, moment};
use super::error::ScheduleError;
use super::options::FrozenOptions;
use super::run::{ScheduledRun, asked, with_results};
use super::starts::starts_on;
use super::terms::{Overlap, Times, read};
use super::zone::LocalTime;
use crate::client::retention;
use crate::wire::{RUN_TYPE, RunMemo};

/// How many schedules are asked for at once.
const AT_ONCE: usize = 8;

/// What the engine knows of a schedule.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleView {
    /// Its name.
    pub schedule: String,
    /// The plan that its runs carry out.
    pub plan: RunMemo,
    /// What its runs stop, as a hash.
    pub fingerprint: String,
    /// In how many lanes.
    pub lanes: usize,
    /// The options of its runs.
    pub options: FrozenOptions,
    /// When it starts runs; `None` where somebody else has set times that are no cron expression.
    pub cron: Option<String>,
    /// Whose clock counts.
    pub time_zone: String,
    /// The next times, as the engine computes them, with the offset from UTC.
    pub next: Vec<LocalTime>,
    /// The times that clock changes leave out or repeat, within a year.
    pub clock_changes: Vec<ClockChange>,
    /// What happens if a run is in progress; `None` for what Temporal alone can do.
    pub overlap: Option<Overlap>,
    /// How late a run may start that the engine missed, in seconds.
    pub catchup_seconds: u64,
    /// Whether it is paused.
    pub paused: bool,
    /// Why it is paused or was resumed.
    pub note: Option<String>,
    /// How many runs it has started.
    pub started: i64,
    /// How many it has not started because another one was in progress.
    pub skipped: i64,
    /// How many it has not started because the engine was too late.
    pub missed: i64,
    /// Its runs in progress.
    pub running: Vec<ScheduledRun>,
    /// Its last runs, the latest first.
    pub recent: Vec<ScheduledRun>,
    /// How long the engine keeps the rows of a run after its end, in seconds.
    pub retention_seconds: Option<u64>,
}

/// The schedules of a namespace.
#[derive(Debug, Clone, Default)]
pub struct Schedules {
    /// Those that can be read, by name.
    pub read: Vec<ScheduleView>,
    /// The others, by name.
    pub unread: Vec<UnreadSchedule>,
}

/// A schedule that cannot be read, such as one that is encrypted with another key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadSchedule {
    /// Its name.
    pub schedule: String,
    /// Why.
    pub error: String,
    /// What to do about it.
    #[serde(skip)]
    pub hint: &'static str,
}

impl Schedules {
    /// Asks for all schedules of ours in the namespace.
    ///
    /// # Errors
    ///
    /// Fails if the engine cannot be asked.
    pub async fn all(client: &Client) -> Result<Self, ScheduleError> {
        let listed = client.list_schedules(ListSchedulesOptions::default());
        let listed: Vec<_> = listed.try_collect().await.map_err(|error| ScheduleError::of("", &error))?;
        let ours = listed.into_iter().filter(|schedule| schedule.workflow_type() == Some(RUN_TYPE));
        let mut asked: Vec<_> = futures::stream::iter(ours.map(|schedule| schedule.schedule_id().to_owned()))
            .map(|name| async move { (ScheduleView::brief(client, &name).await, name) })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        asked.sort_unstable_by(|(_, one), (_, other)| one.cmp(other));
        let mut all = Self::default();
        for (asked, schedule) in asked {
            match asked {
                Ok(view) => all.read.push(view),
                // The list is a little behind: one may have been deleted meanwhile.
                Err(ScheduleError::NoSuch(_)) => {}
                Err(error) if error.is_of_one() => {
                    let (hint, error) = (error.hint(), error.to_string());
                    all.unread.push(UnreadSchedule { schedule, error, hint });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }
}

impl ScheduleView {
    /// Asks for a schedule, what it does on the days of clock changes, and how its last runs ended.
    ///
    /// # Errors
    ///
    /// Fails if there is none of this name, if it starts something else, and if it is encrypted with another key.
    pub async fn get(client: &Client, name: &str) -> Result<Self, ScheduleError> {
        let mut view = Self::brief(client, name).await?;
        view.recent = with_results(client, view.recent).await;
        for change in &mut view.clock_changes {
            change.starts = starts_on(client, name, change.day, &change.zone).await?;
        }
        Ok(view)
    }

    async fn brief(client: &Client, name: &str) -> Result<Self, ScheduleError> {
        let described = Described::get(client, name).await?;
        let frozen = Frozen::read(client, name, &described.action).await?;
        let kept = retention(client).await.map_err(|status| ScheduleError::of_status("", &status))?;
        let view = Self::of(name, &described, frozen, kept);
        let (running, recent) = try_join!(asked(client, view.running), asked(client, view.recent))?;
        let running = running.into_iter().filter(ScheduledRun::goes_on).collect();
        Ok(Self { running, recent, ..view })
    }

    fn of(name: &str, described: &Described, frozen: Frozen, retention: Option<Duration>) -> Self {
        let Described { spec, policies, state, info, .. } = described;
        let times = Times::of_spec(spec);
        let zone =
            times.as_ref().map_or_else(|| spec.timezone_name.parse().unwrap_or_default(), |times| times.zone.clone());
        let (overlap, catchup) = read(policies);
        let recent: Vec<_> = info.recent_actions.iter().rev().filter_map(ScheduledRun::recent).collect();
        // Only of its last runs, the engine says when they were to start.
        let running = info.running_workflows.iter().map(ScheduledRun::running).map(|run| run.known_among(&recent));
        let changes = times.as_ref().map(|times| ClockChange::all(&times.cron, &times.zone, now()));
        Self {
            schedule: name.to_owned(),
            plan: frozen.about,
            fingerprint: frozen.input.fingerprint,
            lanes: frozen.input.lanes.len(),
            options: frozen.options,
            cron: times.map(|times| times.cron.to_string()),
            time_zone: zone.to_string(),
            next: info
                .future_action_times
                .iter()
                .map(|at| LocalTime::new(moment(at.seconds, at.nanos), &zone))
                .collect(),
            clock_changes: changes.unwrap_or_default(),
            overlap,
            catchup_seconds: catchup.as_secs(),
            paused: state.paused,
            note: Some(state.notes.clone()).filter(|note| !note.is_empty()),
            started: info.action_count,
            skipped: info.overlap_skipped,
            missed: info.missed_catchup_window,
            running: running.collect(),
            recent,
            retention_seconds: retention.map(|retention| retention.as_secs()),
        }
    }
}

fn now() -> Timestamp {
    use allstop::clock::{Clock, SystemClock};
    SystemClock.now()
}
