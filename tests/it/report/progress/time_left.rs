//! The time that a run still needs.

use std::time::Duration;

use allstop::engine::{Event, TargetResult};
use allstop::error::ErrorClass;
use allstop::report::progress::{Detail, Progress};

use super::super::fixture::{at, attempt, lane, stopped};
use super::{Paper, seconds, send, shown, started, stop, tick};

/// Returns the time left in the last line.
fn time_left(paper: &Paper) -> Option<String> {
    let line = paper.take().pop()?;
    line.split("  ").find(|part| part.ends_with(" left")).map(ToOwned::to_owned)
}

#[tokio::test(start_paused = true)]
async fn the_time_left_is_never_a_promise_that_stands_still() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Plain, false, Detail::Nothing, &paper);
    send(&mut watch, &started(&[lane(30)], 30));
    paper.take();
    (0..10).for_each(|_| stop(&mut watch, 0, 1));
    for _ in 0..19 {
        tokio::time::advance(Duration::from_millis(500)).await;
        stop(&mut watch, 0, 1);
    }
    // All but one are stopped. Its response is lost, and nobody knows how long it takes.
    send(&mut watch, &Event::Sending { target: 1, lane: 0, n: 1, batch: 1 });
    let lost = attempt(1, Some(ErrorClass::Timeout), None);
    send(&mut watch, &Event::Attempted { target: 1, lane: 0, attempt: &lost });
    paper.take();
    tokio::time::advance(seconds(5)).await;
    tick(&mut watch);
    assert_eq!(paper.take(), ["14 s  29/30 done  0.4/s  29 stopped  1 being verified"]);

    // It waits for its next try, which takes as long as it takes.
    let again = attempt(2, Some(ErrorClass::Server), Some(20_000));
    send(&mut watch, &Event::Attempted { target: 1, lane: 0, attempt: &again });
    tokio::time::advance(seconds(5)).await;
    tick(&mut watch);
    assert_eq!(paper.take(), ["19 s  29/30 done  0.0/s  16 s left  29 stopped  1 to retry"]);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_has_no_time_left() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Plain, false, Detail::Nothing, &paper);
    send(&mut watch, &started(&[lane(100)], 100));
    for _ in 0..10 {
        tokio::time::advance(Duration::from_millis(500)).await;
        stop(&mut watch, 0, 1);
    }
    assert_eq!(time_left(&paper).as_deref(), Some("46 s left"));
    let pause = Event::Slowed { lane: 0, pause: seconds(7), from: None, rate: None, class: ErrorClass::Server };
    send(&mut watch, &pause);
    tokio::time::advance(seconds(5)).await;
    tick(&mut watch);
    assert_eq!(paper.take(), ["10 s  10/100 done  0.2/s  10 stopped  unhealthy, waiting 2 s"]);
    tokio::time::advance(seconds(5)).await;
    stop(&mut watch, 0, 2);
    tokio::time::advance(seconds(5)).await;
    tick(&mut watch);
    assert!(time_left(&paper).is_some(), "it answers again");
}

#[tokio::test(start_paused = true)]
async fn an_earlier_part_of_the_run_says_nothing_of_the_rate() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Plain, false, Detail::Nothing, &paper);
    send(&mut watch, &started(&[lane(1000)], 1000));
    for target in 0..900 {
        send(&mut watch, &Event::Finished { target, lane: Some(0), result: &stopped() });
    }
    let begun_yesterday = TargetResult { started_at: Some(at(-86_400_000)), ..stopped() };
    for _ in 0..10 {
        tokio::time::advance(Duration::from_millis(500)).await;
        stop(&mut watch, 0, 1);
        send(&mut watch, &Event::Finished { target: 1, lane: Some(0), result: &begun_yesterday });
    }
    assert_eq!(paper.take().pop().unwrap(), "5 s  918/1,000 done  4.0/s  42 s left  918 stopped");
}
