use super::super::super::tests::listing::{Captured, check_bad_pages, page_at, shown};
use super::super::super::tests::SCOPE;
use super::*;

#[test]
fn requests_are_as_captured() {
    let replay = JobsV5 { job_type: "replay" };
    Captured::read("drs-ListJobs--select-replay").check(&replay.request(&page_at(From::Start, PAGE), &SCOPE));
    let request = JobsV5 { job_type: "sync" }.request(&page_at(From::Offset(100), PAGE), &SCOPE);
    let sorted = [("sort_dir", "asc".to_owned()), ("sort_key", "create_time".to_owned())].to_vec();
    let sorted = Request { query: [request.query.clone(), sorted].concat(), ..request };
    Captured::read("drs-ListJobs--select-page2").check(&sorted);
}

#[test]
fn pages_show_jobs_and_their_parts() {
    let list = JobsV5 { job_type: "replay" };
    check_bad_pages(&list, "jobs");
    let page = list.page(&Captured::read("drs-ListJobs--select-sync").response()).unwrap();
    assert_eq!(page.total, Some(2));
    let fields = "DRS-1,sync,mysql,vpc,FULL_INCR_TRANS,up";
    assert_eq!(
        shown(&page.rows),
        [
            format!("c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r,{fields}|INCRE_TRANSFER_STARTED|2026-11-20 10:57:49|-"),
            format!("p1jb20r,{fields}|CHANGE_JOB_STARTED|2026-11-20 10:57:49|-"),
            format!("k1jb20r,{fields}|CHILD_TRANSFER_STARTED|2026-11-20 10:57:49|-|child"),
        ]
    );
    let empty = list.page(&Captured::read("drs-ListJobs--select-replay").response()).unwrap();
    assert_eq!((empty.total, empty.rows.len()), (Some(0), 0));
}
