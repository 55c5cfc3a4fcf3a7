//! Huawei Cloud Live: REST calls below `/v1/{project_id}/flows`.

mod flows;
mod quota;

use serde_json::{Value, json};

use super::super::request::Request;
use super::super::response::Problem;
use super::auth::Auth;
use super::call::{Action, Api, Call, required};
use super::huawei;
use super::meaning::Meaning;
use super::model::{ModelInfo, ServiceModel, TagsOf, Times};
use super::quirks::Quirks;
use super::times;
use super::view::{Field, Name, View};
use crate::provider::Cloud;
use quota::RATE;

static STOP: Api = Api { name: "live:UpdateFlowStatusStop", rate: RATE, burst: 80.0 };
static DETAIL: Api = Api { name: "live:ShowFlowDetail", rate: RATE, burst: 80.0 };

/// The service's code for anything that it does not like about a request.
const INVALID: &str = "LIVE.100011001";

/// The service.
pub(super) static MODEL: &dyn ServiceModel = &LiveFlow;

struct LiveFlow;

pub(super) static INFO: ModelInfo = ModelInfo {
    kind: "live_flow",
    cloud: Cloud::Huawei,
    scope: Some("project_id"),
    name: "flow_id",
    paths: &["/v1/"],
    version: "",
    auth: Auth::SdkHmac,
    late: 0.25,
    is_asynchronous: false,
    words: ["ACTIVE", "ACTIVE", "STANDBY", "STANDBY"],
    fields: &[Field::named("name"), Field::with("protocol", "srt-caller"), Field::with("region", "cn-north-4")],
    around: &[],
    tags: TagsOf::Nothing,
    meaning: Meaning {
        running: &["ACTIVE"],
        stopping: &[],
        ended: &["STANDBY"],
        folds: false,
    },
    times: Times::Untold,
    usual_start: None,
    moment: times::rfc3339,
    no_scope: None,
    already: Some(Problem::fixed(400, INVALID, "flow task is in standby status")),
    missing: Problem::fixed(400, INVALID, "flow task not exist"),
    conflict: None,
    // A failure of the service, with the status of a client's mistake.
    broken: Problem::fixed(400, "LIVE.103011021", "Failed to access the database"),
    denied: huawei::DENIED,
    throttled: huawei::throttled,
};

impl ServiceModel for LiveFlow {
    fn call<'r>(&self, request: &'r Request, _: &'r Quirks) -> Result<Call<'r>, Problem> {
        let flow = |scope| Ok(Name { scope, name: required(request, "flow_id", INVALID)? });
        let (api, action) = match (request.method.as_str(), request.route().as_slice()) {
            ("PUT", [_, project, "flows", "stop"]) => (&STOP, Action::Stop(flow(project)?, None)),
            ("GET", [_, project, "flows", "detail"]) => (&DETAIL, Action::Show(flow(project)?)),
            ("GET", [_, project, "flows"]) => return flows::call(request, project, INVALID),
            _ => return Err(huawei::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn stopped(&self, of: &View<'_>, _: &str) -> Value {
        json!({"flow_id": of.name.name, "status": "STANDBY"})
    }

    fn shown(&self, of: &View<'_>, _: &str) -> Value {
        flows::item(of)
    }
}
