use std::cell::Cell;

use super::super::super::lister::Unit as ListingUnit;
use super::super::super::tests::listing::{Captured, NOW, Wants, check_bad_pages, check_unseen, page_at, shown};
use super::super::super::tests::{SCOPE, response};
use super::super::flows::{MODE, named};
use super::*;
use crate::error::ErrorClass::NotFound;

/// A listing of which only the time is asked.
struct Clock(Mutex<Cell<Option<Timestamp>>>);

impl Listing for Clock {
    fn now(&self) -> Option<Timestamp> {
        self.0.lock().unwrap().get()
    }

    fn unit(&self, what: String) -> Box<dyn ListingUnit + '_> {
        panic!("nobody asks for the unit {what}")
    }

    fn expect(&self, _units: usize) {}

    fn warn(&self, _what: String) {}
}

fn clock(now: &str) -> Clock {
    Clock(Mutex::new(Cell::new(now.parse().ok())))
}

fn etl() -> Resource {
    named("etl-orders").with(MODE, Some("standard".into()))
}

#[test]
fn requests_are_as_captured() {
    let (flow, clock) = (etl(), clock(NOW));
    let next = || From::Token("397aba96-4d85-11ef-9c97-0242ac120002".into());
    for (status, from, capture) in [
        ("Starting", From::Start, "fnf-ListExecutions--select-starting"),
        ("Running", From::Start, "fnf-ListExecutions--select-running"),
        ("Running", From::Start, "fnf-ListExecutions--sts"),
        ("Running", next(), "fnf-ListExecutions--select-next"),
    ] {
        let wants = Wants::default();
        let list = Executions::new(&flow, status, &clock, &wants);
        Captured::read(capture).check(&list.request(&page_at(from, PAGE), &SCOPE));
    }
    let wants = Wants { prefix: "run-2026", ..Wants::default() };
    let list = Executions::new(&flow, "Running", &clock, &wants);
    Captured::read("fnf-ListExecutions--prefix").check(&list.request(&page_at(From::Start, PAGE), &SCOPE));
}

fn bounds(list: &Executions<'_>, from: From) -> Vec<String> {
    let request = list.request(&page_at(from, PAGE), &SCOPE);
    let bounds = request.query.iter().filter(|(key, _)| key.starts_with("Started"));
    bounds.map(|(key, at)| format!("{key}={at}")).collect()
}

#[test]
fn times_are_bounded_a_second_wider_by_the_clock_of_the_service() {
    let flow = etl();
    let (earliest, latest) = ("2026-11-22T01:00:00.5Z", "2026-11-22T03:00:00.5Z");
    let wants = Wants { started: [Some(earliest), Some(latest)], ..Wants::default() };
    let clock = clock("unknown");
    let list = Executions::new(&flow, "Running", &clock, &wants);
    assert!(bounds(&list, From::Start).is_empty(), "no time is known");
    assert!(bounds(&list, From::Token("t".into())).is_empty());

    clock.0.lock().unwrap().set(NOW.parse().ok());
    assert!(bounds(&list, From::Token("t".into())).is_empty(), "the bounds of the first page count");
    let wide = ["StartedTimeBegin=2026-11-22T00:59:59Z", "StartedTimeEnd=2026-11-22T03:00:02Z"];
    assert_eq!(bounds(&list, From::Start), wide);
    assert_eq!(bounds(&list, From::Token("t".into())), wide);

    let wants = Wants { started: [None, Some("2026-11-22T03:00:00Z")], ..Wants::default() };
    let list = Executions::new(&flow, "Running", &clock, &wants);
    assert_eq!(bounds(&list, From::Start), ["StartedTimeEnd=2026-11-22T03:00:01Z"]);
}

#[test]
fn pages_show_executions_with_what_is_known_of_their_flow() {
    let (flow, clock, wants) = (etl(), clock(NOW), Wants::default());
    let list = Executions::new(&flow, "Running", &clock, &wants);
    let page = list.page(&Captured::read("fnf-ListExecutions--select-running").response()).unwrap();
    assert_eq!(page.next.as_deref(), Some("397aba96-4d85-11ef-9c97-0242ac120002"));
    assert_eq!(
        shown(&page.rows),
        [
            "etl-orders,run-20261122-1,standard,-|Running|2026-11-22T01:02:03.004Z|-",
            "etl-orders,sync:0f6c4c1e-2f4b-4a66-9f0e-6d0d5b7a1a11,standard,-|Running|2026-11-22T03:00:00.000Z|-",
        ]
    );
    assert_eq!(list.id(&page.rows[0]), Some("run-20261122-1"));
    // What a service that ignores MetadataOnly shows besides is not kept.
    let full = r#"{"Executions": [{"Name": "a", "Input": "{\"password\": \"kanari\"}", "Output": "kanari", "FlowDefinition": "kanari"}]}"#;
    check_unseen(&list.page(&response(200, "", full)), &["kanari"]);
}

#[test]
fn a_response_without_executions_is_no_empty_list() {
    let (flow, clock, wants) = (etl(), clock(NOW), Wants::default());
    let list = Executions::new(&flow, "Running", &clock, &wants);
    check_bad_pages(&list, "Executions");
    let other = r#"{"Executions": [{"FlowName": "report", "Name": "a"}]}"#;
    assert_eq!(list.page(&response(200, "", other)).unwrap_err().class, Some(crate::error::ErrorClass::Protocol));
    let error = list.page(&Captured::read("fnf-ListExecutions--err-404-FlowNotExists").response()).unwrap_err();
    assert_eq!((error.class, error.code.as_deref()), (Some(NotFound), Some("FlowNotExists")));
}
