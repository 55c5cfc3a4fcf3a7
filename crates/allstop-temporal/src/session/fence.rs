//! The fence before every request: nothing leaves without the lease.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use allstop::BoxFuture;
use allstop::error::ErrorClass;
use allstop::http::{Response, SignedRequest};
use allstop::transport::{Blame, SendError, Transport};
use futures::FutureExt;

use super::lease::{Lease, Moment, Standing};

/// A transport that sends only under the lease. A request waits while the lease is not renewed.
pub(super) struct Fence {
    pub(super) inner: Arc<dyn Transport>,
    pub(super) lease: Arc<Lease>,
}

impl Transport for Fence {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        async move {
            if !self.lease.valid().await {
                return Err(lost(true));
            }
            drive(&self.lease, self.inner.send(request)).await.unwrap_or_else(|| Err(lost(false)))
        }
        .boxed()
    }
}

/// Polls what sends a request only under the lease; ends with nothing when the lease was lost.
///
/// A request that was given to the transport may still wait for a connection when the process is frozen. It must not
/// leave when the process thaws. While the lease is only not renewed, a response that arrives waits for the renewal.
async fn drive<T>(lease: &Lease, request: impl Future<Output = T>) -> Option<T> {
    let mut request = pin!(request);
    while lease.valid().await {
        let response = poll_fn(|context| match lease.standing(Moment::now()) {
            Standing::Valid => request.as_mut().poll(context).map(Some),
            Standing::Expired | Standing::Lost => Poll::Ready(None),
        })
        .await;
        if response.is_some() {
            return response;
        }
    }
    None
}

fn lost(surely_not_sent: bool) -> SendError {
    SendError {
        class: ErrorClass::Network,
        surely_not_sent,
        http_status: None,
        message: "the lease of the lane was lost".to_owned(),
        blame: Blame::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::poll;
    use tokio::sync::oneshot;

    use super::*;

    const SPAN: Duration = Duration::from_secs(8);

    #[tokio::test(start_paused = true)]
    async fn a_request_that_waits_does_not_go_on_when_the_process_thaws() {
        let (lease, (connected, connection)) = (Lease::new(SPAN), oneshot::channel());
        lease.renew(Moment::now());
        let mut left = false;
        {
            let mut request = pin!(drive(&lease, async {
                let _ = connection.await;
                left = true;
            }));
            assert!(poll!(&mut request).is_pending());
            // Frozen: time passes, and the connection is there when the process thaws.
            tokio::time::advance(SPAN).await;
            assert_eq!(connected.send(()), Ok(()));
            assert!(poll!(&mut request).is_pending());
            lease.lose();
            assert_eq!(request.await, None);
        }
        assert!(!left);
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_that_arrives_before_the_renewal_is_kept() {
        let (lease, (sender, response)) = (Lease::new(SPAN), oneshot::channel());
        lease.renew(Moment::now());
        let mut request = pin!(drive(&lease, response));
        assert!(poll!(&mut request).is_pending());
        tokio::time::advance(SPAN).await;
        assert_eq!(sender.send(7), Ok(()));
        assert!(poll!(&mut request).is_pending());
        lease.renew(Moment::now());
        assert_eq!(request.await, Some(Ok(7)));
    }
}
