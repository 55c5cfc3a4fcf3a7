//! Jobs of Huawei Cloud Data Replication Service (v5): `StopJob`, read back with `ListJobs`, ten at a time, and
//! with `ShowJobDetail` where the list does not show a job.
//!
//! The stop is asynchronous and cannot be undone: it ends the job and releases its resources. An answer only says
//! that the stop was taken, and a 200 may say `failed`. Which code a job that has ended already gets is not
//! documented, so that the job's status decides on any refusal of the service itself. Follows the vendor's pages
//! "Stopping a Task", "Querying the Task List" and "Querying Task Details".

use http::Method;
use serde_json_borrow::Value;

use super::answer::{self, Refusal, Success};
use super::{Facts, Meaning, Operation, Param, Params, Scope, Shape, Sighting, Verdict};
use crate::class::ErrorClass;
use crate::vendor::encode::encode;
use crate::vendor::{Cloud, Code};
use crate::wire::{Api, Body, Reply, Request, Style};

mod status;

pub(super) struct Service;

static STOP: Api = api("StopJob", 1);
static LIST: Api = api("ListJobs", 10);
static DETAIL: Api = api("ShowJobDetail", 1);
static READS: [&Api; 2] = [&LIST, &DETAIL];

const fn api(action: &'static str, batch: usize) -> Api {
    Api { product: "drs", action, version: "", style: Style::Rest, quota: None, batch }
}

const JOB_ID: usize = 0;
const IS_FORCE_STOP: usize = 1;

static PARAMS: [Param; 2] = [
    Param {
        name: "job_id",
        about: "the job's id",
        example: super::Value::Text("c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"),
        shape: Shape::Text { max_chars: 128, ascii: false },
        identifying: true,
    },
    Param {
        name: "is_force_stop",
        about: "ends the job without waiting for what it is doing; false where it is left out",
        example: super::Value::Flag(true),
        shape: Shape::Flag,
        identifying: false,
    },
];

static FACTS: Facts = Facts {
    name: "drs_job",
    title: "Huawei Cloud DRS job",
    cloud: Cloud::Huawei,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &READS,
    lasting: Some("it ends the job and releases its resources"),
    permission: "the IAM user needs the right to end DRS jobs, as the role DRS Administrator and the policy DRS \
        FullAccess give it",
    read_permission: "the IAM user needs the right to query DRS jobs, as the policies DRS ReadOnlyAccess and DRS \
        FullAccess give it",
    codes: &CODES,
};

static CODES: [Code; 2] = [
    Code::new(400, "DRS.10000010", "the project has no such job")
        .advice("check job_id, the account's region and its project_id"),
    Code::new(400, "DRS.10000001", "the service failed to do it, and does not say why"),
];

impl Operation for Service {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request {
        let path = format!("{}/{}/stop", jobs(scope), encode(params.name(JOB_ID)));
        let body = format!(r#"{{"is_force_stop": {}}}"#, params.flag(IS_FORCE_STOP).unwrap_or(false));
        Request { api: &STOP, method: Method::POST, path, query: Vec::new(), body: Body::Json(body) }
    }

    fn verdict(&self, reply: &Reply) -> Verdict {
        match answer::of(Cloud::Huawei, reply) {
            Ok(success) => match success.word("status").map(|word| word.to_ascii_lowercase()).as_deref() {
                Some("success") => success.verdict(Meaning::Accepted),
                Some("failed") => success.but(Meaning::Doubtful(ErrorClass::Rejected), "the answer's status is failed"),
                Some(_) | None => success.unproven("a success without a known status"),
            },
            Err(refusal) if is_unknown(&refusal) => refusal.verdict(Meaning::NotFound),
            Err(refusal) => match doubt(&refusal) {
                Some(class) => refusal.verdict(Meaning::Doubtful(class)),
                None => refusal.failed(),
            },
        }
    }

    fn read(&self, stage: usize, batch: &[&Params], scope: &Scope<'_>) -> Request {
        let ids: Vec<_> = batch.iter().map(|params| params.name(JOB_ID)).collect();
        let (api, path, query) = if stage == 0 {
            let page = [("limit", "100".to_owned()), ("offset", "0".to_owned())];
            (&LIST, jobs(scope), [("name", ids.join(","))].into_iter().chain(page).collect())
        } else {
            let path = format!("{}/{}", jobs(scope), encode(ids.first().copied().unwrap_or_default()));
            (&DETAIL, path, vec![("type", "overview".to_owned())])
        };
        Request { api, method: Method::GET, path, query, body: Body::Json(String::new()) }
    }

    fn sightings(&self, stage: usize, batch: &[&Params], reply: &Reply) -> Vec<Sighting> {
        let success = match answer::of(Cloud::Huawei, reply) {
            Ok(success) => success,
            Err(refusal) if is_unknown(&refusal) => return vec![Ok(super::State::Absent); batch.len()],
            Err(refusal) => return vec![Err(refusal.into_fault()); batch.len()],
        };
        if stage == 0 { listed(success, batch) } else { vec![shown(success); batch.len()] }
    }
}

fn jobs(scope: &Scope<'_>) -> String {
    format!("/v5/{}/jobs", encode(scope.project_id))
}

fn is_unknown(refusal: &Refusal) -> bool {
    refusal.code() == "DRS.10000010"
}

/// Returns the class of a refusal that may mean that the job has ended already: one by the service itself, and
/// none that would be another's fault or pass by itself.
fn doubt(refusal: &Refusal) -> Option<ErrorClass> {
    let is_final = matches!(refusal.class, ErrorClass::Invalid | ErrorClass::Rejected | ErrorClass::NotFound);
    match refusal.code() {
        "" => None,
        code if !is_final || code.starts_with("APIG") => None,
        code if code.starts_with("DRS.") => Some(ErrorClass::Rejected),
        _ => Some(refusal.class),
    }
}

fn listed(list: Success<'_>, batch: &[&Params]) -> Vec<Sighting> {
    match list.body.get("jobs").and_then(Value::as_array) {
        Some(jobs) => batch.iter().map(|params| Ok(status::in_list(jobs, params.name(JOB_ID)))).collect(),
        None => vec![Err(list.odd("a job list without jobs")); batch.len()],
    }
}

fn shown(detail: Success<'_>) -> Sighting {
    match detail.body.get("job").and_then(|job| answer::word_at(job, "status")) {
        Some(word) => Ok(status::state(word)),
        None => Err(detail.odd("a job without a status")),
    }
}

#[cfg(test)]
mod tests;
