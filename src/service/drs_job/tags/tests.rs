use super::super::super::tests::listing::{Captured, check_bad_pages, page_at, shown};
use super::super::super::tests::{SCOPE, response};
use super::*;
use crate::error::ErrorClass::Protocol;

const SYNC: TagsOfJobs<'static> = TagsOfJobs { job_type: "sync" };

#[test]
fn requests_are_as_captured() {
    Captured::read("drs-ListInstanceByTags--any").check(&SYNC.request(&page_at(From::Start, PAGE), &SCOPE));
    let next = SYNC.request(&page_at(From::Offset(1000), PAGE), &SCOPE);
    assert_eq!(next.query, [("limit", "1000".to_owned()), ("offset", "1000".to_owned())]);
}

#[test]
fn pages_show_the_tags_of_jobs() {
    let page = SYNC.page(&Captured::read("drs-ListInstanceByTags--any").response()).unwrap();
    assert_eq!(page.total, Some(1));
    assert_eq!(shown(&page.rows), ["c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r,-,-,-,-,-,-|-|-|env=test"]);
    let empty = SYNC.page(&response(422, "", r#"{"error_code": "DRS.M00002", "error_msg": "m"}"#)).unwrap();
    assert_eq!(empty.total, Some(0));
}

#[test]
fn tags_that_cannot_be_read_are_not_taken_for_none() {
    check_bad_pages(&SYNC, "resources");
    for tags in ["", r#", "tags": null"#, r#", "tags": {"env": "test"}"#, r#", "tags": [{"value": "test"}]"#] {
        let body = format!(r#"{{"total_count": 1, "resources": [{{"resource_id": "j" {tags}}}]}}"#);
        assert_eq!(SYNC.page(&response(200, "", &body)).unwrap_err().class, Some(Protocol), "{tags}");
    }
}
