use super::super::super::tests::listing::{Captured, check_unseen, page_at, pages, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::Protocol;
use crate::service::From;

const ES: Records<'static> = Records { instance_id: "es" };

#[test]
fn requests_are_as_captured() {
    let list = Records { instance_id: "es-cn-n6w1o1x0w001cabcd" };
    Captured::read("es-ListActionRecords--basic").check(&list.request(&page_at(From::Number(1), 20), &SCOPE));
    let request = list.request(&page_at(From::Number(1), PAGE), &SCOPE);
    let bounds =
        [("actionNames", "UpdateInstance,RestartInstance"), ("startTime", "1795219200000"), ("endTime", "1795325400000")];
    let bounds = bounds.map(|(key, value)| (key, value.to_owned())).to_vec();
    let bounded = Request { query: [request.query.clone(), bounds].concat(), ..request };
    Captured::read("es-ListActionRecords--window").check(&bounded);
}

/// Returns the action and the start of the changes that go on, and whether the page is the last one because of them.
fn of(records: &str) -> (Vec<String>, bool) {
    let page = ES.page(&response(200, "", &format!(r#"{{"Result": [{records}]}}"#)));
    check_unseen(&page, &["kanari"]);
    let page = page.unwrap();
    let going_on = page.rows.iter().filter(|row| row.status.as_deref() == Some(GOES_ON));
    let said = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let shown = |row: &Resource| format!("{} {}", said(row.value(ACTION)), said(row.since.as_deref()));
    (going_on.map(shown).collect(), page.next.as_deref() == Some(""))
}

#[test]
fn a_change_goes_on_that_surely_has_not_ended() {
    let list = Records { instance_id: "es-cn-n6w1o1x0w001cabcd" };
    let page = list.page(&Captured::read("es-ListActionRecords--window").response()).unwrap();
    assert_eq!(
        shown(&page.rows),
        ["1795320000000 UpdateInstance R0,-,-,-,-,UpdateInstance|goes on|1795320000000|-"]
    );
    for end in ["", r#", "endTime": null"#, r#", "endTime": 0"#, r#", "endTime": "0""#, r#", "endTime": """#] {
        let record = format!(r#"{{"actionName": "A", "startTime": "7", "process": "37%", "statusInfo": ["kanari"]{end}}}"#);
        assert_eq!(of(&record), (vec!["A 7".to_owned()], true), "{end}");
    }
    for ended in [
        r#""process": "100%""#,
        r#""process": "37%", "endTime": 9"#,
        r#""process": 100"#,
        // Nobody knows whether it has ended.
        r#""endTime": null"#,
        r#""process": "done""#,
    ] {
        assert_eq!(of(&format!(r#"{{"actionName": "A", "startTime": 7, {ended}}}"#)), (vec![], false), "{ended}");
    }
}

#[test]
fn pages_are_turned_until_the_change_is_found() {
    let read = |change_on: &str| {
        let asked = std::cell::Cell::new(0);
        let rows = pages(&ES, |request| {
            asked.set(asked.get() + 1);
            let number = request.query.iter().find(|(key, _)| *key == "page").unwrap().1.clone();
            let count = if number == "3" { 7 } else { PAGE };
            let past = (0..count).map(|n| format!(r#"{{"startTime": {number}{n:02}, "endTime": 2, "process": "100%"}}"#));
            let mut records: Vec<_> = past.collect();
            if number == change_on {
                *records.last_mut().unwrap() = r#"{"actionName": "A", "startTime": 5, "process": "0%"}"#.to_owned();
            }
            response(200, "", &format!(r#"{{"Result": [{}]}}"#, records.join(",")))
        });
        (asked.get(), rows.unwrap().iter().filter(|row| row.status.is_some()).count())
    };
    assert_eq!(read("1"), (1, 1));
    assert_eq!(read("2"), (2, 1));
    assert_eq!(read("3"), (3, 1));
    assert_eq!(read("none"), (3, 0));
}

#[test]
fn a_response_without_changes_is_no_empty_list() {
    let bodies = ["{}", r#"{"Result": null}"#, r#"{"Result": {}}"#, r#"{"Result": [null]}"#, r#"{"Result": [], "Code": "X"}"#, ""];
    for body in bodies {
        assert_eq!(ES.page(&response(200, "", body)).unwrap_err().class, Some(Protocol), "{body}");
    }
    let other = r#"{"Result": [{"instanceId": "es-2", "startTime": 7, "process": "1%"}]}"#;
    assert_eq!(ES.page(&response(200, "", other)).unwrap_err().class, Some(Protocol));
}
