use http::Method;

use super::super::tests::{ALIBABA, Case, SCOPE, check, check_read, params, reply};
use super::super::{Operation, Params, Scope, State, Value};
use super::{DESCRIBE, Meaning, STOP, Service};
use crate::class::ErrorClass::{Auth, Clock, Conflict, Denied, Invalid, NotFound, Protocol, Rejected, Server, Throttled};
use crate::wire::{Body, Request};

fn target(cause: Option<&str>, error: Option<&str>) -> Params {
    Params::new([Some("my_flow_name"), Some("my_exec_name"), cause, error].map(|text| text.map(Value::Text)))
}

fn form(params: &Params, scope: &Scope<'_>) -> Vec<(&'static str, String)> {
    match Service.stop(params, scope).body {
        Body::Form(form) => form,
        Body::Empty | Body::Json(_) => panic!("the stop is a form"),
    }
}

#[test]
fn stop_states_the_plan_s_cause_or_the_run_s() {
    let names = [("FlowName", "my_flow_name".to_owned()), ("ExecutionName", "my_exec_name".to_owned())];
    let with = |more: &[(&'static str, &str)]| {
        names.iter().cloned().chain(more.iter().map(|(key, text)| (*key, (*text).to_owned()))).collect::<Vec<_>>()
    };
    let given = target(Some("for test"), Some("InvalidArgument"));
    assert_eq!(form(&given, &SCOPE), with(&[("Cause", "for test"), ("Error", "InvalidArgument")]));
    assert_eq!(form(&target(None, None), &SCOPE), with(&[("Cause", "run 1")]));
    assert_eq!(form(&target(None, Some("")), &Scope { cause: "", ..SCOPE }), with(&[]));
}

#[test]
fn requests_are_rpc() {
    let stop = Service.stop(&target(None, None), &SCOPE);
    assert_eq!((stop.api, &stop.method, &*stop.path, stop.query.len()), (&STOP, &Method::POST, "/", 0));
    let read = Service.read(0, &[&target(None, None)], &SCOPE);
    let query = vec![("FlowName", "my_flow_name".to_owned()), ("ExecutionName", "my_exec_name".to_owned())];
    assert_eq!(read, Request { api: &DESCRIBE, method: Method::GET, path: "/".into(), query, body: Body::Empty });
}

const ANSWERS: [Case; 23] = [
    (302, "", r#"{"Code": "ExecutionAlreadyCompleted"}"#, Meaning::Failed(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "StoppedTime": "2019-01-01T01:01:01.001Z", "RequestId": "testRequestId", "StartedTime": "2019-01-01T01:01:01.001Z", "FlowName": "my_flow_name", "Name": "my_exec_name"}"#,
        Meaning::Stopped, "", "testRequestId"),
    (200, "", r#"{"Status": "Running", "RequestId": "R"}"#, Meaning::Accepted, "", "R"),
    (200, "", r#"{"Status": "Starting", "RequestId": "R"}"#, Meaning::Accepted, "", "R"),
    (200, "", r#"{"Status": "Succeeded", "RequestId": "R"}"#, Meaning::Ended, "", "R"),
    (200, "", r#"{"Status": "Failed", "RequestId": "R"}"#, Meaning::Ended, "", "R"),
    (200, "", r#"{"Status": "TimedOut", "RequestId": "R"}"#, Meaning::Ended, "", "R"),
    (200, "", r#"{"Status": "Paused", "RequestId": "R"}"#, Meaning::Failed(Protocol), "", "R"),
    (200, "", "{}", Meaning::Failed(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "Code": "InternalServerError"}"#, Meaning::Failed(Server), "InternalServerError", ""),
    (400, "", r#"{"RequestId": "ABCD1234-0000-0000-0000-000000000000", "HostId": "cn-hangzhou.fnf.aliyuncs.com", "Code": "ExecutionAlreadyCompleted", "Message": "Execution 'my_exec_name' for flow 'my_flow_name' has already completed."}"#,
        Meaning::AlreadyStopped, "ExecutionAlreadyCompleted", "ABCD1234-0000-0000-0000-000000000000"),
    (404, "", r#"{"RequestId": "R", "Code": "ExecutionNotExists", "Message": "Execution my_exec_name for flow my_flow_name does not exist."}"#,
        Meaning::NotFound, "ExecutionNotExists", "R"),
    (404, "", r#"{"RequestId": "R", "Code": "FlowNotExists", "Message": "m"}"#, Meaning::NotFound, "FlowNotExists", "R"),
    (404, "", r#"{"RequestId": "R", "Code": "Unheard", "Message": "m"}"#, Meaning::Failed(NotFound), "Unheard", "R"),
    (409, "", r#"{"RequestId": "R", "Code": "ConcurrentUpdateError", "Message": "Update conflict, please retry."}"#,
        Meaning::Failed(Conflict), "ConcurrentUpdateError", "R"),
    (429, "x-acs-retry-after: 1500", r#"{"RequestId": "R", "Code": "ResourceThrottled", "Message": "The request is throttled. Please try again later."}"#,
        Meaning::Failed(Throttled), "ResourceThrottled", "R"),
    (500, "", r#"{"RequestId": "R", "Code": "InternalServerError", "Message": "An internal error has occurred. Please retry."}"#,
        Meaning::Failed(Server), "InternalServerError", "R"),
    (403, "", r#"{"RequestId": "R", "Code": "AccessDenied", "Message": "The resources doesn't belong to you."}"#,
        Meaning::Failed(Denied), "AccessDenied", "R"),
    (403, "", r#"{"RequestId": "R", "Code": "InvalidAccessKeyID", "Message": "m"}"#, Meaning::Failed(Auth), "InvalidAccessKeyID", "R"),
    (403, "", r#"{"RequestId": "R", "Code": "SignatureNotMatch", "Message": "m"}"#, Meaning::Failed(Auth), "SignatureNotMatch", "R"),
    (403, "", r#"{"RequestId": "R", "Code": "RequestTimeTooSkewed", "Message": "m"}"#, Meaning::Failed(Clock), "RequestTimeTooSkewed", "R"),
    (400, "", r#"{"RequestId": "R", "Code": "APIVersionNotSupported", "Message": "m"}"#,
        Meaning::Failed(Rejected), "APIVersionNotSupported", "R"),
    (415, "", r#"{"RequestId": "R", "Code": "UnsupportedMediaType", "Message": "m"}"#,
        Meaning::Failed(Invalid), "UnsupportedMediaType", "R"),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("fnf_execution", &ALIBABA);
    check("fnf_execution", &ANSWERS);
    for code in ["ActionNotSupported", "EntityTooLarge", "InvalidArgument", "MissingRequiredHeader", "MissingRequiredParams"] {
        let verdict = Service.verdict(&reply(400, "", &format!(r#"{{"Code": "{code}"}}"#)));
        let class = if code == "ActionNotSupported" { Rejected } else { Invalid };
        assert_eq!(verdict.meaning, Meaning::Failed(class), "{code}");
    }
}

#[test]
fn the_state_is_the_service_s_word() {
    let state = |body| Service.verdict(&reply(200, "", body)).state;
    assert_eq!(state(r#"{"Status": "TimedOut"}"#).as_deref(), Some("TimedOut"));
    assert_eq!(state("{}"), None);
}

#[test]
fn reads_tell_the_state() {
    check_read("fnf_execution", 0, &params(&["f", "e"]), &[
        (200, r#"{"Status": "Starting"}"#, Ok(State::Running("Starting".into()))),
        (200, r#"{"Status": "Running"}"#, Ok(State::Running("Running".into()))),
        (200, r#"{"Status": "Stopped"}"#, Ok(State::Stopped("Stopped".into()))),
        (200, r#"{"Status": "Succeeded"}"#, Ok(State::Ended("Succeeded".into()))),
        (200, r#"{"Status": "Failed"}"#, Ok(State::Ended("Failed".into()))),
        (200, r#"{"Status": "TimedOut"}"#, Ok(State::Ended("TimedOut".into()))),
        (200, r#"{"Status": "Paused"}"#, Ok(State::Unclear("Paused".into()))),
        (200, "{}", Err(Protocol)),
        (200, "", Err(Protocol)),
        (404, r#"{"Code": "ExecutionNotExists"}"#, Ok(State::Absent)),
        (404, r#"{"Code": "FlowNotExists"}"#, Ok(State::Absent)),
        (404, "<html></html>", Err(Protocol)),
        (404, "{}", Err(NotFound)),
        (429, r#"{"Code": "ResourceThrottled"}"#, Err(Throttled)),
        (500, "", Err(Server)),
    ]);
}
