//! How runs end before they are done: cancelled, at their deadline, at the end of their window; and workers who leave.

use std::time::Duration;

use allstop::Timestamp;
use allstop::clock::{Clock, SystemClock};
use allstop::engine::{Outcome, SkipReason, Status};
use allstop::simulator::Config;

use crate::harness::{Done, Fleet, Pace, Site, Size, Submission, TestPlan, figures};

fn site(targets: usize) -> Option<Site> {
    let plan = TestPlan::of(targets).limited("{rate: 40/s, burst: 10}");
    Site::new(&Config { speed: 40.0, ..Config::default() }, &plan)
}

/// Returns how many rows were not reached, each for this reason.
#[track_caller]
fn unreached(done: &Done, reason: SkipReason) -> usize {
    let skipped = done.report.targets.iter().filter(|row| row.outcome == Outcome::Skipped);
    skipped.inspect(|row| assert_eq!(row.reason, Some(reason), "{row:?}")).count()
}

#[track_caller]
fn assert_ended(done: &Done, status: Status, code: u8) {
    assert_eq!((done.report.run.status, done.report.run.exit_code), (status, code));
    assert_eq!(done.code, i32::from(code));
    done.judgement.assert_sound();
}

/// Fails unless the run was interrupted, and no stop was requested after so many.
#[track_caller]
fn assert_interrupted_at(what: &str, site: &Site, done: &Done, killed: u64) {
    let left = unreached(done, SkipReason::Interrupted);
    let stops = site.cloud.ledger().requests.stops;
    figures(
        what,
        format_args!(
            "took {:.2?}, {} applied, {left} not reached, {} rows unknown, {} stops after it",
            done.took,
            done.timeline.len(),
            done.report.targets.iter().filter(|row| row.outcome == Outcome::Unknown).count(),
            stops - killed,
        ),
    );
    assert_ended(done, Status::Interrupted, 130);
    assert_eq!(stops, killed);
}

#[test]
fn nothing_leaves_after_a_run_is_cancelled() {
    let size = Size::of_process();
    let pace = Pace::of(size);
    let Some(site) = site(size.of(400, 1200)) else { return };
    let _fleet = Fleet::of(&site, 2);
    let submission = Submission::start(&site, pace, "cancelled", &[]);
    site.cloud.wait_for_stops(size.of(60, 320));
    let cancelled = SystemClock.now();
    submission.process.interrupt();
    let done = submission.done(size);
    let last = done.timeline.last_within(cancelled, Timestamp::MAX);
    let left = unreached(&done, SkipReason::Interrupted);
    figures(
        "cancelled",
        format_args!(
            "last stop {last:.2?} after it at a checkpoint of {:?}, ended {:.2?} after it, {} applied, {left} not reached",
            pace.checkpoint,
            SystemClock.now().duration_since(cancelled).unsigned_abs(),
            done.timeline.len(),
        ),
    );
    assert_ended(&done, Status::Interrupted, 130);
    assert!(left > 0);
    assert!(last <= pace.checkpoint * 2 + size.of(Duration::from_secs(3), Duration::ZERO), "{last:?}");
}

#[test]
fn a_submission_that_does_not_wait_names_the_run_and_no_report() {
    let Some(site) = site(3) else { return };
    let submit = ["submit", "plan.yaml", "--yes", "--output", "json"];
    let ended = site.run(submit.into_iter().chain(["--id", "alone"]));
    assert_eq!((ended.code, &*ended.stdout), (0, "{\"version\":1,\"run\":{\"id\":\"alone\"}}\n"), "{}", ended.stderr);
    let ended = site.run(submit.into_iter().chain(["--only", "nothing"]));
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    assert!(ended.stdout.contains("\"report\":null"), "{}", ended.stdout);
    assert!(!ended.stderr.contains("/dev/null"), "{}", ended.stderr);
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_continues_where_the_terminal_of_its_submission_is_lost() {
    let size = Size::of_process();
    let Some(site) = site(3) else { return };
    let mut process =
        site.start_at_terminal(["submit", "plan.yaml", "--yes", "--wait", "--id", "left", "--report", "left.json"]);
    assert!(process.says("submitted the run", size.patience()).is_some(), "{}", process.output());
    process.hang_up();
    let (status, said) = (process.ended(size.patience()), process.output());
    assert_eq!(status.code(), Some(129), "{said}");
    assert!(said.contains("the run left continues: `allstop-temporal status left`"), "{said}");
    assert!(!site.path("left.json").exists(), "{said}");
    let _fleet = Fleet::of(&site, 1);
    site.temporal(["workflow", "result", "--workflow-id", "allstop-run/left"]);
    let ended = site.run(["report", "left", "--report", "left.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    site.judge(&site.report("left.json")).assert_sound();
}

#[test]
fn a_worker_that_leaves_hands_its_lane_over() {
    let size = Size::of_process();
    let Some(site) = site(size.of(300, 1200)) else { return };
    let mut fleet = Fleet::of(&site, 2);
    let submission = Submission::start(&site, Pace::of(size), "handed", &[]);
    site.cloud.wait_for_stops(100);
    let holder = fleet.holder("a0 ");
    let (ended, took) = fleet.leave(holder);
    let done = submission.done(size);
    let gap = done.timeline.longest_gap();
    figures("SIGTERM", format_args!("gap {gap:.2?}, the worker ended in {took:.2?}, took {:.2?}", done.took));
    assert!(ended.success(), "{ended}: {}", fleet.output());
    assert_ended(&done, Status::Completed, 0);
    assert_eq!((done.judgement.open, fleet.sessions()), (0, (2, 0)));
    assert!(gap <= size.of(Duration::from_secs(6), Duration::from_millis(1500)), "{gap:?}");
    assert!(took <= Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_deadline_counts_from_the_submission() {
    let size = Size::of_process();
    let Some(site) = site(size.of(400, 1200)) else { return };
    let _fleet = Fleet::of(&site, 2);
    let seconds = size.of(4, 10);
    let done = Submission::start(&site, Pace::of(size), "deadline", &["--deadline", &format!("{seconds}s")]).done(size);
    let run = &done.report.run;
    let left = unreached(&done, SkipReason::Deadline);
    figures(
        "deadline",
        format_args!(
            "{seconds} s: ended after {} ms, {} applied, {left} not reached",
            run.duration_ms,
            done.timeline.len()
        ),
    );
    assert_ended(&done, Status::Deadline, 1);
    assert!(left > 0 && done.timeline.len() > 0);
    let began: Timestamp = run.started_at.to_string().parse().unwrap();
    let end = began + Duration::from_secs(seconds);
    let last = done.timeline.last_within(end, Timestamp::MAX);
    assert!(last <= size.of(Duration::from_secs(4), Duration::from_secs(1)), "{last:?} after the deadline");
}

#[test]
fn a_deadline_that_passes_without_a_worker_ends_the_run_before_anything_is_sent() {
    let size = Size::of_process();
    let Some(site) = site(40) else { return };
    let submission = Submission::start(&site, Pace::of(size), "late", &["--deadline", "1s"]);
    assert!(submission.process.says("submitted the run", size.patience()).is_some());
    let passed = SystemClock.now() + Duration::from_secs(1);
    while SystemClock.now() < passed {
        assert_eq!(site.run(["status", "late"]).code, 0);
    }
    let _fleet = Fleet::of(&site, 1);
    let done = submission.done(size);
    assert_ended(&done, Status::Deadline, 1);
    assert_eq!((unreached(&done, SkipReason::Deadline), site.cloud.ledger().requests.stops), (40, 0));
}

#[test]
fn nothing_is_sent_after_a_deadline_that_passes_while_all_workers_are_away() {
    let size = Size::of_process();
    let plan = TestPlan::of(400).over(4).limited("{rate: 5/s, burst: 5}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let mut fleet = Fleet::of(&site, 1);
    let submission = Submission::start(&site, Pace::of(size), "away", &["--deadline", "4s"]);
    site.cloud.wait_for_stops(25);
    fleet.kill(0);
    let passed = SystemClock.now() + Duration::from_secs(4);
    while SystemClock.now() < passed {
        assert_eq!(site.run(["status", "away"]).code, 0);
    }
    let stops = site.cloud.ledger().requests.stops;
    fleet.replace(0);
    let done = submission.done(size);
    assert_eq!((done.report.run.status, done.code), (Status::Deadline, 1));
    assert_eq!(site.cloud.ledger().requests.stops, stops);
    done.judgement.assert_sound();
}

#[test]
fn a_run_ends_where_its_window_closes() {
    let size = Size::of_process();
    // Windows close at full minutes. This one is open for 3 more seconds at least.
    let minute = (SystemClock.now().as_second() + 3) / 60 + 1;
    let clock = |minute: i64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let window = format!("{{from: '{}', to: '{}', timezone: UTC}}", clock(minute - 10), clock(minute));
    let plan = TestPlan::of(400).limited("{rate: 4/s, burst: 4}");
    let plan = plan.with(&format!("guards: {{max_targets: 1000, window: {window}}}"));
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let _fleet = Fleet::of(&site, 2);
    let done = Submission::start(&site, Pace::of(size), "window", &[]).done(size);
    let left = unreached(&done, SkipReason::Aborted);
    let last = done.timeline.last_within(Timestamp::from_second(minute * 60).unwrap(), Timestamp::MAX);
    figures(
        "window",
        format_args!("last stop {last:.2?} after it closed, {} applied, {left} not reached", done.timeline.len()),
    );
    assert_ended(&done, Status::Aborted, 3);
    assert!(left > 0);
    assert!(last <= Duration::from_secs(1), "{last:?}");
}

#[test]
fn a_run_that_is_cancelled_without_workers_ends_when_one_comes() {
    let size = Size::of_process();
    let Some(site) = site(400) else { return };
    let mut fleet = Fleet::of(&site, 1);
    let submission = Submission::start(&site, Pace::of(size), "alone", &[]);
    site.cloud.wait_for_stops(100);
    fleet.kill(0);
    let killed = site.cloud.ledger().requests.stops;
    submission.process.interrupt();
    let said = submission.process.says("no worker can end the run now", size.patience());
    assert!(said.is_some(), "{}", submission.process.output());
    fleet.replace(0);
    assert_interrupted_at("cancelled without workers", &site, &submission.done(size), killed);
}

#[test]
fn what_a_dead_holder_did_is_reported_when_its_run_is_cancelled() {
    let size = Size::of_process();
    let Some(site) = site(400) else { return };
    let mut fleet = Fleet::of(&site, 2);
    let submission = Submission::start(&site, Pace::of(size), "dead", &[]);
    site.cloud.wait_for_stops(100);
    let holder = fleet.holder("a0 ");
    fleet.kill(holder);
    let killed = site.cloud.ledger().requests.stops;
    site.temporal(["workflow", "cancel", "--workflow-id", "allstop-run/dead"]);
    assert_interrupted_at("cancelled while the holder is dead", &site, &submission.done(size), killed);
}
