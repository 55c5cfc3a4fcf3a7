//! A cloud with state, for paused time: it stops things, at once or later, and fails as its seed says.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::world::{Answer, Call, code, execution, failure, lost, ok, refused, status};
use crate::error::ErrorClass;

/// The most requests in a row that go wrong for one resource.
const MOST_IN_A_ROW: u8 = 3;

/// Three kinds of resources, by the numbers of the targets that name them.
pub(super) struct Cloud {
    resources: Vec<Resource>,
    chance: Rng,
}

/// One resource and what has reached it.
#[derive(Default)]
struct Resource {
    /// Whether it had come to its own end before.
    ended: bool,
    /// When it stands still, once a stop took effect.
    stands_at: Option<Instant>,
    /// How long a stop of it takes.
    slowness: Duration,
    stops: u32,
    in_a_row: u8,
}

/// What a resource is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Stopping,
    Stopped,
    Ended,
}

impl Cloud {
    pub(super) fn new(seed: u64, resources: usize) -> Self {
        let mut chance = Rng::with_seed(seed);
        let resources = (0..resources).map(|_| Resource {
            ended: chance.u8(..10) == 0,
            slowness: Duration::from_millis(chance.u64(50..400)),
            ..Resource::default()
        });
        Self { resources: resources.collect(), chance }
    }

    /// Returns what a resource is doing now.
    pub(super) fn state(&self, number: usize) -> State {
        let resource = &self.resources[number];
        match resource.stands_at {
            _ if resource.ended => State::Ended,
            None => State::Running,
            Some(at) if Instant::now() < at => State::Stopping,
            Some(_) => State::Stopped,
        }
    }

    /// Returns how many stop requests have come in for a resource.
    pub(super) fn stops(&self, number: usize) -> u32 {
        self.resources[number].stops
    }

    /// Answers a request. What it does is done before its answer leaves.
    pub(super) fn answer(&mut self, call: &Call) -> Answer {
        if call.api == "BatchStopJobsAction" {
            return self.batch(call);
        }
        let is_stop = is_stop(call);
        let Some(resource) = self.resources.get_mut(call.target) else { panic!("{call:?} means nothing") };
        resource.stops += u32::from(is_stop);
        let fate = if resource.in_a_row < MOST_IN_A_ROW { self.chance.u8(..22) } else { 0 };
        resource.in_a_row = if fate < 12 { 0 } else { resource.in_a_row + 1 };
        let Answer(_, response) = if is_stop { self.stop(call, fate) } else { self.read(call, fate) };
        Answer(Duration::from_millis(self.chance.u64(1..30)), response)
    }

    fn stop(&mut self, call: &Call, fate: u8) -> Answer {
        match fate {
            0..12 => self.good_stop(call),
            12 => code(429, "Throttling"),
            13 => code(409, "ConcurrentUpdateError"),
            14 => code(500, "InternalServerError"),
            15 => status(502, "<html>bad gateway</html>"),
            16 => lost(),
            17 => refused(),
            // From here on the stop takes effect all the same.
            18 => self.good_stop(call).replaced(status(504, "<html>gateway timeout</html>")),
            19 => self.good_stop(call).replaced(lost()),
            20 => self.good_stop(call).replaced(ok("{not JSON")),
            _ => self.good_stop(call).replaced(failure(ErrorClass::Timeout, false)),
        }
    }

    /// Answers a request to stop several jobs: it fails as a whole, or its list has the result of each, or leaves one out,
    /// which may be stopped all the same.
    fn batch(&mut self, call: &Call) -> Answer {
        for number in &call.targets {
            self.resources[*number].stops += 1;
        }
        let after = Duration::from_millis(self.chance.u64(1..30));
        let fate = self.chance.u8(..30);
        if fate < 4 {
            let Answer(_, response) = match fate {
                0 => code(429, "APIGW.0308"),
                1 => code(500, "APIGW.0601"),
                2 => lost(),
                _ => code(400, "DRS.M00202"),
            };
            return Answer(after, response);
        }
        let mut entries = Vec::new();
        for number in call.targets.clone() {
            let single = Call { api: "StopJob", target: number, ..call.clone() };
            let entry = |rest: &str| format!(r#"{{"id":"job-n{number}x",{rest}}}"#);
            entries.extend(match self.chance.u8(..20) {
                0 => None,
                1 => {
                    self.good_stop(&single);
                    None
                }
                2 => Some(entry(r#""status":"failed","error_code":"DRS.M01503""#)),
                3 => Some(entry(r#""status":"failed","error_code":"DRS.M01504""#)),
                _ => {
                    let Answer(_, good) = self.good_stop(&single);
                    let is_good = good.is_ok_and(|good| good.is_success());
                    Some(entry(if is_good {
                        r#""status":"success""#
                    } else {
                        r#""status":"failed","error_code":"DRS.10000015""#
                    }))
                }
            });
        }
        self.chance.shuffle(&mut entries);
        let Answer(_, response) = match fate {
            // From here on the stops take effect all the same.
            4 => lost(),
            5 => ok("{not JSON"),
            6 => status(504, "<html>gateway timeout</html>"),
            _ => ok(&format!(r#"{{"jobs":[{}]}}"#, entries.join(","))),
        };
        Answer(after, response)
    }

    fn good_stop(&mut self, call: &Call) -> Answer {
        let before = self.state(call.target);
        let stands = matches!(before, State::Stopped | State::Ended);
        let resource = &mut self.resources[call.target];
        // Some executions stop at once, flows always do, and jobs never.
        let is_late = match call.api {
            "StopExecution" => resource.slowness > Duration::from_millis(300),
            api => api == "StopJob",
        };
        if before == State::Running {
            resource.stands_at = Some(Instant::now() + if is_late { resource.slowness } else { Duration::ZERO });
        }
        match (call.api, stands) {
            ("StopExecution", true) => code(400, "ExecutionAlreadyCompleted"),
            ("StopExecution", false) => execution(if is_late { "Running" } else { "Stopped" }),
            ("StopJob", true) => code(400, "DRS.10000015"),
            ("StopJob", false) => ok(r#"{"status":"success"}"#),
            (_, true) => status(400, r#"{"error_code":"LIVE.100011001","error_msg":"flow task is in standby status"}"#),
            (_, false) => ok(r#"{"status":"STANDBY"}"#),
        }
    }

    fn read(&self, call: &Call, fate: u8) -> Answer {
        match fate {
            12 => return code(429, "Throttling"),
            13 => return code(500, "InternalServerError"),
            14 => return lost(),
            _ => {}
        }
        let state = self.state(call.target);
        match call.api {
            "DescribeExecution" => execution(match state {
                State::Running | State::Stopping => "Running",
                State::Stopped => "Stopped",
                State::Ended => "Succeeded",
            }),
            "ShowFlowDetail" if matches!(state, State::Running | State::Stopping) => ok(r#"{"status":"ACTIVE"}"#),
            "ShowFlowDetail" => ok(r#"{"status":"STANDBY"}"#),
            "ShowJobDetail" => ok(&format!(r#"{{"job":{{"status":"{}"}}}}"#, self.job(call.target))),
            _ => {
                let jobs = 0..self.resources.len();
                let jobs = jobs.map(|n| format!(r#"{{"id":"job-n{n}x","status":"{}"}}"#, self.job(n)));
                ok(&format!(r#"{{"results":[{}]}}"#, jobs.collect::<Vec<_>>().join(",")))
            }
        }
    }

    fn job(&self, number: usize) -> &'static str {
        match self.state(number) {
            State::Running => "INCRE_TRANSFER_STARTED",
            State::Stopping => "RELEASE_RESOURCE_STARTED",
            State::Stopped | State::Ended => "RELEASE_RESOURCE_COMPLETE",
        }
    }
}

impl Answer {
    /// Puts another answer in the place of one whose work is done.
    fn replaced(self, other: Self) -> Self {
        other
    }
}

pub(super) fn is_stop(call: &Call) -> bool {
    matches!(call.api, "StopExecution" | "UpdateFlowStatusStop" | "StopJob" | "BatchStopJobsAction")
}
