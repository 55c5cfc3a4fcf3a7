//! Flows: `ListFlows`.

use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{Listing, Members, Sizes, Style, Total, without_nothing};
use super::super::view::View;
use super::parameters::INVALID;

static API: Api = Api { name: "fnf:ListFlows", rate: 2.0, burst: 10.0 };
static STYLE: Style = Style { list: "Flows", total: Total::Untold, request_id: Some("RequestId"), beyond: None };
const SIZES: Sizes = Sizes { range: 1..=1000, usual: 60, code: INVALID };

/// Reads a request.
pub(super) fn call(request: &Request) -> Result<Call<'_>, Problem> {
    let group = request.parameter("ResourceGroupId");
    let listing = Listing {
        scope: "",
        sort: None,
        of: Members::Scopes,
        filter: Some(Box::new(move |view| view.passes(group, "resource_group"))),
        status: None,
        paging: SIZES.tokens(request)?,
        style: &STYLE,
        show: Box::new(item),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

fn item(view: &View<'_>) -> Value {
    // Flows of which nobody has stated a mode have none, and are standard ones.
    let mode = match view.facts.field("mode") {
        Some("express") => "Express",
        Some(_) => "Standard",
        None => "",
    };
    without_nothing(json!({
        "Name": view.name.name,
        "Id": format!("id-of-{}", view.name.name),
        "Type": "FDL",
        "ExecutionMode": mode,
        "Description": "",
        "Definition": "version: v1\ntype: flow\nsteps: []\n",
        "RoleArn": "acs:ram::1:role/simulated",
        "ResourceGroupId": view.field("resource_group"),
        "CreatedTime": "2019-01-01T01:01:01.001Z",
        "LastModifiedTime": "2019-01-01T01:01:01.001Z",
    }))
}
