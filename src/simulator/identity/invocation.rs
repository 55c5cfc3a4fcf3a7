//! One call of an operation.

use jiff::Timestamp;
use serde_json::Value;

use super::super::request::Request;
use super::holder::Signer;
use super::operation::Operation;
use super::refusal::Refusal;

/// One call of an operation.
#[derive(Clone, Copy)]
pub(super) struct Invocation<'a> {
    /// The operation.
    pub(super) operation: Operation,
    /// The request.
    pub(super) request: &'a Request,
    /// Who signed it; `None` if the operation requires no signature.
    pub(super) signer: Option<&'a Signer>,
    /// The present, by the simulator's clock.
    pub(super) now: Timestamp,
    /// The id that its response carries.
    pub(super) request_id: &'a str,
    /// Whether what it issues is over already.
    pub(super) is_past: bool,
}

impl Invocation<'_> {
    /// Returns who signed it.
    ///
    /// # Errors
    ///
    /// Fails if nobody did, which the check before does not let through.
    pub(super) fn signer(&self) -> Result<&Signer, Refusal> {
        self.signer.ok_or_else(|| Refusal::unreadable(self.operation))
    }

    /// Reads the body as JSON.
    pub(super) fn body(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(&self.request.body).map_err(|_| Refusal::unreadable(self.operation))
    }

    /// Returns what follows `Bearer` in the `Authorization` header.
    pub(super) fn bearer(&self) -> Option<&str> {
        self.request.header("authorization")?.strip_prefix("Bearer ")
    }
}
