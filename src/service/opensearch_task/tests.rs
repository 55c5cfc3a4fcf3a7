use http::Method;

use super::super::tests::{ALIBABA, Case, SCOPE, check, check_read, params, response};
use super::super::{State};
use super::info::{CLUSTER_TASKS, DATA_SOURCE_TASKS};
use super::{Meaning, STOP, SERVICE};
use crate::error::ErrorClass::{Conflict, Invalid, NotFound, Protocol, Rejected, Throttled};
use crate::http::{Body, Request};

const INSTANCE: &str = "/openapi/ha3/instances/ha-cn-7mz2nx41h01";

#[test]
fn requests_name_the_task_in_the_path() {
    let fsm = "tisplus_opensearch@datasource_flow_fsm@1865410598556969-ha-cn-0ju2rrogr01_test_api_2@null@165343";
    let target = params(&["ha-cn-7mz2nx41h01", fsm]);
    let request = |api, method, path: String| Request { api, method, path, query: Vec::new(), body: Body::Empty };
    let encoded = fsm.replace('@', "%40");
    let stop = request(&STOP, Method::PUT, format!("{INSTANCE}/stop-task/{encoded}"));
    assert_eq!(SERVICE.stop(&target, &SCOPE), stop);
    let cluster = request(&CLUSTER_TASKS, Method::GET, format!("{INSTANCE}/cluster-tasks"));
    assert_eq!(SERVICE.read(0, &[&target], &SCOPE), cluster);
    let data_source = request(&DATA_SOURCE_TASKS, Method::GET, format!("{INSTANCE}/data-source-tasks"));
    assert_eq!(SERVICE.read(1, &[&target], &SCOPE), data_source);
    assert_eq!(SERVICE.read_group(&target), "ha-cn-7mz2nx41h01");
}

#[test]
fn ids_are_encoded_like_the_vendor_s_sdk_does() {
    for (fsm, encoded) in [
        ("../a/./b", "..%2Fa%2F.%2Fb"),
        (
            "fsm@a b+c*d~e%f&g=h/i?j#k'l\"m(n)!:;,@$[]|\\^`{}<>@索引",
            "fsm%40a%20b%2Bc%2Ad~e%25f%26g%3Dh%2Fi%3Fj%23k%27l%22m%28n%29%21%3A%3B%2C%40%24%5B%5D%7C%5C%5E%60%7B%7D%3C%3E%40%E7%B4%A2%E5%BC%95",
        ),
    ] {
        let stop = SERVICE.stop(&params(&["ha-cn-7mz2nx41h01", fsm]), &SCOPE);
        assert_eq!(stop.path, format!("{INSTANCE}/stop-task/{encoded}"));
    }
}

const ANSWERS: [Case; 31] = [
    (200, "", r#"{"requestId": "FE03180A-0E29-5474-8A86-33F0683294A4", "result": {}}"#,
        Meaning::Stopped, "", "FE03180A-0E29-5474-8A86-33F0683294A4"),
    (200, "", r#"{"requestId": "0A6EB64B-B4C8-CF02-810F-E660812972FF", "result": []}"#,
        Meaning::Stopped, "", "0A6EB64B-B4C8-CF02-810F-E660812972FF"),
    (200, "", r#"{"requestId": "R", "result": {"taskId": "1"}}"#, Meaning::Accepted, "", "R"),
    (200, "", r#"{"requestId": "R", "result": false}"#, Meaning::Lost(Protocol), "", "R"),
    (200, "", r#"{"requestId": "R", "result": null}"#, Meaning::Lost(Protocol), "", "R"),
    (200, "", r#"{"requestId": "R"}"#, Meaning::Lost(Protocol), "", "R"),
    (404, "", r#"{"requestId": "BD1EA715-DF6F-06C2-004C-C1FA0D3A9820", "code": "instance.NotFound", "message": "Instance not found"}"#,
        Meaning::NotFound, "instance.NotFound", "BD1EA715-DF6F-06C2-004C-C1FA0D3A9820"),
    (404, "", r#"{"RequestId": "R", "Code": "InstanceNotFound", "Message": "m"}"#, Meaning::NotFound, "InstanceNotFound", "R"),
    (404, "", r#"{"requestId": "R", "code": "unheard", "message": "m"}"#, Meaning::Doubtful(NotFound), "unheard", "R"),
    (404, "", r#"{"code": "Parameter.NotFound"}"#, Meaning::Doubtful(NotFound), "Parameter.NotFound", ""),
    (404, "", r#"{"code": "task.NotExist"}"#, Meaning::NotFound, "task.NotExist", ""),
    (404, "", r#"{"code": "InvalidApi.NotFound"}"#, Meaning::Failed(Rejected), "InvalidApi.NotFound", ""),
    (404, "", "{}", Meaning::Lost(NotFound), "", ""),
    (400, "", r#"{"code": "task.AlreadyEnded"}"#, Meaning::Doubtful(Invalid), "task.AlreadyEnded", ""),
    (422, "", r#"{"code": "Unheard"}"#, Meaning::Doubtful(Rejected), "Unheard", ""),
    (400, "", "{}", Meaning::Lost(Invalid), "", ""),
    // A refusal with what a success shows.
    (400, "", r#"{"requestId": "R", "result": {}}"#, Meaning::Lost(Invalid), "", "R"),
    (400, "", r#"{"data": {"result": {}}}"#, Meaning::Lost(Invalid), "", ""),
    (404, "", r#"{"requestId": "R", "result": [], "code": ""}"#, Meaning::Lost(NotFound), "", "R"),
    (404, "", r#"{"code": "instance.NotFound", "result": {}}"#, Meaning::Lost(NotFound), "instance.NotFound", ""),
    (400, "", r#"{"code": "InvalidParameter", "result": []}"#, Meaning::Lost(Invalid), "InvalidParameter", ""),
    (400, "", r#"{"code": "InvalidParameter", "result": null}"#, Meaning::Failed(Invalid), "InvalidParameter", ""),
    (200, "", r#"{"status": "FAIL", "result": {}, "errors": ["x"]}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"status": "FAIL", "result": {}}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"errors": [{"m": 1}], "result": []}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"code": 500, "result": {}}"#, Meaning::Lost(Protocol), "500", ""),
    (200, "", r#"{"code": "200", "success": true, "result": {}}"#, Meaning::Accepted, "200", ""),
    (200, "", r#"{"result": {}, "result": {"error": 1}}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"result": [[]]}"#, Meaning::Accepted, "", ""),
    (429, "", r#"{"RequestId": "R", "Code": "Throttling.Api", "Message": "x"}"#, Meaning::Failed(Throttled), "Throttling.Api", "R"),
    (400, "", r#"{"requestId": "R", "code": "InvalidParameter", "message": "m"}"#, Meaning::Failed(Invalid), "InvalidParameter", "R"),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("opensearch_task", &params(&["ha", "a"]), &ALIBABA);
    check("opensearch_task", &params(&["ha", "a"]), &ANSWERS);
}

#[test]
fn one_listing_tells_of_all_tasks() {
    let list = r#"{"requestId": "R", "result": [
        {"fsmId": "a", "status": "running"}, {"fsmId": "b", "status": "STOPPED"}, {"fsmId": "c", "status": "Success"},
        {"fsmId": "d", "status": "onlyPublished"}, {"fsmId": "e"}, {"name": "no id"}, 7, [], "x", null, true, -1, 1.5]}"#;
    let targets = ["d", "a", "x", "b", "c", "e", "a"].map(|fsm| params(&["ha", fsm]));
    let batch: Vec<_> = targets.iter().collect();
    let wanted = [
        State::Unclear("onlyPublished".into()),
        State::Running("running".into()),
        State::Absent,
        State::Stopped("STOPPED".into()),
        State::Ended("Success".into()),
        State::Unclear("no status".into()),
        State::Running("running".into()),
    ];
    assert_eq!(SERVICE.observations(0, &batch, &response(200, "", list)), wanted.map(Ok));
}

#[test]
fn a_task_that_is_listed_twice_is_unclear() {
    let twice = State::Unclear("listed twice, with different words".into());
    let list = r#"{"result": [{"fsmId": "a", "status": "stopped"}, {"fsmId": "b", "status": "stopped"},
        {"fsmId": "a", "status": "running"}, {"fsmId": "b", "status": "stopped"}, {"fsmId": "c", "status": "stopped", "status": "running"},
        {"fsmId": "d", "fsmId": "d", "status": "stopped"}]}"#;
    let targets = ["a", "b", "c", "d"].map(|fsm| params(&["ha", fsm]));
    let batch: Vec<_> = targets.iter().collect();
    let wanted = [twice.clone(), State::Stopped("stopped".into()), twice, State::Absent];
    assert_eq!(SERVICE.observations(0, &batch, &response(200, "", list)), wanted.map(Ok));
}

#[test]
fn a_list_of_many_megabytes_is_read_for_what_is_needed() {
    let entry = |n: usize| format!(r#"{{"fsmId": "t{n}", "status": "running", "taskNodes": [{{"msg": "{}"}}]}}"#, "m".repeat(1000));
    let entries: Vec<_> = (0..4000).map(entry).collect();
    let list = format!(r#"{{"requestId": "R", "result": [{}]}}"#, entries.join(","));
    assert!(list.len() > 4 << 20 && CLUSTER_TASKS.max_response_bytes == 32 << 20 && DATA_SOURCE_TASKS.max_response_bytes == 32 << 20);
    check_read("opensearch_task", 0, &params(&["ha", "t3999"]), &[(200, &list, Ok(State::Running("running".into())))]);
}

#[test]
fn reads_tell_errors_from_absence() {
    check_read("opensearch_task", 1, &params(&["ha", "a"]), &[
        (200, r#"{"requestId": "R", "result": []}"#, Ok(State::Unclear("in neither task list".into()))),
        (200, r#"{"requestId": "R", "result": {}}"#, Err(Protocol)),
        (200, "{}", Err(Protocol)),
        (404, r#"{"requestId": "R", "code": "instance.NotFound"}"#, Ok(State::Absent)),
        (404, "", Err(Protocol)),
        (404, "{}", Err(NotFound)),
        (404, r#"{"code": "unheard"}"#, Err(NotFound)),
        (404, r#"{"code": "Parameter.NotFound"}"#, Err(NotFound)),
        (404, r#"{"code": "task.NotFound"}"#, Err(NotFound)),
        (404, r#"{"code": "InstanceNotFound"}"#, Ok(State::Absent)),
        (500, r#"{"code": "InstanceNotFound"}"#, Err(NotFound)),
        (409, r#"{"code": "unheard"}"#, Err(Conflict)),
        (200, r#"{"result": [{"fsmId": "a", "status": "stopped"}], "code": "x"}"#, Err(Protocol)),
        (200, r#"{"result": [{"fsmId": "a", "status": "stopped"}], "result": []}"#, Err(Protocol)),
        (200, r#"{"result": [{"fsmId": "a", "status": "retry"}]}"#, Ok(State::Running("retry".into()))),
        (200, r#"{"result": [{"fsmId": "a", "status": "stopped", "user": "\ud800"}]}"#, Ok(State::Stopped("stopped".into()))),
    ]);
}
