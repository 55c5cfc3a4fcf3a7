//! The lists of all five services: pages, filters, fields, times and refusals.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::config::Config;
use super::super::encoding::encode;
use super::super::resource::Resource;
use super::super::response::Response;
use super::super::service::{LastToken, Quirks};
use super::client::{Client, FNF, id, quiet, read};

/// Returns a client of a cloud that has these resources.
pub(super) fn client_of(config: &Config, resources: &[Value]) -> Client {
    let read = |resource: &Value| serde_json::from_value::<Resource>(resource.clone()).expect("a resource");
    Client::new(config, resources.iter().map(read).collect::<Vec<_>>())
}

pub(super) fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

/// Returns executions of a flow, named from `r0` on.
pub(super) fn executions(flow: &str, count: usize) -> Vec<Value> {
    let name = |n| format!("r{n:03}");
    (0..count).map(|n| json!({"kind": "fnf_execution", "flow_name": flow, "execution_name": name(n)})).collect()
}

fn with_quirks(quirks: Quirks) -> Config {
    Config { quirks, ..quiet() }
}

fn query(parameters: &[(&str, &str)]) -> String {
    let mut pairs: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    pairs.sort_unstable();
    pairs.join("&")
}

impl Client {
    pub(super) fn executions(&self, parameters: &[(&str, &str)]) -> Response {
        self.rpc("GET", "ListExecutions", parameters)
    }

    pub(super) fn search_instances(&self, parameters: &[(&str, &str)]) -> Response {
        self.roa("GET", "ListInstances", "/openapi/ha3/instances", &query(parameters))
    }

    pub(super) fn search_tasks(&self, instance: &str, of_data: bool) -> Response {
        let (action, list) =
            if of_data { ("ListDataSourceTasks", "data-source-tasks") } else { ("ListClusterTasks", "cluster-tasks") };
        self.roa("GET", action, &format!("/openapi/ha3/instances/{instance}/{list}"), "")
    }

    pub(super) fn elastic_instances(&self, parameters: &[(&str, &str)]) -> Response {
        self.roa("GET", "ListInstance", "/openapi/instances", &query(parameters))
    }

    pub(super) fn records(&self, instance: &str, parameters: &[(&str, &str)]) -> Response {
        let path = format!("/openapi/instances/{instance}/action-records");
        self.roa("GET", "ListActionRecords", &path, &query(parameters))
    }

    pub(super) fn flows(&self, query: &str) -> Response {
        self.rest("GET", &format!("/v1/p/flows?{query}"), "")
    }

    pub(super) fn jobs(&self, body: &Value) -> Response {
        self.rest("POST", "/v3/p/jobs", &body.to_string())
    }

    pub(super) fn job_tags(&self, kind: &str, query: &str, body: &Value) -> Response {
        self.rest("POST", &format!("/v5/p/{kind}/resource-instances/filter?{query}"), &body.to_string())
    }
}

#[test]
fn executions_have_their_fields_and_no_bodies_unless_asked() {
    let client = client_of(
        &quiet(),
        &[
            json!({"kind": "fnf_execution", "flow_name": "etl", "execution_name": "a:b", "since": "2026-11-22T01:02:03.004Z"}),
        ],
    );
    let page = read(&client.executions(&[("FlowName", "etl"), ("MetadataOnly", "true")])).2;
    let shown = json!({"FlowName": "etl", "Name": "a:b", "Status": "Running", "StartedTime": "2026-11-22T01:02:03.004Z", "Environment": {"Variables": []}});
    assert_eq!(page["Executions"], json!([shown]));
    for spelling in ["True", "TRUE"] {
        assert!(
            read(&client.executions(&[("FlowName", "etl"), ("MetadataOnly", spelling)])).2["Executions"][0]
                .get("Input")
                .is_none()
        );
    }
    assert!(read(&client.executions(&[("FlowName", "etl")])).2["Executions"][0].get("Input").is_some());
}

#[test]
fn executions_are_filtered_by_status_prefix_and_start() {
    let at = |name: &str, since: &str, status: &str| json!({"kind": "fnf_execution", "flow_name": "etl", "execution_name": name, "since": since, "status": status});
    let client = client_of(
        &quiet(),
        &[
            at("a1", "2026-11-22T01:00:00.000Z", "Starting"),
            at("a2", "2026-11-22T02:00:00.000Z", "Running"),
            at("b1", "2026-11-22T03:00:00.000Z", "Running"),
            at("b2", "2026-11-22T04:00:00.000Z", "TimedOut"),
        ],
    );
    let names = |parameters: &[(&str, &str)]| {
        let parameters = [&[("FlowName", "etl")], parameters].concat();
        texts(&read(&client.executions(&parameters)).2["Executions"], "Name")
    };
    assert_eq!(names(&[]), ["a1", "a2", "b1", "b2"]);
    assert_eq!(names(&[("Status", "Starting")]), ["a1"]);
    assert_eq!(names(&[("Status", "TimedOut")]), ["b2"]);
    assert_eq!(names(&[("Status", "Running"), ("ExecutionNamePrefix", "a")]), ["a2"]);
    // The bounds themselves do not belong to it, which is why clients widen them.
    assert_eq!(names(&[("StartedTimeEnd", "2026-11-22T02:00:00Z")]), ["a1"]);
    assert_eq!(names(&[("StartedTimeEnd", "2026-11-22T02:00:01Z")]), ["a1", "a2"]);
    assert_eq!(names(&[("StartedTimeBegin", "2026-11-22T11:00:00+08:00")]), ["b2"]);
    for (name, value) in
        [("Status", "Sleeping"), ("StartedTimeEnd", "yesterday"), ("Limit", "101"), ("Limit", "0"), ("NextToken", "x")]
    {
        let (status, code, _) = read(&client.executions(&[("FlowName", "etl"), (name, value)]));
        assert_eq!((status, code.as_str()), (400, "InvalidArgument"), "{name}={value}");
    }
    let (status, code, _) = read(&client.executions(&[("FlowName", "another")]));
    assert_eq!((status, code.as_str()), (404, "FlowNotExists"));
    assert_eq!(client.executions(&[]).status, 400);
}

#[test]
fn one_that_starts_runs_once_it_was_listed() {
    let client = client_of(
        &quiet(),
        &[
            json!({"kind": "fnf_execution", "flow_name": "etl", "execution_name": "a", "status": "Starting", "later": "Running"}),
        ],
    );
    let names =
        |status| texts(&read(&client.executions(&[("FlowName", "etl"), ("Status", status)])).2["Executions"], "Name");
    assert_eq!(names("Running"), Vec::<String>::new());
    assert_eq!((names("Starting"), names("Starting"), names("Running")), (vec!["a".into()], vec![], vec!["a".into()]));
    client.stop(&id(FNF, "etl", "a"));
    assert_eq!(names("Starting"), Vec::<String>::new());
}

#[test]
fn tokens_lead_through_the_pages_and_only_there() {
    let client = client_of(&quiet(), &[executions("etl", 250), executions("other", 3)].concat());
    let mut parameters = vec![("FlowName", "etl"), ("Limit", "99"), ("Status", "Running")];
    let first = read(&client.executions(&parameters)).2;
    let token = first["NextToken"].as_str().unwrap().to_owned();
    parameters.push(("NextToken", &token));
    let second = read(&client.executions(&parameters)).2;
    let next = second["NextToken"].as_str().unwrap().to_owned();
    parameters[3].1 = &next;
    let third = read(&client.executions(&parameters)).2;
    assert_eq!(third.get("NextToken"), None);
    let names = [&first, &second, &third].map(|page| texts(&page["Executions"], "Name"));
    assert_eq!(names.each_ref().map(Vec::len), [99, 99, 52]);
    assert_eq!(names.concat(), (0..250).map(|n| format!("r{n:03}")).collect::<Vec<_>>());
    let of_another = client.executions(&[("FlowName", "other"), ("NextToken", &token)]);
    assert_eq!(of_another.status, 400);
    let ledger = client.ledger();
    let etl: Vec<_> =
        ledger.listings.iter().filter(|one| &*one.unit == "etl").map(|one| (one.page, one.count)).collect();
    assert_eq!((etl, ledger.listing_requests(|api| api == "fnf:ListExecutions")), (vec![(1, 1), (2, 1), (3, 1)], 4));
}

#[test]
fn the_last_page_may_have_an_empty_token_or_null() {
    for (last_token, shown) in
        [(LastToken::Absent, None), (LastToken::Empty, Some(json!(""))), (LastToken::Null, Some(Value::Null))]
    {
        let client = client_of(&with_quirks(Quirks { last_token, ..Quirks::default() }), &executions("etl", 1));
        assert_eq!(read(&client.executions(&[("FlowName", "etl")])).2.get("NextToken"), shown.as_ref());
    }
}

#[test]
fn a_service_may_be_stubborn() {
    let quirks =
        Quirks { refuses_starting: true, ignores_filters: true, ignores_metadata_only: true, ..Quirks::default() };
    let client = client_of(&with_quirks(quirks), &executions("etl", 3));
    assert_eq!(client.executions(&[("FlowName", "etl"), ("Status", "Starting")]).status, 400);
    let page = read(&client.executions(&[("FlowName", "etl"), ("Status", "Failed"), ("MetadataOnly", "true")])).2;
    assert!(page["Executions"].as_array().unwrap().len() == 3 && page["Executions"][0].get("Input").is_some());
}

#[test]
fn flows_have_modes_groups_and_schedules() {
    let of = |flow: &str, more: Value| {
        let mut all = json!({"kind": "fnf_execution", "flow_name": flow, "execution_name": "r"});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let client = client_of(
        &quiet(),
        &[
            of("a", json!({"mode": "express", "resource_group": "rg-1", "schedule": "hourly"})),
            of("b", json!({"schedule": "nightly off"})),
            of("c", json!({"mode": "standard"})),
        ],
    );
    let page = read(&client.rpc("GET", "ListFlows", &[("Limit", "1000")])).2;
    assert_eq!(
        (texts(&page["Flows"], "Name"), texts(&page["Flows"], "ExecutionMode")),
        (vec!["a".into(), "b".into(), "c".into()], vec!["Express".into(), String::new(), "Standard".into()])
    );
    assert_eq!((&page["Flows"][0]["ResourceGroupId"], page["Flows"][1].get("ResourceGroupId")), (&json!("rg-1"), None));
    let page = read(&client.rpc("GET", "ListFlows", &[("ResourceGroupId", "rg-1")])).2;
    assert_eq!(texts(&page["Flows"], "Name"), ["a"]);
    assert_eq!(client.rpc("GET", "ListFlows", &[("Limit", "1001")]).status, 400);
    let schedules = |flow| read(&client.rpc("GET", "ListSchedules", &[("FlowName", flow)])).2["Schedules"].clone();
    assert_eq!((&schedules("a")[0]["ScheduleName"], &schedules("a")[0]["Enable"]), (&json!("hourly"), &json!(true)));
    assert_eq!((&schedules("b")[0]["Enable"], schedules("c")), (&json!(false), json!([])));
    assert_eq!(client.rpc("GET", "ListSchedules", &[("FlowName", "x")]).status, 404);
}

#[test]
fn search_instances_are_filtered_by_json_in_a_parameter() {
    let of = |instance: &str, tags: Value, edition: &str| json!({"kind": "opensearch_task", "instance_id": instance, "fsm_id": "t", "tags": tags, "edition": edition, "instance_name": format!("of {instance}"), "resource_group": "rg-1"});
    let mut resources: Vec<_> = (0..51).map(|n| of(&format!("ha-{n:02}"), json!({"env": "dev"}), "engine")).collect();
    resources.push(of("ha-99", json!([["env", "test"], ["env", "dev"], ["team", "数据"], ["x", ""]]), "vector"));
    resources.push(of("ha-98", Value::Null, "vector"));
    let client = client_of(&quiet(), &resources);
    let page = read(&client.search_instances(&[("pageNumber", "2"), ("pageSize", "50")])).2;
    assert_eq!(
        (texts(&page["result"], "instanceId"), &page["totalCount"]),
        (vec!["ha-50".into(), "ha-98".into(), "ha-99".into()], &json!(53))
    );
    assert_eq!(page["result"][1].get("tags"), None);
    assert_eq!(page["result"][2]["tags"][3], json!({"key": "x", "value": ""}));
    let ids =
        |parameters: &[(&str, &str)]| texts(&read(&client.search_instances(parameters)).2["result"], "instanceId");
    let tags = r#"[{"key":"env","value":"test"},{"key":"team","value":"数据"}]"#;
    assert_eq!(ids(&[("tags", tags)]), ["ha-99"]);
    assert_eq!(ids(&[("tags", r#"[{"key":"env"}]"#), ("edition", "vector")]), ["ha-99"]);
    assert_eq!(
        (ids(&[("description", "ha-4"), ("pageSize", "50")]).len(), ids(&[("instanceId", "ha-07")]).len()),
        (10, 1)
    );
    for (name, value) in [("pageSize", "51"), ("pageNumber", "0"), ("tags", "env")] {
        assert_eq!(client.search_instances(&[(name, value)]).status, 400, "{name}");
    }
}

#[test]
fn search_tasks_are_in_one_list_or_in_both_with_words_of_their_own() {
    let of = |task: &str, place: &str| json!({"kind": "opensearch_task", "instance_id": "ha-1", "fsm_id": task, "in": place, "status": "success", "data_status": "retry", "state": "running", "since": "2022-07-12T07:22:00Z", "name": "general", "user": "u"});
    let client = client_of(&quiet(), &[of("t1", "cluster"), of("t2", "data"), of("t3", "both")]);
    let list = |of_data| read(&client.search_tasks("ha-1", of_data)).2["result"].clone();
    assert_eq!(
        (texts(&list(false), "fsmId"), texts(&list(true), "fsmId")),
        (vec!["t1".into(), "t3".into()], vec!["t2".into(), "t3".into()])
    );
    assert_eq!(
        (texts(&list(false), "status"), texts(&list(true), "status")),
        (vec!["success".into(); 2], vec!["retry".into(); 2])
    );
    assert_eq!(
        (&list(false)[0]["time"], &list(false)[0]["name"], &list(false)[0]["user"]),
        (&json!("1657610520"), &json!("general"), &json!("u"))
    );
    let (status, code, _) = read(&client.search_tasks("ha-2", false));
    assert_eq!((status, code.as_str()), (404, "instance.NotFound"));
}

#[test]
fn elasticsearch_instances_have_filters_and_changes_have_records() {
    let of = |instance: &str, more: Value| {
        let mut all =
            json!({"kind": "elasticsearch_task", "instance_id": instance, "name": format!("日志 {instance}")});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let client = client_of(
        &quiet(),
        &[
            of(
                "es-1",
                json!({"tags": {"env": "test"}, "since": "2026-11-22T03:00:00Z", "action": "RestartInstance", "version": "8.5"}),
            ),
            of("es-2", json!({"tags": null, "status": "activating", "payment": "prepaid"})),
            of("es-3", json!({"status": "active", "resource_group": "rg-1"})),
        ],
    );
    let list = |parameters: &[(&str, &str)]| read(&client.elastic_instances(parameters)).2;
    let all = list(&[("page", "1"), ("size", "100")]);
    assert_eq!(
        (texts(&all["Result"], "status"), &all["Headers"]["X-Total-Count"]),
        (vec!["activating".into(), "activating".into(), "active".into()], &json!(3))
    );
    assert_eq!(
        (&all["Result"][0]["tags"], all["Result"][1].get("tags"), &all["Result"][2]["tags"]),
        (&json!([{"tagKey": "env", "tagValue": "test"}]), None, &json!([]))
    );
    for (parameter, found) in [
        (("tags", r#"[{"tagKey":"env","tagValue":"test"}]"#), "es-1"),
        (("esVersion", "8.5"), "es-1"),
        (("paymentType", "prepaid"), "es-2"),
        (("status", "active"), "es-3"),
        (("resourceGroupId", "rg-1"), "es-3"),
        (("description", "志 es-2"), "es-2"),
        (("instanceId", "es-1"), "es-1"),
    ] {
        assert_eq!(texts(&list(&[parameter])["Result"], "instanceId"), [found], "{parameter:?}");
    }
    assert_eq!(
        (client.elastic_instances(&[("size", "101")]).status, client.elastic_instances(&[("page", "0")]).status),
        (400, 400)
    );
    let records =
        |instance| read(&client.records(instance, &[("filter", "ACTION_RECORD"), ("page", "1"), ("size", "50")])).2;
    let running = &records("es-1")["Result"][0];
    assert_eq!(
        (&running["actionName"], &running["startTime"], &running["endTime"], &running["process"]),
        (&json!("RestartInstance"), &json!(1_795_316_400_000_u64), &json!(0), &json!("37%"))
    );
    assert_eq!(texts(&records("es-2")["Result"], "process"), ["100%"]);
    assert_eq!(client.records("es-9", &[]).status, 400);
    assert_eq!(texts(&read(&client.records("es-1", &[("page", "2"), ("size", "1")])).2["Result"], "process"), ["100%"]);
}

#[test]
fn live_flows_are_counted_by_offset() {
    let flows: Vec<_> = (0..250).map(|n| json!({"kind": "live_flow", "project_id": "p", "flow_id": format!("f{n:03}"), "name": format!("n{n}"), "protocol": "srt-listener", "status": if n == 7 { "STARTING" } else { "ACTIVE" }})).collect();
    let client = client_of(&quiet(), &flows);
    let page = read(&client.flows("limit=100&offset=200")).2;
    assert_eq!(
        (texts(&page["flows"], "flow_id").len(), &page["total"], &page["flows"][0]["name"]),
        (50, &json!(250), &json!("n200"))
    );
    assert_eq!((&page["flows"][0]["protocol"], page["flows"][0].get("tags")), (&json!("srt-listener"), None));
    assert_eq!(texts(&read(&client.flows("limit=10&offset=0")).2["flows"], "status")[7], "STARTING");
    assert_eq!(read(&client.flows("offset=1000")).2["flows"], json!([]));
    for wrong in ["limit=101", "limit=0", "offset=-1", "limit=x"] {
        assert_eq!(read(&client.flows(wrong)).1, "LIVE.100011001", "{wrong}");
    }
}

fn job(name: &str, more: Value) -> Value {
    let mut all = json!({"kind": "drs_job", "project_id": "p", "job_id": name});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

#[test]
fn jobs_of_version_3_are_of_one_type_and_have_children() {
    let mut jobs: Vec<_> = (0..120)
        .map(|n| {
            job(
                &format!("j{n:03}"),
                json!({"job_type": "sync", "since": "2020-12-21 10:57:49", "name": format!("n{n}")}),
            )
        })
        .collect();
    jobs.push(job("m", json!({"job_type": "migration,sync", "engine_type": "postgresql"})));
    jobs.push(job("c", json!({"job_type": "sync", "parent": "j000", "status": "CHILD_TRANSFER_STARTED"})));
    let client = client_of(&quiet(), &jobs);
    let page = |page, size, kind| read(&client.jobs(&json!({"cur_page": page, "per_page": size, "db_use_type": kind})));
    let first = page(1, 100, "sync").2;
    assert_eq!((texts(&first["jobs"], "id").len(), &first["total_record"]), (100, &json!(121)));
    let shown = &first["jobs"][0];
    assert_eq!(
        (&shown["create_time"], &shown["db_use_type"], &shown["children"][0]["id"]),
        (&json!("2020-12-21 10:57:49"), &json!("sync"), &json!("c"))
    );
    assert_eq!(shown["children"][0]["status"], "CHILD_TRANSFER_STARTED");
    assert!(shown.get("tags").is_none());
    assert_eq!(texts(&page(2, 100, "sync").2["jobs"], "id").last().unwrap(), "m");
    assert_eq!(texts(&page(1, 100, "migration").2["jobs"], "id"), ["m"]);
    let (status, code, _) = page(3, 100, "sync");
    assert_eq!((status, code.as_str()), (400, "DRS.M00211"));
    assert_eq!(page(1, 100, "cloudDataGuard").2["jobs"], json!([]));
    assert_eq!(page(0, 0, "sync").2["jobs"].as_array().unwrap().len(), 121);
    for body in [
        json!({"cur_page": 1}),
        json!({"db_use_type": "replay"}),
        json!({"db_use_type": "sync", "per_page": 101}),
        json!({"db_use_type": "sync", "cur_page": 0, "per_page": 10}),
        json!({"db_use_type": "sync", "cur_page": -1}),
        json!({"db_use_type": "sync", "tags": 7}),
        json!([]),
    ] {
        assert_eq!(client.jobs(&body).status, 400, "{body}");
    }
    let named = read(&client.jobs(&json!({"db_use_type": "sync", "name": "j001,n5,nobody"}))).2;
    assert_eq!(texts(&named["jobs"], "id"), ["j001", "j005"]);
    let engine = read(
        &client.jobs(&json!({"db_use_type": "sync", "engine_type": "postgresql", "status": "INCRE_TRANSFER_STARTED"})),
    )
    .2;
    assert_eq!(texts(&engine["jobs"], "id"), ["m"]);
}

#[test]
fn tags_of_jobs_are_a_listing_of_their_own() {
    let client = client_of(
        &quiet(),
        &[
            job("j1", json!({"job_type": "sync", "tags": {"env": "test", "keep": ""}})),
            job("j2", json!({"job_type": "sync", "tags": [["env", "dev"], ["env", "test"]]})),
            job("j3", json!({"job_type": "sync"})),
            job("j4", json!({"job_type": "sync", "tagged": "no"})),
            job("j5", json!({"job_type": "migration", "tags": {"env": "test"}})),
        ],
    );
    let list = |query: &str, body: Value| read(&client.job_tags("sync", query, &body)).2;
    let all = list("limit=1000&offset=0", json!({}));
    assert_eq!(
        (texts(&all["resources"], "resource_id"), &all["total_count"]),
        (vec!["j1".into(), "j2".into(), "j3".into()], &json!(3))
    );
    assert_eq!(all["resources"][1]["tags"], json!([{"key": "env", "value": "dev"}, {"key": "env", "value": "test"}]));
    assert_eq!(texts(&list("limit=1&offset=1", json!({}))["resources"], "resource_id"), ["j2"]);
    assert_eq!(
        texts(&list("", json!({"tags": [{"key": "env", "values": ["dev", "x"]}]}))["resources"], "resource_id"),
        ["j2"]
    );
    assert_eq!(texts(&list("", json!({"without_any_tag": true}))["resources"], "resource_id"), ["j3"]);
    let filtered = read(&client.jobs(&json!({"db_use_type": "sync", "tags": {"env": "test"}}))).2;
    assert_eq!(texts(&filtered["jobs"], "id"), ["j1", "j2"]);
    assert_eq!(
        (client.job_tags("kinds", "", &json!({})).status, client.job_tags("sync", "limit=1001", &json!({})).status),
        (400, 400)
    );
}

#[test]
fn an_empty_list_of_jobs_may_be_an_error() {
    let quirks = Quirks { empty_is_an_error: true, requires_job_type: true, ..Quirks::default() };
    let client = client_of(&with_quirks(quirks), &[job("j", json!({"job_type": "sync"}))]);
    let (status, code, _) = read(&client.jobs(&json!({"db_use_type": "migration"})));
    assert_eq!((status, code.as_str()), (422, "DRS.M00002"));
    assert_eq!(client.jobs(&json!({"db_use_type": "sync"})).status, 200);
    assert_eq!(
        (client.rest("GET", "/v5/p/jobs", "").status, client.rest("GET", "/v5/p/jobs?job_type=sync", "").status),
        (400, 200)
    );
}

#[test]
fn each_list_has_a_quota_of_its_own() {
    let resources = [
        executions("etl", 1),
        vec![job("j", json!({"job_type": "sync"})), json!({"kind": "live_flow", "project_id": "p", "flow_id": "f"})],
    ]
    .concat();
    let mut client = client_of(&Config { quotas: true, ..quiet() }, &resources);
    let passed = |answers: &mut dyn FnMut() -> Response| (0..100).filter(|_| answers().status == 200).count();
    // A burst of 10, and the tenth of a second that is tolerated.
    assert_eq!(passed(&mut || client.executions(&[("FlowName", "etl")])), 11);
    assert_eq!(passed(&mut || client.rpc("GET", "ListFlows", &[])), 11);
    assert_eq!(passed(&mut || client.rpc("GET", "ListSchedules", &[("FlowName", "etl")])), 11);
    assert_eq!(passed(&mut || client.jobs(&json!({"db_use_type": "sync"}))), 11);
    assert_eq!(passed(&mut || client.job_tags("sync", "", &json!({}))), 11);
    assert_eq!(passed(&mut || client.flows("limit=100")), 81);
    let (status, code, _) = read(&client.jobs(&json!({"db_use_type": "sync"})));
    assert_eq!((status, code.as_str()), (400, "DRS.M01503"));
    // Stops have theirs.
    assert_eq!(client.stop(&id(FNF, "etl", "r000")).status, 200);
    client.wait(Duration::from_secs(1));
    assert_eq!(passed(&mut || client.executions(&[("FlowName", "etl")])), 2);
    assert_eq!(client.ledger().requests.throttled["fnf:ListExecutions"], 187);
}
