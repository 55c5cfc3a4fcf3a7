//! Many lanes at a time.

use std::time::{Duration, Instant};

use allstop::Timestamp;
use allstop::clock::{Clock, SystemClock};
use allstop::engine::Status;
use allstop::simulator::Config;

use crate::harness::{Fleet, PATIENCE, Pace, Site, Size, Submission, TestPlan, figures, floor};

/// Waits until the server's metrics have the end of so many sessions; returns how many heartbeats it has taken.
#[track_caller]
fn beats(site: &Site, sessions: u64) -> u64 {
    let (server, namespace) = (&site.server, &site.namespace);
    let begin = Instant::now();
    while server.requests("RespondActivityTaskCompleted", namespace) < sessions {
        assert!(begin.elapsed() < PATIENCE, "the server's metrics lack sessions");
    }
    server.requests("RecordActivityTaskHeartbeat", namespace)
}

#[test]
fn lanes_are_spread_over_the_workers() {
    let size = Size::of_process();
    let lanes = size.of(20, 100);
    let each = size.of(8, 62);
    let plan = TestPlan::of(usize::from(lanes) * each).over(lanes).limited("{rate: 2/s, burst: 2}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let fleet = Fleet::of(&site, 2);
    let pace = Pace { checkpoint: Duration::from_secs(1), ..Pace::of(size) };
    let done = Submission::start(&site, pace, "lanes", &[]).done(size);
    let least = floor(each, 2, 2.0);
    let shares = fleet.said("holds the lane ");
    let beats = beats(&site, lanes.into());
    let each_second = beats as f64 / done.timeline.span().as_secs_f64() / f64::from(lanes);
    figures(
        "many lanes",
        format_args!(
            "{lanes} lanes of {each} targets at 2/s took {:.2?}, floor {least:.2?}, {beats} heartbeats, {each_second:.2} a second \
             and lane, sessions of the workers {shares:?}, throttled {}, repeated {}",
            done.took,
            done.judgement.throttled,
            done.judgement.repeated.len(),
        ),
    );
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open, done.judgement.throttled), (0, 0, 0));
    assert_eq!(shares.iter().sum::<usize>(), usize::from(lanes));
    // A short session has as many heartbeats at its begin and end as a long one.
    assert!(each_second <= size.of(4.0, 1.2), "{each_second} heartbeats a second and lane");
    // Of a few lanes, one worker may get most.
    let fewest = *shares.iter().min().unwrap() * 100 / usize::from(lanes);
    assert!(fewest >= size.of(1, 40), "{shares:?}");
    let most = least.mul_f64(1.05) + size.of(Duration::from_secs(40), Duration::from_secs(2));
    assert!(done.took <= most, "{:?} instead of {most:?}", done.took);
}

#[test]
fn a_run_that_is_cancelled_while_its_lanes_start_sends_no_more() {
    let size = Size::of_process();
    let lanes = size.of(40, 100);
    let plan = TestPlan::of(usize::from(lanes) * 200).over(lanes).limited("{rate: 2/s, burst: 2}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let _fleet = Fleet::of(&site, 2);
    let submission = Submission::start(&site, Pace::of(size), "early", &[]);
    site.cloud.wait_for_stops(1);
    site.temporal(["workflow", "cancel", "--workflow-id", "allstop-run/early"]);
    let cancelled = SystemClock.now();
    let done = submission.done(size);
    let last = done.timeline.last_within(cancelled, Timestamp::MAX);
    figures(
        "cancelled while lanes start",
        format_args!(
            "last stop {last:.2?} after it, ended {:.2?} after it",
            SystemClock.now().duration_since(cancelled)
        ),
    );
    done.judgement.assert_sound();
    assert_eq!((done.report.run.status, done.code), (Status::Interrupted, 130));
    // A session that nobody told would send for 100 s.
    assert!(last <= Duration::from_secs(45), "{last:?}");
}
