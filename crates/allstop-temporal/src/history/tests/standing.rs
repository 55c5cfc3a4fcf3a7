//! How runs stand.

use std::collections::{BTreeMap, HashMap};

use allstop::engine::{Outcome, SkipReason, Status, TargetResult};
use temporalio_common::protos::temporal::api::common::v1::{Payload, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::{PendingActivityState, PendingWorkflowTaskState};
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::failure::v1::{ApplicationFailureInfo, Failure, TimeoutFailureInfo};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    SignalExternalWorkflowExecutionInitiatedEventAttributes, WorkflowExecutionCancelRequestedEventAttributes,
    WorkflowExecutionSignaledEventAttributes, WorkflowPropertiesModifiedEventAttributes,
    WorkflowTaskFailedEventAttributes,
};
use temporalio_common::protos::temporal::api::workflow::v1::{PendingActivityInfo, PendingWorkflowTaskInfo};

use super::engine::{Engine, Flow};
use super::events::{Events, json};
use super::world::{FLOW, RUN, START, end, ended, input, lane, lane_ended, lane_flow, pending, run, run_flow, session};
use crate::history::{LaneStatus, RunStanding, RunStatus, Standing, describe, list, was_reset, was_taken};
use crate::wire::{LaneDoes, LaneMemo, LaneState, RunMemo};

const SESSION: &str = "allstop.session.v1";

fn memo(key: &str, value: &impl serde::Serialize) -> HashMap<String, Payload> {
    HashMap::from([(key.to_owned(), json(value).unwrap().payloads.remove(0))])
}

fn lane_memo(state: LaneDoes, done: u64) -> HashMap<String, Payload> {
    let counts = BTreeMap::from([("stopped".to_owned(), done)]);
    memo(LaneMemo::KEY, &LaneMemo { state, done, counts, sessions: 1 })
}

/// A run that goes on, with these lanes.
fn going_on(lanes: [Flow; 2]) -> Engine {
    let about = RunMemo {
        plan: "etl".to_owned(),
        plan_sha256: String::new(),
        reason: Some("heat".to_owned()),
        by: "ann@ops-1".to_owned(),
        targets: Some(6),
    };
    let flow = Flow { goes_on: true, memo: memo(RunMemo::KEY, &about), ..run_flow(run().so_far()) };
    let [first, second] = lanes.map(|lane| Flow { parent: RUN, ..lane });
    Engine::default().with(FLOW, flow).with(&lane(0), first).with(&lane(1), second)
}

fn flow(run: &'static str, does: LaneDoes, done: u64, session: Option<PendingActivityInfo>) -> Flow {
    let events = Events::started(&"input").asked(SESSION, "1", &"input").so_far();
    Flow {
        goes_on: true,
        memo: lane_memo(does, done),
        pending: session.into_iter().collect(),
        ..lane_flow(run, events)
    }
}

async fn standing(engine: Engine) -> RunStanding {
    let client = engine.client().await;
    Standing::of(&client, FLOW, None).await.unwrap().now().await.unwrap()
}

/// An engine in which the quota of the second lane was granted to a lane of another run.
fn granted(engine: Engine, holder: Flow) -> Engine {
    let other = "allstop-run/other/lane-3";
    let signal = SignalExternalWorkflowExecutionInitiatedEventAttributes {
        signal_name: "granted".to_owned(),
        workflow_execution: Some(WorkflowExecution { workflow_id: other.to_owned(), run_id: String::new() }),
        ..Default::default()
    };
    let events = Events::started(&"input");
    let events = events.and(Attributes::SignalExternalWorkflowExecutionInitiatedEventAttributes(signal)).unknown();
    let quota = Flow { events: events.so_far(), ..Flow::default() };
    engine.with(&input().lanes[1].quota_id(), quota).with(other, holder)
}

#[tokio::test]
async fn nobody_waits_for_a_lane_that_has_ended() {
    let ended = Flow { goes_on: false, ..flow("l3", LaneDoes::IsHeld, 0, None) };
    for (does, status) in
        [(LaneDoes::WaitsForQuota, LaneStatus::WaitsForQuota), (LaneDoes::IsHeld, LaneStatus::Between)]
    {
        let engine = going_on([Flow::default(), flow("l1", does, 0, None)]);
        let run = standing(granted(engine, ended.clone())).await;
        assert_eq!((run.lanes[1].status, run.lanes[1].waits_for.as_deref()), (status, None));
    }
}

#[tokio::test]
async fn a_lane_that_is_held_is_shown_as_its_session_last_told() {
    let mut held = pending("1", &[1], &[2, 3]);
    held.set_state(PendingActivityState::Started);
    held.last_started_time.get_or_insert_default().seconds = START + 98;
    held.last_failure.get_or_insert_default().message = "it reads the plan otherwise".to_owned();
    let waits = flow("l1", LaneDoes::WaitsForQuota, 0, None);
    let engine = going_on([flow("l0", LaneDoes::IsHeld, 1, Some(held)), waits]);
    let run = standing(granted(engine, flow("l3", LaneDoes::IsHeld, 0, None))).await;
    assert_eq!(
        (run.status, run.plan.as_deref(), run.reason.as_deref()),
        (RunStatus::Running, Some("etl"), Some("heat"))
    );
    assert_eq!((&*run.id, run.targets, run.done, run.seconds_left), ("nightly", 6, 1, None));
    let [held, waits] = &*run.lanes else { panic!("{run:?}") };
    assert_eq!((held.status, held.done, held.open), (LaneStatus::Held, 1, 2));
    assert_eq!((held.in_flight, held.in_doubt, held.is_overdue), (2, 0, false));
    assert_eq!(held.outcomes, BTreeMap::from([("stopped".to_owned(), 2)]));
    // One row in 99 seconds, and three to come.
    assert_eq!((held.rate, held.seconds_left), (Some(1.0 / 99.0), Some(297)));
    assert_eq!((held.holder.as_deref(), held.heartbeat_at.unwrap().as_second()), (Some("w2"), START + 100));
    // It was said of the session before.
    assert_eq!(held.failure, None);
    assert_eq!(
        (waits.status, waits.waits_for.as_deref()),
        (LaneStatus::WaitsForQuota, Some("allstop-run/other/lane-3"))
    );
}

#[tokio::test]
async fn a_lane_that_no_worker_takes_waits_for_one() {
    let mut asked = pending("1", &[], &[]);
    (asked.heartbeat_details, asked.last_heartbeat_time) = (None, None);
    asked.set_state(PendingActivityState::Scheduled);
    // A lane of that id that an earlier run had is none of this run.
    let earlier = Flow { goes_on: false, ..flow("l1", LaneDoes::IsHeld, 2, None) };
    let engine = going_on([flow("l0", LaneDoes::IsHeld, 3, Some(asked)), Flow::default()]);
    let run = standing(engine.with(&lane(1), Flow { parent: "r0", ..earlier })).await;
    assert!(!run.lanes[0].is_refused);
    let lanes: Vec<_> = run.lanes.iter().map(|lane| (lane.status, lane.done)).collect();
    assert_eq!(lanes, [(LaneStatus::WaitsForWorker, 3), (LaneStatus::NotBegun, 0)]);
}

#[tokio::test]
async fn a_lane_that_a_worker_refuses_is_told_apart_from_one_whose_worker_was_lost() {
    let failed = |info| {
        let mut asked = pending("1", &[], &[]);
        asked.set_state(PendingActivityState::Scheduled);
        asked.last_failure =
            Some(Failure { message: "why".to_owned(), failure_info: Some(info), ..Failure::default() });
        flow("l0", LaneDoes::IsHeld, 0, Some(asked))
    };
    let cases = [
        (FailureInfo::ApplicationFailureInfo(ApplicationFailureInfo::default()), true),
        (FailureInfo::TimeoutFailureInfo(TimeoutFailureInfo::default()), false),
    ];
    for (info, expected) in cases {
        let run = standing(going_on([failed(info), Flow::default()])).await;
        assert_eq!((run.lanes[0].failure.as_deref(), run.lanes[0].is_refused), (Some("why"), expected));
    }
}

#[tokio::test]
async fn a_worker_that_has_told_nothing_for_a_while_leaves_its_requests_in_doubt() {
    let mut silent = pending("1", &[1], &[2, 3]);
    silent.set_state(PendingActivityState::Started);
    silent.last_heartbeat_time.get_or_insert_default().seconds = 100;
    let engine = going_on([flow("l0", LaneDoes::IsHeld, 1, Some(silent)), Flow::default()]);
    let run = standing(engine).await;
    let silent = &run.lanes[0];
    assert_eq!((silent.in_flight, silent.in_doubt, silent.is_overdue), (0, 2, true));
    assert_eq!((silent.rate, silent.seconds_left), (None, None));
    assert_eq!(run.progress(), "2 of 6 targets have an outcome: 2 stopped; 2 in doubt");
}

/// What workers are to do for a workflow, since long ago.
fn task(attempt: i32) -> Option<PendingWorkflowTaskInfo> {
    let mut task = PendingWorkflowTaskInfo { attempt, ..Default::default() };
    task.set_state(PendingWorkflowTaskState::Scheduled);
    task.scheduled_time.get_or_insert_default().seconds = 100;
    Some(task)
}

#[tokio::test]
async fn a_lane_is_unserved_while_its_next_step_and_its_session_wait() {
    let session = |state| {
        let mut session = pending("1", &[], &[]);
        session.set_state(state);
        session.scheduled_time.get_or_insert_default().seconds = 90;
        session
    };
    let (waits, runs) = (PendingActivityState::Scheduled, PendingActivityState::Started);
    let cases = [
        (None, Some(waits), None),
        (task(2), None, Some(None)),
        (task(2), Some(waits), Some(Some(90))),
        (task(2), Some(runs), None),
    ];
    for (task, state, expected) in cases {
        let held = Flow { task, ..flow("l0", LaneDoes::IsHeld, 0, state.map(session)) };
        let client = Engine::default().with(&lane(0), held).client().await;
        let unserved = describe(&client, &lane(0), None).await.unwrap().unserved();
        if let Some(unserved) = &unserved {
            assert_eq!((unserved.step.since.as_second(), unserved.step.attempt), (100, 2));
        }
        let sessions = unserved.map(|unserved| unserved.session.map(|session| session.since.as_second()));
        assert_eq!(sessions, expected);
    }
}

#[tokio::test]
async fn a_session_sees_that_its_lane_has_lost_the_quota_since_it_was_asked_for() {
    let told = |name: &str| {
        let signal = WorkflowExecutionSignaledEventAttributes { signal_name: name.to_owned(), ..Default::default() };
        Attributes::WorkflowExecutionSignaledEventAttributes(signal)
    };
    let asked = |events: Events| events.asked(SESSION, "1", &session());
    let started = || Events::started(&"input");
    let cases = [
        (asked(started()).and(told("make_way")).unknown(), false),
        (asked(started()).and(told("taken")).and(told("make_way")).unknown(), true),
        (asked(started().and(told("taken"))).unknown(), false),
    ];
    for (events, expected) in cases {
        let client = Engine::default().with(&lane(0), lane_flow("l0", events.so_far())).client().await;
        assert_eq!(was_taken(&client, &lane(0), "l0").await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_lane_knows_that_it_was_reset_also_where_it_went_on_as_a_new_workflow_since() {
    let flow = |own, (run, from)| lane_flow(own, Events::started(&"input").of(run, from).unknown().so_far());
    let cases = [
        (vec![("l0", ("l0", ""))], false),
        (vec![("l1", ("l0", ""))], true),
        (vec![("l0", ("l0", "")), ("l1", ("l1", "l0"))], false),
        (vec![("l0", ("l0", "")), ("l2", ("l1", "l0"))], true),
        (vec![("l2", ("l1", "l0")), ("l3", ("l3", "l2"))], true),
        (vec![("l3", ("l3", "l2")), ("l4", ("l4", "l3"))], false),
        // The engine does not keep the run before it any more: nobody knows.
        (vec![("l1", ("l1", "l0"))], true),
    ];
    for (flows, expected) in cases {
        let own = flows.last().unwrap().0;
        let engine =
            flows.iter().fold(Engine::default(), |engine, (own, begun)| engine.with(&lane(0), flow(own, *begun)));
        assert_eq!(was_reset(&engine.client().await, &lane(0), own).await.unwrap(), expected, "{flows:?}");
    }
    let client = Engine::default().with(&lane(0), flow("l0", ("l0", ""))).client().await;
    assert!(was_reset(&client, &lane(0), "l9").await.is_err(), "nobody knows that run");
}

#[tokio::test]
async fn of_a_workflow_that_no_worker_carries_out_it_is_said() {
    let between = || flow("l0", LaneDoes::IsHeld, 0, None);
    let idle = Flow { task: task(1), ..between() };
    let fails = Flow { task: task(3), ..flow("l1", LaneDoes::IsHeld, 0, None) };
    let failed = || {
        let why = Failure { message: "of another version".to_owned(), ..Failure::default() };
        let failed = WorkflowTaskFailedEventAttributes { failure: Some(why), ..Default::default() };
        Events::started(&"input").and(Attributes::WorkflowTaskFailedEventAttributes(failed))
    };
    let fails = Flow { events: failed().unknown().so_far(), ..fails };
    let run = standing(going_on([idle, fails])).await;
    let lanes: Vec<_> = run.lanes.iter().map(|lane| (lane.status, lane.failing_attempt)).collect();
    assert_eq!(lanes, [(LaneStatus::WaitsForWorker, None), (LaneStatus::WaitsForWorker, Some(3))]);
    assert_eq!(run.lanes[1].failing_reason.as_deref(), Some("of another version"));
    assert_eq!((run.waits_for_worker, run.cancel_requested, run.failing_attempt), (true, false, None));
    assert_eq!(run.progress(), "0 of 6 targets have an outcome; waits for a worker");

    let waits = |run| flow(run, LaneDoes::WaitsForQuota, 0, None);
    let quota = |attempt, events: Events| Flow {
        goes_on: true,
        task: task(attempt),
        events: events.so_far(),
        ..Flow::default()
    };
    let fails = quota(3, failed().unknown());
    let idle = quota(1, Events::started(&"input"));
    let [first, second] = [0, 1].map(|lane: usize| input().lanes[lane].quota_id());
    let run = standing(going_on([waits("l0"), waits("l1")]).with(&first, fails).with(&second, idle)).await;
    let lanes: Vec<_> = run.lanes.iter().map(|lane| (lane.status, lane.quota_failing_attempt)).collect();
    assert_eq!(lanes, [(LaneStatus::WaitsForQuota, Some(3)), (LaneStatus::WaitsForWorker, None)]);
    assert_eq!(run.lanes[0].quota_failing_reason.as_deref(), Some("of another version"));

    let asked = WorkflowExecutionCancelRequestedEventAttributes { cause: "too hot".to_owned(), ..Default::default() };
    let events = self::run().and(Attributes::WorkflowExecutionCancelRequestedEventAttributes(asked));
    let flow = Flow { goes_on: true, task: task(1), cancel_requested: true, ..run_flow(events.so_far()) };
    let run = standing(Engine::default().with(FLOW, flow)).await;
    assert_eq!((run.waits_for_worker, run.cancel_requested), (true, true));
    assert_eq!(run.cancelled_by.as_deref(), Some("too hot"));
}

#[tokio::test]
async fn a_lane_between_two_sessions_has_the_rows_of_the_last_one() {
    let events = || Events::started(&"input").asked(SESSION, "1", &session()).ended(1, &end(&[1, 2], &[]));
    let between = |run, events: Events| Flow { events: events.so_far(), ..flow(run, LaneDoes::IsHeld, 1, None) };
    let shown = WorkflowPropertiesModifiedEventAttributes::default();
    let shown = events().and(Attributes::WorkflowPropertiesModifiedEventAttributes(shown));
    let run = standing(going_on([between("l0", events().unknown()), between("l1", shown)])).await;
    let lanes: Vec<_> = run.lanes.iter().map(|lane| (lane.status, lane.done)).collect();
    assert_eq!(lanes, [(LaneStatus::Between, 3), (LaneStatus::Between, 1)]);
}

#[tokio::test]
async fn what_is_over_is_shown_as_it_ended() {
    let accepted = TargetResult { outcome: Outcome::Accepted, ..TargetResult::unknown("") };
    let last = end(&[0, 1], &[(2, TargetResult::unknown("given up")), (3, accepted)]);
    let mut state = LaneState::default();
    let _ = state.take(last.clone());
    let result =
        crate::wire::LaneResult { state, message: Some("no keys".to_owned()), ..lane_ended(SkipReason::Credentials) };
    let shown = WorkflowPropertiesModifiedEventAttributes::default();
    let events = Events::started(&"input").asked(SESSION, "1", &session()).ended(1, &last);
    let events = events.and(Attributes::WorkflowPropertiesModifiedEventAttributes(shown));
    let first = Flow { parent: RUN, ..lane_flow("l0", events.result(&result)) };
    let lost = Events::started(&"input").asked(SESSION, "1", &session()).terminated();
    let lost = Flow { parent: RUN, pending: vec![pending("1", &[4], &[5])], ..lane_flow("l1", lost) };
    let engine = Engine::default().with(FLOW, run_flow(run().result(&ended(Status::Aborted))));
    let run = standing(engine.with(&lane(0), first).with(&lane(1), lost)).await;
    assert_eq!((run.status, run.ended_by.as_deref()), (RunStatus::Aborted, Some("enough")));
    assert_eq!(run.ended_at.unwrap().as_second(), START + 5);
    let [first, lost] = &*run.lanes else { panic!("{run:?}") };
    // Also what nobody goes on with has its row.
    assert_eq!((first.status, first.done, first.open, first.in_doubt), (LaneStatus::Ended, 4, 0, 1));
    let outcomes: Vec<_> = first.outcomes.iter().map(|(outcome, count)| (&**outcome, *count)).collect();
    assert_eq!(outcomes, [("accepted", 1), ("unknown", 1)]);
    assert_eq!(first.failure.as_deref(), Some("no keys"));
    assert_eq!((lost.status, lost.done, lost.in_doubt), (LaneStatus::Lost, 1, 1));
    assert_eq!(lost.failure.as_deref(), Some("the workflow was terminated by ann: by mistake"));
}

#[tokio::test]
async fn a_lane_that_a_completed_run_has_no_more_is_lost_and_not_unbegun() {
    let first = Events::started(&"input").result(&lane_ended(SkipReason::Aborted));
    let first = Flow { parent: RUN, ..lane_flow("l0", first) };
    let completed = run_flow(run().result(&ended(Status::Completed)));
    let run = standing(Engine::default().with(FLOW, completed).with(&lane(0), first)).await;
    let lanes: Vec<_> = run.lanes.iter().map(|lane| lane.status).collect();
    assert_eq!(lanes, [LaneStatus::Ended, LaneStatus::Lost]);
    assert!(run.lanes[1].failure.as_deref().unwrap().starts_with("its history is gone"));
    // No stop was sent for the targets that the first lane has no row of.
    assert_eq!((run.done, &*run.outcomes()), (0, "4 of 6 targets have an outcome: 4 skipped"));
}

#[tokio::test]
async fn the_runs_of_the_namespace_are_listed_with_their_plans() {
    let about = RunMemo {
        plan: "etl".to_owned(),
        plan_sha256: String::new(),
        reason: None,
        by: "ann@ops-1".to_owned(),
        targets: Some(6),
    };
    let first = Flow { goes_on: true, memo: memo(RunMemo::KEY, &about), ..run_flow(run().so_far()) };
    // Its memo is encrypted, and there is no key.
    let sealed = Payload {
        metadata: HashMap::from([("encoding".to_owned(), b"binary/encrypted".to_vec())]),
        ..Default::default()
    };
    let memo = HashMap::from([(RunMemo::KEY.to_owned(), sealed)]);
    let second = Flow { memo, ..run_flow(run().terminated()) };
    let third = run_flow(run().result(&ended(Status::Aborted)));
    let engine = Engine::default()
        .with(FLOW, first)
        .with("elsewhere", second)
        .with("over", third)
        .with(&lane(0), lane_flow("l0", Vec::new()));
    let mut runs = list(&engine.client().await, 10).await.unwrap().runs;
    runs.sort_by(|one, other| one.name.cmp(&other.name));
    let shown: Vec<_> = runs.iter().map(|run| (&*run.name, run.plan.as_deref(), run.status)).collect();
    assert_eq!(
        shown,
        [
            ("elsewhere", None, RunStatus::Terminated),
            ("nightly", Some("etl"), RunStatus::Running),
            ("over", None, RunStatus::Aborted)
        ]
    );
}
