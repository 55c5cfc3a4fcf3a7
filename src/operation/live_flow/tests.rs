use http::Method;

use super::super::tests::{Case, HUAWEI, SCOPE, check, check_read, params, reply};
use super::super::{Operation, State};
use super::{DETAIL, Meaning, STOP, Service};
use crate::class::ErrorClass::{Auth, Conflict, Denied, Invalid, NotFound, Protocol, Rejected, Server, Throttled};
use crate::wire::{Body, Request};

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
    assert_eq!(Service.stop(&target, &SCOPE), request(&STOP, Method::PUT, "stop"));
    assert_eq!(Service.read(0, &[&target], &SCOPE), request(&DETAIL, Method::GET, "detail"));
}

const ANSWERS: [Case; 18] = [
    (200, "X-Request-Id: reqid123", r#"{"flow_id": "ec897482-d24b-4d64-aa39-407980902b1d", "status": "STANDBY"}"#,
        Meaning::Stopped, "", "reqid123"),
    (200, "", r#"{"flow_id": "f", "status": "ACTIVE"}"#, Meaning::Accepted, "", ""),
    (200, "", r#"{"flow_id": "f", "status": "IDLE"}"#, Meaning::Failed(Protocol), "", ""),
    (200, "", "{}", Meaning::Failed(Protocol), "", ""),
    (400, "X-Request-Id: r1", r#"{"error_code": "LIVE.100011001", "error_msg": "flow task is in standby status"}"#,
        Meaning::AlreadyStopped, "LIVE.100011001", "r1"),
    (400, "", r#"{"error_code": "LIVE.100011001", "error_msg": "Flow task is in STANDBY status."}"#,
        Meaning::AlreadyStopped, "LIVE.100011001", ""),
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
    (400, "", r#"{"error_code": "InvalidParameter", "error_msg": "standby"}"#, Meaning::Failed(Invalid), "InvalidParameter", ""),
    (401, "", r#"{"error_code": "LIVE.100011001", "error_msg": "standby"}"#, Meaning::Failed(Auth), "LIVE.100011001", ""),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("live_flow", &HUAWEI);
    check("live_flow", &ANSWERS);
}

#[test]
fn the_state_is_the_service_s_word() {
    let state = |status, body| Service.verdict(&reply(status, "", body)).state;
    assert_eq!(state(200, r#"{"status": "ACTIVE"}"#).as_deref(), Some("ACTIVE"));
    let standby = r#"{"error_code": "LIVE.100011001", "error_msg": "flow task is in standby status"}"#;
    assert_eq!(state(400, standby).as_deref(), Some("STANDBY"));
}

#[test]
fn reads_tell_the_state() {
    check_read("live_flow", 0, &params(&["f"]), &[
        (200, r#"{"flow_id": "f", "name": "n", "status": "ACTIVE"}"#, Ok(State::Running("ACTIVE".into()))),
        (200, r#"{"flow_id": "f", "status": "STANDBY"}"#, Ok(State::Stopped("STANDBY".into()))),
        (200, r#"{"flow_id": "f", "status": "IDLE"}"#, Ok(State::Unclear("IDLE".into()))),
        (200, "{}", Err(Protocol)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "flow task not exist"}"#, Ok(State::Absent)),
        (404, r#"{"error_code": "LIVE.100011001", "error_msg": "The flow is not found."}"#, Ok(State::Absent)),
        (400, r#"{"error_code": "LIVE.100011009", "error_msg": "user not exist"}"#, Err(Rejected)),
        (400, r#"{"error_code": "LIVE.100011001", "error_msg": "Invalid request parameter"}"#, Err(Invalid)),
        (400, r#"{"error_code": "LIVE.103011021", "error_msg": "m"}"#, Err(Server)),
        (404, r#"{"error_code": "APIGW.0101", "error_msg": "The API does not exist"}"#, Err(Rejected)),
        (429, r#"{"error_code": "APIGW.0308", "error_msg": "m"}"#, Err(Throttled)),
    ]);
}
