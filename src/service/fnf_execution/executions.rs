//! The list of a flow's executions in one state: `ListExecutions`.

use std::sync::{Mutex, PoisonError};

use http::Method;
use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};
use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{From, List, Listing, Page, PageAt, Paging, Wanted};
use super::super::resource::Resource;
use super::super::response;
use super::super::scope::Scope;
use super::flows::{next, with_page};
use super::info::{EXECUTION_NAME, FLOW_NAME, INFO, LIST_EXECUTIONS};
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};

/// The most executions of a page that the vendor's SDK takes.
const PAGE: u32 = 99;

/// The list of a flow's executions of one status, with no more of them than the service can leave out.
///
/// Without a status, it would be the whole history.
pub(super) struct Executions<'a> {
    /// What is known of each of them: what the flow shows.
    flow: &'a Resource,
    status: &'static str,
    listing: &'a dyn Listing,
    wanted: &'a dyn Wanted,
    /// The bounds of the start, the same on all pages.
    bounds: Mutex<Bounds>,
}

/// Times from which on, and before which, an execution must have begun, as parameters.
type Bounds = Vec<(&'static str, String)>;

#[derive(Deserialize)]
struct ExecutionPage {
    #[serde(rename = "NextToken", default)]
    next: Text,
    #[serde(rename = "Executions")]
    executions: Vec<Execution>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Execution {
    #[serde(default)]
    flow_name: Text,
    name: Box<str>,
    #[serde(default)]
    status: Text,
    #[serde(default)]
    started_time: Text,
}

impl<'a> Executions<'a> {
    pub(super) fn new(
        flow: &'a Resource,
        status: &'static str,
        listing: &'a dyn Listing,
        wanted: &'a dyn Wanted,
    ) -> Self {
        Self { flow, status, listing, wanted, bounds: Mutex::new(Vec::new()) }
    }

    fn flow_name(&self) -> &str {
        self.flow.value(FLOW_NAME).unwrap_or_default()
    }

    /// Returns the bounds for a page: those of the first one, which are measured when it is asked for.
    fn bounds(&self, page: &PageAt) -> Bounds {
        let mut bounds = self.bounds.lock().unwrap_or_else(PoisonError::into_inner);
        if page.from == From::Start {
            *bounds = self.listing.now().map(|now| self.bounds_at(now)).unwrap_or_default();
        }
        bounds.clone()
    }

    /// Widens the bounds by a second: no page says whether the service counts the bound itself.
    fn bounds_at(&self, now: Timestamp) -> Bounds {
        let (earliest, latest) = self.wanted.started(self.flow, now);
        let second = SignedDuration::from_secs(1);
        let begin = earliest.and_then(|at| at.checked_sub(second).ok()).and_then(|at| whole(at, jiff::RoundMode::Floor));
        let end = latest.and_then(|at| at.checked_add(second).ok()).and_then(|at| whole(at, jiff::RoundMode::Ceil));
        let bounds = [("StartedTimeBegin", begin), ("StartedTimeEnd", end)];
        bounds.into_iter().filter_map(|(key, at)| Some((key, at?.to_string()))).collect()
    }

    fn resource(&self, execution: Execution) -> Resource {
        let fields = self.flow.clone().with(EXECUTION_NAME, Some(execution.name));
        Resource { status: execution.status.0, since: execution.started_time.0, ..fields }
    }
}

/// Rounds to a second.
fn whole(at: Timestamp, mode: jiff::RoundMode) -> Option<Timestamp> {
    at.round(TimestampRound::new().smallest(Unit::Second).mode(mode)).ok()
}

impl List for Executions<'_> {
    fn api(&self) -> &'static Api {
        &LIST_EXECUTIONS
    }

    fn paging(&self) -> Paging {
        Paging::Token(PAGE)
    }

    fn request(&self, page: &PageAt, _scope: &Scope<'_>) -> Request {
        let mut query = vec![
            ("FlowName", self.flow_name().to_owned()),
            ("Status", self.status.to_owned()),
            ("MetadataOnly", "true".to_owned()),
        ];
        let prefix = self.wanted.prefix(self.flow, EXECUTION_NAME);
        if !prefix.is_empty() {
            query.push(("ExecutionNamePrefix", prefix));
        }
        query.extend(self.bounds(page));
        let query = with_page(query, page);
        Request { api: &LIST_EXECUTIONS, method: Method::GET, path: "/".into(), query, body: Body::Empty }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (success, page): (_, ExecutionPage) =
            response::of_page(&INFO, response, &["Executions"]).map_err(response::Refusal::into_error)?;
        let is_other = |execution: &Execution| {
            execution.flow_name.0.as_deref().is_some_and(|name| !name.is_empty() && name != self.flow_name())
        };
        if page.executions.iter().any(is_other) {
            return Err(success.odd("a list of executions of another flow"));
        }
        let rows = page.executions.into_iter().map(|execution| self.resource(execution)).collect();
        Ok(Page { rows, total: None, next: next(page.next) })
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(EXECUTION_NAME)
    }
}

#[cfg(test)]
mod tests;
