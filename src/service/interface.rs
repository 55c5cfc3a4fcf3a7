//! What every service does.

use super::info::ServiceInfo;
use super::meaning::{Observation, Verdict};
use super::param::Params;
use crate::http::{Request, Response};

/// One service's way to stop one kind of target.
pub trait Service: Sync {
    /// Returns what never changes about it.
    fn info(&self) -> &'static ServiceInfo;

    /// Builds the request that stops one target.
    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request;

    /// Returns what the response to [`stop`](Self::stop) of one target means.
    fn verdict(&self, params: &Params, response: &Response) -> Verdict;

    /// Builds the request that reads the state of all targets of `batch` with the read API number `stage`.
    ///
    /// The batch has at least one target, at most the API's `batch`, all of one [`read_group`](Self::read_group).
    fn read(&self, stage: usize, batch: &[&Params], scope: &Scope<'_>) -> Request;

    /// Returns what the response to [`read`](Self::read) shows of each target, in the batch's order.
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
    /// The cause to state if the plan states none and the service takes one.
    pub cause: &'a str,
    /// The idempotency token to send if the plan states none; the same in all attempts. Empty unless a parameter is
    /// [one](super::Param::idempotency_token).
    pub client_token: &'a str,
}
