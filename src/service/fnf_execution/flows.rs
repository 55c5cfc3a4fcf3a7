//! The list of flows: `ListFlows`.

use http::Method;
use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{From, List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::response;
use super::super::scope::Scope;
use super::info::{FLOW_NAME, INFO, LIST_FLOWS};
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};

/// The most flows of a page that the vendor's SDK takes.
const PAGE: u32 = 999;

/// The list of an account's flows in a region. Its rows have what is known of every execution of a flow.
pub(super) struct Flows;

/// The field of an execution that has the mode of its flow.
pub(super) const MODE: usize = 2;
/// The field of an execution that has the resource group of its flow.
pub(super) const RESOURCE_GROUP: usize = 3;
/// How many fields there are.
const FIELDS: usize = 4;

#[derive(Deserialize)]
struct FlowPage {
    #[serde(rename = "NextToken", default)]
    next: Text,
    #[serde(rename = "Flows")]
    flows: Vec<Flow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Flow {
    name: Box<str>,
    #[serde(default)]
    execution_mode: Text,
    #[serde(default)]
    resource_group_id: Text,
}

impl List for Flows {
    fn api(&self) -> &'static Api {
        &LIST_FLOWS
    }

    fn paging(&self) -> Paging {
        Paging::Token(PAGE)
    }

    fn request(&self, page: &PageAt, _scope: &Scope<'_>) -> Request {
        let query = with_page(Vec::new(), page);
        Request { api: &LIST_FLOWS, method: Method::GET, path: "/".into(), query, body: Body::Empty }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (_, page): (_, FlowPage) =
            response::of_page(&INFO, response, &["Flows"]).map_err(response::Refusal::into_error)?;
        Ok(Page { rows: page.flows.into_iter().map(resource).collect(), total: None, next: next(page.next) })
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(FLOW_NAME)
    }
}

/// Returns what is known of the executions of a flow by its name alone.
pub(super) fn named(name: impl Into<Box<str>>) -> Resource {
    Resource::unknown(FIELDS).with(FLOW_NAME, Some(name.into()))
}

fn resource(flow: Flow) -> Resource {
    let mode = flow.execution_mode.0.map(|mode| if mode.is_empty() { "standard".into() } else { mode.to_lowercase() });
    named(flow.name).with(MODE, mode.map(String::into)).with(RESOURCE_GROUP, flow.resource_group_id.0)
}

/// Adds the size of a page and the token that names it.
pub(super) fn with_page(mut query: Vec<(&'static str, String)>, page: &PageAt) -> Vec<(&'static str, String)> {
    query.push(("Limit", page.size.to_string()));
    if let From::Token(token) = &page.from {
        query.push(("NextToken", token.clone()));
    }
    query
}

/// Returns the token of the next page; an empty one is none.
pub(super) fn next(token: Text) -> Option<String> {
    token.0.filter(|token| !token.is_empty()).map(String::from)
}

#[cfg(test)]
mod tests;
