use super::super::super::tests::{SCOPE, params, response};
use super::super::super::{Meaning, Params, Value};
use super::*;
use crate::error::ErrorClass::{Auth, Clock, Conflict, Denied, Invalid, Protocol, Rejected, Server, Throttled};
use crate::service::Verdict;

const PATH: &str = "/v5/054ba152d480d55b2f5dc0069e7ddef0/jobs/batch-stop";

/// What the vendor's SDK sent, and what it was answered.
const CAPTURE: &str = include_str!("../../../../tests/captures/drs-BatchStopJobs--two.json");

fn verdicts(ids: &[&str], status: u16, body: &str) -> Verdicts {
    let targets: Vec<_> = ids.iter().map(|id| params(&[id])).collect();
    BATCH.verdicts(&targets.iter().collect::<Vec<_>>(), &response(status, "X-Request-Id: r1", body))
}

fn each(ids: &[&str], body: &str) -> Vec<Verdict> {
    let verdicts = verdicts(ids, 200, body);
    let Verdicts::Each(verdicts) = verdicts else { panic!("{body}: {verdicts:?}") };
    verdicts
}

fn meanings(ids: &[&str], body: &str) -> Vec<Meaning> {
    each(ids, body).into_iter().map(|verdict| verdict.meaning).collect()
}

#[test]
fn the_request_is_that_of_the_vendors_sdk_and_states_the_force_of_each_job() {
    let capture: serde_json::Value = serde_json::from_str(CAPTURE).unwrap();
    let sent = &capture["requests"][0];
    let targets = [("c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", Some(true)), ("j2", None)];
    let targets = targets.map(|(id, force)| Params::new(vec![Some(Value::Text(id)), force.map(Value::Flag)]));
    let request = BATCH.request(&targets.iter().collect::<Vec<_>>(), &SCOPE);
    assert_eq!((request.method.as_str(), &*request.path), (sent["method"].as_str().unwrap(), PATH));
    assert_eq!(request.path, sent["raw_path"].as_str().unwrap());
    let Body::Json(body) = &request.body else { panic!("{:?}", request.body) };
    let mut wanted: serde_json::Value = serde_json::from_str(sent["body"].as_str().unwrap()).unwrap();
    // The SDK leaves the default out; this program states it.
    wanted["jobs"][1]["is_force_stop"] = false.into();
    assert_eq!(serde_json::from_str::<serde_json::Value>(body).unwrap(), wanted);
}

#[test]
fn the_answer_that_the_sdk_got_has_a_result_of_each() {
    let capture: serde_json::Value = serde_json::from_str(CAPTURE).unwrap();
    let body = capture["requests"][0]["response_sent"]["body"].as_str().unwrap();
    let ids = ["c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "j2"];
    assert_eq!(meanings(&ids, body), [Meaning::Accepted, Meaning::NotFound]);
}

/// Each entry means what it means as the response to a single stop, and has the id of the one request.
#[test]
fn an_entry_is_read_as_a_single_response() {
    for (entry, meaning) in [
        (r#""status": "success""#, Meaning::Accepted),
        (r#""name": "n", "status": "Success", "error_code": "", "error_msg": null"#, Meaning::Accepted),
        (r#""status": "failed", "error_code": "DRS.10000010""#, Meaning::NotFound),
        (r#""status": "failed", "error_code": "DRS.M05004""#, Meaning::AlreadyStopped),
        (r#""status": "failed", "error_code": "DRS.M01503""#, Meaning::Failed(Throttled)),
        (r#""status": "failed", "error_code": "DRS.M01504""#, Meaning::Failed(Conflict)),
        (r#""status": "failed", "error_code": "DRS.M01501""#, Meaning::Failed(Server)),
        (r#""status": "failed", "error_code": "DRS.M00102""#, Meaning::Failed(Denied)),
        (r#""status": "failed", "error_code": "DRS.10000015""#, Meaning::Doubtful(Rejected)),
        (r#""status": "failed""#, Meaning::Doubtful(Rejected)),
        (r#""status": "success", "error_code": "DRS.M01503""#, Meaning::Lost(Throttled)),
        (r#""status": "queued""#, Meaning::Lost(Protocol)),
        (r#""status": "failed", "status": "success""#, Meaning::Lost(Protocol)),
        (r#""STATUS": "success""#, Meaning::Lost(Protocol)),
        (r#""name": "n""#, Meaning::Lost(Protocol)),
    ] {
        let alone = super::super::SERVICE
            .verdict(&params(&["j1"]), &response(200, "X-Request-Id: r1", &format!(r#"{{"id": "j1", {entry}}}"#)));
        let body = format!(r#"{{"jobs": [{{"id": "j1", {entry}}}, {{"id": "j2", "status": "success"}}]}}"#);
        let both = each(&["j1", "j2"], &body);
        assert_eq!(both[0], alone, "{entry}");
        assert_eq!((both[0].meaning, both[1].meaning), (meaning, Meaning::Accepted), "{entry}");
        assert!(both.iter().all(|verdict| verdict.error.request_id.as_deref() == Some("r1")), "{entry}");
    }
}

#[test]
fn a_job_that_the_list_leaves_out_or_contradicts_is_in_doubt() {
    let lost = Meaning::Lost(Protocol);
    let ids = ["j1", "j2"];
    for (list, first) in [
        (r#"{"id": "j2", "status": "success"}"#, lost),
        (r#"{"id": "j2", "status": "success"}, {"id": "J1", "status": "success"}"#, lost),
        (r#"{"id": "j2", "status": "success"}, {"job_id": "j1", "status": "success"}"#, lost),
        (r#"{"id": "j2", "status": "success"}, {"id": "j1", "id": "j2", "status": "failed"}"#, lost),
        (r#"{"id": "j2", "status": "success"}, "j1", null, 7, ["j1"]"#, lost),
        // Entries of jobs that were not asked for never count.
        (r#"{"id": "j9", "status": "failed"}, {"id": "j2", "status": "success"}, {"status": "failed"}"#, lost),
        (r#"{"id": "j2", "status": "success"}, {"id": "j1", "status": "success"}"#, Meaning::Accepted),
        (
            r#"{"id": "j1", "status": "success"}, {"id": "j2", "status": "success"}, {"id": "j1", "status": "success"}"#,
            Meaning::Accepted,
        ),
        (
            r#"{"id": "j1", "status": "success"}, {"id": "j2", "status": "success"}, {"id": "j1", "status": "failed"}"#,
            lost,
        ),
        (
            r#"{"id": "j1", "status": "failed", "error_code": "DRS.10000010"}, {"id": "j2", "status": "success"}, {"id": "j1", "status": "failed", "error_code": "DRS.M05004"}, {"id": "j1", "status": "failed", "error_code": "DRS.10000010"}"#,
            lost,
        ),
    ] {
        assert_eq!(meanings(&ids, &format!(r#"{{"jobs": [{list}]}}"#)), [first, Meaning::Accepted], "{list}");
    }
    assert_eq!(meanings(&ids, r#"{"jobs": []}"#), [lost, lost]);
}

#[test]
fn a_response_without_results_is_about_the_request() {
    type Of = fn(Verdict) -> Verdicts;
    let (all, refused, unavailable): (Of, Of, Of) = (Verdicts::All, Verdicts::Refused, Verdicts::Unavailable);
    let lost = Meaning::Lost;
    for (status, body, of, meaning) in [
        (200, "{}", all, lost(Protocol)),
        (200, "", all, lost(Protocol)),
        (200, "<html></html>", all, lost(Protocol)),
        (200, r#"{"jobs": {"id": "j1", "status": "success"}}"#, all, lost(Protocol)),
        (200, r#"{"jobs": [], "jobs": [{"id": "j1", "status": "success"}]}"#, all, lost(Protocol)),
        (200, r#"{"jobs": [{"id": "j1", "status": "success"}"#, all, lost(Protocol)),
        (200, r#"{"status": "failed", "jobs": [{"id": "j1", "status": "success"}]}"#, all, lost(Protocol)),
        (200, r#"{"error_code": "DRS.M01501", "jobs": [{"id": "j1", "status": "success"}]}"#, all, lost(Server)),
        (302, "", all, lost(Protocol)),
        (429, r#"{"error_code": "APIGW.0308", "error_msg": "m"}"#, all, Meaning::Failed(Throttled)),
        (400, r#"{"error_code": "DRS.M01503", "error_msg": "m"}"#, all, Meaning::Failed(Throttled)),
        (500, r#"{"error_code": "DRS.M00004", "error_msg": "m"}"#, all, Meaning::Failed(Server)),
        (502, "<html></html>", all, Meaning::Failed(Server)),
        (401, r#"{"error_code": "APIGW.0301", "error_msg": "m"}"#, all, Meaning::Failed(Auth)),
        (401, r#"{"error_code": "APIGW.0301", "error_msg": "signature expired"}"#, all, Meaning::Failed(Clock)),
        (404, r#"{"error_code": "APIGW.0101", "error_msg": "m"}"#, unavailable, Meaning::Failed(Rejected)),
        (405, r#"{"error_code": "APIGW.0501", "error_msg": "m"}"#, unavailable, Meaning::Failed(Rejected)),
        (403, r#"{"error_code": "APIGW.0302", "error_msg": "m"}"#, unavailable, Meaning::Failed(Denied)),
        (403, r#"{"error_code": "DRS.M00102", "error_msg": "m"}"#, unavailable, Meaning::Failed(Denied)),
        // Nobody knows what refused this: the state decides before the single stop.
        (404, "<html></html>", unavailable, lost(Protocol)),
        (400, r#"{"error_code": "DRS.M00202", "error_msg": "too many jobs"}"#, refused, Meaning::Failed(Invalid)),
        (400, r#"{"error_code": "APIGW.0106", "error_msg": "m"}"#, refused, Meaning::Failed(Invalid)),
        // A job that nobody knows, or that has ended, is no news of the other nine.
        (400, r#"{"error_code": "DRS.10000010", "error_msg": "m"}"#, refused, Meaning::Doubtful(Invalid)),
        (400, r#"{"error_code": "DRS.M05004", "error_msg": "m"}"#, refused, Meaning::Doubtful(Invalid)),
    ] {
        let got = verdicts(&["j1", "j2"], status, body);
        let (Verdicts::All(verdict) | Verdicts::Refused(verdict) | Verdicts::Unavailable(verdict)) = &got else {
            panic!("{status} {body}: {got:?}");
        };
        assert_eq!(got, of(verdict.clone()), "{status} {body}");
        assert_eq!(verdict.meaning, meaning, "{status} {body}");
    }
}
