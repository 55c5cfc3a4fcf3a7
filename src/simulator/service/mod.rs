//! The five services as a client sees them: one file each, with its calls, its answers and its words.
//!
//! Nothing here keeps state or decides what goes wrong.

use std::borrow::Cow;

use serde_json::Value;

mod alibaba;
mod drs;
mod elasticsearch;
mod fnf;
mod huawei;
mod live;
mod searchengine;

use super::answer::{Answer, Problem};
use super::request::Request;
use super::resource::{Id, Phase};
use crate::provider::Cloud;

/// A service that the simulator speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Alibaba Cloud Serverless Workflow (CloudFlow).
    Fnf,
    /// Alibaba Cloud OpenSearch, Retrieval Engine Edition.
    SearchEngine,
    /// Alibaba Cloud Elasticsearch.
    Elasticsearch,
    /// Huawei Cloud Live.
    Live,
    /// Huawei Cloud Data Replication Service.
    Drs,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 5] = [Self::Fnf, Self::SearchEngine, Self::Elasticsearch, Self::Live, Self::Drs];

    /// Returns the kind of the targets that it has, as plans name it.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Fnf => "fnf_execution",
            Self::SearchEngine => "opensearch_task",
            Self::Elasticsearch => "elasticsearch_task",
            Self::Live => "live_flow",
            Self::Drs => "drs_job",
        }
    }

    /// Finds the service that has a kind of target.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.kind() == kind)
    }

    /// Returns the fields that name a resource: what it is part of, and its own name.
    #[must_use]
    pub const fn fields(self) -> (Option<&'static str>, &'static str) {
        match self {
            Self::Fnf => (Some("flow_name"), "execution_name"),
            Self::SearchEngine => (Some("instance_id"), "fsm_id"),
            Self::Elasticsearch => (None, "instance_id"),
            Self::Live => (Some("project_id"), "flow_id"),
            Self::Drs => (Some("project_id"), "job_id"),
        }
    }

    /// Returns the cloud that it belongs to.
    #[must_use]
    pub const fn cloud(self) -> Cloud {
        match self {
            Self::Fnf | Self::SearchEngine | Self::Elasticsearch => Cloud::Alibaba,
            Self::Live | Self::Drs => Cloud::Huawei,
        }
    }

    /// Tells whose path a request has: all five services share one address.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        if path == "/" {
            return Some(Self::Fnf);
        }
        [
            ("/openapi/ha3/", Self::SearchEngine),
            ("/openapi/", Self::Elasticsearch),
            ("/v1/", Self::Live),
            ("/v3/", Self::Drs),
            ("/v5/", Self::Drs),
        ]
        .into_iter()
        .find_map(|(prefix, service)| path.starts_with(prefix).then_some(service))
    }

    /// Returns its face.
    pub(super) const fn face(self) -> &'static dyn Face {
        match self {
            Self::Fnf => &fnf::Fnf,
            Self::SearchEngine => &searchengine::SearchEngine,
            Self::Elasticsearch => &elasticsearch::Elasticsearch,
            Self::Live => &live::Live,
            Self::Drs => &drs::Drs,
        }
    }

    /// Puts a problem into the envelope that its cloud's errors come in.
    pub(super) fn refuse(self, problem: &Problem, request_id: &str) -> Answer {
        match self.cloud() {
            Cloud::Alibaba => alibaba::refuse(problem, request_id),
            Cloud::Huawei => huawei::refuse(problem, request_id),
        }
    }

    /// Returns the cloud's answer to a request over a quota.
    pub(super) fn throttled(self, api: &Api) -> Problem {
        match self {
            Self::Fnf => Problem::new(429, "ResourceThrottled", "The request is throttled. Please try again later."),
            Self::SearchEngine | Self::Elasticsearch => {
                Problem::new(400, "Throttling.User", "Request was denied due to user flow control.")
            }
            Self::Live | Self::Drs => Problem::new(429, "APIGW.0308", huawei::over_limit(api)),
        }
    }
}

/// One API and its quota.
#[derive(Debug, PartialEq)]
pub(super) struct Api {
    /// The product and the action, as in `fnf:StopExecution`.
    pub(super) name: &'static str,
    /// How many requests a second it takes from one account.
    pub(super) rate: f64,
    /// How many requests it takes at once.
    pub(super) burst: f64,
}

/// What a request asks for.
#[derive(Debug)]
pub(super) struct Call {
    /// The API.
    pub(super) api: &'static Api,
    /// The action.
    pub(super) action: Action,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Action {
    /// Stop a resource; the text is what the request says besides the name.
    Stop(Id, Option<String>),
    /// Show a resource.
    Show(Id),
    /// List resources.
    List(Listing),
}

/// Which resources to list.
#[derive(Debug)]
pub(super) struct Listing {
    /// Names the part to list; its `name` is empty.
    pub(super) within: Id,
    /// What of it.
    pub(super) of: Members,
    /// Where to begin.
    pub(super) from: usize,
    /// How many at most.
    pub(super) limit: usize,
}

/// The members of a listing.
#[derive(Debug)]
pub(super) enum Members {
    /// Those whose state has this word, or all.
    All(Option<String>),
    /// Those whose state has this word, or all; `from` is a position and no count of those listed.
    Cursor(Option<String>),
    /// Every second one: the former or the latter half.
    Half(bool),
    /// Those with these names.
    Named(Vec<String>),
    /// Each of these names, whether there is such a resource or not.
    Each(Vec<String>),
    /// What the resources are part of.
    Scopes,
}

/// What a listing found.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The resources, or what they are part of.
    pub(super) items: Vec<Value>,
    /// How many there are on all pages.
    pub(super) total: usize,
    /// Where the next page begins.
    pub(super) next: Option<usize>,
}

/// One service as a client sees it.
pub(super) trait Face: Sync {
    /// Reads what a request of an account asks for.
    ///
    /// # Errors
    ///
    /// Fails with the service's answer to what it cannot make sense of.
    fn call(&self, request: &Request, account: u16) -> Result<Call, Problem>;

    /// Returns the service's word for a state.
    fn word(&self, phase: Phase) -> &'static str;

    /// Returns which part of its stops is seen to end only later, from 0 to 1.
    fn late(&self) -> f64;

    /// Tells whether a stop that is seen to end later does end later, and not only show later.
    fn is_asynchronous(&self) -> bool;

    /// Builds the answer to a stop that took effect; `phase` is what a read would show.
    fn stopped(&self, id: &Id, phase: Phase, request_id: &str) -> Value;

    /// Returns the objection to stopping what stands still; `None` where the service answers as to any stop.
    fn already(&self) -> Option<Problem>;

    /// Returns the objection to a name that it does not know.
    fn missing(&self) -> Problem;

    /// Returns the objection when another change is under way; `None` where no documentation has one.
    fn conflict(&self) -> Option<Problem>;

    /// Returns the objection when the service itself fails.
    fn broken(&self) -> Problem;

    /// Returns the objection to a read by somebody who may not read.
    fn denied(&self) -> Problem;

    /// Builds the answer that says without an error that nothing was done; `None` where there is no such answer.
    fn declined(&self, id: &Id, request_id: &str) -> Option<Value>;

    /// Builds the answer that shows one resource.
    fn shown(&self, id: &Id, phase: Phase, request_id: &str) -> Value;

    /// Builds a resource's entry in a listing.
    fn item(&self, id: &Id, phase: Phase) -> Value;

    /// Builds the entry of something that resources are part of.
    fn scope(&self, name: &str) -> Value;

    /// Builds the answer that lists.
    fn page(&self, of: &Members, page: Page, request_id: &str) -> Value;
}

/// Names a resource of an account.
fn id(service: Service, account: u16, scope: &str, name: &str) -> Id {
    Id { service, account, scope: scope.into(), name: name.into() }
}

/// Reads a parameter that must be there and not be empty.
fn required<'r>(request: &'r Request, name: &'static str, or: &'static str) -> Result<&'r str, Problem> {
    let given = request.parameter(name).filter(|value| !value.is_empty());
    given.ok_or_else(|| Problem::new(400, or, Cow::from(format!("The parameter {name} is required."))))
}
