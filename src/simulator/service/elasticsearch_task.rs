//! Alibaba Cloud Elasticsearch, API version 2017-06-13: ROA calls below `/openapi/instances`.

use serde_json::{Value, json};

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::Problem;
use super::alibaba;
use super::auth::Auth;
use super::call::{Action, Api, Call, Listing, Members, Name, Page};
use super::model::{ModelInfo, ServiceModel};
use crate::provider::Cloud;

static INTERRUPT: Api = Api { name: "elasticsearch:InterruptElasticsearchTask", rate: 100.0, burst: 100.0 };
static DESCRIBE: Api = Api { name: "elasticsearch:DescribeInstance", rate: 100.0, burst: 100.0 };
static INSTANCES: Api = Api { name: "elasticsearch:ListInstance", rate: 100.0, burst: 100.0 };

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
    fn call<'r>(&self, request: &'r Request) -> Result<Call<'r>, Problem> {
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
            ("GET", "ListInstance", ["openapi", "instances"]) => {
                let of = Members::All(request.parameter("status").map(str::to_owned));
                let (page, limit) = (request.number("page", 1), request.number("size", 10).clamp(1, 100));
                let from = page.saturating_sub(1).saturating_mul(limit);
                (&INSTANCES, Action::List(Listing { scope: "", of, from, limit }))
            }
            _ => return Err(alibaba::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn stopped(&self, _: Name<'_>, _: Phase, request_id: &str) -> Value {
        json!({"RequestId": request_id, "Result": true})
    }

    fn declined(&self, request_id: &str) -> Option<Value> {
        Some(json!({"RequestId": request_id, "Result": false}))
    }

    fn shown(&self, of: Name<'_>, phase: Phase, request_id: &str) -> Value {
        json!({"RequestId": request_id, "Result": self.item(of, phase)})
    }

    fn item(&self, of: Name<'_>, phase: Phase) -> Value {
        json!({"instanceId": of.name, "status": INFO.word(phase), "description": ""})
    }

    fn page(&self, _: &Members, page: Page, request_id: &str) -> Value {
        json!({"RequestId": request_id, "Headers": {"X-Total-Count": page.total}, "Result": page.items})
    }
}
