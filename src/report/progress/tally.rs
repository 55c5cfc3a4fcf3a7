//! What the events so far amount to.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::lane::{Lane, RECENT};
use super::meter::Meter;
use crate::engine::{Event, LaneInfo, Outcome};
use crate::report::text::{Escaped, to_come};
use crate::service::Kind;

/// What the events so far amount to.
#[derive(Debug)]
pub(super) struct Tally {
    /// When the run began.
    pub(super) began: Instant,
    /// Targets that the run is about: those that begin in its lanes.
    pub(super) targets: u64,
    /// Those of them that have an outcome.
    pub(super) done: u64,
    /// Targets of the plan that were left out before anything began.
    pub(super) left_out: u64,
    /// The stage that the run is in, where its plan has stages.
    pub(super) stage: Option<StageNow>,
    /// The lanes, by number.
    pub(super) lanes: Vec<Lane>,
    /// By the place in [`Outcome::ALL`].
    outcomes: [u64; Outcome::ALL.len()],
    meter: Meter,
}

/// The stage that a run is in.
#[derive(Debug)]
pub(super) struct StageNow {
    name: String,
    pause: Rest,
}

/// How a run rests, if it does.
#[derive(Debug, Clone, Copy)]
enum Rest {
    None,
    Until(Instant),
    Asking,
}

impl StageNow {
    /// Returns words such as `stage pilot` or `stage pilot, pausing for 28 s`.
    pub(super) fn said(&self, now: Instant) -> String {
        let pause = match self.pause {
            Rest::None => String::new(),
            Rest::Until(until) => format!(", pausing for {}", to_come(until.saturating_duration_since(now))),
            Rest::Asking => ", waiting for a yes".to_owned(),
        };
        format!("stage {}{pause}", self.name)
    }
}

impl Tally {
    /// Builds a tally of nothing.
    pub(super) const fn new(now: Instant) -> Self {
        let outcomes = [0; Outcome::ALL.len()];
        Self {
            began: now,
            targets: 0,
            done: 0,
            left_out: 0,
            stage: None,
            lanes: Vec::new(),
            outcomes,
            meter: Meter::new(now),
        }
    }

    /// Takes one event. It counts and nothing else: that is what a run of many targets a second has time for.
    pub(super) fn add(&mut self, event: &Event<'_>, now: Instant) {
        if let Some(StageNow { pause, .. }) = &mut self.stage {
            *pause = Rest::None;
        }
        match *event {
            Event::Started { targets, lanes, .. } => {
                *self = Self::new(now);
                self.targets = lanes.iter().map(|lane| lane.targets as u64).sum();
                self.left_out = (targets as u64).saturating_sub(self.targets);
                self.lanes = labels(lanes)
                    .into_iter()
                    .zip(lanes)
                    .map(|(label, info)| Lane::new(label, info.clone(), now))
                    .collect();
            }
            Event::Sending { lane, n, batch, .. } => self.at(lane, |lane| lane.sending(n, batch, now)),
            Event::Attempted { lane, attempt, .. } => self.at(lane, |lane| lane.attempted(attempt, now)),
            Event::Slowed { lane, pause, rate, class, .. } => {
                self.at(lane, |lane| lane.slowed(pause, rate, class, now));
            }
            Event::Quickened { lane, rate, .. } => self.at(lane, |lane| lane.learnt = rate),
            Event::GivenUp { lane, .. } => self.at(lane, |lane| lane.given_up = true),
            // What begins in no lane was left out: nothing is done about it.
            Event::Stage { name, .. } => {
                self.stage = Some(StageNow { name: Escaped(name).to_string(), pause: Rest::None });
            }
            Event::Pausing { pause, .. } => {
                if let Some(stage) = &mut self.stage {
                    stage.pause = pause.map_or(Rest::Asking, |pause| Rest::Until(now + pause));
                }
            }
            Event::Finished { lane: None, .. }
            | Event::CredentialsRefreshed { .. }
            | Event::CredentialsWaiting { .. }
            | Event::CredentialsClosed { .. }
            | Event::Failing { .. }
            | Event::SmallerBatches { .. }
            | Event::Ended { .. } => {}
            Event::Finished { lane: Some(lane), result, .. } => {
                self.done += 1;
                if let Some(count) = self.outcomes.get_mut(result.outcome as usize) {
                    *count += 1;
                }
                if self.lanes.get_mut(lane).is_some_and(|lane| lane.finished(result, now)) {
                    self.meter.add(now);
                }
            }
            Event::Read { lane, state, .. } => self.at(lane, |lane| lane.failing &= state.is_none()),
        }
    }

    fn at(&mut self, lane: usize, change: impl FnOnce(&mut Lane)) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            change(lane);
        }
    }

    /// Returns how many of the run's targets have an outcome.
    pub(super) fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(outcome as usize).copied().unwrap_or_default()
    }

    /// Returns how many targets got their outcomes lately, a second.
    pub(super) fn rate(&self, now: Instant) -> Option<f64> {
        self.meter.rate(RECENT, now)
    }

    /// Returns how long the whole still takes, which is its slowest lane's time; `None` where that cannot be known.
    pub(super) fn time_left(&self, now: Instant) -> Option<Duration> {
        let lanes = self.lanes.iter().filter(|lane| lane.left() > 0);
        lanes.map(|lane| lane.time_left(now)).try_fold(Duration::ZERO, |most, left| left.map(|left| most.max(left)))
    }

    /// Returns how long the whole takes by the lanes' quotas alone; `None` where they say nothing.
    pub(super) fn by_quota(&self) -> Option<Duration> {
        let lanes = self.lanes.iter().filter(|lane| lane.left() > 0);
        lanes.map(Lane::by_quota).try_fold(Duration::ZERO, |most, left| left.map(|left| most.max(left)))
    }
}

/// Returns the kind of the targets that a lane stops; `None` where it reads.
pub(super) fn kind(lane: &LaneInfo) -> Option<Kind> {
    Kind::all().iter().copied().find(|kind| lane.stops && kind.stop_api.name() == lane.api)
}

/// Names each lane as briefly as tells it from the others: by its kind or API, its account too, its region too.
pub(super) fn labels(lanes: &[LaneInfo]) -> Vec<String> {
    let names = |lane: &LaneInfo| {
        let what = kind(lane).map_or_else(|| lane.api.clone(), |kind| kind.name.to_owned());
        let account = format!("{} {what}", lane.account);
        let whole = format!("{} {} {what}", lane.account, lane.region);
        [what, account, whole]
    };
    let mut counts: HashMap<String, u32> = HashMap::new();
    for name in lanes.iter().flat_map(names) {
        *counts.entry(name).or_default() += 1;
    }
    let label = |lane: &LaneInfo| {
        let [what, account, whole] = names(lane);
        let is_unique = |name: &String| counts.get(name) == Some(&1);
        let name = [what, account].into_iter().find(is_unique).unwrap_or(whole);
        Escaped(&name).to_string()
    };
    lanes.iter().map(label).collect()
}
