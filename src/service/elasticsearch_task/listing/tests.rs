use super::super::super::lister::Lister;
use super::super::super::tests::listing::{Answers, Listed, Wants, list, shown};
use super::LISTER;

fn listed(wants: &Wants, answers: Answers<'_>) -> Listed {
    list("elasticsearch_task", wants, answers)
}

const INSTANCES: &str = "GET /openapi/instances?page=1&size=100";
const FOUR: &str = r#"{"Headers": {"X-Total-Count": 4}, "Result": [{"instanceId": "es-1", "status": "activating"},
    {"instanceId": "es-2", "status": "activating"}, {"instanceId": "es-3", "status": "active"},
    {"instanceId": "es-4", "status": "initializing"}]}"#;

fn records(id: &str) -> String {
    format!("GET /openapi/instances/{id}/action-records?filter=ACTION_RECORD&page=1&size=50")
}

fn change(start: &str) -> String {
    format!(r#"{{"Result": [{{"actionName": "UpdateInstance", "startTime": {start}, "process": "37%"}}]}}"#)
}

fn aged() -> Wants {
    Wants { needs_start: true, ..Wants::default() }
}

#[test]
fn without_an_age_no_changes_are_read() {
    let all = listed(&Wants::default(), &[(INSTANCES, 200, FOUR)]);
    assert_eq!(all.requests, [INSTANCES]);
    assert_eq!(all.units(), ["instances: 4"]);
    assert!(all.warnings.is_empty());
    assert_eq!(listed(&Wants::default(), &[(INSTANCES, 200, "{}")]).units(), ["instances: protocol"]);
}

#[test]
fn with_an_age_the_changes_of_what_is_changing_are_read() {
    let [one, two, four] = ["es-1", "es-2", "es-4"].map(records);
    let (begun, ended) = (change("1795320000000"), r#"{"Result": [{"startTime": 1, "endTime": 2, "process": "100%"}]}"#);
    let answers =
        [(INSTANCES, 200, FOUR), (&*one, 200, &*begun), (&*two, 200, ended), (&*four, 200, &*begun)];
    for wants in [aged(), Wants { names: vec![5], ..Wants::default() }] {
        let listed = listed(&wants, &answers);
        assert_eq!(listed.requests, [INSTANCES, &one, &two, &four]);
        assert_eq!(listed.units(), ["instances: 1", "changes of es-1: 1", "changes of es-2: 1", "changes of es-4: 1"]);
        assert_eq!(
            shown(listed.found()),
            [
                "es-3,-,-,-,-,-|active|-|-",
                "es-1,-,-,-,-,UpdateInstance|activating|1795320000000|-",
                "es-2,-,-,-,-,-|activating|-|-",
                "es-4,-,-,-,-,UpdateInstance|initializing|1795320000000|-",
            ]
        );
        assert_eq!(listed.warnings.len(), 1);
        assert!(listed.warnings[0].contains("interrupted already: es-2"), "{:?}", listed.warnings);
    }
}

#[test]
fn of_two_changes_that_go_on_the_newest_counts() {
    let wants = Wants { may_match: |known| known.value(0) == Some("es-1"), ..aged() };
    let two = r#"{"Result": [{"actionName": "Old", "startTime": 7, "process": "1%"},
        {"actionName": "New", "startTime": "70", "process": 2.5}, {"actionName": "Mid", "startTime": 9, "process": "0%"}]}"#;
    let listed = listed(&wants, &[(INSTANCES, 200, FOUR), (&records("es-1"), 200, two)]);
    assert_eq!(shown(listed.found()[3..].iter().copied()), ["es-1,-,-,-,-,New|activating|70|-"]);
}

#[test]
fn what_does_not_match_needs_no_changes() {
    let wants = Wants { may_match: |known| known.value(0) == Some("es-1"), ..aged() };
    let one = records("es-1");
    let listed = listed(&wants, &[(INSTANCES, 200, FOUR), (&one, 200, &change("7"))]);
    assert_eq!(listed.units(), ["instances: 3", "changes of es-1: 1"]);
}

#[test]
fn changes_that_cannot_be_read_are_a_failure_and_an_instance_that_is_gone_is_none() {
    let wants = Wants { may_match: |known| known.value(0) == Some("es-1"), ..aged() };
    let one = records("es-1");
    let denied = r#"{"Code": "Forbidden.RAM", "Message": "m"}"#;
    let gone = r#"{"Code": "InstanceNotFound", "Message": "m"}"#;
    let of = |status: u16, body: &str| listed(&wants, &[(INSTANCES, 200, FOUR), (&one, status, body)]).units()[1].clone();
    assert_eq!(of(403, denied), "changes of es-1: denied");
    assert_eq!(of(400, gone), "changes of es-1: 0");
    assert_eq!(of(200, r#"{"Code": "InstanceNotFound", "Result": []}"#), "changes of es-1: protocol");
}

#[test]
fn a_warning_names_some_of_many() {
    let entries: Vec<_> = (1..=5).map(|n| format!(r#"{{"instanceId": "es-{n}", "status": "activating"}}"#)).collect();
    let page = format!(r#"{{"Headers": {{"X-Total-Count": 5}}, "Result": [{}]}}"#, entries.join(","));
    let requests: Vec<_> = (1..=5).map(|n| records(&format!("es-{n}"))).collect();
    let mut answers = vec![(INSTANCES, 200, &*page)];
    answers.extend(requests.iter().map(|request| (&**request, 200, r#"{"Result": []}"#)));
    let listed = listed(&aged(), &answers);
    assert!(listed.warnings[0].ends_with("es-1, es-2, es-3 and 2 more"), "{:?}", listed.warnings);
}

#[test]
fn requests_are_told_before_they_are_sent() {
    assert_eq!(LISTER.requests(&Wants::default()), "1 for every 100 instances");
    assert_eq!(
        LISTER.requests(&aged()),
        "1 for every 100 instances, and 1 for each instance that is changing and matches"
    );
}
