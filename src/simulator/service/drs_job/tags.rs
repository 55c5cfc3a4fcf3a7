//! Jobs with their tags: `ListInstanceByTags`.

use serde_json::{Map, Value, json};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{self, Listing, Members, Sizes, Style, Total};
use super::super::view::View;
use super::body::{self, INVALID, refusal};
use super::job::is_of;

// The vendor states no quota; ten a second is an assumption.
static API: Api = Api { name: "drs:ListInstanceByTags", rate: 10.0, burst: 10.0 };
static STYLE: Style =
    Style { list: "resources", total: Total::Field("total_count"), request_id: None, beyond: None };
const SIZES: Sizes = Sizes { range: 1..=1000, usual: 1000, code: INVALID };

/// The types of which tags can be listed.
const TYPES: [&str; 6] = ["migration", "sync", "cloudDataGuard", "subscription", "backupMigration", "replay"];

/// Reads a request for the jobs of a type; its body is `{}`, or filters by tags and names.
pub(super) fn call<'r>(request: &'r Request, scope: &'r str, kind: &'r str) -> Result<Call<'r>, Problem> {
    if !TYPES.contains(&kind) {
        return Err(refusal("resource_type"));
    }
    let body = body::object(&request.body)?;
    let (tags, prefixes) = (wanted(&body)?, prefixes(&body));
    let is_untagged = body.get("without_any_tag").and_then(Value::as_bool).unwrap_or_default();
    let filter = move |view: &View<'_>| {
        let name = view.text("name");
        let is_bare = view.facts.tags.known().is_none_or(<[_]>::is_empty);
        view.has_tags(&tags) && (!is_untagged || is_bare) && prefixes.iter().all(|prefix| name.starts_with(prefix))
    };
    let listing = Listing {
        scope,
        sort: Some(kind.to_owned()),
        // One without tags may be missing here altogether.
        of: Members::All(Some(Box::new(move |view| is_of(view, kind) && view.field("tagged") != Some("no")))),
        filter: Some(Box::new(filter)),
        status: None,
        paging: SIZES.offsets(request)?,
        style: &STYLE,
        show: Box::new(item),
    };
    Ok(Call { api: &API, action: Action::List(listing) })
}

/// Reads `{"tags": [{"key": "env", "values": ["test"]}]}`.
fn wanted(body: &Map<String, Value>) -> Result<Vec<(String, Vec<String>)>, Problem> {
    let Some(tags) = body.get("tags") else { return Ok(Vec::new()) };
    let texts = |values: &Value| values.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    let pair = |tag: &Value| {
        let values = tag.get("values").map_or_else(|| Some(Vec::new()), texts)?;
        Some((tag.get("key")?.as_str()?.to_owned(), values))
    };
    let pairs = tags.as_array().and_then(|tags| tags.iter().map(pair).collect());
    pairs.ok_or_else(|| refusal("tags"))
}

/// Reads `{"matches": [{"key": "resource_name", "value": "DRS-"}]}`.
fn prefixes(body: &Map<String, Value>) -> Vec<String> {
    let matches = body.get("matches").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    matches.iter().filter_map(|one| one.get("value")?.as_str().map(str::to_owned)).collect()
}

fn item(view: &View<'_>) -> Value {
    json!({
        "resource_id": view.name.name,
        "resource_name": view.text("name"),
        "resource_detail": "",
        "tags": listing::pairs(view, ["key", "value"]).unwrap_or_else(|| json!([])),
    })
}
