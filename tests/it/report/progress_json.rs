//! The progress as lines of JSON.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use allstop::clock::Clock;
use allstop::engine::{Event, LaneInfo, Observer, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::report::progress::Detail;
use allstop::report::progress::json::{JsonLines, JsonWriter, Line};
use jiff::Timestamp;

use super::fixture::{at, attempt, failed, lane, stopped};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        at(0)
    }
}

type Paper = Arc<Mutex<Vec<String>>>;

fn scribe(paper: &Paper) -> JsonWriter {
    let paper = Arc::clone(paper);
    JsonWriter::new(Arc::new(Noon), Arc::new(move |line| paper.lock().unwrap().push(line.to_owned())))
}

fn lines(is_regular: bool, detail: Detail, paper: &Paper) -> JsonLines {
    JsonLines::new(is_regular, (detail, Box::new(|target| format!("etl/{target}\u{1b}"))), scribe(paper))
}

/// Shows a run with a bit of everything.
async fn show(watch: &mut JsonLines) {
    let lanes = [lane(60), LaneInfo { api: "fnf:DescribeExecution".to_owned(), stops: false, ..lane(0) }];
    watch.on_event(&Event::Started { run: "019ab0c2", targets: 61, lanes: &lanes });
    let skipped = TargetResult::skipped(SkipReason::Protected);
    watch.on_event(&Event::Finished { target: 60, lane: None, result: &skipped });
    for n in 0..8 {
        watch.on_event(&Event::Sending { target: n, lane: 0, n: 1, batch: 1 });
        watch.on_event(&Event::Attempted { target: n, lane: 0, attempt: &attempt(1, None, None) });
        watch.on_event(&Event::Finished { target: n, lane: Some(0), result: &stopped() });
        tokio::time::advance(Duration::from_millis(500)).await;
    }
    watch.on_event(&Event::Sending { target: 8, lane: 0, n: 1, batch: 1 });
    let throttled = attempt(1, Some(ErrorClass::Throttled), Some(312));
    let (pause, class) = (Duration::from_secs(3), ErrorClass::Throttled);
    watch.on_event(&Event::Slowed { lane: 0, pause, from: None, rate: Some(1.23456), class });
    watch.on_event(&Event::Attempted { target: 8, lane: 0, attempt: &throttled });
    watch.on_tick();
    watch.on_event(&Event::Quickened { lane: 0, from: 1.23456, rate: None });
    watch.on_event(&Event::Read { target: 9, lane: 1, state: Some("Running") });
    watch.on_event(&Event::Failing { lane: 1, class: ErrorClass::Server, message: "the service is gone" });
    watch.on_event(&Event::GivenUp { lane: 1, class: ErrorClass::Server });
    let denied = failed(ErrorClass::Denied, "AccessDenied", "no");
    watch.on_event(&Event::Finished { target: 9, lane: Some(0), result: &denied });
    watch.on_event(&Event::Ended { status: Status::Completed });
    watch.on_tick();
}

#[tokio::test(start_paused = true)]
async fn every_sort_of_line() {
    let paper = Paper::default();
    show(&mut lines(true, Detail::Everything, &paper)).await;
    insta::assert_snapshot!("progress_json", paper.lock().unwrap().join("\n"));
}

#[tokio::test(start_paused = true)]
async fn every_line_is_a_flat_object_with_a_name_and_a_moment() {
    let paper = Paper::default();
    show(&mut lines(true, Detail::Everything, &paper)).await;
    scribe(&paper).write(&Line::Note { text: "two\nlines".into() });
    for line in paper.lock().unwrap().iter() {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        assert!(object["event"].is_string() && object["at"].is_string(), "{line}");
        assert!(object.values().all(|value| !value.is_object() && !value.is_array()), "{line}");
        assert!(!line.contains(['\n', '\u{1b}']), "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_every_second_and_the_details_are_there_only_when_wanted() {
    let (all, few) = (Paper::default(), Paper::default());
    show(&mut lines(true, Detail::Nothing, &all)).await;
    show(&mut lines(false, Detail::Nothing, &few)).await;
    let named = |paper: &Paper, name: &str| {
        let name = format!(r#""event":"{name}""#);
        paper.lock().unwrap().iter().filter(|line| line.contains(&name)).count()
    };
    // At the start, after each of four seconds, and at the end.
    assert_eq!((named(&all, "progress"), named(&few, "progress")), (6, 0));
    assert_eq!((named(&all, "slowed"), named(&few, "slowed")), (1, 1));
    for detail in ["attempt", "finished", "read"] {
        assert_eq!(named(&all, detail), 0, "{detail}");
    }
}
