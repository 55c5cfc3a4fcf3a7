//! The stop operations, one file a service: the request, what every answer means, and the read-back.
//!
//! Everything here is pure: no clock, no network, no retry, no signing. Adding a service is one new file
//! and one word in the list below.

use crate::error::Code;
use std::fmt;

mod meaning;
mod param;
mod response;

pub use meaning::{Meaning, Observation, State, Verdict};
pub use param::{Param, Params, Shape, Value};

use crate::http::{Api, Request, Response};
use crate::provider::Cloud;

/// Declares the services' files and lists their operations in the order of the words.
macro_rules! operations {
    ($($service:ident)*) => {
        $(mod $service;)*
        static ALL: &[Kind] = &[$(Kind(&$service::Service)),*];
    };
}

operations!(fnf_execution opensearch_task elasticsearch_task live_flow drs_job);

/// What never changes about a sort of target.
#[derive(Debug, PartialEq, Eq)]
pub struct ServiceInfo {
    /// The kind's name in plans and reports, such as `fnf_execution`.
    pub name: &'static str,
    /// What people call it, such as `Alibaba Cloud Serverless Workflow execution`.
    pub title: &'static str,
    /// The cloud whose accounts it needs.
    pub cloud: Cloud,
    /// The parameters of a target, identifying ones first.
    pub params: &'static [Param],
    /// The API that stops.
    pub stop_api: &'static Api,
    /// The APIs that read the state back, in the order they are asked: a later one is asked only about targets that
    /// the earlier ones do not list.
    pub read_apis: &'static [&'static Api],
    /// What cannot be undone about a stop, such as `it ends the job`; `None` where it can be started again.
    pub lasting: Option<&'static str>,
    /// What to do when the credentials may not do this, such as the permission's name.
    pub permission: &'static str,
    /// What to grant where the state may not be read.
    pub read_permission: &'static str,
    /// The service's own error codes, and those of its cloud that mean something else here.
    pub codes: &'static [Code],
}

/// One service's way to stop one sort of thing.
pub trait Operation: Sync {
    /// Returns what never changes about it.
    fn info(&self) -> &'static ServiceInfo;

    /// Builds the request that stops one target.
    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request;

    /// Says what the answer to [`stop`](Self::stop) of one target means.
    fn verdict(&self, params: &Params, response: &Response) -> Verdict;

    /// Builds the request that reads the state of all targets of `batch` with the read API number `stage`.
    ///
    /// The batch has at least one target, at most the API's `batch`, all of one [`read_group`](Self::read_group).
    fn read(&self, stage: usize, batch: &[&Params], scope: &Scope<'_>) -> Request;

    /// Says what the answer to [`read`](Self::read) tells of each target, in the batch's order.
    fn observations(&self, stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation>;

    /// Returns what targets that share one read must have in common.
    fn read_group<'p>(&self, _params: &'p Params) -> &'p str {
        ""
    }
}

/// What a request needs besides the target's own parameters.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The Huawei Cloud project; empty for other clouds.
    pub project_id: &'a str,
    /// The cause to state where the plan states none and the service takes one.
    pub cause: &'a str,
    /// The idempotency token to use where the plan states none and the service takes one; the same over all tries.
    pub client_token: &'a str,
}

/// A sort of target: a handle on its [`Operation`].
#[derive(Clone, Copy)]
pub struct Kind(&'static dyn Operation);

impl Kind {
    /// Returns every kind.
    #[must_use]
    pub fn all() -> &'static [Self] {
        ALL
    }

    /// Finds a kind by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Returns [`ServiceInfo::name`].
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Returns [`ServiceInfo::title`].
    #[must_use]
    pub fn title(self) -> &'static str {
        self.info().title
    }

    /// Returns [`ServiceInfo::cloud`].
    #[must_use]
    pub fn cloud(self) -> Cloud {
        self.info().cloud
    }

    /// Returns [`ServiceInfo::params`].
    #[must_use]
    pub fn params(self) -> &'static [Param] {
        self.info().params
    }

    /// Returns [`ServiceInfo::stop_api`].
    #[must_use]
    pub fn stop_api(self) -> &'static Api {
        self.info().stop_api
    }

    /// Returns [`ServiceInfo::read_apis`].
    #[must_use]
    pub fn read_apis(self) -> &'static [&'static Api] {
        self.info().read_apis
    }

    /// Returns [`ServiceInfo::lasting`].
    #[must_use]
    pub fn lasting(self) -> Option<&'static str> {
        self.info().lasting
    }

    /// Returns [`ServiceInfo::permission`].
    #[must_use]
    pub fn permission(self) -> &'static str {
        self.info().permission
    }

    /// Returns [`ServiceInfo::read_permission`].
    #[must_use]
    pub fn read_permission(self) -> &'static str {
        self.info().read_permission
    }

    /// Returns [`ServiceInfo::codes`].
    #[must_use]
    pub fn codes(self) -> &'static [Code] {
        self.info().codes
    }

    /// Explains an error code: the service's own, or one of its cloud.
    #[must_use]
    pub fn code(self, code: &str) -> Option<&'static Code> {
        self.codes().iter().chain(self.cloud().codes()).find(|known| known.code == code)
    }
}

impl std::ops::Deref for Kind {
    type Target = dyn Operation;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
