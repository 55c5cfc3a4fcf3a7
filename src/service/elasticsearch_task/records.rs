//! The list of an instance's changes: `ListActionRecords`.

use http::Method;
use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::response;
use super::super::scope::Scope;
use super::info::{INFO, INSTANCE_ID, LIST_RECORDS};
use super::instances::{ACTION, FIELDS, numbered, path};
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};

/// How many changes a page has. The vendor states no most.
const PAGE: u32 = 50;

/// The status of a change that goes on.
pub(super) const GOES_ON: &str = "goes on";

/// The list of an instance's changes, read up to the one that goes on.
///
/// A row is a change: its first field tells it apart, and it has a status if it goes on.
pub(super) struct Records<'a> {
    pub(super) instance_id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RecordPage {
    result: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    #[serde(default)]
    instance_id: Text,
    #[serde(default)]
    action_name: Text,
    #[serde(default)]
    start_time: Text,
    #[serde(default)]
    end_time: Text,
    #[serde(default)]
    process: Text,
    #[serde(default)]
    request_id: Text,
}

impl List for Records<'_> {
    fn api(&self) -> &'static Api {
        &LIST_RECORDS
    }

    fn paging(&self) -> Paging {
        Paging::Short(PAGE)
    }

    fn request(&self, page: &PageAt, _scope: &Scope<'_>) -> Request {
        let path = format!("{}/action-records", path(self.instance_id));
        let query = [("filter", "ACTION_RECORD".to_owned())].into_iter().chain(numbered(page)).collect();
        Request { api: &LIST_RECORDS, method: Method::GET, path, query, body: Body::Empty }
    }

    /// A page that shows the change that goes on is the last one.
    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (success, page): (_, RecordPage) =
            response::of_page(&INFO, response, &["Result"]).map_err(response::Refusal::into_error)?;
        let is_other =
            |record: &Record| record.instance_id.0.as_deref().is_some_and(|id| !id.is_empty() && id != self.instance_id);
        if page.result.iter().any(is_other) {
            return Err(success.odd("a list of changes of another instance"));
        }
        let rows: Vec<_> = page.result.into_iter().map(change).collect();
        let is_found = rows.iter().any(|row| row.status.is_some());
        Ok(Page { rows, total: None, next: is_found.then(String::new) })
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(INSTANCE_ID)
    }
}

fn change(record: Record) -> Resource {
    let goes_on = record.goes_on();
    let known = |text: &Text| text.0.as_deref().unwrap_or_default().to_owned();
    let key = [known(&record.start_time), known(&record.action_name), known(&record.request_id)].join(" ");
    let fields = Resource::unknown(FIELDS).with(INSTANCE_ID, Some(key.into())).with(ACTION, record.action_name.0);
    Resource { since: record.start_time.0, status: goes_on.then(|| GOES_ON.into()), ..fields }
}

impl Record {
    /// Tells whether it has surely not ended. No page says what a change that goes on has for its end.
    fn goes_on(&self) -> bool {
        let has_no_end = self.end_time.0.as_deref().is_none_or(|end| matches!(end, "" | "0"));
        let percent = self.process.0.as_deref().and_then(|done| done.trim().trim_end_matches('%').parse::<f64>().ok());
        has_no_end && percent.is_some_and(|percent| percent < 100.0)
    }
}

#[cfg(test)]
mod tests;
