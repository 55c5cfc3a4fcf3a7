//! The list of a project's jobs of a type that only the newer API lists: `ListJobs` (v5).
//!
//! The page of this API says that it shows some engines only, in some regions: it serves for nothing else.

use http::Method;
use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{From, List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::scope::Scope;
use super::entry::{Job, resources};
use super::info::{JOB_ID, LIST_JOBS};
use super::page::of_page;
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};
use crate::provider::encode::encode;

/// How many jobs a page has. The vendor states no most.
const PAGE: u32 = 100;

/// The list of a project's jobs of one type, whatever their status.
pub(super) struct JobsV5<'a> {
    pub(super) job_type: &'a str,
}

#[derive(Deserialize)]
struct JobPage {
    #[serde(default)]
    total_count: Text,
    jobs: Vec<Job>,
}

impl List for JobsV5<'_> {
    fn api(&self) -> &'static Api {
        &LIST_JOBS
    }

    fn paging(&self) -> Paging {
        Paging::Offset(PAGE)
    }

    fn request(&self, page: &PageAt, scope: &Scope<'_>) -> Request {
        let offset = if let From::Offset(offset) = page.from { offset } else { 0 };
        let query = vec![
            ("job_type", self.job_type.to_owned()),
            ("limit", page.size.to_string()),
            ("offset", offset.to_string()),
        ];
        let path = format!("/v5/{}/jobs", encode(scope.project_id));
        Request { api: &LIST_JOBS, method: Method::GET, path, query, body: Body::Json(String::new()) }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let of = |page: JobPage| (page.total_count.number(), resources(page.jobs, self.job_type));
        of_page(response, &["jobs"], of)
    }

    /// The total counts jobs without their parts.
    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(JOB_ID).filter(|_| !row.is_child)
    }
}

#[cfg(test)]
mod tests;
