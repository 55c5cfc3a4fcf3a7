//! The fence before every request: nothing leaves without the lease.

use std::sync::Arc;

use allstop::BoxFuture;
use allstop::error::ErrorClass;
use allstop::http::{Response, SignedRequest};
use allstop::transport::{Blame, SendError, Transport};
use futures::FutureExt;

use super::lease::Lease;

/// A transport that sends only under the lease. A request waits while the lease is not renewed.
pub(super) struct Fence {
    pub(super) inner: Arc<dyn Transport>,
    pub(super) lease: Arc<Lease>,
}

impl Transport for Fence {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        async move {
            if self.lease.valid().await {
                return self.inner.send(request).await;
            }
            Err(SendError {
                class: ErrorClass::Network,
                surely_not_sent: true,
                http_status: None,
                message: "the lease of the lane was lost".to_owned(),
                blame: Blame::Unknown,
            })
        }
        .boxed()
    }
}
