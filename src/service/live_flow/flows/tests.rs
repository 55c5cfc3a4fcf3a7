use super::super::super::tests::listing::{Captured, check_bad_pages, page_at, pages, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::{Denied, Server, Throttled};

#[test]
fn requests_are_as_captured() {
    for (from, capture) in [
        (From::Start, "live-ListFlows--select-page1"),
        (From::Offset(0), "live-ListFlows--page"),
        (From::Offset(100), "live-ListFlows--select-page2"),
        (From::Start, "live-ListFlows--select-sts"),
    ] {
        Captured::read(capture).check(&Flows.request(&page_at(from, PAGE), &SCOPE));
    }
}

#[test]
fn pages_show_what_selects_and_where_it_is() {
    let page = Flows.page(&Captured::read("live-ListFlows--select-page1").response()).unwrap();
    assert_eq!((page.total, page.next), (Some(101), None));
    assert_eq!(
        shown(&page.rows),
        [
            "ec897482-d24b-4d64-aa39-407980902b10,flow-0,srt-caller|ACTIVE|-|-",
            "ec897482-d24b-4d64-aa39-407980902b11,flow-1,srt-caller|STANDBY|-|-",
        ]
    );
    assert_eq!(page.rows[0].region.as_deref(), Some("cn-north-4"));
    assert_eq!(Flows.id(&page.rows[0]), Some("ec897482-d24b-4d64-aa39-407980902b10"));

    let loose = r#"{"total": "2", "flows": [{"flow_id": "a", "name": 7, "status": null, "protocol": ["x"], "x": {}},
        {"flow_id": "b\u001b", "name": "", "region": {"a": 1}}]}"#;
    let page = Flows.page(&response(200, "", loose)).unwrap();
    assert_eq!(page.total, Some(2));
    assert_eq!(shown(&page.rows), ["a,7,-|-|-|-", "b\u{1b},,-|-|-|-"]);
}

#[test]
fn pages_are_turned_by_the_number_of_flows() {
    let of = |offset: u64, count: u64| {
        let flows: Vec<_> = (offset..offset + count).map(|n| format!(r#"{{"flow_id": "f{n}"}}"#)).collect();
        format!(r#"{{"total": 102, "flows": [{}]}}"#, flows.join(","))
    };
    let answer = |request: &Request| {
        let offset = request.query[1].1.parse().unwrap();
        response(200, "", &of(offset, if offset == 0 { 100 } else { 2 }))
    };
    assert_eq!(pages(&Flows, answer).unwrap().len(), 102);
}

#[test]
fn a_response_without_flows_is_no_empty_list() {
    check_bad_pages(&Flows, "flows");
    check_bad_pages_of_captures();
}

fn check_bad_pages_of_captures() {
    for (capture, class, code) in [
        ("live-ListFlows--err-200-no-flows", crate::error::ErrorClass::Protocol, None),
        ("live-ListFlows--err-400-LIVE.103011021", Server, Some("LIVE.103011021")),
        ("live-ListFlows--err-401-LIVE.100011003", Denied, Some("LIVE.100011003")),
        ("live-ListFlows--err-429-APIGW.0308", Throttled, Some("APIGW.0308")),
    ] {
        let error = Flows.page(&Captured::read(capture).response()).unwrap_err();
        assert_eq!((error.class, error.code.as_deref()), (Some(class), code), "{capture}");
    }
}
