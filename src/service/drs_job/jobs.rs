//! The list of a project's jobs of one type: `ShowJobList` (v3).

use http::Method;
use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{From, List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::scope::Scope;
use super::entry::{Job, resources};
use super::info::{JOB_ID, SHOW_JOBS};
use super::page::of_page;
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};
use crate::provider::encode::encode;

/// The most jobs of a page that the service takes.
const PAGE: u32 = 100;

/// The list of a project's jobs of one type, whatever their status.
pub(super) struct Jobs<'a> {
    pub(super) job_type: &'a str,
}

#[derive(Deserialize)]
struct JobPage {
    #[serde(default)]
    total_record: Text,
    jobs: Vec<Job>,
}

impl List for Jobs<'_> {
    fn api(&self) -> &'static Api {
        &SHOW_JOBS
    }

    fn paging(&self) -> Paging {
        Paging::Number(PAGE)
    }

    fn request(&self, page: &PageAt, scope: &Scope<'_>) -> Request {
        let number = if let From::Number(number) = page.from { number } else { 1 };
        let job_type = serde_json::Value::from(self.job_type);
        let body = format!(r#"{{"cur_page": {number}, "per_page": {}, "db_use_type": {job_type}}}"#, page.size);
        let path = format!("/v3/{}/jobs", encode(scope.project_id));
        Request { api: &SHOW_JOBS, method: Method::POST, path, query: Vec::new(), body: Body::Json(body) }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let of = |page: JobPage| (page.total_record.number(), resources(page.jobs, self.job_type));
        of_page(response, &["jobs"], of)
    }

    /// The total counts jobs without their parts.
    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(JOB_ID).filter(|_| !row.is_child)
    }
}

#[cfg(test)]
mod tests;
