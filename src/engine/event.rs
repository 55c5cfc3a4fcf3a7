//! What happens in a run, as observers see it.

use std::time::Duration;

use jiff::Timestamp;

use super::journal::JournalError;
use super::outcome::{Attempt, TargetResult};
use super::results::Results;
use crate::error::ErrorClass;

/// Watches a run. Observers are called in the order things happen and must not block.
pub trait Observer: Send {
    /// Takes one event.
    fn on_event(&mut self, event: &Event<'_>);

    /// Takes note that time has passed; called about once a second, so that a run that waits still shows life.
    fn on_tick(&mut self) {}
}

impl<O: Observer + ?Sized> Observer for Box<O> {
    fn on_event(&mut self, event: &Event<'_>) {
        (**self).on_event(event);
    }

    fn on_tick(&mut self) {
        (**self).on_tick();
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The run begins.
    Started {
        /// The run's id.
        run: &'a str,
        /// How many targets the plan has.
        targets: usize,
        /// The lanes, in the order of their numbers.
        lanes: &'a [LaneInfo],
    },
    /// A stop request is about to leave.
    Sending {
        /// The target's number in the plan, from 0.
        target: usize,
        /// The number of the lane.
        lane: usize,
        /// The attempt's number, from 1.
        n: u32,
    },
    /// A stop request has its answer, or will never have one.
    Attempted {
        /// The target's number in the plan.
        target: usize,
        /// The number of the lane.
        lane: usize,
        /// What came of it.
        attempt: &'a Attempt,
    },
    /// A state was read back.
    Read {
        /// The target's number in the plan.
        target: usize,
        /// The number of the lane.
        lane: usize,
        /// The service's word, where there is one.
        state: Option<&'a str>,
    },
    /// A lane holds back, because its service throttles, or fails again and again.
    Slowed {
        /// The number of the lane.
        lane: usize,
        /// For how long nothing more is sent.
        pause: Duration,
        /// The learnt rate that it went at before, a second; `None` where that was the stated one.
        from: Option<f64>,
        /// The rate it goes on at, a second, where it learnt one.
        rate: Option<f64>,
        /// What the last answer was.
        class: ErrorClass,
    },
    /// A lane that learnt a rate has come some way back up from it.
    Quickened {
        /// The number of the lane.
        lane: usize,
        /// The rate that was told of last, a second.
        from: f64,
        /// The rate it goes at now; `None` where that is the stated one again.
        rate: Option<f64>,
    },
    /// A lane's service fails: told once a lane, when a request could not reach it or it failed again and again.
    Failing {
        /// The number of the lane.
        lane: usize,
        /// What the failure was.
        class: ErrorClass,
        /// What happened, in words.
        message: &'a str,
    },
    /// A lane is given up: its service stayed sick through every probe, or throttled every request for too long.
    GivenUp {
        /// The number of the lane.
        lane: usize,
        /// What the last failure was.
        class: ErrorClass,
    },
    /// A target has its outcome.
    Finished {
        /// The target's number in the plan.
        target: usize,
        /// The number of its stop lane, where it has one.
        lane: Option<usize>,
        /// Everything known of it.
        result: &'a TargetResult,
    },
    /// The run is over.
    Ended {
        /// Why it ended.
        status: Status,
    },
}

/// A lane: one API of one account in one region.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneInfo {
    /// The account's name in the plan; the first, where accounts share a key.
    pub account: String,
    /// The region.
    pub region: String,
    /// The API, such as `fnf:StopExecution`.
    pub api: String,
    /// Whether it stops (and does not read).
    pub stops: bool,
    /// How many targets start in it.
    pub targets: usize,
    /// The stated rate, a second, as fast as time passes for the run's quotas.
    pub rate: f64,
    /// How many requests may leave at once after a pause.
    pub burst: u32,
}

/// What a lane did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LaneStats {
    /// Requests sent.
    pub requests: u64,
    /// Requests that were throttled.
    pub throttled: u64,
    /// From the first request to the last answer.
    pub duration: Duration,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every target has its outcome.
    Completed,
    /// A guard or a failure threshold ended it.
    Aborted,
    /// A signal ended it.
    Interrupted,
    /// The deadline ended it.
    Deadline,
}

/// What a run was, at its end.
#[derive(Debug, Clone)]
pub struct Record {
    /// The run's id.
    pub id: String,
    /// The operator's reason.
    pub reason: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// How long it took.
    pub duration: Duration,
    /// Why it ended.
    pub status: Status,
    /// What refused the run or ended it early, in words: which guard, which signal.
    pub ended_by: Option<String>,
    /// Why the journal could not be written, where that ended the run.
    pub unrecorded: Option<JournalError>,
    /// The lanes and what they did.
    pub lanes: Vec<(LaneInfo, LaneStats)>,
    /// One result a target, in plan order.
    pub results: Results,
}
