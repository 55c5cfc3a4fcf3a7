//! Jobs of one type: version 3's `ShowJobList`, and version 5's `ListJobs`.

use serde_json::{Map, Value};

use super::super::super::request::Request;
use super::super::super::response::Problem;
use super::super::call::{Action, Api, Call};
use super::super::listing::{Keep, Listing, Members, Paging, Sizes, Style, Total};
use super::super::quirks::Quirks;
use super::super::view::View;
use super::body::{self, INVALID, refusal};
use super::job::{TYPES, is_of, item};

// The vendor states no quota; ten a second is an assumption.
static OF_V3: Api = Api { name: "drs:ShowJobList", rate: 10.0, burst: 10.0 };
static OF_V5: Api = Api { name: "drs:ListJobs", rate: 10.0, burst: 10.0 };
static STYLE_OF_V3: Style = Style {
    list: "jobs",
    total: Total::Field("total_record"),
    request_id: None,
    beyond: Some(Problem::fixed(400, "DRS.M00211", "The value of Page exceeds the upper limit.")),
};
static STYLE_OF_V5: Style =
    Style { list: "jobs", total: Total::Field("total_count"), request_id: None, beyond: None };
const SIZES: Sizes = Sizes { range: 0..=100, usual: 10, code: INVALID };

/// The most ids that `name` takes in version 3.
const MOST_IDS: usize = 100;

/// The most ids that `name` takes in version 5.
const MOST_NAMES: usize = 10;

/// Reads a request of version 3, whose body is like `{"cur_page": 1, "per_page": 100, "db_use_type": "sync"}`.
pub(super) fn of_v3<'r>(request: &'r Request, scope: &'r str) -> Result<Call<'r>, Problem> {
    let body = body::object(&request.body)?;
    let text = |name| match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(refusal(name)),
    };
    let kind = text("db_use_type")?.filter(|kind| TYPES.contains(&&**kind)).ok_or_else(|| refusal("db_use_type"))?;
    let number = |name| body.get(name).map(|number| number.as_u64().map_or_else(|| "-".to_owned(), |number| number.to_string()));
    let (page, size) = (number("cur_page"), number("per_page"));
    let names: Vec<String> = text("name")?.map(|names| names.split(',').map(str::to_owned).collect()).unwrap_or_default();
    if names.len() > MOST_IDS {
        return Err(refusal("name"));
    }
    let fields = [("engine_type", text("engine_type")?), ("net_type", text("net_type")?)];
    let (status, tags) = (text("status")?.filter(|status| !status.is_empty()), tags(&body)?);
    let filter = move |view: &View<'_>| {
        let is_named = |name: &String| *name == *view.name.name || view.field("name") == Some(name);
        status.as_deref().is_none_or(|status| status == view.word)
            && fields.iter().all(|(name, wanted)| view.passes(wanted.as_deref(), name))
            && (names.is_empty() || names.iter().any(is_named))
            && view.has_tags(&tags)
    };
    let of = kind.clone();
    let listing = Listing {
        scope,
        sort: Some(kind.clone()),
        of: Members::All(Some(Box::new(move |view| is_of(view, &of)))),
        filter: Some(Box::new(filter)),
        status: None,
        paging: SIZES.numbers(("cur_page", page.as_deref()), ("per_page", size.as_deref()))?,
        style: &STYLE_OF_V3,
        show: Box::new(move |view| item(view, Some(&kind), 3)),
    };
    Ok(Call { api: &OF_V3, action: Action::List(listing) })
}

/// Reads the tags of which a job must have every one: `{"env": "test"}`, or `[{"key": "env", "value": "test"}]`.
fn tags(body: &Map<String, Value>) -> Result<Vec<(String, Vec<String>)>, Problem> {
    let wrong = || refusal("tags");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match body.get("tags") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(tags)) => {
            tags.iter().map(|(key, value)| Some((key.clone(), vec![text(value)?]))).collect::<Option<_>>().ok_or_else(wrong)
        }
        Some(Value::Array(tags)) => {
            let pair = |tag: &Value| Some((text(tag.get("key")?)?, tag.get("value").and_then(text).into_iter().collect()));
            tags.iter().map(pair).collect::<Option<_>>().ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
    }
}

/// Reads a request of version 5: jobs by up to ten ids in `name`, or those of one `status`.
pub(super) fn of_v5<'r>(request: &'r Request, scope: &'r str, quirks: &Quirks) -> Result<Call<'r>, Problem> {
    let given = |name| request.parameter(name).filter(|text| !text.is_empty());
    let kind = given("job_type");
    let is_known = |kind| TYPES.contains(&kind) || kind == "replay";
    if kind.map_or(quirks.requires_job_type, |kind| !is_known(kind)) {
        return Err(refusal("job_type"));
    }
    let names: Vec<String> = given("name").map(|names| names.split(',').map(str::to_owned).collect()).unwrap_or_default();
    if names.len() > MOST_NAMES {
        return Err(Problem::new(400, INVALID, "The parameter name takes at most ten ids."));
    }
    let sort: Option<Keep<'r>> = kind.map(|kind| -> Keep<'r> { Box::new(move |view| is_of(view, kind)) });
    let status = given("status");
    let listing = Listing {
        scope,
        sort: Some(kind.unwrap_or_default().to_owned()),
        of: if names.is_empty() { Members::All(sort) } else { Members::Named(names) },
        filter: Some(Box::new(move |view| status.is_none_or(|status| status == view.word))),
        status,
        paging: Paging::Offset {
            offset: request.number("offset", 0),
            limit: request.number("limit", 10).clamp(1, 1000),
        },
        style: &STYLE_OF_V5,
        show: Box::new(move |view| item(view, kind, 5)),
    };
    Ok(Call { api: &OF_V5, action: Action::List(listing) })
}
