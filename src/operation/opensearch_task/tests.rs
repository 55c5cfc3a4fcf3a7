use http::Method;

use super::super::tests::{ALIBABA, Case, SCOPE, check, check_read, params, reply};
use super::super::{Operation, State};
use super::{CLUSTER_TASKS, DATA_SOURCE_TASKS, Meaning, STOP, Service};
use crate::class::ErrorClass::{Conflict, Invalid, NotFound, Protocol, Throttled};
use crate::wire::{Body, Request};

const INSTANCE: &str = "/openapi/ha3/instances/ha-cn-7mz2nx41h01";

#[test]
fn requests_name_the_task_in_the_path() {
    let fsm = "tisplus_opensearch@datasource_flow_fsm@1865410598556969-ha-cn-0ju2rrogr01_test_api_2@null@165343";
    let target = params(&["ha-cn-7mz2nx41h01", fsm]);
    let request = |api, method, path: String| Request { api, method, path, query: Vec::new(), body: Body::Empty };
    let encoded = fsm.replace('@', "%40");
    let stop = request(&STOP, Method::PUT, format!("{INSTANCE}/stop-task/{encoded}"));
    assert_eq!(Service.stop(&target, &SCOPE), stop);
    let cluster = request(&CLUSTER_TASKS, Method::GET, format!("{INSTANCE}/cluster-tasks"));
    assert_eq!(Service.read(0, &[&target], &SCOPE), cluster);
    let data_source = request(&DATA_SOURCE_TASKS, Method::GET, format!("{INSTANCE}/data-source-tasks"));
    assert_eq!(Service.read(1, &[&target], &SCOPE), data_source);
    assert_eq!(Service.read_group(&target), "ha-cn-7mz2nx41h01");
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
        let stop = Service.stop(&params(&["ha-cn-7mz2nx41h01", fsm]), &SCOPE);
        assert_eq!(stop.path, format!("{INSTANCE}/stop-task/{encoded}"));
    }
}

const ANSWERS: [Case; 11] = [
    (200, "", r#"{"requestId": "FE03180A-0E29-5474-8A86-33F0683294A4", "result": {}}"#,
        Meaning::Stopped, "", "FE03180A-0E29-5474-8A86-33F0683294A4"),
    (200, "", r#"{"requestId": "0A6EB64B-B4C8-CF02-810F-E660812972FF", "result": []}"#,
        Meaning::Stopped, "", "0A6EB64B-B4C8-CF02-810F-E660812972FF"),
    (200, "", r#"{"requestId": "R", "result": {"taskId": "1"}}"#, Meaning::Accepted, "", "R"),
    (200, "", r#"{"requestId": "R", "result": false}"#, Meaning::Failed(Protocol), "", "R"),
    (200, "", r#"{"requestId": "R", "result": null}"#, Meaning::Failed(Protocol), "", "R"),
    (200, "", r#"{"requestId": "R"}"#, Meaning::Failed(Protocol), "", "R"),
    (404, "", r#"{"requestId": "BD1EA715-DF6F-06C2-004C-C1FA0D3A9820", "code": "instance.NotFound", "message": "Instance not found"}"#,
        Meaning::NotFound, "instance.NotFound", "BD1EA715-DF6F-06C2-004C-C1FA0D3A9820"),
    (404, "", r#"{"RequestId": "R", "Code": "InstanceNotFound", "Message": "m"}"#, Meaning::NotFound, "InstanceNotFound", "R"),
    (404, "", r#"{"requestId": "R", "code": "unheard", "message": "m"}"#, Meaning::NotFound, "unheard", "R"),
    (429, "", r#"{"RequestId": "R", "Code": "Throttling.Api", "Message": "x"}"#, Meaning::Failed(Throttled), "Throttling.Api", "R"),
    (400, "", r#"{"requestId": "R", "code": "InvalidParameter", "message": "m"}"#, Meaning::Failed(Invalid), "InvalidParameter", "R"),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("opensearch_task", &ALIBABA);
    check("opensearch_task", &ANSWERS);
}

#[test]
fn one_listing_tells_of_all_tasks() {
    let list = r#"{"requestId": "R", "result": [
        {"fsmId": "a", "status": "running"}, {"fsmId": "b", "status": "STOPPED"}, {"fsmId": "c", "status": "Success"},
        {"fsmId": "d", "status": "onlyPublished"}, {"fsmId": "e"}, {"name": "no id"}, 7]}"#;
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
    assert_eq!(Service.sightings(0, &batch, &reply(200, "", list)), wanted.map(Ok));
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
        (409, r#"{"code": "unheard"}"#, Err(Conflict)),
    ]);
}
