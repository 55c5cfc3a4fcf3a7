//! The list of a project's jobs of one type with their tags: `ListInstanceByTags` (v5).

use http::Method;
use serde::Deserialize;

use super::super::entry::{Tag, Text, tags};
use super::super::lister::{From, List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::scope::Scope;
use super::entry::FIELDS;
use super::info::{JOB_ID, LIST_TAGS};
use super::page::of_page;
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};
use crate::provider::encode::encode;

/// The most jobs of a page that the service takes.
const PAGE: u32 = 1000;

/// The list of a project's jobs of one type with their tags. A row has an id and tags alone.
pub(super) struct TagsOfJobs<'a> {
    pub(super) job_type: &'a str,
}

#[derive(Deserialize)]
struct TagPage {
    #[serde(default)]
    total_count: Text,
    resources: Vec<Tagged>,
}

#[derive(Deserialize)]
struct Tagged {
    resource_id: Box<str>,
    tags: Vec<Tag>,
}

impl List for TagsOfJobs<'_> {
    fn api(&self) -> &'static Api {
        &LIST_TAGS
    }

    fn paging(&self) -> Paging {
        Paging::Offset(PAGE)
    }

    fn request(&self, page: &PageAt, scope: &Scope<'_>) -> Request {
        let offset = if let From::Offset(offset) = page.from { offset } else { 0 };
        let query = vec![("limit", page.size.to_string()), ("offset", offset.to_string())];
        let path =
            format!("/v5/{}/{}/resource-instances/filter", encode(scope.project_id), encode(self.job_type));
        Request { api: &LIST_TAGS, method: Method::POST, path, query, body: Body::Json("{}".into()) }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let resource = |job: Tagged| {
            let fields = Resource::unknown(FIELDS).with(JOB_ID, Some(job.resource_id));
            Resource { tags: Some(tags(job.tags)), ..fields }
        };
        let of = |page: TagPage| (page.total_count.number(), page.resources.into_iter().map(resource).collect());
        of_page(response, &["resources"], of)
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(JOB_ID)
    }
}

#[cfg(test)]
mod tests;
