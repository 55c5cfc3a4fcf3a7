use std::collections::BTreeMap;

use allstop::Timestamp;

use super::text;
use crate::history::{LaneStanding, LaneStatus, RunLine, RunList, RunStanding, RunStatus};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn lane(number: u32, status: LaneStatus) -> LaneStanding {
    LaneStanding {
        number,
        account: "prod".to_owned(),
        region: "cn-hangzhou".to_owned(),
        api: "fnf:StopExecution".to_owned(),
        queue: "allstop".to_owned(),
        status,
        targets: 4000,
        done: 0,
        open: 0,
        in_flight: 0,
        in_doubt: 0,
        outcomes: BTreeMap::new(),
        began_at: None,
        rate: None,
        seconds_left: None,
        holder: None,
        heartbeat_at: None,
        is_overdue: false,
        waits_for: None,
        failure: None,
        is_refused: false,
        failing_attempt: None,
        failing_reason: None,
        quota_failing_attempt: None,
        quota_failing_reason: None,
    }
}

fn outcomes<const N: usize>(counts: [(&str, u64); N]) -> BTreeMap<String, u64> {
    counts.map(|(outcome, count)| (outcome.to_owned(), count)).into()
}

fn standing(lanes: Vec<LaneStanding>) -> RunStanding {
    RunStanding {
        version: 1,
        id: "nightly".to_owned(),
        name: "nightly".to_owned(),
        workflow_id: "allstop-run/nightly".to_owned(),
        run_id: "r1".to_owned(),
        queue: "allstop".to_owned(),
        plan: Some("etl".to_owned()),
        reason: None,
        by: Some("ann@ops-1".to_owned()),
        status: RunStatus::Running,
        ended_by: None,
        cancel_requested: false,
        cancelled_by: None,
        waits_for_worker: false,
        failing_attempt: None,
        failing_reason: None,
        started_at: at(0),
        ended_at: None,
        lists: false,
        targets: lanes.iter().map(|lane| lane.targets).sum(),
        done: lanes.iter().map(|lane| lane.done).sum(),
        seconds_left: None,
        lanes,
    }
}

#[test]
fn a_run_is_shown_with_its_lanes_and_what_they_wait_for() {
    let held = LaneStanding {
        done: 1203,
        outcomes: outcomes([("stopped", 1200), ("already_stopped", 1), ("unknown", 2)]),
        open: 12,
        in_flight: 2,
        rate: Some(39.84),
        seconds_left: Some(71),
        holder: Some("17@host\u{1b}[2J".to_owned()),
        heartbeat_at: Some(at(124)),
        ..lane(0, LaneStatus::Held)
    };
    let lost = LaneStanding {
        done: 5,
        outcomes: outcomes([("stopped", 4), ("failed", 1)]),
        open: 3,
        in_doubt: 3,
        holder: Some("18@host".to_owned()),
        heartbeat_at: Some(at(116)),
        is_overdue: true,
        failure: Some("its lease\n  was lost\\nthen".to_owned()),
        region: "cn-north".to_owned(),
        ..lane(2, LaneStatus::Held)
    };
    let waits = LaneStanding {
        waits_for: Some("allstop-run/other/lane-0".to_owned()),
        region: "cn-beijing".to_owned(),
        ..lane(1, LaneStatus::WaitsForQuota)
    };
    let run = RunStanding { seconds_left: Some(71), ..standing(vec![held, waits, lost]) };
    assert_eq!(
        text::run(&run, "nightly", at(125)),
        "\
Run nightly of plan etl, submitted by ann@ops-1: running since 2027-01-15 08:00:00 UTC, 2 min 5 s ago
1,208 of 12,000 targets have an outcome: 1,204 stopped, 1 already stopped, 1 failed, 2 unknown; about 1 min 11 s left

  LANE                                STATUS                   TARGETS  OPEN  IN DOUBT    RATE  LEFT        WORKER            HEARTBEAT
  prod cn-hangzhou fnf:StopExecution  held                 1,203/4,000    12            39.8/s  1 min 11 s  17@host\\u{1b}[2J  1 s ago
  prod cn-beijing fnf:StopExecution   waits for the quota      0/4,000
  prod cn-north fnf:StopExecution     held                     5/4,000     3         3                      18@host           no heartbeat for 9 s

prod cn-beijing fnf:StopExecution: the run other holds the quota
prod cn-north fnf:StopExecution: the last session failed: its lease
  was lost
  then"
    );
}

#[test]
fn of_a_run_that_nobody_serves_it_says_so() {
    let run = standing(vec![lane(0, LaneStatus::WaitsForWorker), lane(1, LaneStatus::NotBegun)]);
    let text = text::run(&run, "nightly", at(5));
    assert!(text.ends_with("\n\nNext: start a worker with `allstop-temporal worker` if it stays so"), "{text}");
    let ended = RunStanding {
        status: RunStatus::Interrupted,
        ended_by: Some("cancelled by ann: too hot".to_owned()),
        ended_at: Some(at(60)),
        ..standing(vec![LaneStanding { done: 4000, ..lane(0, LaneStatus::Ended) }])
    };
    let text = text::run(&ended, "nightly --run-id r1", at(65));
    assert!(
        text.starts_with("Run nightly of plan etl, submitted by ann@ops-1: interrupted (cancelled by ann: too hot) since 2027-01-15 08:01:00")
    );
    assert!(text.ends_with("\n\nNext: allstop-temporal report nightly --run-id r1"), "{text}");
}

#[test]
fn a_run_that_has_ended_says_what_it_did_not_stop() {
    let told = |lanes: [LaneStanding; 2]| {
        let ended = RunStanding { status: RunStatus::Completed, ended_at: Some(at(60)), ..standing(lanes.into()) };
        text::run(&ended, "nightly", at(65)).lines().nth(1).unwrap().to_owned()
    };
    let ended = |targets, counts| LaneStanding { targets, outcomes: counts, ..lane(0, LaneStatus::Ended) };
    let reached = ended(10, outcomes([("stopped", 8), ("unknown", 2)]));
    let skipped = ended(60, outcomes([("skipped", 60)]));
    assert_eq!(told([reached.clone(), skipped]), "70 targets: 8 stopped, 2 unknown, 60 skipped");
    let lost = LaneStanding { targets: 60, ..lane(1, LaneStatus::Lost) };
    assert_eq!(told([reached, lost.clone()]), "10 of 70 targets have an outcome: 8 stopped, 2 unknown");
    assert_eq!(told([lost.clone(), lost]), "0 of 120 targets have an outcome");
}

#[test]
fn a_reason_of_several_lines_keeps_them_and_is_told_once() {
    let failed = |number| LaneStanding {
        failure: Some("no credentials for prod. Tried:\n  keys: not set\n  profile: \u{1b}[2Jnot there".to_owned()),
        region: format!("r{number}"),
        ..lane(number, LaneStatus::WaitsForWorker)
    };
    let text = text::run(&standing(vec![failed(0), failed(1)]), "nightly", at(5));
    let notes = "
prod r0 fnf:StopExecution: the last session failed: no credentials for prod. Tried:
  keys: not set
  profile: \\u{1b}[2Jnot there
prod r1 fnf:StopExecution: the last session failed for the same reason as that of prod r0 fnf:StopExecution

Next: ";
    assert!(text.contains(notes), "{text}");
}

#[test]
fn the_hint_names_the_workers_that_serve_the_queues_that_nobody_serves() {
    let on = |queue: &str, lane: LaneStanding| LaneStanding { queue: queue.to_owned(), ..lane };
    let next = |queue: &str, lanes| {
        let run = RunStanding { queue: queue.to_owned(), ..standing(lanes) };
        text::run(&run, "nightly", at(5)).rsplit_once("Next: ").map(|(_, next)| next.to_owned())
    };
    let waits = || lane(0, LaneStatus::WaitsForWorker);
    let held = || lane(1, LaneStatus::Held);
    let start = |command: &str| Some(format!("start a worker with `{command}` if it stays so"));
    assert_eq!(next("allstop", vec![on("allstop.prod", waits()), held()]), start("allstop-temporal worker --for prod"));
    assert_eq!(next("eu", vec![on("eu", waits())]), start("allstop-temporal worker --queue eu"));
    assert_eq!(next("eu", vec![on("eu.a", waits())]), start("allstop-temporal worker --queue eu --for a"));
    assert_eq!(next("allstop", vec![on("other", waits())]), start("allstop-temporal worker --queue other"));
    let both = vec![on("allstop.b", waits()), waits(), on("allstop.a", waits())];
    let both = next("allstop", both);
    let workers = "`allstop-temporal worker`, `allstop-temporal worker --for a` and `allstop-temporal worker --for b`";
    assert_eq!(both, Some(format!("start workers with {workers} if it stays so")));
    // Somebody serves the queue.
    assert_eq!(next("allstop", vec![waits(), held()]), None);
    assert_eq!(next("allstop", vec![on("allstop.a", waits()), on("allstop.a", held())]), None);
}

#[test]
fn where_workers_refuse_a_lane_the_hint_asks_for_what_they_lack() {
    let refused = |lane: LaneStanding| LaneStanding { is_refused: true, failure: Some("no keys".to_owned()), ..lane };
    let next =
        |lanes| text::run(&standing(lanes), "nightly", at(5)).rsplit_once("Next: ").map(|(_, next)| next.to_owned());
    let waits = |number| lane(number, LaneStatus::WaitsForWorker);
    let lacks = "that has what the reason above names, such as credentials; a service that is away is asked again";
    let one = format!("start a worker with `allstop-temporal worker` {lacks}");
    assert_eq!(next(vec![refused(waits(0))]), Some(one.clone()));
    // Also where workers of the queue hold other lanes.
    assert_eq!(next(vec![refused(waits(0)), lane(1, LaneStatus::Held)]), Some(one.clone()));
    let other = LaneStanding { queue: "allstop.a".to_owned(), ..waits(1) };
    let idle = "; start a worker with `allstop-temporal worker --for a` if it stays so";
    assert_eq!(next(vec![refused(waits(0)), other]), Some(format!("{one}{idle}")));
    // The last session was lost with its worker.
    let lost = LaneStanding { failure: Some("activity Heartbeat timeout".to_owned()), ..waits(0) };
    assert_eq!(next(vec![lost]).as_deref(), Some("start a worker with `allstop-temporal worker` if it stays so"));
}

#[test]
fn what_keeps_a_run_is_said_below_its_progress() {
    let waits = RunStanding {
        cancel_requested: true,
        cancelled_by: Some("cancelled by ann: too hot".to_owned()),
        waits_for_worker: true,
        ..standing(vec![lane(0, LaneStatus::Held)])
    };
    let text = text::run(&waits, "nightly", at(5));
    assert!(text.contains("\ncancel requested: cancelled by ann: too hot; waits for a worker\n\n"), "{text}");
    assert!(text.ends_with("\n\nNext: start a worker with `allstop-temporal worker` if it stays so"), "{text}");
    let ends = RunStanding { waits_for_worker: false, cancelled_by: None, ..waits };
    let text = text::run(&ends, "nightly", at(5));
    assert!(text.contains("\ncancel requested; requests in flight finish\n\n"), "{text}");
    let fails = RunStanding { failing_attempt: Some(4), ..standing(vec![lane(0, LaneStatus::NotBegun)]) };
    let text = text::run(&fails, "nightly", at(5));
    assert!(text.contains("\nworkers fail to carry it out (attempt 4): is the payload key missing"), "{text}");
    let lane = LaneStanding {
        failing_attempt: Some(3),
        failing_reason: Some("no\nkey\u{1b}".to_owned()),
        ..lane(0, LaneStatus::WaitsForWorker)
    };
    let fails = RunStanding { failing_reason: Some("version 9".to_owned()), lanes: vec![lane], ..fails };
    let text = text::run(&fails, "nightly", at(5));
    assert!(text.contains("\nworkers fail to carry it out (attempt 4): the first one said: version 9\n"), "{text}");
    let of_lane = "fnf:StopExecution: workers fail to carry it out (attempt 3): the first one said: no key";
    assert!(text.contains(of_lane), "{text}");
    assert!(text.contains("\n\nNext: start workers of the version that submitted the run"), "{text}");
    let lane = LaneStanding {
        quota_failing_attempt: Some(5),
        quota_failing_reason: Some("version 8".to_owned()),
        ..self::lane(0, LaneStatus::WaitsForQuota)
    };
    let text = text::run(&standing(vec![lane]), "nightly", at(5));
    let of_quota = "fnf:StopExecution: workers fail to grant the quota (attempt 5): the first one said: version 8";
    assert!(text.contains(of_quota), "{text}");
    assert!(text.contains("\n\nNext: start workers of the latest version that submits runs"), "{text}");
}

#[test]
fn runs_are_listed_and_an_earlier_one_of_the_same_id_is_named_by_that_of_the_engine() {
    let line = |run_id: &str, status, started_at| RunLine {
        name: "nightly".to_owned(),
        workflow_id: "allstop-run/nightly".to_owned(),
        run_id: run_id.to_owned(),
        plan: Some("etl".to_owned()),
        reason: None,
        by: Some("ann@ops-1".to_owned()),
        targets: Some(1203),
        status,
        started_at,
        ended_at: (status != RunStatus::Running).then_some(at(50)),
    };
    let runs = vec![line("r2", RunStatus::Running, at(60)), line("r1", RunStatus::Ended, at(0))];
    assert_eq!(
        text::list(&RunList { version: 1, runs, has_more: true }, "default", at(125)),
        "  RUN                  PLAN  BY         TARGETS  STATUS   SINCE
  nightly              etl   ann@ops-1    1,203  running  2027-01-15 08:01:00 UTC, 1 min 5 s ago
  nightly --run-id r1  etl   ann@ops-1    1,203  ended    2027-01-15 08:00:50 UTC, 1 min 15 s ago
  earlier runs are not shown"
    );
    let none = RunList { version: 1, runs: Vec::new(), has_more: false };
    assert_eq!(text::list(&none, "default", at(0)), "There is no run in the namespace default.");
}
