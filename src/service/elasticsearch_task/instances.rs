//! The list of instances: `ListInstance`.

use http::Method;
use serde::Deserialize;

use super::super::entry::{Tag, Text, tags};
use super::super::lister::{From, List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::response;
use super::super::scope::Scope;
use super::info::{INFO, INSTANCE_ID, LIST_INSTANCES};
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};
use crate::provider::encode::encode;

/// The path of all instances.
const ALL: &str = "/openapi/instances";

/// The most instances of a page that the service takes.
const PAGE: u32 = 100;

/// The list of an account's instances in a region, whatever their status: one that changes it while the list is read would
/// move the others by one.
pub(super) struct Instances;

/// The field of an instance that has its description.
pub(super) const NAME: usize = 1;
const RESOURCE_GROUP: usize = 2;
const VERSION: usize = 3;
const PAYMENT: usize = 4;
/// The field of an instance that has the change that goes on.
pub(super) const ACTION: usize = 5;
/// How many fields there are.
pub(super) const FIELDS: usize = 6;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstancePage {
    /// Headers that the service writes into the body.
    headers: Option<Headers>,
    result: Vec<Instance>,
}

#[derive(Deserialize)]
struct Headers {
    #[serde(rename = "X-Total-Count", default)]
    total: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    instance_id: Box<str>,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    resource_group_id: Text,
    #[serde(default)]
    es_version: Text,
    #[serde(default)]
    payment_type: Text,
    #[serde(default)]
    status: Text,
    #[serde(default)]
    tags: Option<Vec<Tag>>,
}

impl List for Instances {
    fn api(&self) -> &'static Api {
        &LIST_INSTANCES
    }

    fn paging(&self) -> Paging {
        Paging::Number(PAGE)
    }

    fn request(&self, page: &PageAt, _scope: &Scope<'_>) -> Request {
        let query = numbered(page).into();
        Request { api: &LIST_INSTANCES, method: Method::GET, path: ALL.into(), query, body: Body::Empty }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (success, page): (_, InstancePage) =
            response::of_page(&INFO, response, &["Result"]).map_err(response::Refusal::into_error)?;
        let Some(total) = page.headers.and_then(|headers| headers.total.number()) else {
            return Err(success.odd("a list of instances without a total"));
        };
        Ok(Page { rows: page.result.into_iter().map(resource).collect(), total: Some(total), next: None })
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(INSTANCE_ID)
    }
}

/// Returns the path of an instance.
pub(super) fn path(id: &str) -> String {
    format!("{ALL}/{}", encode(id))
}

/// Returns the parameters of a page that has a number.
pub(super) fn numbered(page: &PageAt) -> [(&'static str, String); 2] {
    let number = if let From::Number(number) = page.from { number } else { 1 };
    [("page", number.to_string()), ("size", page.size.to_string())]
}

fn resource(instance: Instance) -> Resource {
    let fields = Resource::unknown(FIELDS)
        .with(INSTANCE_ID, Some(instance.instance_id))
        .with(NAME, instance.description.0)
        .with(RESOURCE_GROUP, instance.resource_group_id.0)
        .with(VERSION, instance.es_version.0)
        .with(PAYMENT, instance.payment_type.0);
    Resource { status: instance.status.0, tags: instance.tags.map(tags), ..fields }
}

#[cfg(test)]
mod tests;
