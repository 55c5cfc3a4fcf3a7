use super::super::super::lister::Lister;
use super::super::super::tests::listing::{Answers, Listed, Wants, list, shown};
use super::LISTER;
use super::types;

fn listed(wants: &Wants, answers: Answers<'_>) -> Listed {
    list("drs_job", wants, answers)
}

fn named(types: &[&'static str]) -> Wants {
    Wants { exactly: [(2, types.to_vec())].into(), ..Wants::default() }
}

fn tagged() -> Wants {
    Wants { needs_tags: true, ..named(&["sync"]) }
}

fn jobs(job_type: &str) -> String {
    let body = format!(r#"{{"cur_page": 1, "per_page": 100, "db_use_type": "{job_type}"}}"#);
    format!("POST /v3/054ba152d480d55b2f5dc0069e7ddef0/jobs {body}")
}

fn tags(job_type: &str) -> String {
    let path = format!("/v5/054ba152d480d55b2f5dc0069e7ddef0/{job_type}/resource-instances/filter");
    format!("POST {path}?limit=1000&offset=0 {{}}")
}

const NONE: &str = r#"{"total_record": 0, "jobs": []}"#;

#[test]
fn each_type_is_a_unit() {
    let requests = ["migration", "sync", "cloudDataGuard"].map(jobs);
    let one = r#"{"total_record": 1, "jobs": [{"id": "j", "db_use_type": "sync", "status": "CONFIGURATION"}]}"#;
    let denied = r#"{"error_code": "DRS.M00102", "error_msg": "m"}"#;
    let answers = [(&*requests[0], 200, NONE), (&*requests[1], 200, one), (&*requests[2], 403, denied)];
    let listed = listed(&Wants::default(), &answers);
    assert_eq!(listed.requests, requests);
    assert_eq!(listed.units(), ["migration jobs: 0", "sync jobs: 1", "cloudDataGuard jobs: denied"]);
    assert_eq!(shown(listed.found()), ["j,-,sync,-,-,-,-|CONFIGURATION|-|-"]);
}

#[test]
fn replay_is_listed_where_it_is_named_and_by_the_api_that_lists_it() {
    let replay = "GET /v5/054ba152d480d55b2f5dc0069e7ddef0/jobs?job_type=replay&limit=100&offset=0";
    let one = r#"{"total_count": 1, "jobs": [{"id": "r"}]}"#;
    let found = listed(&named(&["replay"]), &[(replay, 200, one)]);
    assert_eq!(found.units(), ["replay jobs: 1"]);
    assert_eq!(shown(found.found()), ["r,-,replay,-,-,-,-|-|-|-"]);

    let of = |wants: &Wants| types(wants).join(" ");
    assert_eq!(of(&Wants::default()), "migration sync cloudDataGuard");
    assert_eq!(of(&named(&["sync"])), "sync");
    // A glob names nothing, and leaves out what it does not match.
    let glob = |first: char| match first {
        'r' => Wants { may_match: |job| job.value(2).is_some_and(|name| name.starts_with('r')), ..Wants::default() },
        _ => Wants { may_match: |job| job.value(2).is_some_and(|name| name.starts_with('s')), ..Wants::default() },
    };
    assert_eq!(of(&glob('r')), "");
    assert_eq!(of(&glob('s')), "sync");
    // Named beside a glob, or by one of two selections.
    assert_eq!(of(&Wants { literals: [(2, vec!["replay"])].into(), ..glob('s') }), "replay sync");
    assert_eq!(of(&Wants { literals: [(2, vec!["sync"])].into(), ..Wants::default() }), "sync migration cloudDataGuard");
}

#[test]
fn jobs_get_their_tags_and_one_that_the_list_of_tags_lacks_has_none() {
    let (jobs, tags) = (jobs("sync"), tags("sync"));
    let shown_jobs = r#"{"total_record": 3, "jobs": [
        {"id": "j1", "status": "INCRE_TRANSFER_STARTED"},
        {"id": "j5", "status": "INCRE_TRANSFER_STARTED"},
        {"id": "p", "status": "INCRE_TRANSFER_STARTED", "children": [{"id": "k"}, {"id": "l"}]}]}"#;
    let shown_tags = r#"{"total_count": 4, "resources": [
        {"resource_id": "j1", "tags": [{"key": "env", "value": "test"}, {"key": "keep", "value": ""}]},
        {"resource_id": "p", "tags": [{"key": "env", "value": "test"}]},
        {"resource_id": "l", "tags": [{"key": "env", "value": "prod"}]},
        {"resource_id": "gone", "tags": []}]}"#;
    let found = listed(&tagged(), &[(&jobs, 200, shown_jobs), (&tags, 200, shown_tags)]);
    assert_eq!(found.requests, [&*jobs, &*tags]);
    assert_eq!(found.units(), ["sync jobs: 5"]);
    let field = ",-,sync,-,-,-,-|";
    assert_eq!(
        shown(found.found()),
        [
            format!("j1{field}INCRE_TRANSFER_STARTED|-|env=test,keep="),
            format!("j5{field}INCRE_TRANSFER_STARTED|-|"),
            format!("k{field}-|-|-|child"),
            format!("l{field}-|-|env=prod|child"),
            format!("p{field}INCRE_TRANSFER_STARTED|-|env=test"),
        ]
    );
    assert_eq!(found.warnings.len(), 1);
    // Where no part is asked for, there is nothing to warn of.
    let wants = Wants { may_match: |job| !job.is_child, ..tagged() };
    let found = listed(&wants, &[(&jobs, 200, shown_jobs), (&tags, 200, shown_tags)]);
    assert!(found.warnings.is_empty());
    // Without a need, no tags are read and none are known.
    let found = listed(&named(&["sync"]), &[(&jobs, 200, shown_jobs)]);
    assert!(found.found().iter().all(|job| job.tags.is_none()));
}

#[test]
fn tags_that_are_needed_and_cannot_be_read_fail_the_jobs() {
    let (jobs, tags) = (jobs("sync"), tags("sync"));
    let one = r#"{"total_record": 1, "jobs": [{"id": "j"}]}"#;
    for (status, body, class) in
        [(403, r#"{"error_code": "DRS.M00102", "error_msg": "m"}"#, "denied"), (200, "{}", "protocol")]
    {
        let found = listed(&tagged(), &[(&jobs, 200, one), (&tags, status, body)]);
        assert_eq!(found.units(), [format!("sync jobs: {class}")]);
    }
    // Nothing to have tags costs no request for them.
    assert_eq!(listed(&tagged(), &[(&jobs, 200, NONE)]).requests, [&*jobs]);
    let wants = Wants { may_match: |_| false, ..tagged() };
    let found = listed(&wants, &[(&jobs, 200, one)]);
    assert_eq!((found.requests.len(), found.units()), (1, vec!["sync jobs: 1".to_owned()]));
}

#[test]
fn a_job_that_the_plan_names_and_the_project_lacks_is_no_failure() {
    let wants = Wants { exactly: [(0, vec!["gone"]), (2, vec!["sync"])].into(), ..Wants::default() };
    assert_eq!(listed(&wants, &[(&jobs("sync"), 200, NONE)]).units(), ["sync jobs: 0"]);
}

#[test]
fn requests_are_told_before_they_are_sent() {
    assert_eq!(LISTER.requests(&named(&["sync"])), "1 for every 100 jobs of each type (sync)");
    assert_eq!(
        LISTER.requests(&Wants { needs_tags: true, ..Wants::default() }),
        "1 for every 100 jobs of each type (migration, sync, cloudDataGuard), and 1 for the tags of every 1,000 where any match"
    );
}
