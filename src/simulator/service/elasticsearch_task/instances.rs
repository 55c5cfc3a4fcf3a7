//! Instances, each with at most one change: `ListInstance`.

use serde_json::{Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{self, Listing, Members, Sizes, Style, Total, without_nothing};
use super::super::view::View;

static API: Api = Api { name: "elasticsearch:ListInstance", rate: 100.0, burst: 100.0 };
static STYLE: Style =
    Style { list: "Result", total: Total::Header("X-Total-Count"), request_id: Some("RequestId"), beyond: None };
const SIZES: Sizes = Sizes { range: 1..=100, usual: 10, code: "InvalidParameter" };
const TAG: [&str; 2] = ["tagKey", "tagValue"];

/// Reads a request.
pub(super) fn call(request: &Request) -> Result<Call<'_>, Problem> {
    let given = |name| request.parameter(name).filter(|text| !text.is_empty());
    let tags = listing::tags(given("tags"), TAG, SIZES.code)?;
    let (instance, status, group) = (given("instanceId"), given("status"), given("resourceGroupId"));
    let (version, payment) = (given("esVersion"), given("paymentType"));
    let description = given("description").unwrap_or_default();
    let filter = move |view: &View<'_>| {
        view.has_tags(&tags)
            && instance.is_none_or(|instance| instance == view.name.name)
            && status.is_none_or(|status| status == view.word)
            && view.passes(group, "resource_group")
            && view.passes(version, "version")
            && view.passes(payment, "payment")
            && view.text("name").contains(description)
    };
    let listing = Listing {
        scope: "",
        sort: None,
        of: Members::All(None),
        filter: Some(Box::new(filter)),
        status,
        paging: SIZES.numbers(("page", given("page")), ("size", given("size")))?,
        style: &STYLE,
        show: Box::new(item),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

/// Shows an instance.
pub(super) fn item(view: &View<'_>) -> Value {
    without_nothing(json!({
        "instanceId": view.name.name,
        "description": view.text("name"),
        "status": view.word,
        "createdAt": "2018-07-13T03:58:07.253Z",
        "updatedAt": "2018-07-13T03:58:07.253Z",
        "esVersion": view.text("version"),
        "paymentType": view.text("payment"),
        "resourceGroupId": view.field("resource_group"),
        "isNewDeployment": "true",
        "archType": "public",
        "tags": listing::pairs(view, TAG),
    }))
}
