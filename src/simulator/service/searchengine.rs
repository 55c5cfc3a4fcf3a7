//! OpenSearch Retrieval Engine Edition, API version 2021-10-25: ROA calls below `/openapi/ha3`.

use serde_json::{Value, json};

use super::super::answer::Problem;
use super::super::request::Request;
use super::super::resource::{Id, Phase};
use super::{Action, Api, Call, Face, Listing, Members, Page, Service, id};

// The vendor states no quota; ten a second is an assumption.
static STOP: Api = Api { name: "searchengine:StopTask", rate: 10.0, burst: 10.0 };
static CLUSTER_TASKS: Api = Api { name: "searchengine:ListClusterTasks", rate: 10.0, burst: 10.0 };
static DATA_SOURCE_TASKS: Api = Api { name: "searchengine:ListDataSourceTasks", rate: 10.0, burst: 10.0 };
static INSTANCES: Api = Api { name: "searchengine:ListInstances", rate: 10.0, burst: 10.0 };

/// The service.
pub(super) struct SearchEngine;

impl Face for SearchEngine {
    fn call(&self, request: &Request, account: u16) -> Result<Call, Problem> {
        let action = request.header("x-acs-action").unwrap_or_default();
        if request.header("x-acs-version") != Some("2021-10-25") {
            return Err(Problem::new(400, "NoSuchVersion", "Specified version does not exist."));
        }
        let own = |scope: &str, name: &str| id(Service::SearchEngine, account, scope, name);
        let all =
            |instance: &str, of| Action::List(Listing { within: own(instance, ""), of, from: 0, limit: usize::MAX });
        let route = request.route();
        let (api, action) = match (request.method.as_str(), action, route.as_slice()) {
            ("PUT", "StopTask", ["openapi", "ha3", "instances", instance, "stop-task", task]) => {
                (&STOP, Action::Stop(own(instance, task), None))
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
                (&INSTANCES, Action::List(Listing { within: own("", ""), of: Members::Scopes, from, limit: size }))
            }
            _ => return Err(Problem::new(404, "InvalidAction.NotFound", "Specified api is not found.")),
        };
        Ok(Call { api, action })
    }

    fn word(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Running | Phase::Stopping => "running",
            Phase::Stopped => "stopped",
            Phase::Ended => "success",
        }
    }

    fn late(&self) -> f64 {
        0.25
    }

    fn is_asynchronous(&self) -> bool {
        false
    }

    fn stopped(&self, _: &Id, _: Phase, request_id: &str) -> Value {
        json!({"requestId": request_id, "result": {}})
    }

    fn already(&self) -> Option<Problem> {
        None
    }

    fn missing(&self) -> Problem {
        Problem::new(404, "instance.NotFound", "Instance not found")
    }

    fn conflict(&self) -> Option<Problem> {
        Some(Problem::new(409, "ConcurrentUpdateError", "Another change of the instance is under way."))
    }

    fn broken(&self) -> Problem {
        Problem::new(500, "InternalError", "The request processing has failed due to some unknown error.")
    }

    fn denied(&self) -> Problem {
        Problem::new(
            403,
            "Forbidden.RAM",
            "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
        )
    }

    fn declined(&self, _: &Id, _: &str) -> Option<Value> {
        None
    }

    fn shown(&self, id: &Id, phase: Phase, request_id: &str) -> Value {
        json!({"requestId": request_id, "result": self.item(id, phase)})
    }

    fn item(&self, id: &Id, phase: Phase) -> Value {
        json!({
            "fsmId": &*id.name,
            "name": &*id.name,
            "type": "datasource_flow_fsm",
            "groupType": "datasource",
            "status": self.word(phase),
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
