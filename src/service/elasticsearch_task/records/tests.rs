use super::super::super::tests::listing::{Captured, check_unseen, page_at, pages, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::Protocol;
use crate::service::From;
use super::super::instances::FIELDS;

fn instance(id: &str) -> Resource {
    Resource { status: Some("activating".into()), ..Resource::unknown(FIELDS).with(INSTANCE_ID, Some(id.into())) }
}

#[test]
fn requests_are_as_captured() {
    let instance = instance("es-cn-n6w1o1x0w001cabcd");
    let list = Records { instance: &instance };
    Captured::read("es-ListActionRecords--basic").check(&list.request(&page_at(From::Start, 20), &SCOPE));
    let request = list.request(&page_at(From::Number(1), PAGE), &SCOPE);
    let bounds = [("actionNames", "UpdateInstance,RestartInstance"), ("startTime", "1795219200000"), ("endTime", "1795325400000")];
    let bounds = bounds.map(|(key, value)| (key, value.to_owned())).to_vec();
    let bounded = Request { query: [request.query.clone(), bounds].concat(), ..request };
    Captured::read("es-ListActionRecords--window").check(&bounded);
}

fn of(records: &str) -> Vec<String> {
    let instance = instance("es");
    let page = Records { instance: &instance }.page(&response(200, "", &format!(r#"{{"Result": [{records}]}}"#)));
    check_unseen(&page, &["kanari"]);
    shown(&page.unwrap().rows)
}

#[test]
fn the_change_that_goes_on_is_the_newest_that_has_not_ended() {
    let capture = Captured::read("es-ListActionRecords--window");
    let instance = instance("es-cn-n6w1o1x0w001cabcd");
    let page = Records { instance: &instance }.page(&capture.response()).unwrap();
    assert_eq!(shown(&page.rows), ["es-cn-n6w1o1x0w001cabcd,-,-,-,-,UpdateInstance|activating|1795320000000|-"]);

    let nothing = "es,-,-,-,-,-|activating|-|-";
    for end in ["", r#", "endTime": null"#, r#", "endTime": 0"#, r#", "endTime": "0""#, r#", "endTime": """#] {
        let record = format!(r#"{{"actionName": "A", "startTime": "7", "process": "37%", "statusInfo": ["kanari"]{end}}}"#);
        assert_eq!(of(&record), ["es,-,-,-,-,A|activating|7|-"], "{end}");
    }
    for ended in [
        r#""process": "100%""#,
        r#""process": "37%", "endTime": 9"#,
        r#""process": 100"#,
        // Nobody knows whether it has ended.
        r#""endTime": null"#,
        r#""process": "done""#,
    ] {
        assert_eq!(of(&format!(r#"{{"actionName": "A", "startTime": 7, {ended}}}"#)), [nothing], "{ended}");
    }
    let two = r#"{"actionName": "Old", "startTime": 7, "process": "1%"}, {"actionName": "New", "startTime": 70, "process": 2.5},
        {"actionName": "Past", "startTime": 700, "process": "100%"}"#;
    assert_eq!(of(two), ["es,-,-,-,-,New|activating|70|-"]);
}

#[test]
fn pages_are_turned_until_the_change_is_found() {
    let instance = instance("es");
    let past = r#"{"startTime": 1, "endTime": 2, "process": "100%"}"#;
    let read = |change_on: &str| {
        let asked = std::cell::Cell::new(0);
        let rows = pages(&Records { instance: &instance }, |request| {
            asked.set(asked.get() + 1);
            let number = request.query.iter().find(|(key, _)| *key == "page").unwrap().1.clone();
            let mut records = vec![past; if number == "3" { 7 } else { PAGE as usize }];
            if number == change_on {
                *records.last_mut().unwrap() = r#"{"actionName": "A", "startTime": 5, "process": "0%"}"#;
            }
            response(200, "", &format!(r#"{{"Result": [{}]}}"#, records.join(",")))
        });
        let found = rows.unwrap().into_iter().filter_map(|row| row.since).collect::<Vec<_>>();
        (asked.get(), found.len())
    };
    assert_eq!(read("1"), (1, 1));
    assert_eq!(read("2"), (2, 1));
    assert_eq!(read("3"), (3, 1));
    assert_eq!(read("none"), (3, 0));
}

#[test]
fn a_response_without_changes_is_no_empty_list() {
    let instance = instance("es");
    let list = Records { instance: &instance };
    for body in ["{}", r#"{"Result": null}"#, r#"{"Result": {}}"#, r#"{"Result": [null]}"#, r#"{"Result": [], "Code": "X"}"#, ""] {
        assert_eq!(list.page(&response(200, "", body)).unwrap_err().class, Some(Protocol), "{body}");
    }
    let other = r#"{"Result": [{"instanceId": "es-2", "startTime": 7, "process": "1%"}]}"#;
    assert_eq!(list.page(&response(200, "", other)).unwrap_err().class, Some(Protocol));
}
