//! What happens in a run, as observers see it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::journal::{InProgress, JournalError, LaneMemory, ResumeState};
use super::keyring::SignedAccount;
use super::outcome::{Attempt, SkipReason, TargetResult};
use super::results::Results;
use super::selection::SelectionRecord;
use super::stage::StageRecord;
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

/// One thing that happened. Serialized, it can leave the process.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event<'a> {
    /// The run begins.
    Started {
        /// The run's id.
        run: &'a str,
        /// How many targets the run has.
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
        /// How many targets the request is for; each has its own event.
        #[serde(skip_serializing_if = "is_one")]
        batch: usize,
    },
    /// A stop request has its response, or will never have one.
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
        /// What the last response was.
        class: ErrorClass,
    },
    /// A lane that learnt a rate has come some way back up from it.
    Quickened {
        /// The number of the lane.
        lane: usize,
        /// The rate that the last event stated, a second.
        from: f64,
        /// The rate it goes at now; `None` where that is the stated one again.
        rate: Option<f64>,
    },
    /// A lane's service fails: once a lane, when a request could not reach it or it failed again and again.
    Failing {
        /// The number of the lane.
        lane: usize,
        /// What the failure was.
        class: ErrorClass,
        /// What happened, in words.
        message: &'a str,
    },
    /// A lane's service refused a request that stops several targets: the lane's next ones are smaller.
    SmallerBatches {
        /// The number of the lane.
        lane: usize,
        /// How many targets a request stops at most from now on.
        most: usize,
        /// What the response was.
        class: ErrorClass,
        /// What the service said, in words.
        message: &'a str,
    },
    /// Newer keys of an account are there.
    CredentialsRefreshed {
        /// The account's name in the plan.
        account: &'a str,
    },
    /// Nothing is sent for an account until newer keys of it are there.
    CredentialsWaiting {
        /// The account's name in the plan.
        account: &'a str,
        /// Why they cannot be had.
        reason: &'a str,
        /// How long it waits at most.
        left: Duration,
    },
    /// Nothing is sent for an account any more: its keys cannot be had.
    CredentialsClosed {
        /// The account's name in the plan.
        account: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A lane is given up: its service stayed unhealthy through every probe, or throttled every request for too long.
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
    /// A stage begins, or goes on where an earlier part of the run left it.
    Stage {
        /// The stage's number in the plan, from 0.
        stage: usize,
        /// Its name.
        name: &'a str,
        /// How many of its targets are still to be stopped.
        open: usize,
    },
    /// The run pauses after a stage's canary, or after the stage. The next event ends the pause.
    Pausing {
        /// The stage's number in the plan, from 0.
        stage: usize,
        /// Its name.
        name: &'a str,
        /// How long; `None` until somebody says yes.
        pause: Option<Duration>,
    },
    /// The run is over.
    Ended {
        /// Why it ended.
        status: Status,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_one(number: &usize) -> bool {
    *number == 1
}

/// A lane: one API of one account in one region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// How many targets a request serves at most.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub batch: usize,
}

const fn one() -> usize {
    1
}

/// What a lane did. The parts of a run that went on one after another add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LaneStats {
    /// Requests sent.
    pub requests: u64,
    /// Requests that were throttled.
    pub throttled: u64,
    /// From the first request to the last response.
    pub duration: Duration,
}

impl AddAssign for LaneStats {
    fn add_assign(&mut self, later: Self) {
        self.requests += later.requests;
        self.throttled += later.throttled;
        self.duration += later.duration;
    }
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every target has its outcome.
    #[default]
    Completed,
    /// A guard or a failure threshold ended it.
    Aborted,
    /// A signal ended it, or it was handed over.
    Interrupted,
    /// The deadline ended it.
    Deadline,
    /// It ended at a pause that asks: nobody could be asked, or somebody said no.
    Paused,
    /// Something could not be listed, so that nothing was stopped.
    Unlisted,
}

impl Status {
    /// Returns why targets are skipped when a run ends so.
    #[must_use]
    pub const fn skip_reason(self) -> SkipReason {
        match self {
            Self::Interrupted => SkipReason::Interrupted,
            Self::Deadline => SkipReason::Deadline,
            Self::Paused => SkipReason::Paused,
            // A run that is complete skips nothing any more.
            Self::Aborted | Self::Completed | Self::Unlisted => SkipReason::Aborted,
        }
    }
}

/// What a run was, at its end.
#[derive(Debug, Clone, Default)]
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
    /// What each stage was; none where the plan has no stages, and in a dry run, which has no order.
    pub stages: Vec<StageRecord>,
    /// The accounts and whose they were, in plan order.
    pub accounts: Vec<SignedAccount>,
    /// One result a target, in plan order.
    pub results: Results,
    /// Targets that something was sent for and whose end is not known, by number: another process can go on with them.
    pub open: BTreeMap<u32, InProgress>,
    /// What the lanes learnt.
    pub memory: Vec<LaneMemory>,
    /// What the listings of its selections showed; empty where the plan has none.
    pub selections: Vec<SelectionRecord>,
    /// The targets that earlier rounds had stopped and that came back, by number; empty of a run that is no round.
    pub respawned: BTreeSet<u32>,
}

impl Record {
    /// Returns what another process needs to go on with the run: the final facts, what is open, and what the lanes
    /// learnt. Targets that were skipped only because this part of the run ended are still to be done.
    #[must_use]
    pub fn resume_state(&self) -> ResumeState {
        let is_final = |(target, result): &(u32, TargetResult)| {
            self.results.has(*target as usize) && !self.open.contains_key(target) && result.is_final()
        };
        ResumeState {
            id: self.id.clone(),
            reason: self.reason.clone(),
            started_at: self.started_at,
            done: (0..).zip(self.results.iter()).filter(is_final).collect(),
            open: self.open.iter().map(|(target, open)| (*target, open.clone())).collect(),
            lanes: self.memory.clone(),
            stages: (0..).zip(&self.stages).filter_map(|(number, stage)| Some((number, stage.started_at?))).collect(),
            is_confirmed: self.status == Status::Paused,
            accounts: self.accounts.iter().map(|account| (account.name.clone(), account.known())).collect(),
        }
    }
}
