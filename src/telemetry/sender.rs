//! Sends what the exporters of OpenTelemetry have, over the program's own HTTP client.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::sync::{mpsc, oneshot};

use crate::base::environment::Environment;
use crate::http::{self, SHORT_RESPONSE, SignedRequest};
use crate::transport::{HttpTransport, SendError, Transport};

/// A request and who waits for its response.
type Asked = (SignedRequest, oneshot::Sender<Result<http::Response, SendError>>);

/// Sends requests on a thread of its own: exporters call it where no runtime is.
#[derive(Clone)]
pub(super) struct Sender {
    requests: mpsc::UnboundedSender<Asked>,
    /// What happened to the first request that got no response.
    trouble: Arc<OnceLock<String>>,
}

impl Sender {
    /// Starts the thread; it ends with the last clone.
    pub(super) fn start(environment: &Environment, timeout: Duration, is_secure: bool) -> Result<Self, String> {
        let transport = match is_secure {
            true => HttpTransport::in_environment(environment, timeout, timeout),
            false => HttpTransport::plain(timeout, timeout),
        };
        let transport = transport.map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let (requests, asked) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new().name("telemetry".to_owned());
        let thread = thread.spawn(move || runtime.block_on(serve(asked, Arc::new(transport))));
        thread.map_err(|error| format!("cannot start a thread: {error}"))?;
        Ok(Self { requests, trouble: Arc::default() })
    }

    /// Returns what happened to the first request that got no response.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.get().map(String::as_str)
    }
}

async fn serve(mut asked: mpsc::UnboundedReceiver<Asked>, transport: Arc<HttpTransport>) {
    while let Some((request, reply)) = asked.recv().await {
        let transport = Arc::clone(&transport);
        // Who does not wait any more needs no response.
        tokio::spawn(async move { drop(reply.send(transport.send(request).await)) });
    }
}

/// Shows no request: headers are secret.
impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl HttpClient for Sender {
    fn send_bytes<'s, 'f>(
        &'s self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let signed = SignedRequest {
                method: head.method,
                url: head.uri.to_string().parse()?,
                headers: head.headers,
                body,
                max_response_bytes: SHORT_RESPONSE,
                keeps_connection: true,
            };
            let (reply, response) = oneshot::channel();
            self.requests.send((signed, reply)).map_err(|_| "its thread has ended")?;
            let response = response.await?.map_err(|error| {
                let _ = self.trouble.set(error.to_string());
                HttpError::from(error.to_string())
            })?;
            let mut answered = Response::new(response.body);
            *answered.status_mut() = response.status.try_into()?;
            *answered.headers_mut() = response.headers;
            Ok(answered)
        })
    }
}
