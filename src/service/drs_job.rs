//! Jobs of Huawei Cloud Data Replication Service: `StopJob` (v5), or several with `BatchStopJobsAction` (v5), read back with `BatchListJobStatus` (v3), ten at a
//! time, and with `ShowJobDetail` (v5) for jobs that the batch does not show.
//!
//! The stop is asynchronous and cannot be undone: it ends the job and releases its resources. A response only states
//! that the stop was accepted, and a 200 may state `failed`. Which code a job that has ended already gets is not
//! documented as a whole, so that the job's status decides on any refusal of the service itself. The list of v5 serves
//! no read-back: it needs the job's type, and shows some engines only, in some regions. Follows the vendor's pages
//! "Stopping a Task", "Querying the Status of Tasks in Batches" and "Querying Task Details".

use http::Method;

use self::info::{DETAIL, INFO, IS_FORCE_STOP, JOB_ID, STATUS, STOP};
use super::batch_stop::BatchStop;
use super::info::ServiceInfo;
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Observation, State, Verdict};
use super::param::Params;
use super::response;
use super::scope::Scope;
use crate::error::ErrorClass;
use crate::http::{Body, Request, Response};
use crate::provider::encode::encode;
use crate::provider::{Json, Search};

mod batch;
mod codes;
mod entry;
mod info;
mod jobs;
mod jobs_v5;
mod listing;
mod page;
mod status;
mod tags;
mod verdict;

/// The service.
pub(super) static SERVICE: &dyn Service = &DrsJob;

struct DrsJob;

impl Service for DrsJob {
    fn info(&self) -> &'static ServiceInfo {
        &INFO
    }

    fn lister(&self) -> &'static dyn Lister {
        &listing::LISTER
    }

    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request {
        let path = format!("{}/{}/stop", jobs_path(scope), encode(params.name(JOB_ID)));
        let body = format!(r#"{{"is_force_stop": {}}}"#, params.flag(IS_FORCE_STOP).unwrap_or(false));
        Request { api: &STOP, method: Method::POST, path, query: Vec::new(), body: Body::Json(body) }
    }

    fn verdict(&self, params: &Params, response: &Response) -> Verdict {
        verdict::of(params, response)
    }

    fn batch_stop(&self) -> Option<&'static dyn BatchStop> {
        Some(batch::BATCH)
    }

    fn read(&self, stage: usize, batch: &[&Params], scope: &Scope<'_>) -> Request {
        if stage == 0 {
            let ids: Vec<_> = batch.iter().map(|params| params.name(JOB_ID)).collect();
            let jobs = serde_json::Value::from(ids);
            let body = format!(r#"{{"jobs": {jobs}, "page_req": {{"cur_page": 1, "per_page": 100}}}}"#);
            let path = format!("/v3/{}/jobs/batch-status", encode(scope.project_id));
            return Request { api: &STATUS, method: Method::POST, path, query: Vec::new(), body: Body::Json(body) };
        }
        let id = batch.first().map(|params| params.name(JOB_ID)).unwrap_or_default();
        let path = format!("{}/{}", jobs_path(scope), encode(id));
        let query = vec![("type", "overview".to_owned())];
        Request { api: &DETAIL, method: Method::GET, path, query, body: Body::Json(String::new()) }
    }

    fn observations(&self, stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation> {
        if stage == 0 { listed(batch, response) } else { batch.iter().map(|params| shown(params, response)).collect() }
    }
}

fn jobs_path(scope: &Scope<'_>) -> String {
    format!("/v5/{}/jobs", encode(scope.project_id))
}

/// Reads a batch of statuses. The detail is read of every job that the batch does not show: absence here proves nothing.
fn listed(batch: &[&Params], response: &Response) -> Vec<Observation> {
    let mut jobs = Search::new("results", "id", batch.iter().map(|params| params.name(JOB_ID))).nested("children");
    let error = match response::of_list(&INFO, response, &mut jobs) {
        Ok(success) if matches!(success.body.get("results"), Some(Json::List { .. })) => {
            let of = |params: &&Params| status::listed(jobs.of(params.name(JOB_ID)));
            return batch.iter().map(|params| Ok(of(params))).collect();
        }
        Ok(_) => None,
        Err(refusal) if is_for_all(refusal.class) => Some(refusal.into_error()),
        Err(_) => None,
    };
    vec![error.map_or(Ok(State::Absent), Err); batch.len()]
}

/// Returns whether the detail would be refused as well, or the same read is worth a retry.
fn is_for_all(class: ErrorClass) -> bool {
    // A response that is unusable here may be usable from the detail.
    matches!(class, ErrorClass::Clock | ErrorClass::Auth) || (class.is_transient() && class != ErrorClass::Protocol)
}

fn shown(params: &Params, response: &Response) -> Observation {
    match response::of_read(&INFO, response, Some("job"), &[("id", params.name(JOB_ID))]) {
        Ok(success) => match success.body.object("job").and_then(|job| response::word_at(job, "status")) {
            Some(word) => Ok(status::state(word)),
            None => Err(success.odd("a job without a status")),
        },
        Err(refusal) if codes::is_unknown(refusal.code()) => Ok(State::Absent),
        Err(refusal) if refusal.code() == codes::RELEASED => Ok(State::Stopped(codes::RELEASED.into())),
        Err(refusal) => Err(refusal.into_error()),
    }
}

#[cfg(test)]
mod tests;
