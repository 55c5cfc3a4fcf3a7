//! Huawei Cloud Data Replication Service: REST calls below `/v5/{project_id}/jobs`, and one below `/v3`.

use serde_json::{Value, json};

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::Problem;
use super::auth::Auth;
use super::call::{Action, Api, Call, Listing, Members, Name, Page};
use super::huawei;
use super::model::{ModelInfo, ServiceModel};
use crate::provider::Cloud;

// The vendor states no quota; ten a second is an assumption.
static STOP: Api = Api { name: "drs:StopJob", rate: 10.0, burst: 10.0 };
static SHOW: Api = Api { name: "drs:ShowJobDetail", rate: 10.0, burst: 10.0 };
static STATUS: Api = Api { name: "drs:BatchListJobStatus", rate: 10.0, burst: 10.0 };
static JOBS: Api = Api { name: "drs:ListJobs", rate: 10.0, burst: 10.0 };

/// The most ids that a listing takes in `name`.
const MOST_NAMES: usize = 10;

/// The service.
pub(super) static MODEL: &dyn ServiceModel = &DrsJob;

struct DrsJob;

pub(super) static INFO: ModelInfo = ModelInfo {
    kind: "drs_job",
    cloud: Cloud::Huawei,
    scope: Some("project_id"),
    name: "job_id",
    paths: &["/v3/", "/v5/"],
    version: "",
    auth: Auth::SdkHmac,
    late: 1.0,
    is_asynchronous: true,
    words: ["INCRE_TRANSFER_STARTED", "RELEASE_RESOURCE_STARTED", "RELEASE_RESOURCE_COMPLETE", "RELEASE_RESOURCE_COMPLETE"],
    already: Some(Problem::fixed(400, "DRS.10000015", "The current status does not support this operation.")),
    missing: Problem::fixed(400, "DRS.10000010", "Job does not exist, please check job id."),
    conflict: None,
    broken: huawei::INTERNAL,
    denied: huawei::DENIED,
    throttled: huawei::throttled,
};

impl ServiceModel for DrsJob {
    fn call<'r>(&self, request: &'r Request) -> Result<Call<'r>, Problem> {
        let (api, action) = match (request.method.as_str(), request.route().as_slice()) {
            ("POST", [_, project, "jobs", job, "stop"]) => {
                let force = is_forced(&request.body)?.map(|force| format!("is_force_stop: {force}"));
                (&STOP, Action::Stop(Name { scope: project, name: job }, force))
            }
            ("POST", ["v3", project, "jobs", "batch-status"]) => {
                let of = Members::Each(asked(&request.body)?);
                (&STATUS, Action::List(Listing { scope: project, of, from: 0, limit: usize::MAX }))
            }
            ("GET", [_, project, "jobs", job]) => (&SHOW, Action::Show(Name { scope: project, name: job })),
            ("GET", [_, project, "jobs"]) => {
                let (from, limit) = (request.number("offset", 0), request.number("limit", 10).clamp(1, 1000));
                (&JOBS, Action::List(Listing { scope: project, of: members(request)?, from, limit }))
            }
            _ => return Err(huawei::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn stopped(&self, of: Name<'_>, _: Phase, _: &str) -> Value {
        json!({"id": of.name, "name": "job", "status": "success"})
    }

    fn shown(&self, of: Name<'_>, phase: Phase, _: &str) -> Value {
        json!({"job": self.item(of, phase)})
    }

    fn item(&self, of: Name<'_>, phase: Phase) -> Value {
        json!({"id": of.name, "name": "job", "status": INFO.word(phase)})
    }

    fn page(&self, of: &Members, page: Page, _: &str) -> Value {
        let Members::Each(names) = of else { return json!({"total_count": page.total, "jobs": page.items}) };
        let is_there = |name: &str| page.items.iter().any(|item| item.get("id").is_some_and(|id| id == name));
        let missing = names
            .iter()
            .filter(|name| !is_there(name))
            .map(|name| json!({"id": name, "error_code": "DRS.M00289", "error_message": "The task does not exist."}));
        let results: Vec<_> = page.items.iter().cloned().chain(missing).collect();
        json!({"count": results.len(), "results": results})
    }
}

/// Reads the body of a stop: `{"is_force_stop": true}`, `{}` or nothing.
fn is_forced(body: &[u8]) -> Result<Option<bool>, Problem> {
    if body.is_empty() {
        return Ok(None);
    }
    let invalid = || Problem::new(400, "DRS.M00202", "The request body is invalid.");
    let body: Value = serde_json::from_slice(body).map_err(|_| invalid())?;
    match body.as_object().ok_or_else(invalid)?.get("is_force_stop") {
        None => Ok(None),
        Some(force) => force.as_bool().map(Some).ok_or_else(invalid),
    }
}

/// Reads the ids of which the status is asked: `{"jobs": ["…"], "page_req": {…}}`.
fn asked(body: &[u8]) -> Result<Vec<String>, Problem> {
    let invalid = || Problem::new(400, "DRS.M00202", "The request body is invalid.");
    let body: Value = serde_json::from_slice(body).map_err(|_| invalid())?;
    let jobs = body.get("jobs").and_then(Value::as_array).filter(|jobs| (1..=MOST_NAMES).contains(&jobs.len()));
    let ids = jobs.ok_or_else(invalid)?.iter().map(|job| job.as_str().map(str::to_owned));
    ids.collect::<Option<_>>().ok_or_else(invalid)
}

/// Reads which jobs to list: up to ten ids in `name`, or those of one `status`.
fn members(request: &Request) -> Result<Members, Problem> {
    let Some(names) = request.parameter("name").filter(|names| !names.is_empty()) else {
        return Ok(Members::All(request.parameter("status").map(str::to_owned)));
    };
    let names: Vec<String> = names.split(',').map(str::to_owned).collect();
    if names.len() > MOST_NAMES {
        return Err(Problem::new(400, "DRS.M00202", "The parameter name takes at most ten ids."));
    }
    Ok(Members::Named(names))
}
