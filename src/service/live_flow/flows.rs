//! The list of flows: `ListFlows`.

use http::Method;
use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{From, List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::response;
use super::super::scope::Scope;
use super::info::{FLOW_ID, INFO, LIST};
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};
use crate::provider::encode::encode;

/// The most flows of a page.
const PAGE: u32 = 100;

/// The list of a project's flows. The service has no filter.
pub(super) struct Flows;

/// The field of a flow that has its name.
pub(super) const NAME: usize = 1;
/// The field of a flow that has its protocol.
pub(super) const PROTOCOL: usize = 2;
/// How many fields there are.
const FIELDS: usize = 3;

#[derive(Deserialize)]
struct FlowPage {
    #[serde(default)]
    total: Text,
    flows: Vec<Flow>,
}

#[derive(Deserialize)]
struct Flow {
    flow_id: Box<str>,
    #[serde(default)]
    name: Text,
    #[serde(default)]
    protocol: Text,
    #[serde(default)]
    status: Text,
    #[serde(default)]
    region: Text,
}

impl List for Flows {
    fn api(&self) -> &'static Api {
        &LIST
    }

    fn paging(&self) -> Paging {
        Paging::Offset(PAGE)
    }

    fn request(&self, page: &PageAt, scope: &Scope<'_>) -> Request {
        let offset = if let From::Offset(offset) = page.from { offset } else { 0 };
        let query = vec![("limit", page.size.to_string()), ("offset", offset.to_string())];
        let path = format!("/v1/{}/flows", encode(scope.project_id));
        Request { api: &LIST, method: Method::GET, path, query, body: Body::Json(String::new()) }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (success, page): (_, FlowPage) =
            response::of_page(&INFO, response, &["flows"]).map_err(response::Refusal::into_error)?;
        let Some(total) = page.total.number() else { return Err(success.odd("a list of flows without a total")) };
        let rows = page.flows.into_iter().map(resource).collect();
        Ok(Page { rows, total: Some(total), next: None })
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(FLOW_ID)
    }
}

fn resource(flow: Flow) -> Resource {
    let fields = Resource::unknown(FIELDS)
        .with(FLOW_ID, Some(flow.flow_id))
        .with(NAME, flow.name.0)
        .with(PROTOCOL, flow.protocol.0);
    Resource { status: flow.status.0, region: flow.region.0, ..fields }
}

#[cfg(test)]
mod tests;
