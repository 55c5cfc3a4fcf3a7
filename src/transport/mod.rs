//! One signed request on the wire, and one answer back.

mod http;

use futures::future::BoxFuture;

pub use self::http::{HttpTransport, TransportError};

use crate::class::ErrorClass;
use crate::wire::{Reply, Signed};

/// Sends signed requests. One call is one request on the wire: no retries, no redirects.
pub trait Transport: Send + Sync {
    /// Sends `request` and returns the whole answer.
    fn send(&self, request: Signed) -> BoxFuture<'_, Result<Reply, SendError>>;
}

/// A request that got no whole answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SendError {
    /// `network`, `timeout` or `protocol`.
    pub class: ErrorClass,
    /// Whether the request surely never reached the service.
    pub surely_not_sent: bool,
    /// The status, where the answer's head arrived and its body did not.
    pub http_status: Option<u16>,
    /// What happened, without URL or headers: those carry secrets.
    pub message: String,
}
