//! The HTTP client that a plan needs.

use crate::plan::{AccountId, Plan};
use crate::service::Kind;
use crate::transport::{HttpTransport, TransportError};

impl HttpTransport {
    /// Builds the client that a run of this plan would use: with the plan's timeouts, and with TLS where a target of it
    /// needs that.
    ///
    /// # Errors
    ///
    /// Fails when the system's certificates or proxy settings cannot be used.
    pub fn of_plan(plan: &Plan) -> Result<Self, TransportError> {
        of(plan, plan.targets.iter().map(|target| (target.account_id(), target.kind)))
    }
}

/// Builds the client for these kinds in these accounts: where nothing goes over TLS, as in a rehearsal, no certificates
/// are needed.
pub(in crate::engine) fn of(
    plan: &Plan,
    mut sorts: impl Iterator<Item = (AccountId, Kind)>,
) -> Result<HttpTransport, TransportError> {
    let is_plain = |(account, kind): (AccountId, Kind)| {
        let mut apis = std::iter::once(kind.stop_api).chain(kind.read_apis.iter().copied());
        apis.all(|api| plan[account].endpoint(api.product).starts_with("http:"))
    };
    let build = if sorts.all(is_plain) { HttpTransport::plain } else { HttpTransport::new };
    build(plan.retry.connect_timeout, plan.retry.request_timeout)
}
