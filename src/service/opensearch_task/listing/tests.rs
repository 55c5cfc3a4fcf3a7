use super::super::super::tests::listing::{Answers, Listed, Wants, list, shown};

fn listed(wants: &Wants, answers: Answers<'_>) -> Listed {
    list("opensearch_task", wants, answers)
}

const INSTANCES: &str = "GET /openapi/ha3/instances?pageNumber=1&pageSize=50";
const GONE: &str = r#"{"requestId": "R1", "code": "instance.NotFound", "message": "Instance not found"}"#;

fn cluster(id: &str) -> String {
    format!("GET /openapi/ha3/instances/{id}/cluster-tasks")
}

fn data(id: &str) -> String {
    format!("GET /openapi/ha3/instances/{id}/data-source-tasks")
}

/// Instances with the tag `env=test`.
fn test() -> Wants {
    Wants { may_match: |known| known.tags.iter().flatten().any(|(_, value)| &**value == "test"), ..Wants::default() }
}

fn instances(tags: &[(&str, &str)]) -> String {
    let entry = |(id, env): &(&str, &str)| {
        format!(r#"{{"instanceId": "{id}", "tags": [{{"key": "env", "value": "{env}"}}]}}"#)
    };
    let entries: Vec<_> = tags.iter().map(entry).collect();
    format!(r#"{{"totalCount": {}, "result": [{}]}}"#, tags.len(), entries.join(","))
}

#[test]
fn both_lists_of_each_instance_that_matches_are_read() {
    let (c1, d1, c3) = (cluster("ha-1"), data("ha-1"), cluster("ha-3"));
    let listed = listed(
        &test(),
        &[
            (INSTANCES, 200, &instances(&[("ha-1", "test"), ("ha-2", "prod"), ("ha-3", "test")])),
            (
                &c1,
                200,
                r#"{"result": [{"fsmId": "t1", "status": "running", "time": "1700"}, {"fsmId": "t2", "status": "onlyPublished"}]}"#,
            ),
            (
                &d1,
                200,
                r#"{"result": [{"fsmId": "t3", "status": "retry", "time": "900"}, {"fsmId": "t1", "status": "success", "time": "1800", "name": "n"}]}"#,
            ),
            (&c3, 404, GONE),
        ],
    );
    // ha-2 is settled by its tags, ha-3 is gone at its first request.
    assert_eq!(listed.requests, [INSTANCES, &c1, &d1, &c3]);
    assert_eq!(listed.units(), ["instances: 0", "instance ha-1: 3", "instance ha-3: 0"]);
    assert_eq!(
        shown(listed.found()),
        [
            "ha-1,t1,n,-,-,-,-,-,-|running|1800|env=test",
            "ha-1,t2,-,-,-,-,-,-,-|onlyPublished|-|env=test",
            "ha-1,t3,-,-,-,-,-,-,-|retry|900|env=test",
        ]
    );
}

#[test]
fn a_task_in_both_lists_runs_if_either_says_so() {
    let (c, d) = (cluster("ha-1"), data("ha-1"));
    let instance = instances(&[("ha-1", "test")]);
    let of = |first: &str, second: &str| {
        let task = |status: &str| format!(r#"{{"result": [{{"fsmId": "t" {status}}}]}}"#);
        let (one, other) = (task(first), task(second));
        let listed = listed(&test(), &[(INSTANCES, 200, &instance), (&c, 200, &one), (&d, 200, &other)]);
        shown(listed.found()).concat()
    };
    let status = |word: &str| format!(r#", "status": "{word}""#);
    let row = |said: &str| format!("ha-1,t,-,-,-,-,-,-,-|{said}|-|env=test");
    for (one, other, counts) in [
        ("success", "running", "running"),
        ("onlyPublished", "RETRY", "RETRY"),
        ("stopping", "failed", "stopping"),
        ("onlyPublished", "stopping", "stopping"),
        ("success", "onlyPublished", "onlyPublished"),
        ("running", "retry", "running"),
    ] {
        assert_eq!(of(&status(one), &status(other)), row(counts), "{one} {other}");
        if counts != "running" || other != "retry" {
            assert_eq!(of(&status(other), &status(one)), row(counts), "{other} {one}");
        }
    }
    assert_eq!(of("", &status("running")), row("running"));
    // A word that says that it has ended is no proof beside a list that says nothing.
    assert_eq!(of("", &status("success")), row("-"));
    // The later time is the latest at which it can have begun.
    let time = |time: &str| format!(r#", "time": {time}"#);
    for (one, other) in [("\"900\"", "1700"), ("1700", "\"900\""), ("null", "\"1700\"")] {
        assert_eq!(of(&time(one), &time(other)), "ha-1,t,-,-,-,-,-,-,-|-|1700|env=test", "{one} {other}");
    }
}

#[test]
fn what_cannot_be_listed_has_failed() {
    let (c, d) = (cluster("ha-1"), data("ha-1"));
    let instance = instances(&[("ha-1", "test")]);
    let denied = r#"{"code": "NoPermission", "message": "m"}"#;
    assert_eq!(listed(&test(), &[(INSTANCES, 403, denied)]).units(), ["instances: denied"]);
    let task = r#"{"result": [{"fsmId": "t", "status": "running"}]}"#;
    let second = listed(&test(), &[(INSTANCES, 200, &instance), (&c, 200, task), (&d, 200, r#"{"result": null}"#)]);
    assert_eq!(second.units(), ["instances: 0", "instance ha-1: protocol"]);
    // Gone between the two lists: what the first showed counts.
    let gone = listed(&test(), &[(INSTANCES, 200, &instance), (&c, 200, task), (&d, 404, GONE)]);
    assert_eq!(gone.units(), ["instances: 0", "instance ha-1: 1"]);
    // A 404 of something else is none of the instance.
    let other = listed(&test(), &[(INSTANCES, 200, &instance), (&c, 404, r#"{"code": "InvalidApi.NotFound"}"#)]);
    assert_eq!(other.units(), ["instances: 0", "instance ha-1: rejected"]);
}

#[test]
fn an_instance_that_the_plan_names_and_the_account_lacks_is_a_failure() {
    let wants = Wants { exactly: [(0, vec!["ha-x"])].into(), may_match: |_| false, ..Wants::default() };
    let answers = [(INSTANCES, 200, &*instances(&[("ha-1", "test")]))];
    let found = listed(&wants, &answers);
    assert_eq!(found.units(), ["instances: 0", "instance ha-x: not_found"]);
    let message = found.units[1].1.as_ref().unwrap_err().message.as_deref();
    assert_eq!(message, Some("the account has no such instance in the region"));
    let wants = Wants { takes_missing_for_none: true, ..wants };
    assert_eq!(listed(&wants, &answers).units(), ["instances: 0"]);
}
