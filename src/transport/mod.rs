//! Sends one signed request and returns one response.

mod certificates;
mod client;
mod error;
mod failure;
mod host;
mod proxy;
mod send_error;
mod tunnel;

#[cfg(test)]
pub(crate) mod tests;

use futures::future::BoxFuture;

pub use client::HttpTransport;
pub use error::TransportError;
pub use send_error::{Blame, SendError};

use crate::http::{Response, SignedRequest};

/// Sends signed requests. One call sends one request: no retries, no redirects.
pub trait Transport: Send + Sync {
    /// Sends `request` and returns the complete response.
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>>;
}
