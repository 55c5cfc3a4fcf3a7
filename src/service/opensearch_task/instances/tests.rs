use super::super::super::tests::listing::{Captured, check_bad_pages, check_unseen, page_at, pages, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;

#[test]
fn requests_are_as_captured() {
    for (from, capture) in [
        (From::Start, "searchengine-ListInstances--select-page1"),
        (From::Number(2), "searchengine-ListInstances--select-page2"),
    ] {
        Captured::read(capture).check(&Instances.request(&page_at(from, PAGE), &SCOPE));
    }
}

#[test]
fn pages_show_what_is_known_of_tasks_and_no_key_of_anybody() {
    let captured = Captured::read("searchengine-ListInstances--select-page1");
    assert!(captured.body.contains("LTAIsomebodyElses"));
    let page = Instances.page(&captured.response());
    check_unseen(&page, &["LTAIsomebodyElses", "accessKey"]);
    let page = page.unwrap();
    assert_eq!(page.total, Some(51));
    assert_eq!(shown(&page.rows[..1]), ["ha-cn-00000000000,-,-,-,-,-,d,engine,rg-1|-|-|env=test"]);
    let bad = captured.body.replace("\"totalCount\": 51, ", "");
    check_unseen(&Instances.page(&response(200, "", &bad)), &["LTAIsomebodyElses"]);
    let bad = captured.body.replacen("\"instanceId\": \"ha-cn-00000000001\"", "\"instanceId\": 1", 1);
    check_unseen(&Instances.page(&response(200, "", &bad)), &["LTAIsomebodyElses"]);
}

#[test]
fn tags_that_are_not_shown_are_not_known() {
    let of = |tags: &str| {
        let body = format!(r#"{{"totalCount": 1, "result": [{{"instanceId": "ha" {tags}}}]}}"#);
        Instances.page(&response(200, "", &body)).map(|page| page.rows[0].tags.clone())
    };
    let tags = |tags: &[(&str, &str)]| Some(tags.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect());
    assert_eq!(of(""), Ok(None));
    assert_eq!(of(r#", "tags": null"#), Ok(None));
    assert_eq!(of(r#", "tags": []"#), Ok(tags(&[])));
    let three = r#", "tags": [{"key": "a", "value": ""}, {"key": "a", "value": "2"}, {"key": "b"}]"#;
    assert_eq!(of(three), Ok(tags(&[("a", ""), ("a", "2"), ("b", "")])));
    for unread in [r#", "tags": {}"#, r#", "tags": [{"value": "x"}]"#, r#", "tags": ["keep"]"#] {
        assert!(of(unread).is_err(), "{unread}");
    }
}

#[test]
fn a_response_without_instances_is_no_empty_list() {
    check_bad_pages(&Instances, "result");
    let answer = |request: &Request| {
        let count = if request.query[0].1 == "1" { 50 } else { 1 };
        let entries: Vec<_> = (0..count).map(|n| format!(r#"{{"instanceId": "{}-{n}"}}"#, request.query[0].1)).collect();
        response(200, "", &format!(r#"{{"totalCount": 51, "result": [{}]}}"#, entries.join(",")))
    };
    assert_eq!(pages(&Instances, answer).unwrap().len(), 51);
}
