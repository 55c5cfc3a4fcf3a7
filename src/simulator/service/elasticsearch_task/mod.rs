//! Alibaba Cloud Elasticsearch, API version 2017-06-13: ROA calls below `/openapi/instances`.

mod instances;
mod records;

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

static INTERRUPT: Api = Api { name: "elasticsearch:InterruptElasticsearchTask", rate: 100.0, burst: 100.0 };
static DESCRIBE: Api = Api { name: "elasticsearch:DescribeInstance", rate: 100.0, burst: 100.0 };

/// The service.
pub(super) static MODEL: &dyn ServiceModel = &ElasticsearchTask;

struct ElasticsearchTask;

pub(super) static INFO: ModelInfo = ModelInfo {
    kind: "elasticsearch_task",
    cloud: Cloud::Alibaba,
    scope: None,
    name: "instance_id",
    paths: &["/openapi/"],
    version: "2017-06-13",
    auth: Auth::Acs3(&alibaba::REFUSALS),
    late: 0.25,
    is_asynchronous: false,
    words: ["activating", "activating", "suspended", "active"],
    fields: &[Field::bare("name"), Field::bare("resource_group"), Field::with("version", "7.10.0_with_X-Pack"), Field::with("payment", "postpaid"), Field::with("action", "UpdateInstance")],
    around: &[],
    tags: TagsOf::Itself,
    meaning: Meaning {
        running: &["activating", "initializing"],
        stopping: &[],
        ended: &["active", "frozen", "inactive", "invalid", "suspended"],
        folds: false,
    },
    times: Times::Exact,
    usual_start: Some("1767225600000"),
    moment: times::milliseconds,
    no_scope: Some(Problem::fixed(400, "InstanceNotFound", "The instanceId provided does not exist.")),
    already: Some(Problem::fixed(
        400,
        "InstanceStatusNotSupportCurrentAction",
        "The cluster is running tasks or in an error status. Try again later.",
    )),
    missing: Problem::fixed(400, "InstanceNotFound", "The instanceId provided does not exist."),
    conflict: Some(Problem::fixed(
        409,
        "ConcurrencyUpdateInstanceConflict",
        "The instance is being changed. Try again later.",
    )),
    broken: Problem::fixed(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
    denied: alibaba::DENIED,
    throttled: alibaba::throttled,
};

impl ServiceModel for ElasticsearchTask {
    fn call<'r>(&self, request: &'r Request, _: &'r Quirks) -> Result<Call<'r>, Problem> {
        let action = request.header("x-acs-action").unwrap_or_default();
        if request.header("x-acs-version") != Some("2017-06-13") {
            return Err(Problem::new(400, "NoSuchVersion", "Specified version does not exist."));
        }
        let own = |name| Name { scope: "", name };
        let route = request.route();
        let (api, action) = match (request.method.as_str(), action, route.as_slice()) {
            ("POST", "InterruptElasticsearchTask", ["openapi", "instances", instance, "actions", "interrupt"]) => {
                let token = request.parameter("clientToken");
                if token.is_some_and(|token| token.len() > 64 || !token.is_ascii()) {
                    return Err(Problem::new(400, "InvalidParameter", "The clientToken is not valid."));
                }
                (&INTERRUPT, Action::Stop(own(instance), token.map(str::to_owned)))
            }
            ("GET", "DescribeInstance", ["openapi", "instances", instance]) => (&DESCRIBE, Action::Show(own(instance))),
            ("GET", "ListInstance", ["openapi", "instances"]) => return instances::call(request),
            ("GET", "ListActionRecords", ["openapi", "instances", instance, "action-records"]) => {
                return records::call(request, instance);
            }
            _ => return Err(alibaba::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn stopped(&self, _: &View<'_>, request_id: &str) -> Value {
        json!({"RequestId": request_id, "Result": true})
    }

    fn declined(&self, request_id: &str) -> Option<Value> {
        Some(json!({"RequestId": request_id, "Result": false}))
    }

    fn shown(&self, of: &View<'_>, request_id: &str) -> Value {
        json!({"RequestId": request_id, "Result": instances::item(of)})
    }
}
