//! OpenSearch Retrieval Engine Edition, API version 2021-10-25: ROA calls below `/openapi/ha3`.

mod instances;
mod tasks;

use serde_json::{Value, json};

use super::super::request::Request;
use super::super::response::Problem;
use super::alibaba;
use super::auth::Auth;
use super::call::{Action, Api, Call};
use super::meaning::Meaning;
use super::model::{ModelInfo, ServiceModel, TagsOf, Times};
use super::quirks::Quirks;
use super::times;
use super::view::{Field, Name, View};
use crate::provider::Cloud;

// The vendor states no quota; ten a second is an assumption.
static STOP: Api = Api { name: "searchengine:StopTask", rate: 10.0, burst: 10.0 };

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
    fields: &[Field::named("name"), Field::with("type", "datasource_flow_fsm"), Field::with("group", "datasource"), Field::with("user", "simulator"), Field::bare("in"), Field::bare("data_status")],
    around: &[Field::bare("instance_name"), Field::bare("edition"), Field::bare("resource_group")],
    tags: TagsOf::Around,
    meaning: Meaning {
        running: &["doing", "executing", "init", "initializing", "pending", "processing", "queued", "retry", "running", "started", "starting", "waiting"],
        stopping: &["canceling", "cancelling", "stopping"],
        ended: &["cancel", "canceled", "cancelled", "complete", "completed", "done", "fail", "failed", "finish", "finished", "stop", "stopped", "succeeded", "success", "terminated"],
        folds: true,
    },
    times: Times::Latest,
    usual_start: Some("1767225600"),
    moment: times::seconds,
    no_scope: Some(Problem::fixed(404, "instance.NotFound", "Instance not found")),
    already: None,
    missing: Problem::fixed(404, "instance.NotFound", "Instance not found"),
    conflict: Some(Problem::fixed(409, "ConcurrentUpdateError", "Another change of the instance is under way.")),
    broken: Problem::fixed(500, "InternalError", "The request processing has failed due to some unknown error."),
    denied: alibaba::DENIED,
    throttled: alibaba::throttled,
};

impl ServiceModel for OpensearchTask {
    fn call<'r>(&self, request: &'r Request, _: &'r Quirks) -> Result<Call<'r>, Problem> {
        let action = request.header("x-acs-action").unwrap_or_default();
        if request.header("x-acs-version") != Some("2021-10-25") {
            return Err(Problem::new(400, "NoSuchVersion", "Specified version does not exist."));
        }
        match (request.method.as_str(), action, request.route().as_slice()) {
            ("PUT", "StopTask", ["openapi", "ha3", "instances", instance, "stop-task", task]) => {
                Ok(Call { api: &STOP, action: Action::Stop(Name { scope: instance, name: task }, None) })
            }
            ("GET", "ListClusterTasks", ["openapi", "ha3", "instances", instance, "cluster-tasks"]) => {
                Ok(tasks::of_cluster(instance))
            }
            ("GET", "ListDataSourceTasks", ["openapi", "ha3", "instances", instance, "data-source-tasks"]) => {
                Ok(tasks::of_data_source(instance))
            }
            ("GET", "ListInstances", ["openapi", "ha3", "instances"]) => instances::call(request),
            _ => Err(alibaba::no_such_api()),
        }
    }

    fn stopped(&self, _: &View<'_>, request_id: &str) -> Value {
        json!({"requestId": request_id, "result": {}})
    }

    fn shown(&self, of: &View<'_>, request_id: &str) -> Value {
        json!({"requestId": request_id, "result": tasks::item(of)})
    }
}
