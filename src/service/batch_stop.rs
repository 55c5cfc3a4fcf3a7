//! How a service stops several targets with one request.

use super::meaning::Verdict;
use super::param::Params;
use super::scope::Scope;
use crate::http::{Api, Request, Response};

/// A service's way to stop several targets with one request. A kind with an idempotency token has none.
pub trait BatchStop: Sync {
    /// Returns the API; its `batch` is the most targets that one request stops.
    fn api(&self) -> &'static Api;

    /// Builds the request that stops all targets of `batch`: at least two of one account, at most the API's `batch`.
    fn request(&self, batch: &[&Params], scope: &Scope<'_>) -> Request;

    /// Returns what the response to [`request`](Self::request) means.
    fn verdicts(&self, batch: &[&Params], response: &Response) -> Verdicts;
}

/// What the response to a request means that stops several targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdicts {
    /// It states a result of each target; in the batch's order.
    Each(Vec<Verdict>),
    /// It is about the request, as if each target had been stopped alone and had got this response.
    All(Verdict),
    /// The service refused this request. That tells nothing of a target alone: the next stop of each goes alone, and
    /// the next batch is smaller.
    Refused(Verdict),
    /// The service takes no such request, or not from this caller. That tells nothing of a target alone.
    Unavailable(Verdict),
}
