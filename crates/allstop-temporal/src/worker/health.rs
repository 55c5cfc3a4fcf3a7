//! The worker's health for probes: whether it serves, and how many lanes it holds.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use allstop::session::SessionError;
use allstop::{Bytes, CancellationToken};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What a worker does now.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// How many lanes it holds.
    lanes: Arc<AtomicUsize>,
    /// Cancelled when it leaves.
    leaving: CancellationToken,
}

/// Listens for probes at an address.
///
/// # Errors
///
/// Fails when the address is used or is none of this machine.
pub async fn listen(at: SocketAddr) -> Result<TcpListener, SessionError> {
    TcpListener::bind(at)
        .await
        .map_err(|error| SessionError::input(format!("cannot serve --health at {at}: {error}"), "name another address"))
}

/// A lane that is held, for as long as this lives.
pub(super) struct HeldLane(Arc<AtomicUsize>);

impl Health {
    /// Begins without a lane.
    #[must_use]
    pub fn new(leaving: CancellationToken) -> Self {
        Self { lanes: Arc::default(), leaving }
    }

    /// Counts a lane for as long as what it returns lives.
    pub(super) fn hold(&self) -> HeldLane {
        self.lanes.fetch_add(1, Ordering::Relaxed);
        HeldLane(Arc::clone(&self.lanes))
    }

    /// Responds to requests, until the returned future is dropped: 200 while the worker serves, 503 when it leaves.
    ///
    /// # Errors
    ///
    /// Fails when no connection can be accepted any more.
    pub async fn serve(self, listener: TcpListener) -> io::Result<Infallible> {
        loop {
            let (stream, _) = listener.accept().await?;
            let health = self.clone();
            let respond = service_fn(move |_: Request<Incoming>| {
                let response = health.response();
                async move { Ok::<_, Infallible>(response) }
            });
            // A probe that goes away has no answer.
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), respond));
        }
    }

    fn response(&self) -> Response<Full<Bytes>> {
        let (status, word) = match self.leaving.is_cancelled() {
            false => (StatusCode::OK, "serving"),
            true => (StatusCode::SERVICE_UNAVAILABLE, "leaving"),
        };
        let body = serde_json::json!({"status": word, "lanes": self.lanes.load(Ordering::Relaxed)});
        let mut response = Response::new(Full::new(Bytes::from(format!("{body}\n"))));
        *response.status_mut() = status;
        response
    }
}

impl Drop for HeldLane {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_serves_until_it_leaves() {
        let leaving = CancellationToken::new();
        let health = Health::new(leaving.clone());
        let lane = health.hold();
        assert_eq!(health.response().status(), StatusCode::OK);
        assert_eq!(health.lanes.load(Ordering::Relaxed), 1);
        drop(lane);
        leaving.cancel();
        assert_eq!(health.response().status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(health.lanes.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn an_address_that_is_used_is_told_at_once() {
        let first = listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        let at = first.local_addr().unwrap();
        let error = listen(at).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("cannot serve --health at {at}: ")), "{error}");
    }
}
