use http::Method;

use super::super::tests::{ALIBABA, Case, SCOPE, check, check_read, params, response};
use super::super::{Params, Scope, State, Value};
use super::{DESCRIBE, Meaning, STOP, SERVICE};
use crate::error::ErrorClass::{Auth, Clock, Conflict, Denied, Invalid, NotFound, Protocol, Rejected, Server, Throttled, Timeout};
use crate::http::{Body, Request};

fn target(cause: Option<&str>, error: Option<&str>) -> Params {
    Params::new([Some("my_flow_name"), Some("my_exec_name"), cause, error].map(|text| text.map(Value::Text)))
}

fn form(params: &Params, scope: &Scope<'_>) -> Vec<(&'static str, String)> {
    match SERVICE.stop(params, scope).body {
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
    let stop = SERVICE.stop(&target(None, None), &SCOPE);
    assert_eq!((stop.api, &stop.method, &*stop.path, stop.query.len()), (&STOP, &Method::POST, "/", 0));
    let read = SERVICE.read(0, &[&target(None, None)], &SCOPE);
    let query = vec![("FlowName", "my_flow_name".to_owned()), ("ExecutionName", "my_exec_name".to_owned())];
    assert_eq!(read, Request { api: &DESCRIBE, method: Method::GET, path: "/".into(), query, body: Body::Empty });
}

const ANSWERS: [Case; 74] = [
    (302, "", r#"{"Code": "ExecutionAlreadyCompleted"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "StoppedTime": "2019-01-01T01:01:01.001Z", "RequestId": "testRequestId", "StartedTime": "2019-01-01T01:01:01.001Z", "FlowName": "my_flow_name", "Name": "my_exec_name"}"#,
        Meaning::Stopped, "", "testRequestId"),
    (200, "", r#"{"Status": "Running", "RequestId": "R"}"#, Meaning::Accepted, "", "R"),
    (200, "", r#"{"Status": "Starting", "RequestId": "R"}"#, Meaning::Accepted, "", "R"),
    (200, "", r#"{"Status": "Succeeded", "RequestId": "R"}"#, Meaning::Ended, "", "R"),
    (200, "", r#"{"Status": "Failed", "RequestId": "R"}"#, Meaning::Ended, "", "R"),
    (200, "", r#"{"Status": "TimedOut", "RequestId": "R"}"#, Meaning::Ended, "", "R"),
    (200, "", r#"{"Status": "Paused", "RequestId": "R"}"#, Meaning::Lost(Protocol), "", "R"),
    (200, "", "{}", Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "Code": "InternalServerError"}"#, Meaning::Lost(Server), "InternalServerError", ""),
    (400, "", r#"{"RequestId": "ABCD1234-0000-0000-0000-000000000000", "HostId": "cn-hangzhou.fnf.aliyuncs.com", "Code": "ExecutionAlreadyCompleted", "Message": "Execution 'my_exec_name' for flow 'my_flow_name' has already completed."}"#,
        Meaning::AlreadyStopped, "ExecutionAlreadyCompleted", "ABCD1234-0000-0000-0000-000000000000"),
    (404, "", r#"{"RequestId": "R", "Code": "ExecutionNotExists", "Message": "Execution my_exec_name for flow my_flow_name does not exist."}"#,
        Meaning::NotFound, "ExecutionNotExists", "R"),
    (404, "", r#"{"RequestId": "R", "Code": "FlowNotExists", "Message": "m"}"#, Meaning::NotFound, "FlowNotExists", "R"),
    (404, "", r#"{"RequestId": "R", "Code": "Unheard", "Message": "m"}"#, Meaning::Doubtful(NotFound), "Unheard", "R"),
    // By the status alone, nobody knows what it means.
    (400, "", r#"{"Code": "ExecutionAlreadyStopped"}"#, Meaning::Doubtful(Invalid), "ExecutionAlreadyStopped", ""),
    (410, "", r#"{"Code": "Gone"}"#, Meaning::Doubtful(Rejected), "Gone", ""),
    (404, "", r#"{"Code": "Execution.NotFound"}"#, Meaning::Doubtful(NotFound), "Execution.NotFound", ""),
    (404, "", "{}", Meaning::Lost(NotFound), "", ""),
    (403, "", r#"{"Code": "Unheard"}"#, Meaning::Failed(Denied), "Unheard", ""),
    (400, "", "<?xml version='1.0'?><Error><Code>OK</Code></Error>", Meaning::Lost(Invalid), "OK", ""),
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
    // A code that says well is no contradiction, and no documented proof: it is read back.
    (200, "", r#"{"Code": "200", "Success": true, "Status": "Stopped"}"#, Meaning::Accepted, "200", ""),
    (200, "", r#"{"Code": 200, "Status": "Succeeded"}"#, Meaning::Accepted, "200", ""),
    (200, "", r#"{"Code": "OK", "Status": "Stopped"}"#, Meaning::Accepted, "OK", ""),
    (200, "", r#"{"Success": true, "Status": "Stopped"}"#, Meaning::Stopped, "", ""),
    // What contradicts itself is no refusal either.
    (200, "", r#"{"Success": false, "Status": "Stopped"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Code": "200", "Success": false, "Status": "Stopped"}"#, Meaning::Lost(Protocol), "200", ""),
    (200, "", r#"{"Code": "Unheard", "Status": "Stopped"}"#, Meaning::Lost(Protocol), "Unheard", ""),
    (200, "", r#"{"Code": "ExecutionAlreadyCompleted"}"#, Meaning::Lost(Protocol), "ExecutionAlreadyCompleted", ""),
    (200, "", r#"{"Code": "ExecutionNotExists"}"#, Meaning::Lost(NotFound), "ExecutionNotExists", ""),
    (200, "", r#"{"Code": "Throttling"}"#, Meaning::Lost(Throttled), "Throttling", ""),
    (200, "", r#"{"Code": "SignatureNotMatch", "Status": "Stopped"}"#, Meaning::Lost(Protocol), "SignatureNotMatch", ""),
    (403, "", r#"{"Code": "SignatureNotMatch", "Status": "Stopped"}"#, Meaning::Lost(Protocol), "SignatureNotMatch", ""),
    (200, "", r#"{"Status": "Stopped", "Status": "Stopped"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "Code": "", "Code": "x"}"#, Meaning::Lost(Protocol), "", ""),
    (400, "", r#"{"Code": "ExecutionAlreadyCompleted", "Code": "InvalidArgument"}"#, Meaning::Lost(Invalid), "", ""),
    (400, "", r#"{"Code": "ExecutionAlreadyCompleted", "code": "InvalidArgument"}"#, Meaning::Lost(Invalid), "", ""),
    (400, "", r#"{"Status": "Stopped"}"#, Meaning::Lost(Invalid), "", ""),
    (400, "", r#"{"Code": "OK"}"#, Meaning::Lost(Invalid), "OK", ""),
    (404, "", r#"{"Code": "ExecutionNotExists", "Success": true}"#, Meaning::Lost(NotFound), "ExecutionNotExists", ""),
    (500, "", r#"{"Code": "ExecutionNotExists"}"#, Meaning::Lost(NotFound), "ExecutionNotExists", ""),
    (500, "", r#"{"Code": "ExecutionAlreadyCompleted"}"#, Meaning::Failed(Server), "ExecutionAlreadyCompleted", ""),
    // A key that no service has says nothing that could be relied on.
    (200, "", r#"{"Status": "Stopped", "CODE": "InternalError"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "SUCCESS": false}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "STATUS": "Running"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"STATUS": "Stopped"}"#, Meaning::Lost(Protocol), "", ""),
    (400, "", r#"{"CODE": "ExecutionAlreadyCompleted"}"#, Meaning::Lost(Invalid), "", ""),
    // Another's answer.
    (200, "", r#"{"Status": "Stopped", "FLOWNAME": "other"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "FlowName": "my_flow_name", "Name": "other"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Stopped", "FlowName": "other", "Name": "my_exec_name"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "Running", "FlowName": "My_Flow_Name"}"#, Meaning::Lost(Protocol), "", ""),
    // Throttled, by whatever sign.
    (400, "x-acs-retry-after: 1500", r#"{"Code": "Gateway.FlowControl"}"#, Meaning::Failed(Throttled), "Gateway.FlowControl", ""),
    (400, "x-acs-retry-after: 1500", r#"{"Code": "Gateway.Sorry"}"#, Meaning::Failed(Throttled), "Gateway.Sorry", ""),
    (400, "x-acs-retry-after: 0", r#"{"Code": "Gateway.Sorry"}"#, Meaning::Doubtful(Invalid), "Gateway.Sorry", ""),
    (400, "x-acs-retry-after: 1500", r#"{"Code": "InvalidArgument"}"#, Meaning::Failed(Invalid), "InvalidArgument", ""),
    (400, "x-acs-retry-after: 1500", r#"{"Code": "ExecutionAlreadyCompleted"}"#,
        Meaning::AlreadyStopped, "ExecutionAlreadyCompleted", ""),
    (403, "retry-after: 30", "<html>slow down</html>", Meaning::Failed(Throttled), "", ""),
    (400, "", r#"{"Code": "TOO_MANY_REQUESTS"}"#, Meaning::Failed(Throttled), "TOO_MANY_REQUESTS", ""),
    // A gateway's word for what may be under way.
    (409, "", r#"{"Code": "Unheard"}"#, Meaning::Lost(Conflict), "Unheard", ""),
    (408, "", "{}", Meaning::Lost(Timeout), "", ""),
    (401, "", "{}", Meaning::Lost(Protocol), "", ""),
    // A code survives whatever stands beside it.
    (400, "", r#"{"Code": "InvalidArgument", "Message": "bad \ud800 input", "RequestId": "R"}"#,
        Meaning::Failed(Invalid), "InvalidArgument", "R"),
    (400, "", r#"{"Message": "C:\xtemp", "Code": "ExecutionAlreadyCompleted"}"#,
        Meaning::AlreadyStopped, "ExecutionAlreadyCompleted", ""),
    (200, "", r#"{"Input": "{\"a\": \"\ud800\"}\q", "Status": "Stopped", "Odd": NaN, "Name": "my_exec_name"}"#, Meaning::Stopped, "", ""),
    (200, "", "{\"Output\": \"two\nlines\", \"Status\": \"Stopped\", \"\\ud800\": 1e999}", Meaning::Stopped, "", ""),
    (200, "", r#"{"Status": "Stop\ud800ped"}"#, Meaning::Lost(Protocol), "", ""),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("fnf_execution", &target(None, None), &ALIBABA);
    check("fnf_execution", &target(None, None), &ANSWERS);
    for code in ["ActionNotSupported", "EntityTooLarge", "InvalidArgument", "MissingRequiredHeader", "MissingRequiredParams"] {
        let verdict = SERVICE.verdict(&target(None, None), &response(400, "", &format!(r#"{{"Code": "{code}"}}"#)));
        let class = if code == "ActionNotSupported" { Rejected } else { Invalid };
        assert_eq!(verdict.meaning, Meaning::Failed(class), "{code}");
    }
}

#[test]
fn the_state_is_the_service_s_word() {
    let state = |body| SERVICE.verdict(&target(None, None), &response(200, "", body)).state;
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
        (200, r#"{"Status": "Stopped", "FlowName": "f", "Name": "e"}"#, Ok(State::Stopped("Stopped".into()))),
        (200, r#"{"Status": "Stopped", "FlowName": "f", "Name": "other"}"#, Err(Protocol)),
        (200, r#"{"Status": "Stopped", "Code": "200", "Success": true}"#, Ok(State::Stopped("Stopped".into()))),
        (200, r#"{"Status": "Stopped", "Code": "InternalError"}"#, Err(Server)),
        (200, r#"{"Status": "Stopped", "Status": "Running"}"#, Err(Protocol)),
        (200, r#"{"Status": "Running", "Output": "\udfff"}"#, Ok(State::Running("Running".into()))),
        (200, r#"{"Code": "ExecutionNotExists"}"#, Err(NotFound)),
        (500, r#"{"Code": "ExecutionNotExists"}"#, Err(NotFound)),
        (404, "{}", Err(NotFound)),
        (429, r#"{"Code": "ResourceThrottled"}"#, Err(Throttled)),
        (500, "", Err(Server)),
    ]);
}
