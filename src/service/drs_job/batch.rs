//! Up to ten jobs with one request: `BatchStopJobsAction` (v5). Follows the vendor's page "Stopping Tasks in Batches".
//!
//! No page states how many jobs a request takes, and whether a response names every job. The entry of a job is what the
//! response to its single stop would be, and is read as such.

use std::collections::HashMap;

use http::Method;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::batch_stop::{BatchStop, Verdicts};
use super::super::meaning::Verdict;
use super::super::param::Params;
use super::super::response::{self, BodyStatus, Refusal};
use super::super::scope::Scope;
use super::info::{BATCH_STOP, INFO, IS_FORCE_STOP, JOB_ID};
use super::verdict;
use crate::error::ErrorClass;
use crate::http::{Api, Body, Request, Response};
use crate::provider::encode::encode;
use crate::provider::parse;

/// The way to stop several jobs.
pub(super) static BATCH: &dyn BatchStop = &DrsBatch;

struct DrsBatch;

/// A success. Each entry is kept as it is written.
#[derive(Deserialize)]
struct Results {
    jobs: Vec<Box<RawValue>>,
}

/// An entry, as far as it tells whose it is.
#[derive(Deserialize)]
struct Named {
    id: Box<str>,
}

/// The results of the jobs that were asked for, by their ids.
type ById<'b> = HashMap<&'b str, Verdict>;

impl BatchStop for DrsBatch {
    fn api(&self) -> &'static Api {
        &BATCH_STOP
    }

    fn request(&self, batch: &[&Params], scope: &Scope<'_>) -> Request {
        let job = |params: &&Params| {
            let id = serde_json::Value::from(params.name(JOB_ID));
            format!(r#"{{"job_id": {id}, "is_force_stop": {}}}"#, params.flag(IS_FORCE_STOP).unwrap_or(false))
        };
        let jobs: Vec<_> = batch.iter().map(job).collect();
        let body = format!(r#"{{"jobs": [{}]}}"#, jobs.join(", "));
        let path = format!("/v5/{}/jobs/batch-stop", encode(scope.project_id));
        Request { api: &BATCH_STOP, method: Method::POST, path, query: Vec::new(), body: Body::Json(body) }
    }

    fn verdicts(&self, batch: &[&Params], response: &Response) -> Verdicts {
        let success = match response::of_stop(&INFO, response, verdict::body_status, &[]) {
            Ok(success) => success,
            Err(refusal) => return refused(refusal, response.status),
        };
        if verdict::body_status(&success.body) == BodyStatus::Refused {
            return Verdicts::All(success.unproven("the response's status is failed"));
        }
        let Some(Results { jobs }) = parse(&response.body) else {
            return Verdicts::All(success.unproven("a success without the list jobs"));
        };
        let odd = |what| Verdict::lost(ErrorClass::Protocol, what, success.error.clone());
        let mut results = ById::new();
        for entry in jobs {
            let Some(params) = named(&entry).and_then(|id| batch.iter().find(|params| params.name(JOB_ID) == &*id)) else {
                // It says nothing of a job that was asked for.
                continue;
            };
            let alone = Response { status: response.status, headers: response.headers.clone(), body: bytes(&entry) };
            let result = verdict::of(params, &alone);
            results
                .entry(params.name(JOB_ID))
                .and_modify(|known| {
                    if *known != result {
                        *known = odd("the response has different results of the job");
                    }
                })
                .or_insert(result);
        }
        let missing = || odd("the response has no result of the job");
        Verdicts::Each(
            batch.iter().map(|params| results.get(params.name(JOB_ID)).cloned().unwrap_or_else(missing)).collect(),
        )
    }
}

/// Returns the id of an entry's job; none where nobody can know whose it is.
fn named(entry: &RawValue) -> Option<Box<str>> {
    serde_json::from_str::<Named>(entry.get()).ok().map(|named| named.id)
}

fn bytes(entry: &RawValue) -> bytes::Bytes {
    bytes::Bytes::copy_from_slice(entry.get().as_bytes())
}

/// Reads a response that refuses the request as a whole.
fn refused(refusal: Refusal, status: u16) -> Verdicts {
    let (class, is_of_service) = (refusal.class, refusal.code().starts_with("DRS."));
    let is_missing = matches!(status, 404 | 405 | 501) && !is_of_service;
    let is_denied = class == ErrorClass::Denied;
    let is_of_gateway = class == ErrorClass::Rejected && refusal.code().starts_with("APIG");
    let is_whole = class.is_transient() || matches!(class, ErrorClass::Auth | ErrorClass::Clock);
    let verdict = refusal.failed();
    if is_missing || is_denied || is_of_gateway {
        Verdicts::Unavailable(verdict)
    } else if is_whole {
        Verdicts::All(verdict)
    } else {
        Verdicts::Refused(verdict)
    }
}

#[cfg(test)]
mod tests;
