//! The progress while a run runs.

mod bars;
mod detail;
mod lines;
mod time_left;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use allstop::engine::{Event, LaneInfo, Observer};
use allstop::error::ErrorClass;
use allstop::report::progress::{Bars, Detail, Namer, Outlet, Print, Progress, watch};
use indicatif::InMemoryTerm;

use super::fixture::{attempt, stopped};

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
    send(observers, &Event::Sending { target: 0, lane, n, batch: 1 });
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
    watch(progress, bars.map(|bars| Box::new(bars) as Box<dyn Observer>), (detail, namer), paper.print())
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
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

#[test]
fn off_is_off_and_bars_need_a_terminal() {
    let paper = Paper::default();
    assert!(shown(Progress::Off, true, Detail::Nothing, &paper).is_empty());
    assert!(shown(Progress::Bars, false, Detail::Nothing, &paper).is_empty());
}
