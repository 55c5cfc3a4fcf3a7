//! What a lane decides after each thing that can happen to it.

use std::collections::BTreeMap;

use allstop::Timestamp;
use allstop::engine::Status;

use super::*;
use crate::wire::{LaneSpec, LaneState, Pace, Ranges, RunRef};

/// The engine's run of the lane's workflow.
const RUN: &str = "r0";

/// A lane of two targets, whose run has a limit of failures.
fn lane() -> Lane {
    let run = RunRef {
        workflow_id: "allstop-run/nightly".to_owned(),
        run_id: "r".to_owned(),
        id: "nightly".to_owned(),
        started_at: Timestamp::UNIX_EPOCH,
        deadline: None,
        held: None,
    };
    let spec = LaneSpec {
        number: 7,
        cloud: "alibaba".to_owned(),
        owner: "1234".to_owned(),
        account: "prod".to_owned(),
        accounts: vec!["prod".to_owned()],
        region: "cn-hangzhou".to_owned(),
        api: "fnf:StopExecution".to_owned(),
        targets: 2,
        queue: None,
    };
    Lane::new(LaneInput {
        v: VERSION,
        run,
        fingerprint: String::new(),
        lane: spec,
        has_budget: true,
        priority: 3,
        pace: Pace { checkpoint_ms: 1000, timeout_ms: 10_000 },
        closed: None,
        state: LaneState::default(),
    })
}

fn end(why: Why) -> SessionEnd {
    SessionEnd {
        v: VERSION,
        done: Ranges::default(),
        rows: None,
        open: None,
        given_up: None,
        memory: Vec::new(),
        stats: Vec::new(),
        accounts: Vec::new(),
        counts: BTreeMap::new(),
        failed: 0,
        rest: None,
        why,
        closed: None,
        worker: "w0".to_owned(),
    }
}

fn packed() -> Packed {
    Packed::bytes(b"told").unwrap()
}

fn failed() -> Why {
    Why::Failed { message: "no credentials".to_owned(), of_credentials: true, is_final: false }
}

fn interrupted() -> Ended {
    Ended { status: Status::Interrupted, by: None }
}

#[test]
fn nothing_that_a_lost_session_may_have_done_is_forgotten_when_the_run_ends() {
    for told in [Some(packed()), None] {
        let mut lane = lane();
        let is_told = told.is_some();
        lane.lost(told);
        lane.end_with(interrupted());
        assert!(lane.is_over() && lane.verdict().is_none());
        let session = lane.session(None);
        assert!(session.only_settles);
        assert_eq!((session.recovered.is_some(), session.is_lost), (is_told, !is_told));
        // That session has brought it into the history.
        lane.take(end(Why::Slice));
        assert_eq!(lane.verdict(), Some((Rest::bare(SkipReason::Interrupted), None)));
    }
}

#[test]
fn a_session_that_was_cancelled_counts_as_what_the_engine_knew_of_it() {
    let mut unbegun = lane();
    assert!(unbegun.cancelled(Some(Seen::Unbegun)));
    let session = unbegun.session(None);
    assert!(session.recovered.is_none() && !session.is_lost);
    for (seen, is_lost) in [(Some(Seen::Lost(packed())), false), (Some(Seen::Running), true), (None, true)] {
        let mut lane = lane();
        assert!(!lane.cancelled(seen));
        let session = lane.session(None);
        assert_eq!((session.recovered.is_some(), session.is_lost), (!is_lost, is_lost));
    }
}

#[test]
fn the_run_hears_of_failures_and_ends_alone() {
    let used = |lane: &mut Lane, end| lane.take(end).used;
    let mut lane = lane();
    assert_eq!(used(&mut lane, end(Why::Slice)), None);
    let failures = SessionEnd { failed: 2, ..end(Why::Slice) };
    assert_eq!(used(&mut lane, failures.clone()).map(|used| used.failed), Some(2));
    let guarded = used(&mut lane, end(Why::Guard(interrupted())));
    assert_eq!(guarded.and_then(|used| used.ended), Some(interrupted()));
    assert!(lane.is_over());
    // Where no limit was set, nobody counts.
    lane.input.has_budget = false;
    assert_eq!(used(&mut lane, failures), None);
}

#[test]
fn a_lane_ends_with_its_last_row() {
    let mut lane = lane();
    let done = |first: u32| SessionEnd { done: Ranges::of([first]), ..end(Why::Slice) };
    assert!(lane.take(done(0)).over.is_none());
    assert!(lane.take(done(1)).over.is_some());
}

#[test]
fn sessions_that_cannot_begin_follow_ever_later_and_the_third_is_the_last() {
    let mut lane = lane();
    let taken = [0, 1, 2].map(|_| lane.take(end(failed())));
    let pauses = taken.each_ref().map(|taken| taken.pause.map(|pause| pause.as_secs()));
    assert_eq!(pauses.get(..2), Some(&[Some(2), Some(16)][..]));
    let over = taken.map(|taken| taken.over.map(|(rest, why)| (rest.reason, why)));
    assert_eq!(over, [None, None, Some((SkipReason::Credentials, Some("no credentials".to_owned())))]);
}

#[test]
fn the_rows_of_a_lane_that_ends_because_its_sessions_failed_say_why() {
    let why = |rest: Rest| (rest.reason, rest.row().error.map(|error| error.message.to_string()));
    let fails = |of_credentials| {
        let mut lane = lane();
        let failed = Why::Failed { message: "the session failed: no".to_owned(), of_credentials, is_final: false };
        let over = (0..3).filter_map(|_| lane.take(end(failed.clone())).over).last();
        why(over.unwrap().0)
    };
    assert_eq!(fails(false), (SkipReason::Aborted, Some("the session failed: no".to_owned())));
    assert_eq!(fails(true), (SkipReason::Credentials, Some("the session failed: no".to_owned())));
    let mut closed = lane();
    closed.close("its key is refused".to_owned());
    assert_eq!(why(closed.verdict().unwrap().0), (SkipReason::Credentials, Some("its key is refused".to_owned())));
}

#[test]
fn a_lane_goes_on_as_a_new_workflow_only_with_all_that_it_knows() {
    let mut lane = lane();
    assert!(lane.may_go_on_as_new());
    for told in [Some(packed()), None] {
        lane.lost(told);
        assert!(!lane.may_go_on_as_new());
        let _ = lane.take(end(Why::Slice));
        assert!(lane.may_go_on_as_new());
    }
    lane.input.state.holds = true;
    lane.take_away(0);
    assert!(!lane.may_go_on_as_new());
}

#[test]
fn a_session_that_a_worker_left_leaves_nothing_in_doubt_but_what_a_lost_one_had_told() {
    for told in [Some(packed()), None] {
        let mut lane = lane();
        lane.end_with(interrupted());
        lane.refused(told.clone());
        assert_eq!(lane.verdict().is_some(), told.is_none());
        let session = lane.session(None);
        assert_eq!((session.recovered.is_some(), session.is_lost), (told.is_some(), false));
        // Another one that is left says no less.
        lane.refused(None);
        assert_eq!(lane.session(None).recovered.is_some(), told.is_some());
    }
}

#[test]
fn the_quota_is_given_back_where_others_wait_or_nothing_may_fail_any_more() {
    let mut lane = lane();
    assert_eq!(lane.gives_back(), Some(Then::Leaves));
    lane.input.state.share = Some(3);
    assert_eq!(lane.gives_back(), None);
    lane.make_way();
    assert!(lane.must_end());
    assert_eq!(lane.gives_back(), Some(Then::Asks));
}

#[test]
fn a_lane_that_has_lost_its_turn_gives_the_quota_back_before_it_goes_on() {
    let mut lane = lane();
    lane.input.state.share = Some(3);
    lane.grant(Grant { turn: 0, others: true, memory: Vec::new() });
    lane.accept();
    lane.take_away(1);
    assert!(!lane.is_taken() && !lane.must_end());
    lane.take_away(0);
    assert!(lane.is_taken() && lane.must_end());
    assert_eq!(lane.gives_back(), Some(Then::Asks));
    let release = lane.release(RUN, Then::Asks).release;
    assert_eq!((release.turn, release.again.map(|ask| ask.turn)), (0, Some(1)));
    assert!(lane.needs_quota() && !lane.is_taken());
}

#[test]
fn a_grant_that_was_taken_away_before_the_lane_saw_it_is_asked_for_again() {
    let mut lane = lane();
    let _ = lane.ask(RUN);
    lane.grant(Grant { turn: 0, others: true, memory: Vec::new() });
    lane.take_away(0);
    assert!(!lane.is_granted() && !lane.is_queued && lane.needs_quota() && !lane.is_taken());
    assert_eq!(lane.ask(RUN).ask.turn, 0);
}

#[test]
fn a_session_that_knows_of_others_is_not_asked_to_make_way() {
    let mut lane = lane();
    lane.grant(Grant { turn: 0, others: true, memory: Vec::new() });
    lane.accept();
    lane.make_way();
    assert!(!lane.must_end());
    assert!(lane.session(None).others);
}

#[test]
fn a_grant_that_comes_before_the_turn_is_over_is_kept_for_the_turn_that_it_is_for() {
    let granted = |then| {
        let mut lane = lane();
        lane.begin_quota();
        lane.grant(Grant { turn: 1, others: false, memory: Vec::new() });
        let release = lane.release(RUN, then);
        assert_eq!((release.release.turn, release.request.as_str()), (0, "r0/0"));
        assert!(lane.needs_quota());
        lane.is_granted()
    };
    assert!(granted(Then::Asks) && !granted(Then::Leaves));
}

#[test]
fn turns_count_on_where_the_workflow_goes_on_as_a_new_one() {
    let mut before = lane();
    let _ = before.release(RUN, Then::Asks);
    let mut after = Lane::new(before.next(RUN));
    let ask = after.ask("r1").ask;
    assert_eq!((&*ask.run, ask.turn), (RUN, 1));
    let release = after.release("r1", Then::Asks);
    assert_eq!((&*release.release.run, release.request.as_str()), (RUN, "r0/1"));
    assert_eq!(Lane::new(after.next("r1")).ask("r2").ask.run, RUN);
}

#[test]
fn a_lane_that_hears_nothing_asks_for_a_turn_later_than_any() {
    let mut lane = lane();
    let _ = lane.ask(RUN);
    lane.hears_nothing();
    assert!(!lane.is_queued);
    assert!(lane.ask(RUN).ask.turn > 10_000);
}

#[test]
fn a_lane_whose_account_was_closed_before_it_begins_sends_nothing() {
    let input = LaneInput { closed: Some("its key is refused".to_owned()), ..lane().input };
    let (rest, message) = Lane::new(input).verdict().unwrap();
    assert_eq!((rest.reason, message.as_deref()), (SkipReason::Credentials, Some("its key is refused")));
}
