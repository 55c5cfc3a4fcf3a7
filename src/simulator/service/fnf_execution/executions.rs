//! Executions, flow by flow: `ListExecutions`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call, required};
use super::super::listing::{Listing, Members, Sizes, Style, Total, without_nothing};
use super::super::quirks::Quirks;
use super::super::view::View;
use super::parameters::{INVALID, MISSING};

static API: Api = Api { name: "fnf:ListExecutions", rate: 2.0, burst: 10.0 };
static STYLE: Style =
    Style { list: "Executions", total: Total::Untold, request_id: Some("RequestId"), beyond: None };
const SIZES: Sizes = Sizes { range: 1..=100, usual: 60, code: INVALID };

/// The states that a request may filter by.
const STATES: [&str; 6] = ["Starting", "Running", "Stopped", "Succeeded", "Failed", "TimedOut"];

/// Reads a request.
pub(super) fn call<'r>(request: &'r Request, quirks: &'r Quirks) -> Result<Call<'r>, Problem> {
    let scope = required(request, "FlowName", MISSING)?;
    let given = |name| request.parameter(name).filter(|text| !text.is_empty());
    let status = given("Status");
    if status.is_some_and(|status| !STATES.contains(&status) || quirks.refuses_starting && status == "Starting") {
        return Err(Problem::new(400, INVALID, "The value of parameter Status is invalid."));
    }
    let moment = |name| {
        let read = |text: &str| text.parse::<Timestamp>();
        given(name).map(read).transpose().map_err(|_| Problem::new(400, INVALID, format!("{name} must be RFC 3339.")))
    };
    let (begin, end) = (moment("StartedTimeBegin")?, moment("StartedTimeEnd")?);
    let (prefix, of_map_run) = (given("ExecutionNamePrefix"), given("MapRunName"));
    let filter = move |view: &View<'_>| {
        let start = view.start.as_ref().and_then(|start| start.parse::<Timestamp>().ok());
        // Whether the bounds belong to the time between them is not documented; here they do not.
        let is_after = |bound: Timestamp| start.is_none_or(|start| start > bound);
        let is_before = |bound: Timestamp| start.is_none_or(|start| start < bound);
        status.is_none_or(|status| status == view.word)
            && prefix.is_none_or(|prefix| view.name.name.starts_with(prefix))
            && begin.is_none_or(is_after)
            && end.is_none_or(is_before)
            && of_map_run.is_none()
    };
    let is_short = !quirks.ignores_metadata_only
        && request.parameter("MetadataOnly").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let listing = Listing {
        scope,
        sort: None,
        of: Members::All(None),
        filter: Some(Box::new(filter)),
        status,
        paging: SIZES.tokens(request)?,
        style: &STYLE,
        show: Box::new(move |view| if is_short { metadata(view) } else { item(view) }),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

/// Shows an execution without its input, output and flow.
fn metadata(view: &View<'_>) -> Value {
    without_nothing(json!({
        "FlowName": view.name.scope,
        "Name": view.name.name,
        "Status": view.word,
        "StartedTime": view.start,
        "Environment": {"Variables": []},
    }))
}

/// Shows an execution.
pub(super) fn item(view: &View<'_>) -> Value {
    let mut item = metadata(view);
    if let Some(fields) = item.as_object_mut() {
        fields.insert("Input".into(), "{}".into());
        fields.insert("Output".into(), "".into());
    }
    item
}
