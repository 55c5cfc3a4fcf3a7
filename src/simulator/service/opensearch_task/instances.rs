//! Instances, which have the tasks: `ListInstances`.

use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{self, Listing, Members, Sizes, Style, Total, without_nothing};
use super::super::view::View;

// The vendor states no quota; ten a second is an assumption.
static API: Api = Api { name: "searchengine:ListInstances", rate: 10.0, burst: 10.0 };
static STYLE: Style =
    Style { list: "result", total: Total::Field("totalCount"), request_id: Some("requestId"), beyond: None };
const SIZES: Sizes = Sizes { range: 1..=50, usual: 10, code: "InvalidParameter" };
const TAG: [&str; 2] = ["key", "value"];

/// Reads a request.
pub(super) fn call(request: &Request) -> Result<Call<'_>, Problem> {
    let given = |name| request.parameter(name).filter(|text| !text.is_empty());
    let tags = listing::tags(given("tags"), TAG, SIZES.code)?;
    let (instance, edition, group) = (given("instanceId"), given("edition"), given("resourceGroupId"));
    let description = given("description").unwrap_or_default();
    let filter = move |view: &View<'_>| {
        view.has_tags(&tags)
            && instance.is_none_or(|instance| instance == view.name.name)
            && view.passes(edition, "edition")
            && view.passes(group, "resource_group")
            && view.text("instance_name").contains(description)
    };
    let listing = Listing {
        scope: "",
        sort: None,
        of: Members::Scopes,
        filter: Some(Box::new(filter)),
        status: None,
        paging: SIZES.numbers(("pageNumber", given("pageNumber")), ("pageSize", given("pageSize")))?,
        style: &STYLE,
        show: Box::new(item),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

fn item(view: &View<'_>) -> Value {
    without_nothing(json!({
        "instanceId": view.name.name,
        "description": view.text("instance_name"),
        "status": "READY",
        "edition": view.field("edition"),
        "resourceGroupId": view.field("resource_group"),
        "createTime": "2022-05-01T02:00:00Z",
        "updateTime": "2022-05-01T02:00:00Z",
        "noQrs": false,
        "tags": listing::pairs(view, TAG),
    }))
}
