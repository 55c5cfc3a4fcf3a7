//! Stops of several jobs: version 5's `BatchStopJobsAction`.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::huawei;
use super::super::model::Stated;
use super::super::quirks::{BatchStops, Quirks};
use super::body::{self, INVALID, refusal};

// The vendor states no quota; ten a second is an assumption.
static API: Api = Api { name: "drs:BatchStopJobsAction", rate: 10.0, burst: 10.0 };

/// The most jobs that a request takes; the vendor states none.
const MOST: usize = 10;

/// Reads a request, whose body is like `{"jobs": [{"job_id": "…", "is_force_stop": true}]}`.
pub(super) fn call<'r>(request: &'r Request, scope: &'r str, quirks: &Quirks) -> Result<Call<'r>, Problem> {
    let most = match quirks.batch_stops {
        BatchStops::Missing => return Err(huawei::no_such_api()),
        BatchStops::Denied => return Err(huawei::DENIED),
        BatchStops::AtMost(most) => most,
        BatchStops::Usual => MOST,
    };
    let body = body::object(&request.body)?;
    let jobs = body.get("jobs").and_then(Value::as_array).ok_or_else(|| refusal("jobs"))?;
    if !(1..=most).contains(&jobs.len()) {
        return Err(Problem::new(400, INVALID, format!("The number of jobs must be from 1 to {most}.")));
    }
    let jobs = jobs.iter().map(|job| asked(job.as_object()?)).collect::<Option<Vec<_>>>().ok_or_else(|| refusal("jobs"))?;
    let mut known = HashSet::new();
    if !jobs.iter().all(|(id, _)| known.insert(id)) {
        return Err(refusal("job_id"));
    }
    Ok(Call { api: &API, action: Action::StopEach(scope, jobs) })
}

/// Reads which job is to be stopped, and how.
fn asked(job: &Map<String, Value>) -> Option<(String, Option<String>)> {
    let id = job.get("job_id")?.as_str().filter(|id| !id.is_empty())?;
    let force = match job.get("is_force_stop") {
        None | Some(Value::Null) => None,
        Some(force) => Some(format!("is_force_stop: {}", force.as_bool()?)),
    };
    Some((id.to_owned(), force))
}

/// Builds what the response states of a job.
pub(super) fn stated(id: &str, stated: &Stated<'_>) -> Value {
    let failed = |code: &str, message: &str| json!({"id": id, "status": "failed", "error_code": code, "error_msg": message});
    match stated {
        Stated::Stopped(view) => json!({"id": id, "name": view.text("name"), "status": "success"}),
        Stated::Refused(problem) => failed(problem.code, &problem.message),
        Stated::Throttled => failed("DRS.M01503", "Operation too frequent. Try again later."),
        Stated::Broken => failed("DRS.M01501", "Internal error."),
        Stated::Odd => json!({"id": id, "status": "queued"}),
    }
}
