//! Plain lines, as logs have them.

use std::time::Duration;

use allstop::engine::{Event, LaneInfo, Outcome, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::report::progress::{Detail, Progress};

use super::super::fixture::{failed, lane, row};
use super::{Paper, seconds, send, shown, started, stop, throttled, tick};

#[tokio::test(start_paused = true)]
async fn plain_lines_come_every_five_seconds_and_at_the_end() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Auto, false, Detail::Nothing, &paper);
    let lanes = [lane(60), LaneInfo { api: "fnf:DescribeExecution".to_owned(), stops: false, ..lane(0) }];
    send(&mut watch, &started(&lanes, 60));
    assert_eq!(paper.take(), ["0 s  0/60 done  about 25 s by the quotas"]);

    (0..10).for_each(|_| stop(&mut watch, 0, 1));
    tokio::time::advance(Duration::from_millis(1500)).await;
    tick(&mut watch);
    assert!(paper.take().is_empty(), "less than five seconds have passed");
    for _ in 0..7 {
        tokio::time::advance(Duration::from_millis(500)).await;
        stop(&mut watch, 0, 1);
    }
    assert_eq!(paper.take(), ["5 s  16/60 done  3.2/s  22 s left  16 stopped"]);

    send(&mut watch, &throttled(0, 9, Some(1.0)));
    tokio::time::advance(seconds(5)).await;
    tick(&mut watch);
    tick(&mut watch);
    assert_eq!(paper.take(), ["10 s  17/60 done  0.2/s  57 s left  17 stopped  throttled for 4 s"]);

    tokio::time::advance(seconds(5)).await;
    send(&mut watch, &Event::Finished { target: 0, lane: Some(0), result: &failed(ErrorClass::Denied, "", "no") });
    assert_eq!(paper.take(), ["15 s  18/60 done  0.2/s  52 s left  1 failed, 17 stopped  slowed to 1.0/s"]);

    tokio::time::advance(seconds(58)).await;
    send(&mut watch, &Event::Ended { status: Status::Interrupted });
    assert_eq!(paper.take(), ["1 min 13 s  18/60 done  1 failed, 17 stopped  interrupted"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_out_is_told_once_and_counted_nowhere() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Plain, false, Detail::Nothing, &paper);
    send(&mut watch, &started(&[lane(20)], 66));
    assert_eq!(paper.take(), ["0 s  0/20 done  about 5 s by the quotas  46 left out"]);
    for target in 20..66 {
        let result = TargetResult::skipped(SkipReason::Protected);
        send(&mut watch, &Event::Finished { target, lane: None, result: &result });
    }
    tokio::time::advance(seconds(5)).await;
    tick(&mut watch);
    assert_eq!(paper.take(), ["5 s  0/20 done"]);
    stop(&mut watch, 0, 1);
    send(&mut watch, &Event::Finished { target: 1, lane: Some(0), result: &row(Outcome::Unknown) });
    let not_sent = TargetResult::skipped(SkipReason::Interrupted);
    send(&mut watch, &Event::Finished { target: 2, lane: Some(0), result: &not_sent });
    send(&mut watch, &Event::Ended { status: Status::Interrupted });
    assert_eq!(paper.take(), ["5 s  3/20 done  1 unknown, 1 skipped, 1 stopped  interrupted"]);
}

#[tokio::test(start_paused = true)]
async fn a_log_names_the_lanes_with_most_to_do() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Plain, true, Detail::Nothing, &paper);
    let lanes: Vec<_> = (0..200).map(|n| LaneInfo { account: format!("team-{n}\u{1b}"), ..lane(n) }).collect();
    send(&mut watch, &started(&lanes, 19_900));
    (0..200).for_each(|lane| send(&mut watch, &throttled(lane, 20, None)));
    paper.take();
    tokio::time::advance(seconds(5)).await;
    tick(&mut watch);
    let lines = paper.take();
    assert_eq!(lines.len(), 12, "{lines:#?}");
    assert_eq!(lines[1], "  team-199\\u{1b} fnf_execution  0/199  throttled for 15 s");
    assert_eq!(lines[11], "  and 189 more lanes");
}

#[tokio::test(start_paused = true)]
async fn a_long_run_has_no_long_log() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Plain, false, Detail::Nothing, &paper);
    send(&mut watch, &started(&[lane(10)], 10));
    for _ in 0..6 * 3600 {
        tokio::time::advance(seconds(1)).await;
        tick(&mut watch);
    }
    let lines = paper.take().len();
    assert!((360..500).contains(&lines), "{lines} lines in six hours");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_is_told_at_once_unless_nothing_is_wanted() {
    let class = ErrorClass::Network;
    let failing = Event::Failing { lane: 0, class, message: "drs.example: no connection: \u{1b}[31mno such host" };
    for (progress, told) in [(Progress::Plain, 1), (Progress::Auto, 1), (Progress::Off, 0)] {
        let paper = Paper::default();
        let mut watch = shown(progress, false, Detail::Nothing, &paper);
        send(&mut watch, &started(&[lane(1)], 1));
        paper.take();
        send(&mut watch, &failing);
        let line = "warning: fnf_execution: drs.example: no connection: \\u{1b}[31mno such host";
        assert_eq!(paper.take(), vec![line; told], "{progress:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_stage_and_its_pause_are_told() {
    let paper = Paper::default();
    let mut watch = shown(Progress::Plain, false, Detail::Nothing, &paper);
    send(&mut watch, &started(&[lane(20)], 20));
    send(&mut watch, &Event::Stage { stage: 0, name: "pi\u{1b}lot", open: 1 });
    assert_eq!(paper.take(), ["0 s  0/20 done  about 5 s by the quotas"], "the begin has one line");
    tokio::time::advance(seconds(1)).await;
    stop(&mut watch, 0, 1);
    send(&mut watch, &Event::Pausing { stage: 0, name: "pi\u{1b}lot", pause: Some(seconds(30)) });
    assert_eq!(paper.take(), ["1 s  1/20 done  stage pi\\u{1b}lot, pausing for 30 s, 1 stopped"]);
    tokio::time::advance(seconds(10)).await;
    tick(&mut watch);
    let [line] = &*paper.take() else { panic!("one line") };
    assert!(line.contains("stage pi\\u{1b}lot, pausing for 20 s"), "{line}");
    tokio::time::advance(seconds(20)).await;
    tick(&mut watch);
    paper.take();
    tokio::time::advance(seconds(1)).await;
    send(&mut watch, &Event::Stage { stage: 1, name: "rest", open: 19 });
    let [line] = &*paper.take() else { panic!("one line") };
    assert!(line.ends_with("stage rest, 1 stopped"), "{line}");
    send(&mut watch, &Event::Pausing { stage: 1, name: "rest", pause: None });
    let [line] = &*paper.take() else { panic!("one line") };
    assert!(line.ends_with("stage rest, waiting for a yes, 1 stopped"), "{line}");
}
