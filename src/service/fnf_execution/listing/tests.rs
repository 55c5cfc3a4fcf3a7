use super::super::super::lister::Lister;
use super::LISTER;
use super::super::super::tests::listing::{Answers, Listed, Wants, list, shown};

fn listed(wants: &Wants, answers: Answers<'_>) -> Listed {
    list("fnf_execution", wants, answers)
}

/// Flow names that begin with `etl-`.
fn etl() -> Wants {
    Wants { may_match: |known| known.value(0).is_none_or(|name| name.starts_with("etl-")), ..Wants::default() }
}

fn literal(names: &[&'static str]) -> Wants {
    Wants { exactly: [(0, names.to_vec())].into(), ..Wants::default() }
}

const FLOWS: &str = "GET ListFlows?Limit=999";
const NONE: &str = r#"{"Executions": []}"#;
const NO_FLOW: &str = r#"{"RequestId": "R1", "Code": "FlowNotExists", "Message": "Flow etl does not exist."}"#;

#[test]
fn every_flow_that_matches_is_a_unit_with_its_starting_ones_first() {
    let wants = Wants { started: [None, Some("2026-11-22T03:00:00Z")], ..etl() };
    let at = |flow: &str, status: &str| {
        format!(
            "GET ListExecutions?FlowName={flow}&Status={status}&MetadataOnly=true&StartedTimeEnd=2026-11-22T03:00:01Z&Limit=99"
        )
    };
    let requests: Vec<_> = ["etl-orders", "etl-payments"]
        .iter()
        .flat_map(|flow| ["Starting", "Running"].map(|status| at(flow, status)))
        .collect();
    let of = |number: usize| requests[number].as_str();
    let listed = listed(
        &wants,
        &[
            (FLOWS, 200, r#"{"Flows": [{"Name": "etl-payments"}, {"Name": "etl-orders"}, {"Name": "report"}]}"#),
            (of(0), 200, r#"{"Executions": [{"Name": "e", "Status": "Starting", "StartedTime": "2026-11-22T02:59:00Z"}]}"#),
            (of(1), 200, r#"{"Executions": [{"Name": "a", "Status": "Running", "StartedTime": "2026-11-22T01:00:00Z"}]}"#),
            (of(2), 200, NONE),
            (of(3), 200, r#"{"Executions": [{"Name": "c", "Status": "Running", "StartedTime": "2026-11-22T00:00:00Z"}]}"#),
        ],
    );
    assert_eq!(listed.requests[0], FLOWS);
    assert_eq!(listed.requests[1..], requests);
    assert_eq!(listed.units(), ["flows: 0", "flow etl-orders: 2", "flow etl-payments: 1"]);
    assert_eq!(
        shown(listed.found()),
        [
            "etl-orders,e,-,-|Starting|2026-11-22T02:59:00Z|-",
            "etl-orders,a,-,-|Running|2026-11-22T01:00:00Z|-",
            "etl-payments,c,-,-|Running|2026-11-22T00:00:00Z|-",
        ]
    );
    assert!(listed.warnings.is_empty());
}

const STARTING: &str = "GET ListExecutions?FlowName=etl&Status=Starting&MetadataOnly=true&Limit=99";
const RUNNING: &str = "GET ListExecutions?FlowName=etl&Status=Running&MetadataOnly=true&Limit=99";

#[test]
fn exact_names_need_no_list_of_flows() {
    let listed = listed(&literal(&["etl"]), &[(STARTING, 200, NONE), (RUNNING, 200, NONE)]);
    assert_eq!(listed.requests, [STARTING, RUNNING]);
    assert_eq!(listed.units(), ["flow etl: 0"]);
}

#[test]
fn mode_and_resource_group_are_in_the_list_of_flows_alone() {
    for field in [2, 3] {
        let wants = Wants { names: vec![field], ..literal(&["etl"]) };
        let flows = r#"{"Flows": [{"Name": "etl", "ExecutionMode": "", "ResourceGroupId": "rg-1"}]}"#;
        let one = r#"{"Executions": [{"FlowName": "etl", "Name": "a", "Status": "Running"}]}"#;
        let listed = listed(&wants, &[(FLOWS, 200, flows), (STARTING, 200, NONE), (RUNNING, 200, one)]);
        assert_eq!(listed.requests, [FLOWS, STARTING, RUNNING]);
        assert_eq!(shown(listed.found()), ["etl,a,standard,rg-1|Running|-|-"]);
    }
}

#[test]
fn a_flow_that_is_gone_has_no_executions_unless_the_plan_names_it() {
    let flows = (FLOWS, 200, r#"{"Flows": [{"Name": "etl"}]}"#);
    let all = Wants::default();
    // At its first request, the second is not sent.
    let gone = listed(&all, &[flows, (STARTING, 404, NO_FLOW)]);
    assert_eq!(gone.units(), ["flows: 0", "flow etl: 0"]);
    let gone = listed(&all, &[flows, (STARTING, 200, NONE), (RUNNING, 404, NO_FLOW)]);
    assert_eq!(gone.units(), ["flows: 0", "flow etl: 0"]);

    let named = listed(&literal(&["etl"]), &[(STARTING, 404, NO_FLOW)]);
    assert_eq!(named.units(), ["flow etl: not_found"]);
    let wants = Wants { takes_missing_for_none: true, ..literal(&["etl"]) };
    assert_eq!(listed(&wants, &[(STARTING, 404, NO_FLOW)]).units(), ["flow etl: 0"]);

    // A name beside globs, or of one of several selections.
    let wants = Wants { literals: [(0, vec!["etl", "old"])].into(), ..Wants::default() };
    let answers = [flows, (STARTING, 200, NONE), (RUNNING, 200, NONE)];
    let named = listed(&wants, &answers);
    assert_eq!(named.units(), ["flows: 0", "flow old: not_found", "flow etl: 0"]);
    let message = named.units[1].1.as_ref().unwrap_err().message.as_deref();
    assert_eq!(message, Some("the account has no such flow in the region"));
    let wants = Wants { takes_missing_for_none: true, ..wants };
    assert_eq!(listed(&wants, &answers).units(), ["flows: 0", "flow etl: 0"]);

    // Any other 404 is none of a flow.
    let portal = listed(&all, &[flows, (STARTING, 404, "<html>404</html>")]);
    assert_eq!(portal.units(), ["flows: 0", "flow etl: protocol"]);
}

#[test]
fn what_cannot_be_listed_has_failed_and_the_rest_has_not() {
    let denied = r#"{"Code": "NoPermission", "Message": "m"}"#;
    assert_eq!(listed(&Wants::default(), &[(FLOWS, 403, denied)]).units(), ["flows: denied"]);
    let other = RUNNING.replace("etl", "b");
    let starting = STARTING.replace("etl", "b");
    let flows = (FLOWS, 200, r#"{"Flows": [{"Name": "b"}, {"Name": "etl"}]}"#);
    let answers = [flows, (&*starting, 200, NONE), (&*other, 403, denied), (STARTING, 200, NONE), (RUNNING, 200, NONE)];
    assert_eq!(listed(&Wants::default(), &answers).units(), ["flows: 0", "flow b: denied", "flow etl: 0"]);
}

#[test]
fn a_region_that_cannot_list_starting_ones_is_warned_of_once() {
    let refused = r#"{"Code": "InvalidArgument", "Message": "Status"}"#;
    let names: Vec<_> = ["a", "b"].iter().flat_map(|flow| [STARTING, RUNNING].map(|at| at.replace("etl", flow))).collect();
    let one = r#"{"Executions": [{"Name": "x", "Status": "Running"}]}"#;
    let answers = [
        (FLOWS, 200, r#"{"Flows": [{"Name": "a"}, {"Name": "b"}]}"#),
        (names[0].as_str(), 400, refused),
        (names[1].as_str(), 200, one),
        (names[2].as_str(), 400, refused),
        (names[3].as_str(), 200, one),
    ];
    let found = listed(&Wants::default(), &answers);
    assert_eq!(found.units(), ["flows: 0", "flow a: 1", "flow b: 1"]);
    assert_eq!(found.warnings.len(), 1);
    assert!(found.warnings[0].contains("starting"), "{:?}", found.warnings);

    // If the running ones are refused as well, it is no filter that the region lacks.
    let found = listed(&literal(&["etl"]), &[(STARTING, 400, refused), (RUNNING, 400, refused)]);
    assert_eq!(found.units(), ["flow etl: invalid"]);
    assert!(found.warnings.is_empty());
}

#[test]
fn requests_are_told_before_they_are_sent() {
    let said = |wants: &Wants| LISTER.requests(wants);
    assert_eq!(said(&etl()), "1, and 2 for each flow that matches");
    assert_eq!(said(&literal(&["etl"])), "2 for flow etl");
    assert_eq!(said(&literal(&["etl", "b"])), "2 for each of 2 flows");
    assert_eq!(said(&Wants { names: vec![2], ..literal(&["etl"]) }), "1, and 2 for each flow that matches");
}
