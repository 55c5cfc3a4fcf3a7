//! What starts a flow at certain times: `ListSchedules`.

use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call, required};
use super::super::listing::{Listing, Members, Sizes, Style, Total};
use super::super::view::View;
use super::parameters::{INVALID, MISSING};

// The vendor states no quota of it; that of the other listings is an assumption.
static API: Api = Api { name: "fnf:ListSchedules", rate: 2.0, burst: 10.0 };
static STYLE: Style = Style { list: "Schedules", total: Total::Untold, request_id: Some("RequestId"), beyond: None };
const SIZES: Sizes = Sizes { range: 1..=1000, usual: 60, code: INVALID };

/// Reads a request.
pub(super) fn call(request: &Request) -> Result<Call<'_>, Problem> {
    let listing = Listing {
        scope: required(request, "FlowName", MISSING)?,
        sort: None,
        of: Members::OfScope(schedules),
        filter: None,
        status: None,
        paging: SIZES.tokens(request)?,
        style: &STYLE,
        show: Box::new(|_| Value::Null),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

/// Shows the one schedule that a flow with a `schedule` has: its name, or `NAME off` where it is disabled.
fn schedules(flow: &View<'_>) -> Vec<Value> {
    let schedule = |stated: &str| {
        let name = stated.strip_suffix(" off").unwrap_or(stated);
        json!({
            "ScheduleName": name,
            "ScheduleId": format!("id-of-{name}"),
            "CronExpression": "0 0 * * * *",
            "Enable": name == stated,
            "Payload": "{}",
            "CreatedTime": "2020-01-01T01:01:01.001Z",
            "LastModifiedTime": "2020-03-01T01:01:01.001Z",
        })
    };
    flow.field("schedule").map(schedule).into_iter().collect()
}
