//! The progress while a run runs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use allstop::engine::{Attempt, Event, LaneInfo, Observer, Outcome, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::report::progress::{Bars, Detail, Namer, Outlet, Print, Progress, watch};
use indicatif::InMemoryTerm;

use super::fixture::{attempt, failed, lane, row, stopped};

/// Collects what is printed.
#[derive(Debug, Clone, Default)]
struct Paper(Arc<Mutex<Vec<String>>>);

impl Paper {
    fn print(&self) -> Print {
        let paper = self.clone();
        Arc::new(move |line| paper.add(line))
    }

    fn add(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Sends an event to all observers.
fn send(observers: &mut [Box<dyn Observer>], event: &Event<'_>) {
    for observer in observers {
        observer.on_event(event);
    }
}

const fn started(lanes: &[LaneInfo], targets: usize) -> Event<'_> {
    Event::Started { run: "019ab0c2-7e5f-7000-8000-000000000001", targets, lanes }
}

const fn throttled(lane: usize, pause: u64, rate: Option<f64>) -> Event<'static> {
    Event::Slowed { lane, pause: seconds(pause), from: None, rate, class: ErrorClass::Throttled }
}

/// Sends the events of a target that its `n`th request stops.
fn stop(observers: &mut [Box<dyn Observer>], lane: usize, n: u32) {
    send(observers, &Event::Sending { target: 0, lane, n });
    send(observers, &Event::Attempted { target: 0, lane, attempt: &attempt(n, None, None) });
    send(observers, &Event::Finished { target: 0, lane: Some(lane), result: &stopped() });
}

fn tick(observers: &mut [Box<dyn Observer>]) {
    observers.iter_mut().for_each(|observer| observer.on_tick());
}

/// Returns the observers of a run that is shown so, printing to `paper`.
fn shown(progress: Progress, is_terminal: bool, detail: Detail, paper: &Paper) -> Vec<Box<dyn Observer>> {
    let namer: Namer = Box::new(|target| format!("fnf_execution:etl/\u{1b}{target}"));
    let bars = is_terminal.then(|| on(&InMemoryTerm::new(24, 80)).0);
    watch(progress, bars, (detail, namer), paper.print())
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

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

/// Returns the time left that the last line tells of.
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
    // All but one are stopped. Its answer is lost, and nobody knows how long it takes.
    send(&mut watch, &Event::Sending { target: 1, lane: 0, n: 1 });
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
    let begun_yesterday = TargetResult { started_at: Some(super::fixture::at(-86_400_000)), ..stopped() };
    for _ in 0..10 {
        tokio::time::advance(Duration::from_millis(500)).await;
        stop(&mut watch, 0, 1);
        send(&mut watch, &Event::Finished { target: 1, lane: Some(0), result: &begun_yesterday });
    }
    assert_eq!(paper.take().pop().unwrap(), "5 s  918/1,000 done  4.0/s  42 s left  918 stopped");
}

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

#[test]
fn off_is_off_and_bars_need_a_terminal() {
    let paper = Paper::default();
    assert!(shown(Progress::Off, true, Detail::Nothing, &paper).is_empty());
    assert!(shown(Progress::Bars, false, Detail::Nothing, &paper).is_empty());
}

/// Returns bars on a screen, and the way to it.
fn on(screen: &InMemoryTerm) -> (Bars, Outlet) {
    let missing = Box::new(|lines| format!("{lines} lines are missing"));
    let outlet = Outlet::new(Box::new(std::io::sink()), Box::new(screen.clone()), missing).unwrap();
    (Bars::on(Box::new(screen.clone()), outlet.clone()), outlet)
}

/// Returns what is on a screen once all that was sent there has come.
fn contents(screen: &InMemoryTerm, outlet: &Outlet) -> String {
    assert!(outlet.flush(seconds(120)));
    screen.contents()
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
            send(&mut watch, &Event::Sending { target: 0, lane: 2, n: 1 });
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
