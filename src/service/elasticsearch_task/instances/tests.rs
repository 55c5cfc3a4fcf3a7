use super::super::super::tests::listing::{Captured, check_bad_pages, check_unseen, page_at, pages, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::{Denied, Protocol, Throttled};

#[test]
fn requests_are_as_captured() {
    Captured::read("es-ListInstance--select-all").check(&Instances.request(&page_at(From::Start, PAGE), &SCOPE));
    // The other captures ask for a status, which a listing does not.
    let request = Instances.request(&page_at(From::Number(2), PAGE), &SCOPE);
    let with_status = Request { query: [request.query.clone(), vec![("status", "activating".into())]].concat(), ..request };
    Captured::read("es-ListInstance--select-page2").check(&with_status);
}

#[test]
fn pages_show_instances() {
    let page = Instances.page(&Captured::read("es-ListInstance--select-activating").response()).unwrap();
    assert_eq!(page.total, Some(2));
    assert_eq!(
        shown(&page.rows[..1]),
        ["es-cn-n6w1o1x0w001c0001,日志,rg-acfm1,7.10.0_with_X-Pack,postpaid,-|activating|-|env=test"]
    );
    let page = Instances.page(&Captured::read("es-ListInstance--basic").response()).unwrap();
    assert_eq!(shown(&page.rows), ["es-cn-x,-,-,-,-,-|activating|-|-"]);
    let full = r#"{"Headers": {"X-Total-Count": "1"}, "Result": [{"instanceId": "es", "esIPWhitelist": ["kanari"], "tags": [],
        "kibanaIPWhitelist": ["kanari"], "advancedSetting": {"x": "kanari"}}]}"#;
    let page = Instances.page(&response(200, "", full));
    check_unseen(&page, &["kanari"]);
    assert_eq!(shown(&page.unwrap().rows), ["es,-,-,-,-,-|-|-|"]);
}

#[test]
fn a_response_without_instances_is_no_empty_list() {
    check_bad_pages(&Instances, "Result");
    for (capture, class, code) in [
        ("es-ListInstance--err-200-with-code", Protocol, "InternalServerError"),
        ("es-ListInstance--err-400-Throttling.User", Throttled, "Throttling.User"),
        ("es-ListInstance--err-403-Forbidden.RAM", Denied, "Forbidden.RAM"),
    ] {
        let error = Instances.page(&Captured::read(capture).response()).unwrap_err();
        assert_eq!((error.class, error.code.as_deref()), (Some(class), Some(code)), "{capture}");
    }
    for headers in ["null", "{}", r#"{"X-Total-Count": null}"#, r#"{"X-Total-Count": -1}"#, r#"{"X-Total-Count": "many"}"#] {
        let body = format!(r#"{{"Headers": {headers}, "Result": []}}"#);
        assert_eq!(Instances.page(&response(200, "", &body)).unwrap_err().class, Some(Protocol), "{headers}");
    }
    let answer = |request: &Request| {
        let count = if request.query[0].1 == "1" { 100 } else { 1 };
        let entries: Vec<_> = (0..count).map(|n| format!(r#"{{"instanceId": "{}-{n}"}}"#, request.query[0].1)).collect();
        response(200, "", &format!(r#"{{"Headers": {{"X-Total-Count": 101}}, "Result": [{}]}}"#, entries.join(",")))
    };
    assert_eq!(pages(&Instances, answer).unwrap().len(), 101);
}
