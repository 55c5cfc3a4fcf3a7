//! The states of jobs by their ids: `BatchListJobStatus`.

use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{Listing, Members, Paging, Style, Total};
use super::body::{self, INVALID};

// The vendor states no quota; ten a second is an assumption.
static API: Api = Api { name: "drs:BatchListJobStatus", rate: 10.0, burst: 10.0 };
static STYLE: Style = Style { list: "results", total: Total::Field("count"), request_id: None, beyond: None };

/// The most ids that a request takes.
const MOST: usize = 10;

/// Reads a request, whose body is like `{"jobs": ["…"], "page_req": {…}}`.
pub(super) fn call<'r>(request: &'r Request, scope: &'r str) -> Result<Call<'r>, Problem> {
    let listing = Listing {
        scope,
        sort: None,
        of: Members::Each(asked(&request.body)?, missing),
        filter: None,
        status: None,
        paging: Paging::Whole,
        style: &STYLE,
        show: Box::new(|view| json!({"id": view.name.name, "name": view.text("name"), "status": view.word})),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

fn asked(body: &[u8]) -> Result<Vec<String>, Problem> {
    let invalid = || Problem::new(400, INVALID, "The request body is invalid.");
    let body = body::object(body)?;
    let jobs = body.get("jobs").and_then(Value::as_array).filter(|jobs| (1..=MOST).contains(&jobs.len()));
    let ids = jobs.ok_or_else(invalid)?.iter().map(|job| job.as_str().map(str::to_owned));
    ids.collect::<Option<_>>().ok_or_else(invalid)
}

fn missing(id: &str) -> Value {
    json!({"id": id, "error_code": "DRS.M00289", "error_message": "The task does not exist."})
}
