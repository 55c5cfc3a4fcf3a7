use http::Method;

use super::super::tests::{Case, HUAWEI, SCOPE, check, check_read, params, reply};
use super::super::{Operation, Params, State, Value};
use super::{DETAIL, LIST, Meaning, STOP, Service};
use crate::class::ErrorClass::{Conflict, Denied, Invalid, NotFound, Protocol, Rejected, Throttled};
use crate::wire::{Body, Request};

const JOBS: &str = "/v5/054ba152d480d55b2f5dc0069e7ddef0/jobs";

#[test]
fn the_stop_always_states_the_force() {
    for (flag, body) in
        [(Some(true), r#"{"is_force_stop": true}"#), (Some(false), r#"{"is_force_stop": false}"#), (None, r#"{"is_force_stop": false}"#)]
    {
        let id = Value::Text("j a+b*c~d%e/测试'()!@:$");
        let target = Params::new(vec![Some(id), flag.map(Value::Flag)]);
        let path = format!("{JOBS}/j%20a%2Bb%2Ac~d%25e%2F%E6%B5%8B%E8%AF%95%27%28%29%21%40%3A%24/stop");
        let body = Body::Json(body.into());
        let wanted = Request { api: &STOP, method: Method::POST, path, query: Vec::new(), body };
        assert_eq!(Service.stop(&target, &SCOPE), wanted);
    }
}

#[test]
fn a_list_reads_ten_jobs_and_a_detail_one() {
    let targets = [params(&["j1"]), params(&["j2"])];
    let batch: Vec<_> = targets.iter().collect();
    let list = Service.read(0, &batch, &SCOPE);
    let query = [("name", "j1,j2"), ("limit", "100"), ("offset", "0")].map(|(key, text)| (key, text.to_owned()));
    assert_eq!((list.api, &*list.path, &*list.query), (&LIST, JOBS, &query[..]));
    let detail = Service.read(1, &batch[..1], &SCOPE);
    assert_eq!((detail.api, detail.path), (&DETAIL, format!("{JOBS}/j1")));
    assert_eq!(detail.query, [("type", "overview".to_owned())]);
}

const ANSWERS: [Case; 18] = [
    (200, "X-Request-Id: reqid456", r#"{"status": "success", "id": "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "name": "DRS-1"}"#,
        Meaning::Accepted, "", "reqid456"),
    (200, "", r#"{"status": "Success", "id": "j", "error_code": "", "error_msg": ""}"#, Meaning::Accepted, "", ""),
    (200, "", r#"{"id": "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "status": "failed", "error_code": "DRS.10001007", "error_msg": "Operation not supported in the current status."}"#,
        Meaning::Doubtful(Rejected), "DRS.10001007", ""),
    (200, "", r#"{"id": "j", "status": "Failed"}"#, Meaning::Doubtful(Rejected), "", ""),
    (200, "", r#"{"id": "j", "status": "failed", "error_code": "DRS.10000010", "error_msg": "m"}"#,
        Meaning::NotFound, "DRS.10000010", ""),
    (200, "", r#"{"id": "j", "status": "queued"}"#, Meaning::Failed(Protocol), "", ""),
    (200, "", "{}", Meaning::Failed(Protocol), "", ""),
    (400, "X-Request-Id: r1", r#"{"error_code": "DRS.10000010", "error_msg": "Job does not exist, please check job id."}"#,
        Meaning::NotFound, "DRS.10000010", "r1"),
    (400, "", r#"{"error_code": "DRS.10000015", "error_msg": "m"}"#, Meaning::Doubtful(Rejected), "DRS.10000015", ""),
    (400, "", r#"{"error_code": "DRS.10000001", "error_msg": "Failed."}"#, Meaning::Doubtful(Rejected), "DRS.10000001", ""),
    (404, "", r#"{"error_code": "DRS.10000099", "error_msg": "m"}"#, Meaning::Doubtful(Rejected), "DRS.10000099", ""),
    (400, "", r#"{"error_code": "InvalidParameter", "error_msg": "m"}"#, Meaning::Doubtful(Invalid), "InvalidParameter", ""),
    (404, "", r#"{"error_code": "unheard", "error_msg": "m"}"#, Meaning::Doubtful(NotFound), "unheard", ""),
    (400, "", r#"{"error_code": "APIGW.0104", "error_msg": "m"}"#, Meaning::Failed(Invalid), "APIGW.0104", ""),
    (400, "", "<html></html>", Meaning::Failed(Protocol), "", ""),
    (403, "", r#"{"error_code": "DRS.10000098", "error_msg": "m"}"#, Meaning::Failed(Denied), "DRS.10000098", ""),
    (409, "", r#"{"error_code": "DRS.10000097", "error_msg": "m"}"#, Meaning::Failed(Conflict), "DRS.10000097", ""),
    (429, "", r#"{"error_code": "DRS.10000096", "error_msg": "m"}"#, Meaning::Failed(Throttled), "DRS.10000096", ""),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("drs_job", &HUAWEI);
    check("drs_job", &ANSWERS);
}

#[test]
fn statuses_are_those_of_the_page() {
    let target = params(&["j"]);
    let shows = |word: &str, state: State| {
        let detail = format!(r#"{{"job": {{"id": "j", "status": "{word}"}}}}"#);
        check_read("drs_job", 1, &target, &[(200, &detail, Ok(state.clone()))]);
        let list = format!(r#"{{"total_count": 1, "jobs": [{{"id": "j", "status": "{word}"}}]}}"#);
        check_read("drs_job", 0, &target, &[(200, &list, Ok(state))]);
    };
    for word in ["RELEASE_RESOURCE_COMPLETE", "RELEASE_CHILD_TRANSFER_COMPLETE", "DELETED"] {
        shows(word, State::Stopped(word.into()));
    }
    for word in [
        "CREATING", "CREATE_FAILED", "CONFIGURATION", "STARTJOBING", "WAITING_FOR_START", "START_JOB_FAILED",
        "FULL_TRANSFER_STARTED", "FULL_TRANSFER_FAILED", "FULL_TRANSFER_COMPLETE", "INCRE_TRANSFER_STARTED",
        "INCRE_TRANSFER_FAILED", "RELEASE_RESOURCE_FAILED", "CHANGE_JOB_STARTED",
        "CHANGE_JOB_FAILED", "CHILD_TRANSFER_STARTING", "CHILD_TRANSFER_STARTED", "CHILD_TRANSFER_COMPLETE",
        "CHILD_TRANSFER_FAILED", "PAUSING", "REBUILD_NODE_STARTED",
        "NODE_UPGRADE_STARTED",
    ] {
        shows(word, State::Running(word.into()));
    }
    for word in ["RELEASE_RESOURCE_STARTED", "RELEASE_CHILD_TRANSFER_STARTED"] {
        shows(word, State::Stopping(word.into()));
    }
    shows("ASLEEP", State::Unclear("ASLEEP".into()));
}

#[test]
fn a_list_shows_children_too() {
    let list = r#"{"total_count": 1, "jobs": [
        {"id": "p", "status": "CHILD_TRANSFER_STARTED", "error_code": "DRS.1", "children": [
            {"id": "c", "status": "RELEASE_CHILD_TRANSFER_COMPLETE"}, {"id": "n"}]},
        {"id": "q", "children": null, "status": "PAUSING"}]}"#;
    let targets = ["q", "c", "x", "p", "n"].map(|id| params(&[id]));
    let batch: Vec<_> = targets.iter().collect();
    let wanted = [
        State::Running("PAUSING".into()),
        State::Stopped("RELEASE_CHILD_TRANSFER_COMPLETE".into()),
        State::Absent,
        State::Running("CHILD_TRANSFER_STARTED".into()),
        State::Unclear("no status".into()),
    ];
    assert_eq!(Service.sightings(0, &batch, &reply(200, "", list)), wanted.map(Ok));
}

#[test]
fn reads_tell_errors_from_absence() {
    let target = params(&["j"]);
    check_read("drs_job", 0, &target, &[
        (200, r#"{"total_count": 0, "jobs": []}"#, Ok(State::Absent)),
        (200, "{}", Err(Protocol)),
        (429, r#"{"error_code": "APIGW.0308"}"#, Err(Throttled)),
    ]);
    check_read("drs_job", 1, &target, &[
        (400, r#"{"error_code": "DRS.10000010"}"#, Ok(State::Absent)),
        (404, r#"{"error_code": "APIGW.0101"}"#, Err(Rejected)),
        (404, "", Err(Protocol)),
        (404, "{}", Err(NotFound)),
        (200, r#"{"job": {"id": "j"}}"#, Err(Protocol)),
        (200, "{}", Err(Protocol)),
    ]);
}
