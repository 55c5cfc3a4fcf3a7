use http::Method;

use super::super::tests::{Case, HUAWEI, SCOPE, check, check_read, params, response};
use super::super::{Meaning, Params, State, Value};
use super::{DETAIL, STATUS, STOP, SERVICE};
use crate::error::ErrorClass::{Auth, Conflict, Denied, Invalid, NotFound, Protocol, Rejected, Server, Throttled};
use crate::http::{Body, Request};

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
        assert_eq!(SERVICE.stop(&target, &SCOPE), wanted);
    }
}

#[test]
fn a_batch_reads_ten_jobs_and_a_detail_one() {
    let targets = [params(&["j1"]), params(&["j\"2"])];
    let batch: Vec<_> = targets.iter().collect();
    let path = "/v3/054ba152d480d55b2f5dc0069e7ddef0/jobs/batch-status".to_owned();
    let body = r#"{"jobs": ["j1","j\"2"], "page_req": {"cur_page": 1, "per_page": 100}}"#;
    let body = Body::Json(body.into());
    let wanted = Request { api: &STATUS, method: Method::POST, path, query: Vec::new(), body };
    assert_eq!(SERVICE.read(0, &batch, &SCOPE), wanted);
    let detail = SERVICE.read(1, &batch[..1], &SCOPE);
    assert_eq!((detail.api, detail.path), (&DETAIL, format!("{JOBS}/j1")));
    assert_eq!(detail.query, [("type", "overview".to_owned())]);
}

const JOB: &str = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r";

const ANSWERS: [Case; 41] = [
    (200, "X-Request-Id: reqid456", r#"{"status": "success", "id": "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "name": "DRS-1"}"#,
        Meaning::Accepted, "", "reqid456"),
    (200, "", r#"{"status": "Success", "error_code": "", "error_msg": ""}"#, Meaning::Accepted, "", ""),
    (200, "", r#"{"id": "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "status": "failed", "error_code": "DRS.10001007", "error_msg": "Operation not supported in the current status."}"#,
        Meaning::Doubtful(Rejected), "DRS.10001007", ""),
    (200, "", r#"{"status": "Failed"}"#, Meaning::Doubtful(Rejected), "", ""),
    (200, "", r#"{"id": "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "status": "failed", "error_code": "DRS.10000010", "error_msg": "m"}"#,
        Meaning::NotFound, "DRS.10000010", ""),
    (200, "", r#"{"status": "queued"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", "{}", Meaning::Lost(Protocol), "", ""),
    (400, "X-Request-Id: r1", r#"{"error_code": "DRS.10000010", "error_msg": "Job does not exist, please check job id."}"#,
        Meaning::NotFound, "DRS.10000010", "r1"),
    (400, "", r#"{"error_code": "DRS.10000015", "error_msg": "m"}"#, Meaning::Doubtful(Rejected), "DRS.10000015", ""),
    (400, "", r#"{"error_code": "DRS.10000001", "error_msg": "Failed."}"#, Meaning::Doubtful(Rejected), "DRS.10000001", ""),
    (404, "", r#"{"error_code": "DRS.10000099", "error_msg": "m"}"#, Meaning::Doubtful(Rejected), "DRS.10000099", ""),
    (400, "", r#"{"error_code": "InvalidParameter", "error_msg": "m"}"#, Meaning::Doubtful(Invalid), "InvalidParameter", ""),
    (404, "", r#"{"error_code": "unheard", "error_msg": "m"}"#, Meaning::Doubtful(NotFound), "unheard", ""),
    (400, "", r#"{"error_code": "APIGW.0104", "error_msg": "m"}"#, Meaning::Failed(Invalid), "APIGW.0104", ""),
    (400, "", "<html></html>", Meaning::Lost(Protocol), "", ""),
    (403, "", r#"{"error_code": "DRS.10000098", "error_msg": "m"}"#, Meaning::Failed(Denied), "DRS.10000098", ""),
    (409, "", r#"{"error_code": "DRS.10000097", "error_msg": "m"}"#, Meaning::Lost(Conflict), "DRS.10000097", ""),
    (429, "", r#"{"error_code": "DRS.10000096", "error_msg": "m"}"#, Meaning::Failed(Throttled), "DRS.10000096", ""),
    (400, "", r#"{"error_code": "DRS.M01503", "error_msg": "Operation too frequent. Try again later."}"#,
        Meaning::Failed(Throttled), "DRS.M01503", ""),
    (200, "", r#"{"status": "failed", "error_code": "DRS.M01503"}"#, Meaning::Failed(Throttled), "DRS.M01503", ""),
    (202, "", r#"{"error_code": "DRS.M01504", "error_msg": "m"}"#, Meaning::Lost(Conflict), "DRS.M01504", ""),
    (400, "", r#"{"error_code": "DRS.M01504", "error_msg": "m"}"#, Meaning::Failed(Conflict), "DRS.M01504", ""),
    (400, "", r#"{"error_code": "DRS.M05004", "error_msg": "m"}"#, Meaning::AlreadyStopped, "DRS.M05004", ""),
    (200, "", r#"{"status": "failed", "error_code": "DRS.M05004"}"#, Meaning::AlreadyStopped, "DRS.M05004", ""),
    (400, "", r#"{"error_code": "DRS.M00289", "error_msg": "m"}"#, Meaning::NotFound, "DRS.M00289", ""),
    (400, "", r#"{"error_code": "DRS.M05003", "error_msg": "m"}"#, Meaning::NotFound, "DRS.M05003", ""),
    (400, "", r#"{"error_code": "DRS.M00304", "error_msg": "m"}"#, Meaning::Doubtful(Rejected), "DRS.M00304", ""),
    (400, "", r#"{"error_code": "DRS.M00307", "error_msg": "m"}"#, Meaning::Doubtful(Rejected), "DRS.M00307", ""),
    (422, "", r#"{"error_code": "DRS.M01501", "error_msg": "m"}"#, Meaning::Failed(Server), "DRS.M01501", ""),
    (500, "", r#"{"error_code": "DRS.M00004", "error_msg": "m"}"#, Meaning::Failed(Server), "DRS.M00004", ""),
    (401, "", r#"{"error_code": "DRS.M00103", "error_msg": "m"}"#, Meaning::Failed(Denied), "DRS.M00103", ""),
    (403, "", r#"{"error_code": "DRS.M00100", "error_msg": "m"}"#, Meaning::Failed(Auth), "DRS.M00100", ""),
    (400, "", r#"{"error_code": "DRS.M00202", "error_msg": "m"}"#, Meaning::Doubtful(Invalid), "DRS.M00202", ""),
    (200, "", r#"{"status": "success", "error_code": "DRS.M01503"}"#, Meaning::Lost(Throttled), "DRS.M01503", ""),
    (200, "", r#"{"status": "success", "error_code": 7}"#, Meaning::Lost(Protocol), "7", ""),
    (200, "", r#"{"status": "failed", "Success": true}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"id": "another", "status": "success"}"#, Meaning::Lost(Protocol), "", ""),
    (200, "", r#"{"id": "another", "status": "failed", "error_code": "DRS.M05004"}"#, Meaning::Lost(Protocol), "DRS.M05004", ""),
    (400, "", r#"{"status": "success", "error_code": "DRS.10000010"}"#, Meaning::Lost(Invalid), "DRS.10000010", ""),
    (400, "", r#"{"error": {"error_code": "Success", "error_msg": "m"}}"#, Meaning::Lost(Invalid), "Success", ""),
    (404, "", "{}", Meaning::Lost(NotFound), "", ""),
];

#[test]
fn answers_mean_what_the_page_says() {
    check("drs_job", &params(&[JOB]), &HUAWEI);
    check("drs_job", &params(&[JOB]), &ANSWERS);
}

#[test]
fn statuses_are_those_of_the_page() {
    let target = params(&["j"]);
    let shows = |word: &str, state: State| {
        let detail = format!(r#"{{"job": {{"id": "j", "status": "{word}"}}}}"#);
        check_read("drs_job", 1, &target, &[(200, &detail, Ok(state.clone()))]);
        let list = format!(r#"{{"results": [{{"id": "j", "status": "{word}"}}], "count": 1}}"#);
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
fn a_batch_tells_of_each_job() {
    let list = r#"{"results": [{"id": "a", "status": "RELEASE_RESOURCE_STARTED"}, {"id": "b", "error_code": "DRS.M00289", "error_message": "m"},
        {"id": "p", "status": "CHILD_TRANSFER_STARTED", "children": [{"id": "c", "status": "RELEASE_CHILD_TRANSFER_COMPLETE"}]},
        {"id": "t", "status": "DELETED"}, {"id": "t", "status": "PAUSING"}, {"id": "q", "children": null, "status": "PAUSING"}], "count": 2}"#;
    let targets = ["q", "c", "x", "p", "b", "a", "t"].map(|id| params(&[id]));
    let batch: Vec<_> = targets.iter().collect();
    let wanted = [
        State::Running("PAUSING".into()),
        State::Stopped("RELEASE_CHILD_TRANSFER_COMPLETE".into()),
        State::Absent,
        State::Running("CHILD_TRANSFER_STARTED".into()),
        State::Absent,
        State::Stopping("RELEASE_RESOURCE_STARTED".into()),
        State::Unclear("listed twice, with different words".into()),
    ];
    assert_eq!(SERVICE.observations(0, &batch, &response(200, "", list)), wanted.map(Ok));
}

/// What the first read cannot tell, the second is asked: `Absent` sends there.
#[test]
fn a_batch_that_is_refused_falls_through_to_the_detail() {
    let target = params(&["j"]);
    check_read("drs_job", 0, &target, &[
        (200, r#"{"results": [], "count": 0}"#, Ok(State::Absent)),
        (200, "{}", Ok(State::Absent)),
        (200, r#"{"id": "j", "status": "success"}"#, Ok(State::Absent)),
        (200, "<html></html>", Ok(State::Absent)),
        (400, r#"{"error_code": "DRS.M00202"}"#, Ok(State::Absent)),
        (422, r#"{"error_code": "DRS.M00002"}"#, Ok(State::Absent)),
        (403, r#"{"error_code": "DRS.M00102"}"#, Ok(State::Absent)),
        (404, r#"{"error_code": "APIGW.0101"}"#, Ok(State::Absent)),
        (404, "", Ok(State::Absent)),
        (400, r#"{"error_code": "DRS.M01503"}"#, Err(Throttled)),
        (429, r#"{"error_code": "APIGW.0308"}"#, Err(Throttled)),
        (500, "", Err(Server)),
        (401, r#"{"error_code": "APIGW.0301"}"#, Err(Auth)),
    ]);
}

#[test]
fn a_detail_tells_errors_from_absence() {
    check_read("drs_job", 1, &params(&["j"]), &[
        (400, r#"{"error_code": "DRS.10000010"}"#, Ok(State::Absent)),
        (400, r#"{"error_code": "DRS.M00289"}"#, Ok(State::Absent)),
        (400, r#"{"error_code": "DRS.M05004"}"#, Ok(State::Stopped("DRS.M05004".into()))),
        (404, r#"{"error_code": "APIGW.0101"}"#, Err(Rejected)),
        (404, "", Err(Protocol)),
        (404, "{}", Err(NotFound)),
        (200, r#"{"job": {"id": "j"}}"#, Err(Protocol)),
        (200, r#"{"job": {"id": "another", "status": "DELETED"}}"#, Err(Protocol)),
        (200, r#"{"job": {"status": "DELETED"}, "error_code": "x"}"#, Err(Protocol)),
        (200, "{}", Err(Protocol)),
    ]);
}
