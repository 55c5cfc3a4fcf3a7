//! The audit of selections: what it lets pass, and what it catches.

use serde_json::{Value, json};

use super::super::wish::Wish;
use super::super::{Misselection, Row, Selected, audit_selected};
use super::client::{Client, FNF, LIVE, id, quiet, read};
use super::lists::{client_of, texts};
use super::worlds::wish;

fn flow(name: &str, more: Value) -> Value {
    let mut all = json!({"kind": "live_flow", "project_id": "p", "flow_id": name, "name": name});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn row(name: &str, selection: Option<&str>) -> Row {
    Row { id: id(LIVE, "p", name), selection: selection.map(Into::into) }
}

/// Returns a cloud whose flows were listed once.
fn listed(flows: &[Value]) -> Client {
    let client = client_of(&quiet(), flows);
    client.flows("limit=100");
    client
}

fn audit(client: &Client, wishes: &[Wish], rows: &[Row]) -> Vec<String> {
    let run = Selected { wishes, rows: rows.to_vec(), missing: Vec::new() };
    audit_selected(&client.ledger(), &run, |_| false).iter().map(ToString::to_string).collect()
}

fn flows() -> Vec<Value> {
    vec![flow("a1", json!({})), flow("a2", json!({})), flow("b1", json!({})), flow("a3", json!({"state": "ended"}))]
}

#[test]
fn a_run_that_takes_what_matches_agrees() {
    let client = listed(&flows());
    let wishes = [wish(LIVE, &json!({"name": "a*"}))];
    client.stop(&id(LIVE, "p", "a1"));
    // The second one was protected: it has its row.
    assert_eq!(audit(&client, &wishes, &[row("a1", Some("mine")), row("a2", Some("mine"))]), Vec::<String>::new());
}

#[test]
fn a_stop_outside_is_caught() {
    let client = listed(&flows());
    let wishes = [wish(LIVE, &json!({"name": "a*"}))];
    client.stop(&id(LIVE, "p", "b1"));
    let rows = [row("a1", Some("mine")), row("a2", Some("mine"))];
    assert_eq!(
        audit(&client, &wishes, &rows),
        ["live_flow:p/b1 was asked to stop, but it is no target and no selection matches it"]
    );
    // A target that the plan names may be stopped whatever selections say.
    assert_eq!(audit(&client, &wishes, &[&rows[..], &[row("b1", None)]].concat()), Vec::<String>::new());
    let taken = [&rows[..], &[row("b1", Some("mine"))]].concat();
    assert_eq!(
        audit(&client, &wishes, &taken)[0],
        "live_flow:p/b1 is a found target, but mine does not match it: a condition is false"
    );
}

#[test]
fn a_match_without_a_row_is_caught() {
    let client = listed(&flows());
    let wishes = [wish(LIVE, &json!({"name": "a*"}))];
    assert_eq!(
        audit(&client, &wishes, &[row("a1", Some("mine"))]),
        ["live_flow:p/a2 matches mine and runs, but it has no row"]
    );
    assert_eq!(audit(&client, &wishes, &[row("a1", Some("mine")), row("a2", None)]), Vec::<String>::new());
    let run = Selected { wishes: &wishes, rows: vec![row("a1", Some("mine"))], missing: Vec::new() };
    assert_eq!(audit_selected(&client.ledger(), &run, |id| &*id.name == "a2"), []);
    let run = Selected { missing: vec![("mine".into(), 0)], ..run };
    assert_eq!(audit_selected(&client.ledger(), &run, |_| false), []);
}

#[test]
fn a_row_that_was_never_listed_is_caught() {
    let client = client_of(&quiet(), &flows());
    let wishes = [wish(LIVE, &json!({"name": "a*"}))];
    let rows = [row("a1", Some("mine")), row("a2", Some("mine"))];
    let found = audit(&client, &wishes, &rows);
    assert_eq!(
        found,
        [
            "live_flow:p/a1 is a found target, but no listing showed it",
            "live_flow:p/a2 is a found target, but no listing showed it"
        ]
    );
    let run = Selected { wishes: &wishes, rows: vec![row("nobody", Some("mine"))], missing: vec![("mine".into(), 0)] };
    assert_eq!(audit_selected(&client.ledger(), &run, |_| false), [Misselection::Unlisted(id(LIVE, "p", "nobody"))]);
}

#[test]
fn what_is_excepted_ended_unclear_or_a_child_is_not_to_be_taken() {
    let flows = [
        flow("a1", json!({"protocol": "srt-listener"})),
        flow("a2", json!({"status": "STARTING"})),
        flow("a3", json!({"state": "ended"})),
    ];
    let client = listed(&flows);
    let wishes = [wish(LIVE, &json!({"name": "a*", "except": {"protocol": "srt-listener"}}))];
    assert_eq!(audit(&client, &wishes, &[]), Vec::<String>::new());
    let rows = ["a1", "a2", "a3"].map(|name| row(name, Some("mine")));
    let reasons: Vec<_> =
        audit(&client, &wishes, &rows).iter().map(|one| one.split(": ").nth(1).unwrap().to_owned()).collect();
    assert_eq!(reasons, ["it is excepted", "it is not known whether it does", "it was in no state that is asked for"]);
}

#[test]
fn what_grew_old_enough_while_it_was_listed_may_be_taken_and_need_not() {
    let execution =
        json!({"kind": "fnf_execution", "flow_name": "etl", "execution_name": "r", "since": "2026-11-22T03:30:05Z"});
    let mut client = client_of(&quiet(), &[execution]);
    let wishes = [wish(FNF, &json!({"older_than": "2h"}))];
    let taken = [Row { id: id(FNF, "etl", "r"), selection: Some("mine".into()) }];
    client.executions(&[("FlowName", "etl")]);
    assert_eq!(
        audit(&client, &wishes, &taken)[0],
        "fnf_execution:etl/r is a found target, but mine does not match it: a condition is false"
    );
    client.wait(std::time::Duration::from_secs(10));
    client.executions(&[("FlowName", "etl")]);
    assert_eq!((audit(&client, &wishes, &taken), audit(&client, &wishes, &[])), (vec![], vec![]));
}

#[test]
fn a_limited_selection_takes_the_first_ones() {
    let execution = |n: u32| json!({"kind": "fnf_execution", "flow_name": "etl", "execution_name": format!("r{n}"), "since": format!("2026-11-22T0{n}:00:00Z")});
    let client = client_of(&quiet(), &[execution(1), execution(2), execution(3)]);
    client.executions(&[("FlowName", "etl")]);
    let wishes = [wish(FNF, &json!({"flow_name": "etl", "limit": 2}))];
    let taken = |names: &[&str]| {
        names.iter().map(|name| Row { id: id(FNF, "etl", name), selection: Some("mine".into()) }).collect::<Vec<_>>()
    };
    assert_eq!(audit(&client, &wishes, &taken(&["r1", "r2"])), Vec::<String>::new());
    assert_eq!(
        audit(&client, &wishes, &taken(&["r1", "r3"])),
        ["fnf_execution:etl/r2 matches mine and runs, but it has no row"]
    );
}

#[test]
fn what_comes_later_or_leaves_need_not_be_taken() {
    use super::super::list_fault::{ListFault, ListTrouble};
    let client = client_of(&quiet(), &flows());
    client.cloud.script(ListFault::new(ListTrouble::End));
    assert_eq!(texts(&read(&client.flows("limit=100")).2["flows"], "flow_id").len(), 4);
    let wishes = [wish(LIVE, &json!({"name": "a1"}))];
    assert_eq!(audit(&client, &wishes, &[]), Vec::<String>::new());
    assert_eq!(audit(&client, &wishes, &[row("a1", Some("mine"))]), Vec::<String>::new());
}
