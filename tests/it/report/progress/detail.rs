//! What `-v` and `-vv` print about attempts, reads and rates.

use allstop::engine::{Attempt, Event};
use allstop::error::ErrorClass;
use allstop::report::progress::{Detail, Progress};

use super::super::fixture::{attempt, lane};
use super::{Paper, seconds, send, shown, started, throttled};

#[tokio::test(start_paused = true)]
async fn attempts_get_a_line_each() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Off, true, Detail::Attempts, &paper);
    let lost = Attempt { http_status: None, code: None, ..attempt(2, Some(ErrorClass::Timeout), Some(1500)) };
    send(&mut watch, &started(&[lane(1)], 1));
    for attempt in [attempt(1, Some(ErrorClass::Throttled), Some(312)), lost, attempt(3, None, None)] {
        send(&mut watch, &Event::Attempted { target: 7, lane: 0, attempt: &attempt });
    }
    send(&mut watch, &throttled(0, 3, Some(1.0)));
    send(&mut watch, &Event::Read { target: 7, lane: 0, state: None });
    assert_eq!(
        paper.take(),
        [
            "fnf_execution:etl/\\u{1b}7  attempt 1  429 ResourceThrottled  throttled, retry in 312 ms",
            "fnf_execution:etl/\\u{1b}7  attempt 2  no response  timeout, retry in 1.5 s",
            "fnf_execution:etl/\\u{1b}7  attempt 3  200  ok",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn twice_verbose_tells_of_reads_and_explains_every_rate() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Off, true, Detail::Everything, &paper);
    send(&mut watch, &started(&[lane(1)], 1));
    send(&mut watch, &Event::Read { target: 7, lane: 0, state: Some("Run\u{7}ning") });
    send(&mut watch, &Event::Read { target: 7, lane: 0, state: None });
    send(&mut watch, &throttled(0, 3, Some(1.4)));
    let class = ErrorClass::Throttled;
    send(&mut watch, &Event::Slowed { lane: 0, pause: seconds(0), from: Some(1.4), rate: Some(0.7), class });
    send(&mut watch, &Event::Slowed { lane: 0, pause: seconds(2), from: None, rate: None, class });
    send(&mut watch, &Event::Quickened { lane: 0, from: 0.7, rate: Some(1.0) });
    send(&mut watch, &Event::Quickened { lane: 0, from: 1.0, rate: None });
    let class = ErrorClass::Server;
    send(&mut watch, &Event::Slowed { lane: 0, pause: seconds(5), from: None, rate: None, class });
    send(&mut watch, &Event::GivenUp { lane: 0, class });
    assert_eq!(
        paper.take(),
        [
            "fnf_execution:etl/\\u{1b}7  read  Run\\u{7}ning",
            "fnf_execution:etl/\\u{1b}7  read  no state",
            "fnf_execution  throttled: slows down from 2.0/s to 1.4/s, after a pause of 3 s",
            "fnf_execution  throttled: slows down from 1.4/s to 0.7/s",
            "fnf_execution  throttled: after a pause of 2 s",
            "fnf_execution  no recent throttling: from 0.7/s to 1.0/s",
            "fnf_execution  no recent throttling: from 1.0/s back to the quota, 2.0/s",
            "fnf_execution  circuit breaker open (server): waits 5 s, then sends one probe",
            "fnf_execution  gave up: the service failed every probe (server)",
        ]
    );
}
