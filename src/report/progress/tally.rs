//! What the events so far amount to.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::HumanCount;
use tokio::time::Instant;

use crate::class::ErrorClass;
use crate::report::text::{Harmless, spoken};
use crate::run::{Event, LaneInfo, Outcome};

/// What the events so far amount to.
#[derive(Debug)]
pub(super) struct Tally {
    /// When the run began.
    pub(super) began: Instant,
    /// Targets of the plan.
    pub(super) targets: u64,
    /// Targets that have an outcome.
    pub(super) done: u64,
    /// The lanes, by number.
    pub(super) lanes: Vec<Lane>,
    outcomes: BTreeMap<Outcome, u64>,
}

/// What is known of one lane.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its name, no longer than needed to tell it from the others.
    pub(super) label: String,
    /// Targets that begin in it.
    pub(super) targets: u64,
    /// Targets of it that have an outcome.
    pub(super) done: u64,
    held_until: Option<Instant>,
    held_for: ErrorClass,
    /// The rate it was slowed down to, a second.
    learnt: Option<f64>,
    given_up: bool,
}

impl Tally {
    /// Builds a tally of nothing.
    pub(super) const fn new(now: Instant) -> Self {
        Self { began: now, targets: 0, done: 0, lanes: Vec::new(), outcomes: BTreeMap::new() }
    }

    /// Takes one event.
    pub(super) fn add(&mut self, event: &Event<'_>, now: Instant) {
        match *event {
            Event::Started { targets, lanes, .. } => {
                *self = Self::new(now);
                self.targets = targets as u64;
                self.lanes = labelled(lanes);
            }
            Event::Slowed { lane, pause, rate, class, .. } => {
                if let Some(lane) = self.lanes.get_mut(lane) {
                    lane.held_until = lane.held_until.max(Some(now + pause));
                    lane.held_for = class;
                    lane.learnt = rate;
                }
            }
            Event::Quickened { lane, rate, .. } => {
                if let Some(lane) = self.lanes.get_mut(lane) {
                    lane.learnt = rate;
                }
            }
            Event::GivenUp { lane, .. } => {
                if let Some(lane) = self.lanes.get_mut(lane) {
                    lane.given_up = true;
                }
            }
            Event::Finished { lane, result, .. } => {
                self.done += 1;
                *self.outcomes.entry(result.outcome).or_default() += 1;
                if let Some(lane) = lane.and_then(|lane| self.lanes.get_mut(lane)) {
                    lane.done += 1;
                }
            }
            Event::Sending { .. } | Event::Attempted { .. } | Event::Read { .. } | Event::Ended { .. } => {}
        }
    }

    /// Returns the outcomes so far, such as `170 stopped  2 failed`.
    pub(super) fn outcomes(&self) -> String {
        let parts =
            self.outcomes.iter().map(|(outcome, n)| format!("{} {}", HumanCount(*n), outcome.name().replace('_', " ")));
        parts.collect::<Vec<_>>().join("  ")
    }
}

impl Lane {
    /// Returns how long the lane still holds back, if it does.
    pub(super) fn held(&self, now: Instant) -> Option<Duration> {
        self.held_until.and_then(|until| until.checked_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Returns what there is to say of the lane, such as `throttled, waiting 3s`; mostly nothing.
    pub(super) fn note(&self, now: Instant) -> String {
        let why = if self.held_for == ErrorClass::Throttled { "throttled" } else { "the service fails" };
        match self.held(now) {
            _ if self.given_up => "given up".to_owned(),
            Some(left) => format!("{why}, waiting {}", spoken(left)),
            None => self.learnt.map(|rate| format!("slowed to {rate:.1}/s")).unwrap_or_default(),
        }
    }
}

/// Names the lanes: by API alone where there is one account and region, in full elsewhere.
fn labelled(lanes: &[LaneInfo]) -> Vec<Lane> {
    let place = |lane: &LaneInfo| (lane.account.clone(), lane.region.clone());
    let is_one_place = lanes.windows(2).all(|pair| matches!(pair, [a, b] if place(a) == place(b)));
    let label = |lane: &LaneInfo| {
        let full = format!("{} {} {}", lane.account, lane.region, lane.api);
        Harmless(if is_one_place { &lane.api } else { &full }).to_string()
    };
    let lane = |info: &LaneInfo| Lane {
        label: label(info),
        targets: info.targets as u64,
        done: 0,
        held_until: None,
        held_for: ErrorClass::Throttled,
        learnt: None,
        given_up: false,
    };
    lanes.iter().map(lane).collect()
}
