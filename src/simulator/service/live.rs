//! Huawei Cloud Live: REST calls below `/v1/{project_id}/flows`.

use serde_json::{Value, json};

use super::super::answer::Problem;
use super::super::request::Request;
use super::super::resource::{Id, Phase};
use super::{Action, Api, Call, Face, Listing, Members, Page, Service, huawei, id, required};

/// The documented 80 calls a minute, of each API.
const RATE: f64 = 80.0 / 60.0;

static STOP: Api = Api { name: "live:UpdateFlowStatusStop", rate: RATE, burst: 80.0 };
static DETAIL: Api = Api { name: "live:ShowFlowDetail", rate: RATE, burst: 80.0 };
static FLOWS: Api = Api { name: "live:ListFlows", rate: RATE, burst: 80.0 };

/// The service's code for anything that it does not like about a request.
const INVALID: &str = "LIVE.100011001";

/// The service.
pub(super) struct Live;

impl Face for Live {
    fn call(&self, request: &Request, account: u16) -> Result<Call, Problem> {
        let own = |project: &str, name: &str| id(Service::Live, account, project, name);
        let flow = |project: &str| Ok(own(project, required(request, "flow_id", INVALID)?));
        let (api, action) = match (request.method.as_str(), request.route().as_slice()) {
            ("PUT", [_, project, "flows", "stop"]) => (&STOP, Action::Stop(flow(project)?, None)),
            ("GET", [_, project, "flows", "detail"]) => (&DETAIL, Action::Show(flow(project)?)),
            ("GET", [_, project, "flows"]) => {
                let (from, limit) = (request.number("offset", 0), request.number("limit", 10).clamp(1, 100));
                (&FLOWS, Action::List(Listing { within: own(project, ""), of: Members::All(None), from, limit }))
            }
            _ => return Err(huawei::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn word(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Running | Phase::Stopping => "ACTIVE",
            Phase::Stopped | Phase::Ended => "STANDBY",
        }
    }

    fn late(&self) -> f64 {
        0.25
    }

    fn is_asynchronous(&self) -> bool {
        false
    }

    fn stopped(&self, id: &Id, _: Phase, _: &str) -> Value {
        json!({"flow_id": &*id.name, "status": "STANDBY"})
    }

    fn already(&self) -> Option<Problem> {
        Some(Problem::new(400, INVALID, "flow task is in standby status"))
    }

    fn missing(&self) -> Problem {
        Problem::new(400, INVALID, "flow task not exist")
    }

    fn conflict(&self) -> Option<Problem> {
        None
    }

    fn broken(&self) -> Problem {
        // A failure of the service that it answers with the status of a client's mistake.
        Problem::new(400, "LIVE.103011021", "Failed to access the database")
    }

    fn denied(&self) -> Problem {
        huawei::denied()
    }

    fn declined(&self, _: &Id, _: &str) -> Option<Value> {
        None
    }

    fn shown(&self, id: &Id, phase: Phase, _: &str) -> Value {
        self.item(id, phase)
    }

    fn item(&self, id: &Id, phase: Phase) -> Value {
        json!({"flow_id": &*id.name, "name": &*id.name, "status": self.word(phase), "protocol": "RTMP"})
    }

    fn scope(&self, name: &str) -> Value {
        json!({"project_id": name})
    }

    fn page(&self, _: &Members, page: Page, _: &str) -> Value {
        json!({"total": page.total, "flows": page.items})
    }
}
