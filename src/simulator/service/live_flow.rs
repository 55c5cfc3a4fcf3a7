//! Huawei Cloud Live: REST calls below `/v1/{project_id}/flows`.

use serde_json::{Value, json};

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::Problem;
use super::auth::Auth;
use super::call::{Action, Api, Call, Listing, Members, Name, Page, required};
use super::huawei;
use super::model::{ModelInfo, ServiceModel};
use crate::provider::Cloud;

/// The documented 80 calls a minute, of each API.
const RATE: f64 = 80.0 / 60.0;

static STOP: Api = Api { name: "live:UpdateFlowStatusStop", rate: RATE, burst: 80.0 };
static DETAIL: Api = Api { name: "live:ShowFlowDetail", rate: RATE, burst: 80.0 };
static FLOWS: Api = Api { name: "live:ListFlows", rate: RATE, burst: 80.0 };

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
    already: Some(Problem::fixed(400, INVALID, "flow task is in standby status")),
    missing: Problem::fixed(400, INVALID, "flow task not exist"),
    conflict: None,
    // A failure of the service, with the status of a client's mistake.
    broken: Problem::fixed(400, "LIVE.103011021", "Failed to access the database"),
    denied: huawei::DENIED,
    throttled: huawei::throttled,
};

impl ServiceModel for LiveFlow {
    fn call<'r>(&self, request: &'r Request) -> Result<Call<'r>, Problem> {
        let flow = |scope| Ok(Name { scope, name: required(request, "flow_id", INVALID)? });
        let (api, action) = match (request.method.as_str(), request.route().as_slice()) {
            ("PUT", [_, project, "flows", "stop"]) => (&STOP, Action::Stop(flow(project)?, None)),
            ("GET", [_, project, "flows", "detail"]) => (&DETAIL, Action::Show(flow(project)?)),
            ("GET", [_, project, "flows"]) => {
                let (from, limit) = (request.number("offset", 0), request.number("limit", 10).clamp(1, 100));
                (&FLOWS, Action::List(Listing { scope: project, of: Members::All(None), from, limit }))
            }
            _ => return Err(huawei::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn stopped(&self, of: Name<'_>, _: Phase, _: &str) -> Value {
        json!({"flow_id": of.name, "status": "STANDBY"})
    }

    fn shown(&self, of: Name<'_>, phase: Phase, _: &str) -> Value {
        self.item(of, phase)
    }

    fn item(&self, of: Name<'_>, phase: Phase) -> Value {
        json!({"flow_id": of.name, "name": of.name, "status": INFO.word(phase), "protocol": "RTMP"})
    }

    fn page(&self, _: &Members, page: Page, _: &str) -> Value {
        json!({"total": page.total, "flows": page.items})
    }
}
