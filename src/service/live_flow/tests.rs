use http::Method;

use super::super::tests::{Case, HUAWEI, SCOPE, check, check_read, params, response};
use super::super::{State};
use super::{DETAIL, Meaning, STOP, SERVICE};
use crate::error::ErrorClass::{Auth, Conflict, Denied, Invalid, NotFound, Protocol, Rejected, Server, Throttled, Timeout};
use crate::http::{Body, Request};

#[test]
fn requests_name_the_flow_in_the_query() {
    let target = params(&["ec897482-d24b-4d64-aa39-407980902b1d"]);
    let query = vec![("flow_id", "ec897482-d24b-4d64-aa39-407980902b1d".to_owned())];
    let request = |api, method, place| Request {
        api,
        method,
        path: format!("/v1/054ba152d480d55b2f5dc0069e7ddef0/flows/{place}"),
        query: query.clone(),
        body: Body::Json(String::new()),
    };
    assert_eq!(SERVICE.stop(&target, &SCOPE), request(&STOP, Method::PUT, "stop"));
    assert_eq!(SERVICE.read(0, &[&target], &SCOPE), request(&DETAIL, Method::GET, "detail"));
}

const FLOW: &str = "ec897482-d24b-4d64-aa39-407980902b1d";

const ANSWERS: [Case; 45] = [
    (200, "X-Request-Id: reqid123", r#"{"flow_id": "ec897482-d24b-4d64-aa39-407980902b1d", "status": "STANDBY"}"#,
        Meaning::Stopped, "", "reqid123"),
    (200, "", r#"{"flow_id": "ec897482-d24b-4d64-aa39-407980902b1d", "status": "ACTIVE"}"#, Meaning::Accepted, "", ""),
    (200, "", r#"{"flow_id": "ec897482-d24b-4d64-aa39-407980902b1d", "status": "IDLE"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", "{}", Meaning::Lost(Protocol), "", ""),
    (400, "X-Request-Id: r1", r#"{"error_code": "LIVE.100011001", "error_msg": "flow task is in standby status"}"#,
        Meaning::AlreadyStopped, "LIVE.100011001", "r1"),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "Flow task is in STANDBY status."}"#,
        Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "the flow is not in standby status"}"#,
        Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "flow standby-1 is odd"}"#,
        Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "Invalid request parameter"}"#,
        Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (400, "", r#"{"error_code": "LIVE.103011022", "error_msg": "m"}"#, Meaning::Doubtful(Conflict), "LIVE.103011022", ""),
    (400, "", r#"{"error_code": "LIVE.103011021", "error_msg": "Failed to access the database"}"#,
        Meaning::Failed(Server), "LIVE.103011021", ""),
    (400, "", r#"{"error_code": "LIVE.100011006", "error_msg": "m"}"#, Meaning::Failed(Server), "LIVE.100011006", ""),
    (400, "", r#"{"error_code": "LIVE.100011008", "error_msg": "m"}"#, Meaning::Failed(Server), "LIVE.100011008", ""),
    (401, "", r#"{"error_code": "LIVE.100011003", "error_msg": "m"}"#, Meaning::Failed(Denied), "LIVE.100011003", ""),
    (400, "", r#"{"error_code": "LIVE.100011009", "error_msg": "user not exist"}"#, Meaning::Failed(Rejected), "LIVE.100011009", ""),
    (404, "", r#"{"error_code": "LIVE.100011099", "error_msg": "m"}"#, Meaning::Doubtful(NotFound), "LIVE.100011099", ""),
    (400, "", r#"{"error_code": "InvalidParameter", "error_msg": "standby"}"#, Meaning::Doubtful(Invalid), "InvalidParameter", ""),
    (410, "", r#"{"error_code": "LIVE.999", "error_msg": "m"}"#, Meaning::Doubtful(Rejected), "LIVE.999", ""),
    (404, "", r#"{"message": "m"}"#, Meaning::Lost(NotFound), "", ""),
    // However deep it stands, a code that says well is no refusal.
    (400, "", r#"{"error": {"error_code": "Success"}}"#, Meaning::Lost(Invalid), "Success", ""),
    (404, "", r#"{"error": {"code": "200", "message": "OK"}}"#, Meaning::Lost(NotFound), "200", ""),
    (401, "", r#"{"error_code": "LIVE.100011001", "error_msg": "standby"}"#, Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (401, "", r#"{"error_code": "LIVE.100011099", "error_msg": "m"}"#, Meaning::Failed(Auth), "LIVE.100011099", ""),
    (401, "", r#"{"error_msg": "m"}"#, Meaning::Lost(Protocol), "", ""),
    // The words of another state, whatever they are, are read back.
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "flow is ACTIVE, wanted STANDBY"}"#,
        Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "isn't STANDBY"}"#, Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "expected status: STANDBY"}"#,
        Meaning::Doubtful(Invalid), "LIVE.100011001", ""),
    (400, "", r#"{"error_code": "LIVE.100011004", "error_msg": "flow task is in standby status"}"#,
        Meaning::Failed(Rejected), "LIVE.100011004", ""),
    (500, "", r#"{"error_code": "LIVE.100011001", "error_msg": "flow task is in standby status"}"#,
        Meaning::Lost(Invalid), "LIVE.100011001", ""),
    // A success beside an error, in whatever form, and an error beside a success.
    (200, "", r#"{"error_code": 601, "status": "STANDBY"}"#, Meaning::Lost(Protocol), "601", ""),
    (200, "", r#"{"error_code": "LIVE.103011021", "status": "STANDBY"}"#, Meaning::Lost(Server), "LIVE.103011021", ""),
    (200, "", r#"{"code": "x", "status": "STANDBY"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"errors": ["x"], "status": "STANDBY"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"error_msg": "x", "status": "STANDBY"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"status": "ACTIVE", "status": "STANDBY"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"status": "STANDBY", "Status": "ACTIVE"}"#, Meaning::Lost(Protocol), "", ""),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "flow task is in standby status", "status": "STANDBY"}"#,
        Meaning::Lost(Invalid), "LIVE.100011001", ""),
    // Another's answer.
    (200, "", r#"{"flow_id": "00000000-d24b-4d64-aa39-407980902b1d", "status": "STANDBY"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"flow_id": 7, "status": "STANDBY"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"flow_id": null, "status": "STANDBY"}"#, Meaning::Stopped, "", ""),
    // The service asks to come back, or a gateway gave up.
    (403, "retry-after: 3", r#"{"error_code": "Gateway.Busy"}"#, Meaning::Failed(Throttled), "Gateway.Busy", ""),
    (400, "retry-after: 3", r#"{"error_code": "LIVE.100011009"}"#, Meaning::Failed(Rejected), "LIVE.100011009", ""),
    (409, "", r#"{"error_code": "unheard"}"#, Meaning::Lost(Conflict), "unheard", ""),
    (408, "", "", Meaning::Lost(Timeout), "", ""),
    (409, "", r#"{"error_code": "LIVE.103011022"}"#, Meaning::Doubtful(Conflict), "LIVE.103011022", ""),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("live_flow", &params(&[FLOW]), &HUAWEI);
    check("live_flow", &params(&[FLOW]), &ANSWERS);
}

#[test]
fn the_state_is_the_service_s_word() {
    let state = |status, body| SERVICE.verdict(&params(&[FLOW]), &response(status, "", body)).state;
    assert_eq!(state(200, r#"{"status": "ACTIVE"}"#).as_deref(), Some("ACTIVE"));
    let standby = r#"{"error_code": "LIVE.100011001", "error_msg": "flow task is in standby status"}"#;
    assert_eq!(state(400, standby).as_deref(), Some("STANDBY"));
}

#[test]
fn reads_tell_the_state() {
    check_read("live_flow", 0, &params(&[FLOW]), &[
        (200, r#"{"flow_id": "ec897482-d24b-4d64-aa39-407980902b1d", "name": "n", "status": "ACTIVE"}"#, Ok(State::Running("ACTIVE".into()))),
        (200, r#"{"flow_id": "ec897482-d24b-4d64-aa39-407980902b1d", "status": "STANDBY"}"#, Ok(State::Stopped("STANDBY".into()))),
        (200, r#"{"flow_id": "ec897482-d24b-4d64-aa39-407980902b1d", "status": "IDLE"}"#, Ok(State::Unclear("IDLE".into()))),
        (200, "{}", Err(Protocol)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "flow task not exist"}"#, Ok(State::Absent)),
        (404, r#"{"error_code": "LIVE.100011001", "error_msg": "The flow is not found."}"#, Ok(State::Absent)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "flow does not exist"}"#, Ok(State::Absent)),
        (400, r#"{"error_code": "LIVE.1", "error_msg": "Flow 'ec897482-d24b-4d64-aa39-407980902b1d' not found"}"#, Ok(State::Absent)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "parameter x not found"}"#, Err(Invalid)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "flow parameter not found"}"#, Err(Invalid)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "the output of the flow does not exist"}"#, Err(Invalid)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "Flow 00000000 not found"}"#, Err(Invalid)),
        (400, r#"{"error_code": "unheard", "error_msg": "flow not found"}"#, Err(Invalid)),
        (500, r#"{"error_code": "LIVE.1", "error_msg": "flow not found"}"#, Err(Server)),
        (200, r#"{"flow_id": "another", "status": "STANDBY"}"#, Err(Protocol)),
        (200, r#"{"status": "STANDBY", "status": "ACTIVE"}"#, Err(Protocol)),
        (200, r#"{"status": "STANDBY", "error_code": "x"}"#, Err(Protocol)),
        (200, r#"{"status": "STANDBY", "code": "200"}"#, Ok(State::Stopped("STANDBY".into()))),
        (400, r#"{"error_code": "LIVE.100011009", "error_msg": "user not exist"}"#, Err(Rejected)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "Invalid request parameter"}"#, Err(Invalid)),
        (400, r#"{"error_code": "LIVE.103011021", "error_msg": "m"}"#, Err(Server)),
        (404, r#"{"error_code": "APIGW.0101", "error_msg": "The API does not exist"}"#, Err(Rejected)),
        (429, r#"{"error_code": "APIGW.0308", "error_msg": "m"}"#, Err(Throttled)),
    ]);
}
