//! What every service does.

use super::batch_stop::BatchStop;
use super::info::ServiceInfo;
use super::lister::Lister;
use super::meaning::{Observation, Verdict};
use super::param::Params;
use super::scope::Scope;
use crate::http::{Request, Response};

/// One service's way to stop one kind of target.
pub trait Service: Sync {
    /// Returns what never changes about it.
    fn info(&self) -> &'static ServiceInfo;

    /// Builds the request that stops one target.
    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request;

    /// Returns what the response to [`stop`](Self::stop) of one target means.
    fn verdict(&self, params: &Params, response: &Response) -> Verdict;

    /// Returns how one request stops several targets; `None` if the service stops them one by one.
    fn batch_stop(&self) -> Option<&'static dyn BatchStop> {
        None
    }

    /// Builds the request that reads the state of all targets of `batch` with the read API number `stage`.
    ///
    /// The batch has at least one target, at most the API's `batch`, all of one [`read_group`](Self::read_group).
    fn read(&self, stage: usize, batch: &[&Params], scope: &Scope<'_>) -> Request;

    /// Returns what the response to [`read`](Self::read) shows of each target, in the batch's order.
    fn observations(&self, stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation>;

    /// Returns how its resources are listed.
    fn lister(&self) -> &'static dyn Lister;

    /// Returns what targets that share one read must have in common.
    fn read_group<'p>(&self, _params: &'p Params) -> &'p str {
        ""
    }
}
