use http::Method;

use super::super::tests::{ALIBABA, Case, SCOPE, check, check_read, params};
use super::super::{Operation, Scope, State};
use super::{DESCRIBE, Meaning, STOP, Service};
use crate::class::ErrorClass::{Conflict, NotFound, Protocol, Rejected, Throttled};
use crate::wire::{Body, Request};

#[test]
fn the_token_is_the_plan_s_or_the_run_s() {
    let path = "/openapi/instances/es-cn-n6w1o1x0w001c%2A%2A%2A%2A/actions/interrupt".to_owned();
    let wanted = |query| Request { api: &STOP, method: Method::POST, path: path.clone(), query, body: Body::Empty };
    let target = params(&["es-cn-n6w1o1x0w001c****"]);
    let token = |token: &str| vec![("clientToken", token.to_owned())];
    assert_eq!(Service.stop(&target, &SCOPE), wanted(token("token-1")));
    assert_eq!(Service.stop(&params(&["es-cn-n6w1o1x0w001c****", "mine"]), &SCOPE), wanted(token("mine")));
    assert_eq!(Service.stop(&target, &Scope { client_token: "", ..SCOPE }), wanted(Vec::new()));
}

#[test]
fn the_read_names_the_instance() {
    let read = Service.read(0, &[&params(&["es-cn-n6w1o1x0w001cabcd"])], &SCOPE);
    let path = "/openapi/instances/es-cn-n6w1o1x0w001cabcd".to_owned();
    assert_eq!(read, Request { api: &DESCRIBE, method: Method::GET, path, query: Vec::new(), body: Body::Empty });
}

const ANSWERS: [Case; 10] = [
    (200, "", r#"{"Result": true, "RequestId": "E9908D15-13F4-4428-B08F-A3EE8E39****"}"#,
        Meaning::Stopped, "", "E9908D15-13F4-4428-B08F-A3EE8E39****"),
    (200, "", r#"{"RequestId": "R1", "Result": false}"#, Meaning::Failed(Conflict), "", "R1"),
    (200, "", r#"{"RequestId": "R1", "Result": "true"}"#, Meaning::Failed(Protocol), "", "R1"),
    (200, "", r#"{"RequestId": "R1"}"#, Meaning::Failed(Protocol), "", "R1"),
    (200, "", r#"{"RequestId": "R1", "Code": "InstanceStatusNotSupportCurrentAction", "Message": "m", "Result": false}"#,
        Meaning::Doubtful(Conflict), "InstanceStatusNotSupportCurrentAction", "R1"),
    (200, "", r#"{"RequestId": "R1", "Code": "Unheard", "Message": "m", "Result": true}"#,
        Meaning::Failed(Rejected), "Unheard", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "The cluster is running tasks or in an error status. Try again later.", "Code": "InstanceStatusNotSupportCurrentAction"}"#,
        Meaning::Doubtful(Conflict), "InstanceStatusNotSupportCurrentAction", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "The instanceId provided does not exist.", "Code": "InstanceNotFound"}"#,
        Meaning::NotFound, "InstanceNotFound", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "m", "Code": "TokenPreviousRequestProcessError"}"#,
        Meaning::Failed(Conflict), "TokenPreviousRequestProcessError", "R1"),
    (400, "", r#"{"RequestId": "R1", "Message": "m", "Code": "ConcurrencyUpdateInstanceConflict"}"#,
        Meaning::Failed(Conflict), "ConcurrencyUpdateInstanceConflict", "R1"),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("elasticsearch_task", &ALIBABA);
    check("elasticsearch_task", &ANSWERS);
}

#[test]
fn reads_tell_whether_a_change_goes_on() {
    let target = params(&["es"]);
    check_read("elasticsearch_task", 0, &target, &[
        (200, r#"{"RequestId": "R", "Result": {"status": "activating"}}"#, Ok(State::Running("activating".into()))),
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
