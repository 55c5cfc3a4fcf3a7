//! What was changed and is being changed of an instance: `ListActionRecords`.

use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{Listing, Members, Sizes, Style, Total};
use super::super::view::View;

static API: Api = Api { name: "elasticsearch:ListActionRecords", rate: 100.0, burst: 100.0 };
static STYLE: Style = Style { list: "Result", total: Total::Untold, request_id: Some("RequestId"), beyond: None };
const SIZES: Sizes = Sizes { range: 1..=100, usual: 10, code: "InvalidParameter" };

/// Reads a request.
pub(super) fn call<'r>(request: &'r Request, instance: &'r str) -> Result<Call<'r>, Problem> {
    let listing = Listing {
        scope: "",
        sort: None,
        of: Members::OfOne(instance, records),
        filter: None,
        status: None,
        paging: SIZES.numbers(("page", request.parameter("page")), ("size", request.parameter("size")))?,
        style: &STYLE,
        show: Box::new(|_| Value::Null),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

/// Shows the change that runs, where there is one and its start is known, and one that ended long ago.
fn records(view: &View<'_>) -> Vec<Value> {
    let start = view.start.as_ref().and_then(|start| start.parse::<u64>().ok());
    let running = start.filter(|_| view.runs).map(|start| {
        json!({
            "instanceId": view.name.name,
            "actionName": view.text("action"),
            "startTime": start,
            "endTime": 0,
            "process": "37%",
            "stateType": "EXECUTING",
            "requestId": "R2",
            "userId": "1",
            "userType": "SUB",
            "statusInfo": [],
        })
    });
    let ended = json!({
        "instanceId": view.name.name,
        "actionName": "RestartInstance",
        "startTime": 1_600_000_000_000_u64,
        "endTime": 1_600_000_900_000_u64,
        "process": "100%",
        "stateType": "SUCCESS",
        "requestId": "R1",
        "userId": "1",
        "userType": "SUB",
        "statusInfo": [],
    });
    running.into_iter().chain([ended]).collect()
}
