//! The progress while a run runs.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use allstop::class::ErrorClass;
use allstop::report::progress::{Bars, Namer, Print, Progress, observers};
use allstop::run::{Event, LaneInfo, Observer, Outcome, Status, TargetResult};
use indicatif::{ProgressDrawTarget, TermLike};

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

fn finished(target: usize, result: &TargetResult) -> Event<'_> {
    Event::Finished { target, lane: Some(0), result }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn plain_lines_come_every_five_seconds_and_at_the_end() {
    let paper = Paper::default();
    let mut watch = observers(Progress::Auto, false, None, paper.print());
    let lanes = [lane(3), LaneInfo { api: "fnf:DescribeExecution".to_owned(), stops: false, ..lane(0) }];
    send(&mut watch, &Event::Started { run: "r", targets: 4, lanes: &lanes });
    send(&mut watch, &finished(0, &stopped()));
    tokio::time::advance(seconds(4)).await;
    send(&mut watch, &finished(1, &failed(ErrorClass::Denied, "", "no")));
    send(
        &mut watch,
        &Event::Slowed { lane: 0, pause: seconds(9), from: None, rate: None, class: ErrorClass::Throttled },
    );
    assert_eq!(paper.take(), ["0s  0/4 done"]);

    tokio::time::advance(seconds(8)).await;
    watch.iter_mut().for_each(|observer| observer.on_tick());
    watch.iter_mut().for_each(|observer| observer.on_tick());
    assert_eq!(paper.take(), ["12s  2/4 done  1 stopped  1 failed  fnf:StopExecution throttled, waiting 1s"]);

    tokio::time::advance(seconds(5)).await;
    send(&mut watch, &finished(2, &row(Outcome::AlreadyStopped)));
    assert_eq!(paper.take(), ["17s  3/4 done  1 stopped  1 already stopped  1 failed"]);

    tokio::time::advance(seconds(58)).await;
    send(&mut watch, &Event::Ended { status: Status::Interrupted });
    assert_eq!(paper.take(), ["1m 15s  3/4 done  1 stopped  1 already stopped  1 failed  interrupted"]);
}

#[tokio::test(start_paused = true)]
async fn a_plain_line_names_few_of_many_waiting_lanes() {
    let paper = Paper::default();
    let mut watch = observers(Progress::Plain, true, None, paper.print());
    let lanes: Vec<_> = (0..200).map(|n| LaneInfo { account: format!("team-{n}\u{1b}"), ..lane(1) }).collect();
    send(&mut watch, &Event::Started { run: "r", targets: 200, lanes: &lanes });
    for lane in 0..200 {
        send(
            &mut watch,
            &Event::Slowed { lane, pause: seconds(20), from: None, rate: None, class: ErrorClass::Throttled },
        );
    }
    tokio::time::advance(seconds(5)).await;
    watch.iter_mut().for_each(|observer| observer.on_tick());
    let line = paper.take().pop().unwrap();
    assert!(line.contains("  team-2\\u{1b} cn-hangzhou fnf:StopExecution throttled, waiting 15s  and 197 more lanes"));
}

#[tokio::test(start_paused = true)]
async fn attempts_get_a_line_each() {
    let paper = Paper::default();
    let namer: Namer = Box::new(|target| format!("fnf_execution:etl/\u{1b}{target}"));
    let mut watch = observers(Progress::Off, true, Some(namer), paper.print());
    let lost =
        allstop::run::Attempt { http_status: None, code: None, ..attempt(2, Some(ErrorClass::Timeout), Some(1500)) };
    for attempt in [attempt(1, Some(ErrorClass::Throttled), Some(312)), lost, attempt(3, None, None)] {
        send(&mut watch, &Event::Attempted { target: 7, lane: 0, attempt: &attempt });
    }
    assert_eq!(
        paper.take(),
        [
            "fnf_execution:etl/\\u{1b}7  attempt 1  429 ResourceThrottled  throttled, again in 312ms",
            "fnf_execution:etl/\\u{1b}7  attempt 2  no answer  timeout, again in 1s",
            "fnf_execution:etl/\\u{1b}7  attempt 3  200  ok",
        ]
    );
}

#[test]
fn off_is_off_and_bars_need_a_terminal() {
    let paper = Paper::default();
    assert!(observers(Progress::Off, true, None, paper.print()).is_empty());
    let mut watch = observers(Progress::Bars, false, None, paper.print());
    send(&mut watch, &Event::Started { run: "r", targets: 1, lanes: &[lane(1)] });
    send(&mut watch, &Event::Ended { status: Status::Completed });
    assert!(paper.take().is_empty());
}

/// The screen's columns.
const WIDTH: usize = 160;

/// A terminal that keeps the lines on its screen.
#[derive(Debug, Clone, Default)]
struct Screen(Arc<Mutex<(Vec<String>, usize)>>);

impl Screen {
    /// Returns what is to be seen, without trailing spaces and empty lines.
    fn lines(&self) -> Vec<String> {
        let (lines, _) = &*self.0.lock().unwrap();
        lines.iter().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// Lets the cursor wrap as terminals do: with the first character that has no room, not before.
    fn put(&self, ch: char) {
        let (lines, row) = &mut *self.0.lock().unwrap();
        *row += usize::from(lines.get(*row).is_some_and(|line| line.chars().count() >= WIDTH));
        if lines.len() <= *row {
            lines.resize(*row + 1, String::new());
        }
        lines[*row].push(ch);
    }

    fn move_by(&self, down: isize) -> io::Result<()> {
        let (_, row) = &mut *self.0.lock().unwrap();
        *row = row.saturating_add_signed(down);
        Ok(())
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        WIDTH.try_into().unwrap()
    }

    fn height(&self) -> u16 {
        50
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.move_by(-n.cast_signed())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.move_by(n.cast_signed())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)?;
        self.move_by(1)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        text.chars().for_each(|ch| self.put(ch));
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        let (lines, row) = &mut *self.0.lock().unwrap();
        lines.get_mut(*row).map(String::clear);
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn bars_show_the_busiest_lanes_and_go_away() {
    let screen = Screen::default();
    let mut bars = Bars::on(ProgressDrawTarget::term_like_with_hz(Box::new(screen.clone()), 255));
    let lanes: Vec<_> = (1..=40).map(|n| LaneInfo { account: format!("team-{n:02}"), ..lane(n) }).collect();
    bars.on_event(&Event::Started { run: "r", targets: 820, lanes: &lanes });
    for target in 0..40 {
        bars.on_event(&Event::Finished { target, lane: Some(39), result: &stopped() });
    }
    bars.on_event(&Event::Slowed { lane: 38, pause: seconds(4), from: None, rate: None, class: ErrorClass::Throttled });
    tokio::time::advance(seconds(1)).await;
    bars.on_tick();
    (bars.print_above())("a line above");

    let shown = screen.lines();
    assert_eq!(shown.first().map(String::as_str), Some("a line above"), "{shown:#?}");
    let has = |words: &[&str]| shown.iter().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(has(&["40/820", "40 stopped"]), "{shown:#?}");
    assert!(has(&["team-39", "0/39", "throttled, waiting 3s"]), "{shown:#?}");
    assert!(has(&["team-30"]) && !has(&["team-29"]) && !has(&["team-40"]), "{shown:#?}");

    bars.on_event(&Event::Ended { status: Status::Completed });
    bars.on_tick();
    assert_eq!(screen.lines(), ["a line above"]);
}
