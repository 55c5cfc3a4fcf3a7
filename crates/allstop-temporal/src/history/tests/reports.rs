//! Reports of runs that ended in every way, or go on.

use allstop::engine::{SkipReason, Status, TargetResult};
use allstop::session::{Context, Input, read_stored};

use super::engine::{Engine, Flow};
use super::events::Events;
use super::world::{
    FLOW, RUN, START, accepted, context, end, ended, lane, lane_ended, lane_flow, pending, read, report, run, run_flow,
    session, stopped,
};
use crate::history::gather;
use crate::wire::{Packed, SessionInput};

const SESSION: &str = "allstop.session.v1";

/// A lane whose sessions brought these rows, one each, and that then ended.
fn whole(sessions: &[&[u32]]) -> Events {
    let begun = Events::started(&"input").unknown();
    sessions
        .iter()
        .fold(begun, |events, rows| events.asked(SESSION, "1", &session()).unknown().ended(3, &end(rows, &[])))
}

fn completed() -> Engine {
    Engine::default()
        .with(
            FLOW,
            run_flow(run().asked("allstop.conclude.v1", "9", &"").ended(1, &"").result(&ended(Status::Completed))),
        )
        .with(&lane(1), lane_flow("l1", whole(&[&[4, 5]]).result(&lane_ended(SkipReason::Aborted))))
}

#[tokio::test]
async fn a_complete_run_has_all_rows_and_the_sums_of_its_sessions() {
    let lane_0 = whole(&[&[1, 0], &[2, 3]]).result(&lane_ended(SkipReason::Aborted));
    let written = report(completed().with(&lane(0), lane_flow("l0", lane_0))).await;
    assert_eq!((written.rows, written.exit_code), (vec!["stopped".to_owned(); 6], 0));
    let head = &written.report.run;
    assert_eq!((&*head.id, head.status, head.exit_code), ("nightly", Status::Completed, 0));
    // All lanes are over when the run asks for its report.
    assert_eq!((head.started_at.timestamp().as_second(), head.finished_at.timestamp().as_second()), (START, START + 5));
    let lanes: Vec<_> = written.report.lanes.iter().map(|lane| (&*lane.api, lane.requests)).collect();
    assert_eq!(lanes, [("fnf:StopExecution", 6)]);
    assert_eq!(written.notes, [""; 0]);
}

#[tokio::test]
async fn a_lane_is_read_in_all_runs_of_its_workflow_and_other_results_are_ignored() {
    let first = whole(&[&[0]]).continued("l0b");
    let other = whole(&[&[1]]).asked("allstop.other.v1", "2", &"").ended(1, &"no end of a session");
    let second = other.ended(99, &"of nothing").continued("l0c");
    let third = whole(&[&[2, 3]]).result(&lane_ended(SkipReason::Aborted));
    // A later run of the same workflow is that of another run.
    let later = Events::started(&"input").terminated();
    let engine = completed().with(&lane(0), lane_flow("l0", first)).with(&lane(0), lane_flow("l0b", second));
    let engine = engine.with(&lane(0), lane_flow("l0c", third)).with(&lane(0), lane_flow("later", later));
    let written = report(engine).await;
    assert_eq!((written.rows, written.exit_code), (vec!["stopped".to_owned(); 6], 0));
}

#[tokio::test]
async fn of_a_lane_that_was_reset_every_run_of_its_workflow_counts() {
    let first = whole(&[&[0]]).of("l0", "").continued("l0b");
    let second = whole(&[&[1]]).of("l0b", "l0").terminated();
    let last = whole(&[&[3]]).of("l0d", "l0c").result(&lane_ended(SkipReason::Aborted));
    let engine = |reset: Option<Events>| {
        let known = |run, events| Flow { first: "l0", ..lane_flow(run, events) };
        let engine = completed().with(&lane(0), known("l0", first.clone()));
        let engine = engine.with(&lane(0), known("l0b", second.clone()));
        let reset = reset.map(|reset| known("l0c", reset.continued("l0d")));
        let engine = reset.into_iter().fold(engine, |engine, reset| engine.with(&lane(0), reset));
        engine.with(&lane(0), known("l0d", last.clone()))
    };
    // It has gone on as a new one since.
    for (of, from, expected) in [("l0b", "l0", 4), ("l0", "", 3)] {
        let written = report(engine(Some(whole(&[&[1], &[2]]).of(of, from)))).await;
        assert_eq!((written.rows, written.exit_code), (vec!["stopped".to_owned(); 6], 0));
        let requests: u64 = written.report.lanes.iter().map(|lane| lane.requests).sum();
        assert_eq!(requests, expected + 2, "a reset of {of}, and the requests of the other lane");
    }
    let written = report(engine(None)).await;
    assert_eq!(written.rows[..4], ["stopped", "stopped", "unknown", "stopped"], "a part of it is gone");
    assert!(written.notes[0].contains("its history is gone"), "{:?}", written.notes);
    // What nobody has told of since the reset is unknown: the session of the lane that it cut off, or what follows its end.
    let cut_off = whole(&[&[0]]).of("l0", "").asked(SESSION, "2", &session()).terminated();
    let ended = whole(&[&[0]]).of("l0", "").result(&lane_ended(SkipReason::Credentials));
    let flow = |run, events| Flow { first: "l0", ..lane_flow(run, events) };
    let idle = flow("l1", whole(&[]).of("l0", "").terminated());
    let done = flow("l1", whole(&[&[1]]).of("l0", "").result(&lane_ended(SkipReason::Interrupted)));
    for (first, reset, second) in
        [(cut_off.clone(), idle, "unknown"), (cut_off, done.clone(), "stopped"), (ended, done, "stopped")]
    {
        let written = report(completed().with(&lane(0), flow("l0", first)).with(&lane(0), reset)).await;
        assert_eq!(written.rows[..4], ["stopped", second, "unknown", "unknown"]);
        assert!(written.notes[0].contains("somebody has reset its workflow"), "{:?}", written.notes);
    }
    // What a later run of the same id did is no part of it.
    let other = Flow { first: "other", ..lane_flow("other", whole(&[&[2, 3]]).of("other", "").terminated()) };
    let engine = completed().with(&lane(0), Flow { first: "l0", ..lane_flow("l0", whole(&[&[0]]).terminated()) });
    let written = report(engine.with(&lane(0), other)).await;
    assert_eq!(written.rows[..2], ["stopped", "skipped: interrupted"]);
}

#[tokio::test]
async fn what_a_terminated_lane_may_have_sent_is_unknown() {
    let lane_0 = whole(&[&[0]]).asked(SESSION, "2", &session()).terminated();
    let written = report(completed().with(&lane(0), lane_flow("l0", lane_0))).await;
    assert_eq!(written.rows, ["stopped", "unknown", "unknown", "unknown", "stopped", "stopped"]);
    assert_eq!(written.exit_code, 1);
    let message = written.report.targets[1].error.as_ref().unwrap().message.to_string();
    assert!(message.ends_with("its workflow was terminated by ann: by mistake"), "{message}");
    assert_eq!(
        written.notes,
        ["lane prod cn-hangzhou fnf:StopExecution: its workflow was terminated by ann: by mistake"]
    );
}

#[tokio::test]
async fn a_lane_whose_history_is_gone_leaves_the_rows_of_the_others() {
    let written = report(completed()).await;
    assert_eq!(written.rows, ["unknown", "unknown", "unknown", "unknown", "stopped", "stopped"]);
    assert_eq!(written.exit_code, 1);
    assert!(written.notes[0].contains("its history is gone"), "{:?}", written.notes);

    // A target without a row may have had one in the part that is gone.
    let part = Flow { first: "l0", ..lane_flow("l0b", whole(&[&[1]]).of("l0b", "l0").continued("l0c")) };
    let rest = whole(&[&[2]]).of("l0c", "l0b").result(&lane_ended(SkipReason::Interrupted));
    let rest = Flow { first: "l0", ..lane_flow("l0c", rest) };
    let written = report(completed().with(&lane(0), part).with(&lane(0), rest)).await;
    assert_eq!(written.rows, ["unknown", "stopped", "stopped", "unknown", "stopped", "stopped"]);
}

#[tokio::test]
async fn a_terminated_lane_has_sent_no_more_than_its_session_told() {
    let lane_0 = whole(&[&[0]]).asked(SESSION, "2", &session()).terminated();
    let flow = Flow { pending: vec![pending("2", &[1], &[2])], ..lane_flow("l0", lane_0) };
    let written = report(completed().with(&lane(0), flow)).await;
    assert_eq!(written.rows[..4], ["stopped", "stopped", "unknown", "skipped: interrupted"]);

    // Between two sessions, nothing is sent.
    let lane_0 = Events::started(&"input").asked(SESSION, "1", &session());
    let lane_0 = lane_0.ended(1, &end(&[0], &[(1, TargetResult::unknown("given up"))])).terminated();
    let written = report(completed().with(&lane(0), lane_flow("l0", lane_0))).await;
    assert_eq!(written.rows[..4], ["stopped", "unknown", "skipped: interrupted", "skipped: interrupted"]);
}

#[tokio::test]
async fn what_a_lost_session_had_told_counts_and_no_more_is_known() {
    let told = allstop::engine::ResumeState {
        done: std::iter::once((1, stopped())).collect(),
        open: std::iter::once((2, accepted())).collect(),
        ..Default::default()
    };
    let input = SessionInput { recovered: Some(Packed::of(&told).unwrap()), ..session() };
    let lane_0 = whole(&[&[0]]).asked(SESSION, "2", &input).terminated();
    let written = report(completed().with(&lane(0), lane_flow("l0", lane_0))).await;
    assert_eq!(written.rows[..4], ["stopped", "stopped", "accepted", "unknown"]);
}

#[tokio::test]
async fn of_a_cancelled_run_open_targets_have_the_rows_that_their_session_gave_them() {
    let given_up = TargetResult { outcome: allstop::engine::Outcome::Failed, ..TargetResult::unknown("throttled") };
    let lane_0 = Events::started(&"input").asked(SESSION, "1", &session());
    let lane_0 = lane_0.ended(1, &end(&[0], &[(2, given_up)])).result(&lane_ended(SkipReason::Interrupted));
    let engine = Engine::default()
        .with(
            FLOW,
            run_flow(Events::started(&super::world::input()).began(&lane(0), "l0").result(&ended(Status::Interrupted))),
        )
        .with(&lane(0), lane_flow("l0", lane_0));
    let written = report(engine).await;
    let skipped = "skipped: interrupted";
    assert_eq!(written.rows, ["stopped", skipped, "failed", skipped, skipped, skipped]);
    assert_eq!((written.exit_code, written.report.run.status), (130, Status::Interrupted));
}

#[tokio::test]
async fn a_terminated_run_ends_with_its_lanes() {
    let engine = Engine::default()
        .with(FLOW, run_flow(run().terminated()))
        .with(&lane(0), lane_flow("l0", whole(&[&[0]]).asked(SESSION, "2", &session()).terminated()))
        .with(&lane(1), lane_flow("l1", whole(&[]).terminated()));
    let written = report(engine).await;
    let skipped = "skipped: interrupted";
    assert_eq!(written.rows, ["stopped", "unknown", "unknown", "unknown", skipped, skipped]);
    assert_eq!((written.exit_code, written.notes.len()), (130, 1));
    assert!(written.notes[0].starts_with("the workflow of the run was terminated by ann: by mistake"));
}

/// A run that goes on: one lane is held, one waits.
fn going_on() -> Engine {
    let lane_0 = whole(&[&[0]]).asked(SESSION, "2", &session()).so_far();
    let lane_0 = Flow { goes_on: true, pending: vec![pending("2", &[1], &[2])], ..lane_flow("l0", lane_0) };
    let lane_1 = Flow { goes_on: true, ..lane_flow("l1", whole(&[]).so_far()) };
    let flow = Flow { goes_on: true, ..run_flow(run().so_far()) };
    Engine::default().with(FLOW, flow).with(&lane(0), lane_0).with(&lane(1), lane_1)
}

#[tokio::test]
async fn a_run_that_goes_on_is_reported_up_to_the_last_heartbeat() {
    let written = report(going_on()).await;
    let skipped = "skipped: interrupted";
    assert_eq!(written.rows, ["stopped", "stopped", "unknown", skipped, skipped, skipped]);
    assert_eq!(written.exit_code, 1);
    assert_eq!(written.report.run.finished_at.timestamp().as_second(), START + 100);
}

#[tokio::test]
async fn a_run_is_reported_before_its_workflow_ends() {
    let lane_0 = whole(&[&[0, 1, 2, 3]]).result(&lane_ended(SkipReason::Aborted));
    let lane_1 = whole(&[&[4, 5]]).result(&lane_ended(SkipReason::Aborted));
    let flow = Flow { goes_on: true, ..run_flow(run().so_far()) };
    let engine = Engine::default().with(FLOW, flow).with(&lane(0), lane_flow("l0", lane_0));
    let client = engine.with(&lane(1), lane_flow("l1", lane_1)).client().await;
    let known = ended(Status::Completed);
    let run = gather(&client, FLOW, Some(RUN), Some(&known), &context()).await.unwrap();
    assert!(!run.goes_on());
}

#[tokio::test]
async fn a_journal_of_it_has_every_target_in_doubt_that_may_have_been_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.journal");
    read(going_on()).await.unwrap().takeout(&path).await.unwrap();
    let plan = folder.path().join("plan.yaml");
    std::fs::write(&plan, super::world::PLAN).unwrap();
    let report = read_stored(&Input::File(path), Some(Input::File(plan)), Vec::new(), &context()).unwrap();
    let rows: Vec<_> = report.targets.iter().map(|row| row.outcome.name()).collect();
    assert_eq!(rows, ["stopped", "stopped", "unknown", "unknown", "unknown", "unknown"]);
    assert_eq!(report.run.id, "nightly");
}

/// A run can be read by an activity of a worker.
#[test]
fn reading_a_run_may_move_between_threads() {
    fn is_send(_: impl Send) {}
    fn read<'a>(client: &'a temporalio_client::Client, context: &'a Context) -> impl Send + 'a {
        gather(client, FLOW, None, None, context)
    }
    let _ = |client: &temporalio_client::Client, context: &Context| is_send(read(client, context));
}
