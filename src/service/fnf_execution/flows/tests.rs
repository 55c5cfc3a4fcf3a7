use super::super::super::tests::listing::{Captured, check_bad_pages, check_unseen, page_at, pages, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::{Denied, Throttled};

#[test]
fn requests_are_as_captured() {
    for (from, size, capture) in [
        (From::Start, PAGE, "fnf-ListFlows--first"),
        (From::Start, PAGE, "fnf-ListFlows--sts"),
        (From::Token("flow_nextxxx".into()), PAGE, "fnf-ListFlows--next"),
        (From::Token("flow x".into()), PAGE, "fnf-ListFlows--basic"),
    ] {
        Captured::read(capture).check(&Flows.request(&page_at(from, size), &SCOPE));
    }
}

#[test]
fn pages_show_name_mode_and_resource_group() {
    let page = Flows.page(&Captured::read("fnf-ListFlows--first").response()).unwrap();
    assert_eq!((page.total, page.next.as_deref()), (None, Some("flow_nextxxx")));
    assert_eq!(
        shown(&page.rows),
        ["etl-orders,-,standard,rg-acfm1|-|-|-", "etl-fast,-,express,-|-|-|-"]
    );
    assert_eq!(Flows.id(&page.rows[0]), Some("etl-orders"));
    let of = |entry: &str| shown(&Flows.page(&response(200, "", &format!(r#"{{"Flows": [{entry}]}}"#))).unwrap().rows);
    assert_eq!(of(r#"{"Name": "a\nb"}"#), ["a\nb,-,-,-|-|-|-"]);
    assert_eq!(of(r#"{"Name": "a", "ExecutionMode": null, "ResourceGroupId": 7}"#), ["a,-,-,7|-|-|-"]);
    // A definition that is no good text spoils nothing.
    assert_eq!(of("{\"Name\": \"a\", \"Definition\": \"x\u{1}\\ud800\", \"ExecutionMode\": \"Standard\"}"), ["a,-,standard,-|-|-|-"]);
}

#[test]
fn the_last_page_has_no_token() {
    for (token, next) in [("", None), (r#", "NextToken": """#, None), (r#", "NextToken": null"#, None), (r#", "NextToken": "t""#, Some("t"))] {
        let page = Flows.page(&response(200, "", &format!(r#"{{"Flows": []{token}}}"#))).unwrap();
        assert_eq!(page.next.as_deref(), next, "{token}");
    }
    // An empty page with a token is not the last one.
    let answer = |request: &Request| match request.query.iter().find(|(key, _)| *key == "NextToken") {
        None => response(200, "", r#"{"Flows": [], "NextToken": "2"}"#),
        Some(_) => response(200, "", r#"{"Flows": [{"Name": "a"}]}"#),
    };
    assert_eq!(pages(&Flows, answer).unwrap().len(), 1);
}

#[test]
fn nothing_else_of_a_flow_is_kept() {
    let flow = r#"{"Flows": [{"Name": "a", "Definition": "kanari-1", "RoleArn": "kanari-2", "Description": "kanari-3"}]}"#;
    check_unseen(&Flows.page(&response(200, "", flow)), &["kanari"]);
    let bad = r#"{"Flows": [{"Name": "a"}, {"Name": 1, "Definition": "kanari"}]}"#;
    check_unseen(&Flows.page(&response(200, "", bad)), &["kanari"]);
}

#[test]
fn a_response_without_flows_is_no_empty_list() {
    check_bad_pages(&Flows, "Flows");
    for (capture, class, code) in [
        ("fnf-ListFlows--err-403-NoPermission", Denied, "NoPermission"),
        ("fnf-ListFlows--err-429-ResourceThrottled", Throttled, "ResourceThrottled"),
    ] {
        let error = Flows.page(&Captured::read(capture).response()).unwrap_err();
        assert_eq!((error.class, error.code.as_deref()), (Some(class), Some(code)), "{capture}");
    }
}
