//! Huawei Cloud Data Replication Service: REST calls below `/v5/{project_id}/jobs`, and one below `/v3`.

mod body;
mod job;
mod jobs;
mod status;
mod stops;
mod tags;

use serde_json::{Value, json};

use super::super::request::Request;
use super::super::response::Problem;
use super::auth::Auth;
use super::call::{Action, Api, Call};
use super::huawei;
use super::meaning::Meaning;
use super::model::{ModelInfo, ServiceModel, Stated, TagsOf, Times};
use super::quirks::Quirks;
use super::times;
use super::view::{Field, Name, View};
use crate::provider::Cloud;

// The vendor states no quota; ten a second is an assumption.
static STOP: Api = Api { name: "drs:StopJob", rate: 10.0, burst: 10.0 };
static SHOW: Api = Api { name: "drs:ShowJobDetail", rate: 10.0, burst: 10.0 };

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
    fields: &[Field::with("name", "job"), Field::with("job_type", "sync"), Field::with("engine_type", "mysql"), Field::with("net_type", "eip"), Field::with("task_type", "FULL_INCR_TRANS"), Field::with("direction", "up"), Field::bare("parent"), Field::bare("tagged")],
    around: &[],
    tags: TagsOf::Itself,
    meaning: Meaning {
        running: &["CHANGE_JOB_FAILED", "CHANGE_JOB_STARTED", "CHILD_TRANSFER_COMPLETE", "CHILD_TRANSFER_FAILED", "CHILD_TRANSFER_STARTED", "CHILD_TRANSFER_STARTING", "CONFIGURATION", "CREATE_FAILED", "CREATING", "FULL_TRANSFER_COMPLETE", "FULL_TRANSFER_FAILED", "FULL_TRANSFER_STARTED", "INCRE_TRANSFER_FAILED", "INCRE_TRANSFER_STARTED", "NODE_UPGRADE_COMPLETE", "NODE_UPGRADE_FAILED", "NODE_UPGRADE_START", "PAUSING", "REBUILD_NODE_FAILED", "REBUILD_NODE_STARTED", "RELEASE_RESOURCE_FAILED", "STARTJOBING", "START_JOB_FAILED", "WAITING_FOR_START"],
        stopping: &["RELEASE_CHILD_TRANSFER_STARTED", "RELEASE_RESOURCE_STARTED"],
        ended: &["DELETED", "RELEASE_CHILD_TRANSFER_COMPLETE", "RELEASE_RESOURCE_COMPLETE"],
        folds: false,
    },
    times: Times::Bare,
    usual_start: Some("2026-01-01 00:00:00"),
    moment: times::bare,
    no_scope: None,
    already: Some(Problem::fixed(400, "DRS.10000015", "The current status does not support this operation.")),
    missing: Problem::fixed(400, "DRS.10000010", "Job does not exist, please check job id."),
    conflict: None,
    broken: huawei::INTERNAL,
    denied: huawei::DENIED,
    throttled,
};

impl ServiceModel for DrsJob {
    fn call<'r>(&self, request: &'r Request, quirks: &'r Quirks) -> Result<Call<'r>, Problem> {
        let (api, action) = match (request.method.as_str(), request.route().as_slice()) {
            ("POST", [_, project, "jobs", job, "stop"]) => {
                let force = is_forced(&request.body)?.map(|force| format!("is_force_stop: {force}"));
                (&STOP, Action::Stop(Name { scope: project, name: job }, force))
            }
            ("POST", ["v5", project, "jobs", "batch-stop"]) => return stops::call(request, project, quirks),
            ("POST", ["v3", project, "jobs", "batch-status"]) => return status::call(request, project),
            ("POST", ["v3", project, "jobs"]) => return jobs::of_v3(request, project),
            ("POST", ["v5", project, kind, "resource-instances", "filter"]) => return tags::call(request, project, kind),
            ("GET", [_, project, "jobs", job]) => (&SHOW, Action::Show(Name { scope: project, name: job })),
            ("GET", [_, project, "jobs"]) => return jobs::of_v5(request, project, quirks),
            _ => return Err(huawei::no_such_api()),
        };
        Ok(Call { api, action })
    }

    fn stopped(&self, of: &View<'_>, _: &str) -> Value {
        json!({"id": of.name.name, "name": of.text("name"), "status": "success"})
    }

    fn stated(&self, name: &str, stated: &Stated<'_>) -> Value {
        stops::stated(name, stated)
    }

    fn stopped_each(&self, stated: Vec<Value>) -> Value {
        json!({"jobs": stated})
    }

    fn shown(&self, of: &View<'_>, _: &str) -> Value {
        json!({"job": job::item(of, None, 5)})
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

/// Returns the response to a request over a quota: that of the service itself for listings, else that of the gateway.
fn throttled(api: &Api) -> Problem {
    match api.name {
        "drs:ShowJobList" | "drs:ListInstanceByTags" => {
            Problem::new(400, "DRS.M01503", "Operation too frequent. Try again later.")
        }
        _ => huawei::throttled(api),
    }
}
