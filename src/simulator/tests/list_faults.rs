//! Listings that go wrong as scripted.

use serde_json::{Value, json};

use super::super::config::Config;
use super::super::course::{Course, Leaving, When};
use super::super::list_fault::{ListFault, ListTrouble};
use super::super::resource::{Initial, Resource};
use super::super::response::Ending;
use super::client::{Client, ELASTICSEARCH, FNF, LIVE, id, quiet, read};
use super::lists::{client_of, executions, texts};

fn flows(count: usize) -> Vec<Value> {
    let flow = |n| json!({"kind": "live_flow", "project_id": "p", "flow_id": format!("f{n}")});
    (0..count).map(flow).collect()
}

fn scripted(resources: &[Value], faults: Vec<ListFault>) -> Client {
    client_of(&Config { list_faults: faults, ..quiet() }, resources)
}

/// Returns the flows of pages of three, with the total that each tells.
fn pages(client: &Client, count: usize) -> Vec<(String, u64)> {
    let page = |n: usize| read(&client.flows(&format!("limit=3&offset={}", n * 3))).2;
    (0..count)
        .map(page)
        .map(|page| (texts(&page["flows"], "flow_id").join(" "), page["total"].as_u64().unwrap()))
        .collect()
}

fn told(pages: &[(String, u64)]) -> Vec<(&str, u64)> {
    pages.iter().map(|(flows, total)| (flows.as_str(), *total)).collect()
}

#[test]
fn a_page_may_be_no_list() {
    use ListTrouble as T;
    let troubles = [T::Empty, T::Null, T::Object, T::Missing];
    let client = scripted(&flows(1), troubles.into_iter().map(ListFault::new).collect());
    let bodies = [0; 5].map(|_| read(&client.flows("limit=10")).2);
    assert_eq!(bodies[..3], [json!({}), json!({"total": 1, "flows": null}), json!({"total": 1, "flows": {}})]);
    assert_eq!((&bodies[3], bodies[4]["flows"].as_array().unwrap().len()), (&json!({"total": 1}), 1));
    assert_eq!(client.ledger().requests.faults["list_null"], 1);
    assert_eq!(client.record(&id(LIVE, "p", "f0")).life.listed, 1);
}

#[test]
fn a_request_may_fail_as_any_other() {
    use ListTrouble as T;
    let troubles = [T::Throttled, T::Denied, T::Broken, T::Error(418, "Teapot"), T::Html];
    let client = scripted(&executions("etl", 1), troubles.into_iter().map(ListFault::new).collect());
    let list = || read(&client.executions(&[("FlowName", "etl")]));
    let answers = [0; 5].map(|_| list()).map(|(status, code, _)| (status, code));
    let codes = ["ResourceThrottled", "NoPermission", "InternalServerError", "Teapot", ""].map(str::to_owned);
    assert_eq!(
        answers,
        [
            (429, codes[0].clone()),
            (403, codes[1].clone()),
            (500, codes[2].clone()),
            (418, codes[3].clone()),
            (502, codes[4].clone())
        ]
    );
    assert_eq!(list().0, 200);
    client.cloud.script(ListFault::new(T::Reset));
    assert_eq!(client.executions(&[("FlowName", "etl")]).ending, Ending::Reset);
    client.cloud.script(ListFault::new(T::Slow(std::time::Duration::from_secs(5))));
    assert_eq!(client.executions(&[("FlowName", "etl")]).delay.as_secs(), 5);
}

#[test]
fn pages_may_tell_something_wrong() {
    use ListTrouble as T;
    let second = |trouble| vec![ListFault::new(trouble).page(2)];
    for (trouble, shown) in [
        (T::Repeat, vec![("f0 f1 f2", 7), ("f0 f1 f2", 7), ("f6", 7)]),
        (T::Duplicate, vec![("f0 f1 f2", 7), ("f2 f4 f5", 7), ("f6", 7)]),
        (T::Shrink(2), vec![("f0 f1 f2", 7), ("f3 f4 f5", 5), ("f6", 7)]),
        (T::Short, vec![("f0 f1 f2", 7), ("", 7), ("f6", 7)]),
    ] {
        let client = scripted(&flows(7), second(trouble.clone()));
        assert_eq!(told(&pages(&client, 3)), shown, "{trouble:?}");
        assert_eq!(told(&pages(&client, 3)), [("f0 f1 f2", 7), ("f3 f4 f5", 7), ("f6", 7)], "{trouble:?}");
    }
    let client = scripted(&flows(3), vec![ListFault::new(T::Duplicate)]);
    assert_eq!(told(&pages(&client, 1)), [("f0 f0 f2", 3)]);
}

#[test]
fn an_item_may_move_so_that_no_page_shows_it() {
    let client = scripted(&flows(7), vec![ListFault::new(ListTrouble::Move).page(1)]);
    assert_eq!(told(&pages(&client, 3)), [("f0 f1 f2", 7), ("f2 f4 f5", 7), ("f6", 7)]);
    assert_eq!(told(&pages(&client, 1)), [("f3 f0 f1", 7)]);
}

#[test]
fn things_may_come_end_and_go_behind_a_page() {
    let put = ListTrouble::Put(vec![Resource::new(id(LIVE, "p", "new"), Initial::Running)]);
    let faults = [ListTrouble::Drop, ListTrouble::End, put].into_iter().map(ListFault::new).collect();
    let client = scripted(&flows(3), faults);
    let shown = |client: &Client| {
        let page = read(&client.flows("limit=10")).2;
        (texts(&page["flows"], "flow_id").join(" "), texts(&page["flows"], "status").join(" "))
    };
    assert_eq!(shown(&client).0, "f0 f1 f2");
    assert_eq!(shown(&client), ("f1 f2".into(), "ACTIVE ACTIVE".into()));
    assert_eq!(shown(&client), ("f1 f2".into(), "STANDBY ACTIVE".into()));
    assert_eq!(shown(&client).0, "f1 f2 new");
    assert_eq!(client.rest("PUT", "/v1/p/flows/stop?flow_id=f0", "").status, 400);
    assert!(client.record(&id(LIVE, "p", "f0")).life.absent && client.record(&id(LIVE, "p", "f1")).life.ended);
}

#[test]
fn a_flow_may_be_deleted_after_it_was_listed() {
    let client = scripted(&executions("etl", 1), vec![ListFault::new(ListTrouble::Drop).api("fnf:ListFlows")]);
    assert_eq!(texts(&read(&client.rpc("GET", "ListFlows", &[])).2["Flows"], "Name"), ["etl"]);
    assert_eq!(read(&client.executions(&[("FlowName", "etl")])).1, "FlowNotExists");
    assert_eq!(read(&client.rpc("GET", "ListFlows", &[])).2["Flows"], json!([]));
}

#[test]
fn tokens_may_lead_nowhere_or_come_back() {
    let faults = vec![ListFault::new(ListTrouble::Hollow).page(1), ListFault::new(ListTrouble::TokenBack).page(3)];
    let client = scripted(&executions("etl", 5), faults);
    let mut token = String::new();
    let mut next = || {
        let page = read(&client.executions(&[("FlowName", "etl"), ("Limit", "2"), ("NextToken", &token)])).2;
        let came_back = page["NextToken"] == token.as_str();
        page["NextToken"].as_str().unwrap_or_default().clone_into(&mut token);
        (texts(&page["Executions"], "Name").join(" "), came_back)
    };
    assert_eq!(next(), (String::new(), false));
    assert_eq!(next(), ("r000 r001".into(), false));
    assert_eq!(next(), ("r002 r003".into(), true));
    assert_eq!(next(), ("r002 r003".into(), false));
    assert_eq!(next(), ("r004".into(), false));
}

#[test]
fn entries_may_be_fat() {
    let client = scripted(&flows(3), vec![ListFault::new(ListTrouble::Fat(1 << 20))]);
    assert!(client.flows("limit=3").body.len() > 3 << 20);
    assert!(client.flows("limit=3").body.len() < 1 << 10);
}

#[test]
fn a_fault_is_meant_for_certain_requests_and_so_many_of_them() {
    let broken = || ListFault::new(ListTrouble::Broken);
    let resources = [executions("etl-a", 1), executions("other", 1)].concat();
    let faults = vec![
        broken().api("fnf:ListExecutions").scope("etl-*").status("Running").skip(1).times(2),
        broken().account(7).forever(),
    ];
    let client = scripted(&resources, faults);
    let list = |flow, status| client.executions(&[("FlowName", flow), ("Status", status)]).status;
    assert_eq!((list("other", "Running"), list("etl-a", "Starting")), (200, 200));
    assert_eq!([0; 4].map(|_| list("etl-a", "Running")), [200, 500, 500, 200]);
    client.cloud.script(broken().forever());
    assert_eq!([0; 4].map(|_| list("other", "Running")), [500; 4]);
}

#[test]
fn resources_come_and_leave_by_themselves_as_listings_come_in() {
    let course = |comes, leaves| Course { comes, leaves };
    let with = |kind, scope: &str, name: &str, course| Resource {
        course,
        ..Resource::new(id(kind, scope, name), Initial::Running)
    };
    let resources = [
        with(LIVE, "p", "stays", Course::default()),
        with(LIVE, "p", "comes", course(Some(1), None)),
        with(LIVE, "p", "ends", course(None, Some((When::After(2), Leaving::Ends)))),
        with(LIVE, "p", "goes", course(None, Some((When::Shown, Leaving::Goes)))),
        with(ELASTICSEARCH, "", "other", course(Some(9), None)),
        with(FNF, "etl", "later", course(Some(0), None)),
    ];
    let client = Client::new(&quiet(), resources);
    let shown = || {
        let page = read(&client.flows("limit=10")).2;
        let state =
            |flow: &Value| format!("{} {}", flow["flow_id"].as_str().unwrap(), flow["status"].as_str().unwrap());
        (
            page["flows"].as_array().unwrap().iter().map(state).collect::<Vec<_>>().join(", "),
            page["total"].as_u64().unwrap(),
        )
    };
    // What is not there yet cannot be stopped.
    assert_eq!(client.stop(&id(LIVE, "p", "comes")).status, 400);
    assert_eq!(shown(), ("stays ACTIVE, ends ACTIVE, goes ACTIVE".into(), 3));
    assert_eq!(shown(), ("stays ACTIVE, comes ACTIVE, ends ACTIVE".into(), 3));
    assert_eq!(client.stop(&id(LIVE, "p", "ends")).status, 200);
    assert_eq!(shown().0, "stays ACTIVE, comes ACTIVE, ends STANDBY", "a stop came first");
    assert_eq!(read(&client.elastic_instances(&[])).2["Result"], json!([]));
    assert_eq!(texts(&read(&client.executions(&[("FlowName", "etl")])).2["Executions"], "Name"), ["later"]);
    let life = client.record(&id(LIVE, "p", "comes")).life;
    assert_eq!((life.came_later, life.absent, life.listed, life.ended), (true, false, 2, false));
    assert!(!client.record(&id(LIVE, "p", "ends")).life.ended);
}
