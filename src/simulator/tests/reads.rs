//! What reads and listings show.

use std::time::Duration;

use serde_json::Value;

use super::super::resource::Initial;
use super::client::{Client, DRS, ELASTICSEARCH, FNF, LIVE, SEARCH_ENGINE, id, kinds, quiet, read, resource};

fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

fn client(service: &str, scope: &str, count: usize) -> Client {
    let name = |n| format!("n{n:03}");
    Client::new(&quiet(), (0..count).map(|n| resource(service, scope, &name(n), Initial::Running)))
}

#[test]
fn one_resource_shows_its_state_in_the_services_words() {
    let resources = [Initial::Running, Initial::Stopped, Initial::Ended].map(|initial| {
        kinds().into_iter().map(move |service| {
            let scope = if service == ELASTICSEARCH { "" } else { "s" };
            resource(service, scope, &format!("{initial:?}"), initial)
        })
    });
    let client = Client::new(&quiet(), resources.into_iter().flatten());
    for (name, fnf, elasticsearch, live, drs) in [
        ("Running", "Running", "activating", "ACTIVE", "INCRE_TRANSFER_STARTED"),
        ("Stopped", "Stopped", "suspended", "STANDBY", "RELEASE_RESOURCE_COMPLETE"),
        ("Ended", "Succeeded", "active", "STANDBY", "RELEASE_RESOURCE_COMPLETE"),
    ] {
        let shown = read(&client.rpc("GET", "DescribeExecution", &[("FlowName", "s"), ("ExecutionName", name)])).2;
        assert_eq!(shown["Status"], fnf);
        let shown = read(&client.roa("GET", "DescribeInstance", &format!("/openapi/instances/{name}"), "")).2;
        assert_eq!(shown["Result"]["status"], elasticsearch);
        assert_eq!(read(&client.rest("GET", &format!("/v1/s/flows/detail?flow_id={name}"), "")).2["status"], live);
        assert_eq!(read(&client.rest("GET", &format!("/v5/s/jobs/{name}?type=overview"), "")).2["job"]["status"], drs);
    }
    assert_eq!(client.ledger().requests.reads, 12);
}

#[test]
fn a_job_goes_through_its_release() {
    let mut client = client(DRS, "p", 1);
    let status = |client: &Client| read(&client.rest("GET", "/v5/p/jobs/n000", "")).2["job"]["status"].clone();
    client.stop(&id(DRS, "p", "n000"));
    assert_eq!(status(&client), "RELEASE_RESOURCE_STARTED");
    client.wait(Duration::from_millis(9_999));
    assert_eq!(status(&client), "RELEASE_RESOURCE_STARTED");
    client.wait(Duration::from_millis(1));
    assert_eq!(status(&client), "RELEASE_RESOURCE_COMPLETE");
}

#[test]
fn a_job_that_is_being_stopped_comes_to_its_end_for_whoever_only_lists_it() {
    let mut client = Client::new(&quiet(), [resource(DRS, "p", "j", Initial::Stopping)]);
    let status = |client: &Client| read(&client.rest("GET", "/v5/p/jobs?name=j", "")).2["jobs"][0]["status"].clone();
    assert_eq!(status(&client), "RELEASE_RESOURCE_STARTED");
    client.wait(Duration::from_secs(10));
    assert_eq!(status(&client), "RELEASE_RESOURCE_COMPLETE");
}

#[test]
fn every_search_task_is_in_one_of_the_two_listings() {
    let client = client(SEARCH_ENGINE, "ha-1", 40);
    let list = |action, path| {
        let path = format!("/openapi/ha3/instances/ha-1/{path}");
        texts(&read(&client.roa("GET", action, &path, "")).2["result"], "fsmId")
    };
    let (cluster, source) =
        (list("ListClusterTasks", "cluster-tasks"), list("ListDataSourceTasks", "data-source-tasks"));
    assert!(cluster.len() > 5 && source.len() > 5, "{} and {}", cluster.len(), source.len());
    let mut all = [cluster, source].concat();
    all.sort_unstable();
    assert_eq!(all, (0..40).map(|n| format!("n{n:03}")).collect::<Vec<_>>());
}

#[test]
fn executions_are_listed_page_by_page_while_they_stop() {
    let mut client = client(FNF, "flow", 25);
    let mut token = String::new();
    let mut seen = Vec::new();
    loop {
        let mut parameters = vec![("FlowName", "flow"), ("Status", "Running"), ("Limit", "10")];
        if !token.is_empty() {
            parameters.push(("NextToken", &token));
        }
        let page = read(&client.rpc("GET", "ListExecutions", &parameters)).2;
        for name in texts(&page["Executions"], "Name") {
            client.stop(&id(FNF, "flow", &name));
            seen.push(name);
        }
        client.wait(Duration::from_secs(60));
        match page["NextToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
    }
    assert_eq!(seen, (0..25).map(|n| format!("n{n:03}")).collect::<Vec<_>>());
}

#[test]
fn pages_end_where_the_services_end_them() {
    let flows = Client::new(&quiet(), ["b", "a", "c"].map(|flow| resource(FNF, flow, "e", Initial::Running)));
    let page = read(&flows.rpc("GET", "ListFlows", &[("Limit", "2")])).2;
    let token = page["NextToken"].as_str().unwrap();
    assert_eq!(texts(&page["Flows"], "Name"), ["a", "b"]);
    let page = read(&flows.rpc("GET", "ListFlows", &[("Limit", "2"), ("NextToken", token)])).2;
    assert_eq!((texts(&page["Flows"], "Name"), page.get("NextToken")), (vec!["c".into()], None));

    let instances = client(ELASTICSEARCH, "", 12);
    let list = |query| read(&instances.roa("GET", "ListInstance", "/openapi/instances", query)).2;
    assert_eq!(list("page=2")["Result"].as_array().unwrap().len(), 2);
    assert_eq!(list("size=100&status=activating")["Headers"]["X-Total-Count"], 12);
    assert_eq!(list("status=suspended")["Result"].as_array().unwrap().len(), 0);

    let lists = client(LIVE, "p", 12);
    let page = read(&lists.rest("GET", "/v1/p/flows?limit=5&offset=10", "")).2;
    assert_eq!((texts(&page["flows"], "flow_id"), &page["total"]), (vec!["n010".into(), "n011".into()], &12.into()));
}

#[test]
fn the_status_of_each_id_is_told_in_a_batch() {
    let client = client(DRS, "p", 30);
    let batch = |ids: &[&str]| {
        let body = serde_json::json!({"jobs": ids, "page_req": {"cur_page": 1, "per_page": 100}});
        client.rest("POST", "/v3/p/jobs/batch-status", &body.to_string())
    };
    let page = read(&batch(&["n020", "gone", "n003"])).2;
    assert_eq!(
        (texts(&page["results"], "id"), &page["count"]),
        (vec!["n020".into(), "n003".into(), "gone".into()], &3.into())
    );
    assert_eq!(page["results"][0]["status"], "INCRE_TRANSFER_STARTED");
    assert_eq!(page["results"][2]["error_code"], "DRS.M00289");
    assert_eq!((batch(&[]).status, batch(&["n001"; 11]).status), (400, 400));
    assert_eq!(client.rest("POST", "/v3/p/jobs/batch-status", "not JSON").status, 400);
}

#[test]
fn jobs_are_listed_by_up_to_ten_ids() {
    let client = client(DRS, "p", 30);
    let page = read(&client.rest("GET", "/v5/p/jobs", "")).2;
    assert_eq!((page["jobs"].as_array().unwrap().len(), &page["total_count"]), (10, &30.into()));
    let page = read(&client.rest("GET", "/v5/p/jobs?name=n020%2Cgone%2Cn003&limit=10&offset=0", "")).2;
    assert_eq!((texts(&page["jobs"], "id"), &page["total_count"]), (vec!["n020".into(), "n003".into()], &2.into()));
    let eleven = ["n001"; 11].join("%2C");
    assert_eq!(client.rest("GET", &format!("/v5/p/jobs?name={eleven}"), "").status, 400);
    let page = read(&client.rest("GET", "/v5/another/jobs", "")).2;
    assert_eq!(page["total_count"], 0);
}
