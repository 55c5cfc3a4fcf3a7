//! Flows: `ListFlows`.

use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{Listing, Members, Sizes, Style, Total};
use super::super::view::View;
use super::quota::RATE;

static API: Api = Api { name: "live:ListFlows", rate: RATE, burst: 80.0 };
static STYLE: Style = Style { list: "flows", total: Total::Field("total"), request_id: None, beyond: None };

/// Reads a request of a project.
pub(super) fn call<'r>(request: &'r Request, scope: &'r str, code: &'static str) -> Result<Call<'r>, Problem> {
    let sizes = Sizes { range: 1..=100, usual: 10, code };
    let listing = Listing {
        scope,
        sort: None,
        of: Members::All(None),
        filter: None,
        status: None,
        paging: sizes.offsets(request)?,
        style: &STYLE,
        show: Box::new(item),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

/// Shows a flow.
pub(super) fn item(view: &View<'_>) -> Value {
    json!({
        "flow_id": view.name.name,
        "name": view.text("name"),
        "region": view.text("region"),
        "status": view.word,
        "protocol": view.text("protocol"),
        "description": "",
    })
}
