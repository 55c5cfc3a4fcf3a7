use http::HeaderMap;

use crate::error::ApiError;
use crate::error::ErrorClass::{
    self, Auth, Clock, Conflict, Denied, Invalid, NotFound, Protocol, Rejected, Server, Throttled, Timeout,
};
use crate::http::Response;
use crate::provider::Cloud;

fn response(status: u16, body: &str) -> Response {
    Response { status, headers: HeaderMap::new(), body: body.to_owned().into() }
}

fn error(response: &Response) -> ApiError {
    Cloud::Alibaba.error(response)
}

#[test]
fn the_code_comes_before_the_status() {
    for (code, class) in [
        ("Throttling", Throttled),
        ("Throttling.Api", Throttled),
        ("Throttling.User", Throttled),
        ("Rejected.Throttling", Throttled),
        ("ResourceThrottled", Throttled),
        ("ServiceUnavailable", Server),
        ("InternalError", Server),
        ("InternalServerError", Server),
        ("InternalFailure", Server),
        ("ConcurrentUpdateError", Conflict),
        ("ConcurrencyUpdateInstanceConflict", Conflict),
        ("InstanceDuplicateScheduledTask", Conflict),
        ("TokenPreviousRequestProcessError", Conflict),
        ("SignatureNonceUsed", Conflict),
        ("InvalidTimeStamp.Expired", Clock),
        ("InvalidTimeStamp.Format", Clock),
        ("IllegalTimestamp", Clock),
        ("RequestTimeTooSkewed", Clock),
        ("InvalidAccessKeyId.NotFound", Auth),
        ("InvalidAccessKeyId.Inactive", Auth),
        ("InvalidAccessKeyID", Auth),
        ("SignatureDoesNotMatch", Auth),
        ("SignatureNotMatch", Auth),
        ("InvalidSecurityToken.Expired", Auth),
        ("AccessDenied", Denied),
        ("NoPermission", Denied),
        ("Forbidden", Denied),
        ("Forbidden.RAM", Denied),
        ("InvalidApi.NotFound", Rejected),
        ("InvalidProduct.NotFound", Rejected),
        ("InvalidProtocol.NeedSsl", Rejected),
        ("UnsupportedOperation", Rejected),
        ("NoSuchVersion", Rejected),
        ("MissingParameter", Invalid),
        ("MissingInstanceId", Invalid),
        ("InvalidParameter.Name", Invalid),
        ("instance.NotFound", NotFound),
        ("InstanceNotFound", NotFound),
        ("FlowNotExists", NotFound),
    ] {
        for status in [400, 403, 404, 500] {
            let body = format!(r#"{{"RequestId": "R", "Code": "{code}", "Message": "m"}}"#);
            let wanted = ApiError {
                class: Some(class),
                code: Some(code.into()),
                message: Some("m".into()),
                request_id: Some("R".into()),
            };
            assert_eq!(error(&response(status, &body)), wanted, "{status}");
        }
    }
}

#[test]
fn the_status_comes_second() {
    let class = |status, body| error(&response(status, body)).class;
    for (status, wanted) in [
        (400, Invalid),
        (403, Denied),
        (404, NotFound),
        (405, Rejected),
        (408, Timeout),
        (409, Conflict),
        (418, Rejected),
        (429, Throttled),
        (500, Server),
        (502, Server),
        (504, Server),
        (301, Protocol),
        (307, Protocol),
        (304, Protocol),
        (100, Protocol),
        (999, Protocol),
        (0, Protocol),
    ] {
        for body in ["{}", r#"{"Code": "Unheard"}"#, r#"{"Code": ""}"#, "<Error><Code>Unheard</Code></Error>"] {
            assert_eq!(class(status, body), Some(wanted), "{status} {body}");
        }
    }
}

#[test]
fn a_401_closes_no_account_without_a_code() {
    let class = |body| error(&response(401, body)).class;
    for body in [
        "{}",
        r#"{"Code": ""}"#,
        r#"{"Message": "Unauthorized"}"#,
        r#"{"error": "Unauthorized"}"#,
        "",
        "<html>log in</html>",
    ] {
        assert_eq!(class(body), Some(Protocol), "{body}");
    }
    assert_eq!(class(r#"{"Code": "Unheard"}"#), Some(Auth));
}

#[test]
fn whoever_asks_to_come_back_is_throttled_unless_the_code_says_what_it_is() {
    let class = |status, name: &'static str, value: &'static str, body| {
        let mut answer = response(status, body);
        answer.headers.insert(name, value.parse().unwrap());
        error(&answer).class
    };
    for (name, value) in
        [("x-acs-retry-after", "1500"), ("retry-after", "3"), ("retry-after", "Sun, 22 Nov 2026 05:30:07 GMT")]
    {
        for body in [r#"{"Code": "Gateway.Sorry"}"#, "{}", "<html>slow down</html>"] {
            for status in [400, 401, 403, 404, 418] {
                assert_eq!(class(status, name, value, body), Some(Throttled), "{status} {name} {body}");
            }
            assert_eq!(class(500, name, value, body), Some(Server), "{body}");
            assert_eq!(class(409, name, value, body), Some(Conflict), "{body}");
        }
        assert_eq!(class(400, name, value, r#"{"Code": "InvalidArgument"}"#), Some(Invalid));
        assert_eq!(class(403, name, value, r#"{"Code": "SignatureDoesNotMatch"}"#), Some(Auth));
    }
    for (name, value) in
        [("x-acs-retry-after", "0"), ("retry-after", "0"), ("retry-after", "soon"), ("retry-after", "-1")]
    {
        assert_eq!(class(400, name, value, "{}"), Some(Invalid), "{name}: {value}");
    }
}

#[test]
fn an_xml_error_with_two_codes_has_none() {
    let two = error(&response(404, "<Error><Code>Throttling</Code><Code>InstanceNotFound</Code></Error>"));
    assert_eq!((two.class, two.code), (Some(Protocol), None));
}

#[test]
fn a_stranger_s_word_counts_only_where_it_says_to_come_back() {
    let class = |status, body| error(&response(status, body)).class;
    for body in ["", "<html>log in</html>", "no", "[]", "<?xml version='1.0'?><Oops/>"] {
        for status in [400, 401, 402, 403, 404, 405, 407, 418, 451] {
            assert_eq!(class(status, body), Some(Protocol), "{status} {body}");
        }
        for (status, wanted) in [(408, Timeout), (409, Conflict), (429, Throttled), (500, Server), (503, Server)] {
            assert_eq!(class(status, body), Some(wanted), "{status} {body}");
        }
    }
}

#[test]
fn a_success_carries_no_error_but_its_id() {
    let plain = error(&response(200, r#"{"RequestId": "R", "Message": "fine", "Code": ""}"#));
    assert_eq!(plain, ApiError { request_id: Some("R".into()), ..ApiError::default() });
    assert_eq!(error(&response(204, "")), ApiError::default());
    let unheard: Option<ErrorClass> = error(&response(200, r#"{"Code": "Unheard"}"#)).class;
    assert_eq!(unheard, Some(Rejected));
}

#[test]
fn a_wrong_signature_s_echo_is_left_out() {
    let body = r#"{"Code": "SignatureDoesNotMatch", "Message": "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3Dx%26SecurityToken%3Dhush"}"#;
    let message = error(&response(400, body)).message.unwrap();
    assert_eq!(
        &*message,
        "Specified signature is not matched with our calculation. server [echo of the request removed]"
    );
}

#[test]
fn a_redirect_is_told_by_its_host() {
    let to = |location: &str| {
        let mut redirect = response(302, "");
        redirect.headers.insert("location", location.parse().unwrap());
        error(&redirect).message.unwrap()
    };
    assert_eq!(&*to("https://user:hush@x.example:8443/a?Signature=hush"), "a redirect to x.example, not followed");
    assert_eq!(&*to("/elsewhere"), "a redirect, not followed");
    assert_eq!(error(&response(302, "")).message.as_deref(), Some("a redirect, not followed"));
}

#[test]
fn a_page_is_named_and_not_quoted() {
    let page = error(&response(503, "<html><title>503 Busy</title>hush</html>"));
    assert_eq!(page.message.as_deref(), Some("an HTML page instead of JSON: 503 Busy"));
}
