use http::HeaderMap;

use crate::error::ApiError;
use crate::error::ErrorClass::{Auth, Clock, Denied, Invalid, Protocol, Rejected, Server, Throttled};
use crate::http::Response;
use crate::provider::Cloud;

fn response(status: u16, body: &str) -> Response {
    Response { status, headers: HeaderMap::new(), body: body.to_owned().into() }
}

fn error(response: &Response) -> ApiError {
    Cloud::Huawei.error(response)
}

#[test]
fn the_gateway_s_codes_have_their_classes() {
    for (status, number, class) in [
        (404, "0101", Rejected),
        (404, "0103", Rejected),
        (400, "0104", Invalid),
        (400, "0106", Invalid),
        (400, "0201", Invalid),
        (413, "0201", Rejected),
        (502, "0201", Server),
        (504, "0201", Server),
        (401, "0301", Auth),
        (403, "0302", Denied),
        (401, "0303", Auth),
        (403, "0304", Denied),
        (401, "0305", Auth),
        (403, "0306", Denied),
        (401, "0307", Auth),
        (429, "0308", Throttled),
        (403, "0310", Denied),
        (401, "0311", Auth),
        (403, "0401", Denied),
        (403, "0404", Denied),
        (405, "0501", Rejected),
        (500, "0601", Server),
        (400, "0602", Invalid),
        (500, "0605", Server),
        (500, "0606", Server),
        (500, "0608", Server),
        (502, "0610", Server),
        (500, "0611", Server),
        (503, "0613", Server),
        (500, "0705", Server),
        (403, "0801", Denied),
    ] {
        for prefix in ["APIGW", "APIG"] {
            let body = format!(r#"{{"error_code": "{prefix}.{number}", "error_msg": "m", "request_id": "gw"}}"#);
            let wanted = ApiError {
                class: Some(class),
                code: Some(format!("{prefix}.{number}").into()),
                message: Some("m".into()),
                request_id: Some("gw".into()),
            };
            assert_eq!(error(&response(status, &body)), wanted, "{status} {number}");
        }
    }
}

#[test]
fn an_old_signature_is_the_clock_s_fault_and_an_old_token_is_not() {
    for (message, class) in [
        ("Incorrect IAM authentication information: verify aksk signature fail", Auth),
        ("Incorrect IAM authentication information: decrypt token fail", Auth),
        ("Incorrect IAM authentication information: token expires, expires_at:2026-11-22", Auth),
        ("Incorrect IAM authentication information: calc ak sk signature fail:signature expired", Clock),
        ("Incorrect IAM authentication information: signature expired, signature time:20230527T000431Z", Clock),
        ("verify aksk signature fail, canonicalRequest:GET|/x/|x-sdk-date:expired", Auth),
    ] {
        let body = format!(r#"{{"error_code": "APIGW.0301", "error_msg": "{message}"}}"#);
        assert_eq!(error(&response(401, &body)).class, Some(class), "{message}");
    }
}

#[test]
fn every_envelope_is_read() {
    for (body, code, message) in [
        (r#"{"error_code": "A.1", "error_msg": "m"}"#, Some("A.1"), Some("m")),
        (r#"{"errorCode": "A.1", "errorMsg": "m"}"#, Some("A.1"), Some("m")),
        (r#"{"code": "A.1", "message": "m"}"#, Some("A.1"), Some("m")),
        (r#"{"error": {"code": 400, "message": "m", "title": "t"}}"#, Some("400"), Some("m")),
        (r#"{"a": 1, "b": {"c": {"error_code": "A.1"}}}"#, Some("A.1"), None),
        (r#"{"message": "no route"}"#, None, Some("no route")),
        (r#"{"a": {"a": {"a": {"a": {"a": {"error_code": "too deep"}}}}}}"#, None, None),
        (r#"{"error_code": null, "error": "text"}"#, None, None),
    ] {
        let error = error(&response(400, body));
        assert_eq!((error.code.as_deref(), error.message.as_deref()), (code, message), "{body}");
        assert_eq!(error.class, Some(Invalid), "{body}");
    }
}

#[test]
fn a_stranger_s_word_is_not_the_gateway_s() {
    for body in ["", "<html>log in</html>", "<?xml version='1.0'?><Error><Code>A.1</Code></Error>"] {
        for status in [400, 401, 403, 404] {
            assert_eq!(error(&response(status, body)).class, Some(Protocol), "{status} {body}");
        }
        assert_eq!(error(&response(429, body)).class, Some(Throttled), "{body}");
    }
    assert_eq!(error(&response(400, "")).message.as_deref(), Some("an empty response"));
}

#[test]
fn a_success_may_list_the_errors_of_others() {
    for body in [
        r#"{"jobs": [{"error_code": "DRS.1"}]}"#,
        r#"{"job": {"error_code": "DRS.1", "code": "x"}}"#,
        r#"{"error_code": "", "code": "x", "message": "fine"}"#,
    ] {
        assert_eq!(error(&response(200, body)), ApiError::default(), "{body}");
    }
    assert_eq!(error(&response(200, r#"{"error_code": "A.1"}"#)).class, Some(Rejected));
}

#[test]
fn the_request_id_is_the_header_s_first() {
    let id = |name: Option<&'static str>| {
        let mut answer = response(401, r#"{"error_code": "A.1", "request_id": "body"}"#);
        answer
            .headers
            .extend(name.map(|name| (http::HeaderName::from_static(name), http::HeaderValue::from_static("header"))));
        error(&answer).request_id.unwrap()
    };
    assert_eq!(&*id(Some("x-request-id")), "header");
    assert_eq!(&*id(Some("x-iam-trace-id")), "header");
    assert_eq!(&*id(None), "body");
}
