//! The bars on a terminal, on screens of many sizes.

use allstop::engine::{Event, LaneInfo, Observer, Outcome, Status};
use allstop::report::progress::Outlet;
use indicatif::InMemoryTerm;

use super::super::fixture::{attempt, lane, row};
use super::{contents, on, seconds, send, started, stop, throttled, tick};

#[tokio::test(start_paused = true)]
async fn at_eighty_columns_the_failures_and_the_pauses_are_whole() {
    let screen = InMemoryTerm::new(24, 80);
    let (bars, outlet) = on(&screen);
    let mut watch: Vec<Box<dyn Observer>> = vec![Box::new(bars)];
    let lanes = ["production-incident-account", "staging-incident-account"]
        .map(|account| LaneInfo { account: account.to_owned(), ..lane(20_000) });
    send(&mut watch, &started(&lanes, 40_000));
    for (outcome, rows) in [
        (Outcome::Stopped, 12_345),
        (Outcome::AlreadyStopped, 1_234),
        (Outcome::Accepted, 123),
        (Outcome::Failed, 1_023),
        (Outcome::Unknown, 12),
    ] {
        for target in 0..rows {
            send(&mut watch, &Event::Finished { target, lane: Some(0), result: &row(outcome) });
        }
    }
    send(&mut watch, &throttled(1, 40, Some(1.3)));
    tokio::time::advance(seconds(1)).await;
    tick(&mut watch);
    let shown = contents(&screen, &outlet);
    assert!(shown.contains("  1,023 failed, 12 unknown, "), "{shown}");
    assert!(shown.contains("throttled for 39 s"), "{shown}");
}

/// Shows a run on a screen this wide: one lane goes on, one is throttled, one waits for ends, one has not begun.
async fn on_a_screen(columns: u16) -> (Vec<Box<dyn Observer>>, Outlet, InMemoryTerm) {
    let screen = InMemoryTerm::new(24, columns);
    let (bars, outlet) = on(&screen);
    let mut watch: Vec<Box<dyn Observer>> = vec![Box::new(bars)];
    let names = [("fnf:StopExecution", 60), ("live:UpdateFlowStatusStop", 40), ("drs:StopJob", 5)];
    let mut lanes: Vec<_> =
        names.iter().map(|(api, targets)| LaneInfo { api: (*api).to_owned(), ..lane(*targets) }).collect();
    lanes.push(LaneInfo { api: "elasticsearch:InterruptElasticsearchTask".to_owned(), ..lane(1000) });
    send(&mut watch, &started(&lanes, 1105));
    for second in 0..8 {
        stop(&mut watch, 0, 1);
        stop(&mut watch, 0, 1);
        if second < 5 {
            stop(&mut watch, 1, 1);
            send(&mut watch, &Event::Sending { target: 0, lane: 2, n: 1, batch: 1 });
            send(&mut watch, &Event::Attempted { target: 0, lane: 2, attempt: &attempt(1, None, None) });
        }
        tokio::time::advance(seconds(1)).await;
    }
    send(&mut watch, &throttled(1, 40, Some(1.3)));
    tick(&mut watch);
    (watch, outlet, screen)
}

#[tokio::test(start_paused = true)]
async fn bars_fit_every_screen() {
    for columns in [20, 40, 80, 200] {
        let (mut watch, outlet, screen) = on_a_screen(columns).await;
        outlet.print()("a line above");
        insta::assert_snapshot!(format!("bars_{columns}"), contents(&screen, &outlet));
        send(&mut watch, &Event::Ended { status: Status::Completed });
        tick(&mut watch);
        assert_eq!(contents(&screen, &outlet), "a line above", "they go away");
    }
}

#[tokio::test(start_paused = true)]
async fn no_screen_is_too_small() {
    for columns in 1..20 {
        let (_, outlet, screen) = on_a_screen(columns).await;
        let contents = contents(&screen, &outlet);
        assert_eq!(contents.lines().count(), 5, "no line wraps at {columns} columns: {contents}");
    }
}

#[tokio::test(start_paused = true)]
async fn bars_show_the_busiest_lanes() {
    let screen = InMemoryTerm::new(50, 160);
    let (mut bars, outlet) = on(&screen);
    let lanes: Vec<_> = (1..=40).map(|n| LaneInfo { account: format!("team-{n:02}"), ..lane(n) }).collect();
    bars.on_event(&started(&lanes, 820));
    for target in 0..40 {
        bars.on_event(&Event::Finished { target, lane: Some(39), result: &row(Outcome::Stopped) });
    }
    bars.on_event(&throttled(38, 4, None));
    tokio::time::advance(seconds(1)).await;
    bars.on_tick();
    let shown = contents(&screen, &outlet);
    let has = |words: &[&str]| shown.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(has(&["40/820", "40 stopped"]), "{shown}");
    assert!(has(&["team-39", "0/39", "throttled for 3 s"]), "{shown}");
    assert!(has(&["team-30"]) && !has(&["team-29"]) && !has(&["team-40"]), "{shown}");
    assert!(has(&["and 29 more lanes"]), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn bars_make_room_for_a_question() {
    let screen = InMemoryTerm::new(24, 80);
    let (mut bars, outlet) = on(&screen);
    bars.on_event(&started(&[lane(20)], 20));
    bars.on_event(&Event::Stage { stage: 0, name: "pilot", open: 20 });
    assert!(!contents(&screen, &outlet).is_empty());
    bars.on_event(&Event::Pausing { stage: 0, name: "pilot", pause: None });
    assert_eq!(contents(&screen, &outlet), "");
    tokio::time::advance(seconds(5)).await;
    bars.on_tick();
    assert_eq!(contents(&screen, &outlet), "", "nothing is drawn over the question");
    bars.on_event(&Event::Stage { stage: 1, name: "rest", open: 10 });
    assert!(contents(&screen, &outlet).contains("stage rest"), "they are back");
}
