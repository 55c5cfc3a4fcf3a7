//! The list of instances: `ListInstances`.

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

/// The most instances of a page that the service takes.
const PAGE: u32 = 50;

/// The list of an account's instances in a region, whatever their state: it says nothing of tasks. Its rows have what is
/// known of every task of an instance.
pub(super) struct Instances;

/// The field of a task that has the description of its instance.
pub(super) const INSTANCE_NAME: usize = 6;
/// The field of a task that has the edition of its instance.
const EDITION: usize = 7;
/// The field of a task that has the resource group of its instance.
const RESOURCE_GROUP: usize = 8;
/// How many fields there are.
const FIELDS: usize = 9;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InstancePage {
    #[serde(default)]
    total_count: Text,
    result: Vec<Instance>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    instance_id: Box<str>,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    edition: Text,
    #[serde(default)]
    resource_group_id: Text,
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
        let number = if let From::Number(number) = page.from { number } else { 1 };
        let query = vec![("pageNumber", number.to_string()), ("pageSize", page.size.to_string())];
        let path = "/openapi/ha3/instances".into();
        Request { api: &LIST_INSTANCES, method: Method::GET, path, query, body: Body::Empty }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (success, page): (_, InstancePage) =
            response::of_page(&INFO, response, &["result"]).map_err(response::Refusal::into_error)?;
        let Some(total) = page.total_count.number() else {
            return Err(success.odd("a list of instances without a total"));
        };
        Ok(Page { rows: page.result.into_iter().map(resource).collect(), total: Some(total), next: None })
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(INSTANCE_ID)
    }
}

fn resource(instance: Instance) -> Resource {
    let fields = Resource::unknown(FIELDS)
        .with(INSTANCE_ID, Some(instance.instance_id))
        .with(INSTANCE_NAME, instance.description.0)
        .with(EDITION, instance.edition.0)
        .with(RESOURCE_GROUP, instance.resource_group_id.0);
    Resource { tags: instance.tags.map(tags), ..fields }
}

#[cfg(test)]
mod tests;
