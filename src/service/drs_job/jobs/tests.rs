use super::super::super::tests::listing::{Captured, check_bad_pages, check_unseen, page_at, pages, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::{Protocol, Rejected, Throttled};

const SYNC: Jobs<'static> = Jobs { job_type: "sync" };

#[test]
fn requests_are_as_captured() {
    for (job_type, from, capture) in [
        ("sync", From::Start, "drs-v3-ShowJobList--sync-page1"),
        ("migration", From::Number(2), "drs-v3-ShowJobList--migration-page2"),
        ("cloudDataGuard", From::Number(1), "drs-v3-ShowJobList--disaster-recovery"),
        ("sync", From::Number(99), "drs-v3-ShowJobList--err-400-DRS.M00211"),
    ] {
        Captured::read(capture).check(&Jobs { job_type }.request(&page_at(from, PAGE), &SCOPE));
    }
    // Whatever the plan names as a type stays in its place.
    let Body::Json(body) = (Jobs { job_type: "a\", \"status\": \"b" }).request(&page_at(From::Start, PAGE), &SCOPE).body else {
        panic!("a JSON body");
    };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["db_use_type"], "a\", \"status\": \"b");
}

#[test]
fn pages_show_jobs() {
    let page = SYNC.page(&Captured::read("drs-v3-ShowJobList--sync-page1").response()).unwrap();
    assert_eq!(page.total, Some(1));
    let job = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r,DRS-1,sync,mysql,eip,FULL_INCR_TRANS,up";
    assert_eq!(shown(&page.rows), [format!("{job}|INCRE_TRANSFER_STARTED|2020-12-21 10:57:49|-")]);
}

#[test]
fn parts_follow_their_job_and_do_not_count_for_the_total() {
    let body = r#"{"total_record": 2, "jobs": [
        {"id": "p", "name": "p", "db_use_type": "sync", "status": "INCRE_TRANSFER_STARTED", "create_time": 1608519469000, "children": [
            {"id": "k1", "status": "CHILD_TRANSFER_STARTED", "children": [{"id": "g", "engine_type": "oracle"}]},
            {"id": "k2", "db_use_type": "other", "error_msg": "jdbc:mysql://kanari"}]},
        {"id": "q", "children": null, "error_msg": "jdbc:mysql://kanari", "description": "kanari"}]}"#;
    let page = SYNC.page(&response(200, "", body));
    check_unseen(&page, &["kanari"]);
    let page = page.unwrap();
    assert_eq!(
        shown(&page.rows),
        [
            "p,p,sync,-,-,-,-|INCRE_TRANSFER_STARTED|1608519469000|-",
            "k1,-,sync,-,-,-,-|CHILD_TRANSFER_STARTED|-|-|child",
            "g,-,sync,oracle,-,-,-|-|-|-|child",
            "k2,-,other,-,-,-,-|-|-|-|child",
            "q,-,sync,-,-,-,-|-|-|-",
        ]
    );
    let counted: Vec<_> = page.rows.iter().filter_map(|row| SYNC.id(row)).collect();
    assert_eq!(counted, ["p", "q"]);
}

#[test]
fn no_page_is_asked_for_beyond_the_total() {
    let asked = std::cell::Cell::new(0);
    let rows = pages(&SYNC, |request| {
        asked.set(asked.get() + 1);
        let Body::Json(body) = &request.body else { panic!("a JSON body") };
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let jobs: Vec<_> = (0..100).map(|n| format!(r#"{{"id": "{}-{n}"}}"#, body["cur_page"])).collect();
        response(200, "", &format!(r#"{{"total_record": 200, "jobs": [{}]}}"#, jobs.join(",")))
    });
    assert_eq!((rows.unwrap().len(), asked.get()), (200, 2));
}

#[test]
fn a_response_without_jobs_is_no_empty_list_but_where_the_service_says_so() {
    check_bad_pages(&SYNC, "jobs");
    let empty = SYNC.page(&Captured::read("drs-ListJobs--err-422-DRS.M00002").response()).unwrap();
    assert_eq!(empty, Page { rows: Vec::new(), total: Some(0), next: None });
    for (capture, class) in [
        ("drs-v3-ShowJobList--err-400-DRS.M00211", Protocol),
        ("drs-ListJobs--err-400-DRS.M01503", Throttled),
        ("drs-ListJobs--err-400-DRS.M00202", crate::error::ErrorClass::Invalid),
        ("drs-ListJobs--err-403-DRS.M00102", crate::error::ErrorClass::Denied),
    ] {
        assert_eq!(SYNC.page(&Captured::read(capture).response()).unwrap_err().class, Some(class), "{capture}");
    }
    for (status, body, class) in [
        (400, r#"{"error_code": "DRS.M00210", "error_msg": "m"}"#, Protocol),
        (422, r#"{"error_code": "DRS.M99999", "error_msg": "The returned result is empty."}"#, Rejected),
        (200, r#"{"error_code": "DRS.M00002", "error_msg": "m"}"#, Protocol),
        (202, r#"{"error_code": "DRS.M01504", "error_msg": "m"}"#, Protocol),
        (503, r#"{"error_code": "DRS.M00002", "error_msg": "m"}"#, Protocol),
    ] {
        assert_eq!(SYNC.page(&response(status, "", body)).unwrap_err().class, Some(class), "{status} {body}");
    }
}
