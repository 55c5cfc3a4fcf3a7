use http::Method;

use super::super::tests::{ALIBABA, Case, SCOPE, check, check_read, params};
use super::super::{Scope, State};
use super::{DESCRIBE, Meaning, STOP, SERVICE};
use crate::error::ErrorClass::{Conflict, NotFound, Protocol, Throttled};
use crate::http::{Body, Request};

#[test]
fn the_token_is_the_plan_s_or_the_run_s() {
    let path = "/openapi/instances/es-cn-n6w1o1x0w001c%2A%2A%2A%2A/actions/interrupt".to_owned();
    let wanted = |query| Request { api: &STOP, method: Method::POST, path: path.clone(), query, body: Body::Empty };
    let target = params(&["es-cn-n6w1o1x0w001c****"]);
    let token = |token: &str| vec![("clientToken", token.to_owned())];
    assert_eq!(SERVICE.stop(&target, &SCOPE), wanted(token("token-1")));
    assert_eq!(SERVICE.stop(&params(&["es-cn-n6w1o1x0w001c****", "mine"]), &SCOPE), wanted(token("mine")));
    assert_eq!(SERVICE.stop(&target, &Scope { client_token: "", ..SCOPE }), wanted(Vec::new()));
}

#[test]
fn the_read_names_the_instance() {
    let read = SERVICE.read(0, &[&params(&["es-cn-n6w1o1x0w001cabcd"])], &SCOPE);
    let path = "/openapi/instances/es-cn-n6w1o1x0w001cabcd".to_owned();
    assert_eq!(read, Request { api: &DESCRIBE, method: Method::GET, path, query: Vec::new(), body: Body::Empty });
}

const ANSWERS: [Case; 23] = [
    (200, "", r#"{"Result": true, "RequestId": "E9908D15-13F4-4428-B08F-A3EE8E39****"}"#,
        Meaning::Stopped, "", "E9908D15-13F4-4428-B08F-A3EE8E39****"),
    (200, "", r#"{"RequestId": "R1", "Result": false}"#, Meaning::Failed(Conflict), "", "R1"),
    (200, "", r#"{"RequestId": "R1", "Result": "true"}"#, Meaning::Lost(Protocol), "", "R1"),
    (200, "", r#"{"RequestId": "R1"}"#, Meaning::Lost(Protocol), "", "R1"),
    (200, "", r#"{"RequestId": "R1", "Code": "InstanceStatusNotSupportCurrentAction", "Message": "m", "Result": false}"#,
        Meaning::Doubtful(Conflict), "InstanceStatusNotSupportCurrentAction", "R1"),
    (200, "", r#"{"RequestId": "R1", "Code": "Unheard", "Message": "m", "Result": true}"#,
        Meaning::Lost(Protocol), "Unheard", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "The cluster is running tasks or in an error status. Try again later.", "Code": "InstanceStatusNotSupportCurrentAction"}"#,
        Meaning::Doubtful(Conflict), "InstanceStatusNotSupportCurrentAction", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "The instanceId provided does not exist.", "Code": "InstanceNotFound"}"#,
        Meaning::NotFound, "InstanceNotFound", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "m", "Code": "TokenPreviousRequestProcessError"}"#,
        Meaning::Lost(Conflict), "TokenPreviousRequestProcessError", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "m", "Code": "ConcurrencyUpdateInstanceConflict"}"#,
        Meaning::Failed(Conflict), "ConcurrencyUpdateInstanceConflict", "R1"),
    (200, "", r#"{"Code": 500, "Result": true}"#, Meaning::Lost(Protocol), "500", ""),
    (200, "", r#"{"Code": "200", "Result": true}"#, Meaning::Accepted, "200", ""),
    (200, "", r#"{"Result": false, "Result": true}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Result": true, "result": false}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Status": "FAIL", "Result": true}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Success": false, "Result": true}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Success": false, "Result": false}"#, Meaning::Failed(Conflict), "", ""),
    (200, "", r#"{"Success": true, "Result": false}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"Code": "InstanceNotFound", "Result": false}"#, Meaning::NotFound, "InstanceNotFound", ""),
    (200, "", r#"{"Code": "InstanceNotFound", "Result": true}"#, Meaning::Lost(NotFound), "InstanceNotFound", ""),
    (400, "", r#"{"Code": "InstanceNotFound", "Result": true}"#, Meaning::Lost(NotFound), "InstanceNotFound", ""),
    (409, "", r#"{"Code": "InstanceDuplicateScheduledTask"}"#, Meaning::Failed(Conflict), "InstanceDuplicateScheduledTask", ""),
    (409, "", "{}", Meaning::Lost(Conflict), "", ""),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("elasticsearch_task", &params(&["es"]), &ALIBABA);
    check("elasticsearch_task", &params(&["es"]), &ANSWERS);
}

#[test]
fn reads_tell_whether_a_change_goes_on() {
    let target = params(&["es"]);
    check_read("elasticsearch_task", 0, &target, &[
        (200, r#"{"RequestId": "R", "Result": {"status": "activating"}}"#, Ok(State::Either("activating".into()))),
        (200, r#"{"Result": {"status": "initializing"}}"#, Ok(State::Running("initializing".into()))),
        (200, r#"{"Result": {"instanceId": "es", "status": "active"}}"#, Ok(State::Stopped("active".into()))),
        (200, r#"{"Result": {"instanceId": "es-2", "status": "active"}}"#, Err(Protocol)),
        (200, r#"{"Result": {"status": "active", "status": "activating"}}"#, Ok(State::Unclear("no status".into()))),
        (200, r#"{"Result": {"status": "unknown"}}"#, Ok(State::Unclear("unknown".into()))),
        (200, r#"{"Result": {}}"#, Ok(State::Unclear("no status".into()))),
        (200, "{}", Err(Protocol)),
        (400, r#"{"Code": "InstanceNotFound"}"#, Ok(State::Absent)),
        (404, "", Err(Protocol)),
        (404, "{}", Err(NotFound)),
        (429, r#"{"Code": "Throttling.User"}"#, Err(Throttled)),
    ]);
    for word in ["active", "inactive", "suspended", "frozen", "invalid"] {
        let body = format!(r#"{{"Result": {{"status": "{word}"}}}}"#);
        check_read("elasticsearch_task", 0, &target, &[(200, &body, Ok(State::Stopped(word.into())))]);
    }
}
