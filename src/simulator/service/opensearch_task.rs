//! OpenSearch Retrieval Engine Edition, API version 2021-10-25: ROA calls below `/openapi/ha3`.

use serde_json::{Value, json};

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::Problem;
use super::alibaba;
use super::auth::Auth;
use super::call::{Action, Api, Call, Listing, Members, Name, Page};
use super::model::{ModelInfo, ServiceModel};
use crate::provider::Cloud;

// The vendor states no quota; ten a second is an assumption.
static STOP: Api = Api { name: "searchengine:StopTask", rate: 10.0, burst: 10.0 };
static CLUSTER_TASKS: Api = Api { name: "searchengine:ListClusterTasks", rate: 10.0, burst: 10.0 };
static DATA_SOURCE_TASKS: Api = Api { name: "searchengine:ListDataSourceTasks", rate: 10.0, burst: 10.0 };
static INSTANCES: Api = Api { name: "searchengine:ListInstances", rate: 10.0, burst: 10.0 };

/// The service.
pub(super) static MODEL: &dyn ServiceModel = &OpensearchTask;

struct OpensearchTask;

pub(super) static INFO: ModelInfo = ModelInfo {
    kind: "opensearch_task",
    cloud: Cloud::Alibaba,
    scope: Some("instance_id"),
    name: "fsm_id",
    paths: &["/openapi/ha3/"],
    version: "2021-10-25",
    auth: Auth::Acs3(&alibaba::REFUSALS),
    late: 0.25,
    is_asynchronous: false,
    words: ["running", "running", "stopped", "success"],
    already: None,
    missing: Problem::fixed(404, "instance.NotFound", "Instance not found"),
    conflict: Some(Problem::fixed(409, "ConcurrentUpdateError", "Another change of the instance is under way.")),
    broken: Problem::fixed(500, "InternalError", "The request processing has failed due to some unknown error."),
    denied: alibaba::DENIED,
    throttled: alibaba::throttled,
};

impl ServiceModel for OpensearchTask {
    fn call<'r>(&self, request: &'r Request) -> Result<Call<'r>, Problem> {
        let action = request.header("x-acs-action").unwrap_or_default();
        if request.header("x-acs-version") != Some("2021-10-25") {
            return Err(Problem::new(400, "NoSuchVersion", "Specified version does not exist."));
        }
        let all = |scope, of| Action::List(Listing { scope, of, from: 0, limit: usize::MAX });
        let route = request.route();
        let (api, action) = match (request.method.as_str(), action, route.as_slice()) {
            ("PUT", "StopTask", ["openapi", "ha3", "instances", instance, "stop-task", task]) => {
                (&STOP, Action::Stop(Name { scope: instance, name: task }, None))
            }
            ("GET", "ListClusterTasks", ["openapi", "ha3", "instances", instance, "cluster-tasks"]) => {
                (&CLUSTER_TASKS, all(instance, Members::Half(false)))
            }
            ("GET", "ListDataSourceTasks", ["openapi", "ha3", "instances", instance, "data-source-tasks"]) => {
                (&DATA_SOURCE_TASKS, all(instance, Members::Half(true)))
            }
            ("GET", "ListInstances", ["openapi", "ha3", "instances"]) => {
                let (page, size) = (request.number("pageNumber", 1), request.number("pageSize", 10).clamp(1, 50));
                let from = page.saturating_sub(1).saturating_mul(size);
                (&INSTANCES, Action::List(Listing { scope: "", of: Members::Scopes, from, limit: size }))
            }
            _ => return Err(alibaba::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn stopped(&self, _: Name<'_>, _: Phase, request_id: &str) -> Value {
        json!({"requestId": request_id, "result": {}})
    }

    fn shown(&self, of: Name<'_>, phase: Phase, request_id: &str) -> Value {
        json!({"requestId": request_id, "result": self.item(of, phase)})
    }

    fn item(&self, of: Name<'_>, phase: Phase) -> Value {
        json!({
            "fsmId": of.name,
            "name": of.name,
            "type": "datasource_flow_fsm",
            "groupType": "datasource",
            "status": INFO.word(phase),
            "time": "1767225600",
            "user": "simulator",
            "taskNodes": [],
        })
    }

    fn scope(&self, name: &str) -> Value {
        json!({"instanceId": name, "status": "READY"})
    }

    fn page(&self, _: &Members, page: Page, request_id: &str) -> Value {
        json!({"requestId": request_id, "totalCount": page.total, "result": page.items})
    }
}
