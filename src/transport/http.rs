//! The transport of the real world: HTTPS through reqwest, with every convenience that would hide the truth off.

use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use futures::future::BoxFuture;

use super::{SendError, Transport};
use crate::class::ErrorClass;
use crate::wire::{Reply, SHORT_ANSWER, Signed};

/// How long an idle connection is kept: below the gateways' own limits, so that they never close it under a request.
const IDLE: Duration = Duration::from_secs(15);

/// Sends requests over HTTP: no redirects, no retries of its own, no cookies, no compression, bounded answers.
///
/// The system's proxy settings hold for `https` alone: plain `http` goes to this machine only, and a proxy elsewhere
/// would neither reach it nor should it see what goes there.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    /// `None` where nothing goes over TLS.
    secure: Option<reqwest::Client>,
    plain: reqwest::Client,
    request_timeout: Duration,
}

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be built: {}", root(.0))]
pub struct TransportError(#[source] reqwest::Error);

impl HttpTransport {
    /// Builds a client. `request_timeout` bounds one whole exchange, from connecting to the last byte.
    ///
    /// Brings `ring` as TLS provider where the process has none yet.
    ///
    /// # Errors
    ///
    /// Fails when the system's certificates or proxy settings cannot be used.
    pub fn new(connect_timeout: Duration, request_timeout: Duration) -> Result<Self, TransportError> {
        let plain = Self::plain(connect_timeout, request_timeout)?;
        let secure = builder(connect_timeout).build().map_err(TransportError)?;
        Ok(Self { secure: Some(secure), ..plain })
    }

    /// Builds a client for `http` alone, which needs no certificates of the system: sending to `https` fails.
    ///
    /// # Errors
    ///
    /// Fails when no client can be built.
    pub fn plain(connect_timeout: Duration, request_timeout: Duration) -> Result<Self, TransportError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Another thread may have been faster; then its provider serves as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let plain = builder(connect_timeout).no_proxy().tls_certs_only([]).build().map_err(TransportError)?;
        Ok(Self { secure: None, plain, request_timeout })
    }

    async fn exchange(&self, signed: Signed) -> Result<Reply, SendError> {
        let Signed { method, url, headers, body, longest_answer } = signed;
        let is_plain = url.scheme() == "http";
        let client = if is_plain { Some(&self.plain) } else { self.secure.as_ref() };
        let client = client.ok_or_else(no_tls)?;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        *request.body_mut() = Some(body.into());
        let mut response = client.execute(request).await.map_err(|error| failed(error, None))?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = read(response, status, longest_answer).await?;
        Ok(Reply { status, headers, body })
    }
}

fn builder(connect_timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
}

impl Transport for HttpTransport {
    fn send(&self, request: Signed) -> BoxFuture<'_, Result<Reply, SendError>> {
        async move {
            let exchange = pin!(self.exchange(request));
            match tokio::time::timeout(self.request_timeout, exchange).await {
                Ok(result) => result,
                Err(_) => Err(SendError {
                    class: ErrorClass::Timeout,
                    surely_not_sent: false,
                    http_status: None,
                    message: format!("no answer within {:?}", self.request_timeout),
                }),
            }
        }
        .boxed()
    }
}

/// Reads a body of at most `most` bytes.
async fn read(mut response: reqwest::Response, status: u16, most: usize) -> Result<Bytes, SendError> {
    // What is announced is refused before it is read; room for it is made as it comes.
    let announced = response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced > most {
        return Err(too_long(status, most));
    }
    let Some(first) = chunk(&mut response, status).await? else { return Ok(Bytes::new()) };
    let Some(mut next) = chunk(&mut response, status).await? else {
        // Most answers come in one piece.
        return if first.len() > most { Err(too_long(status, most)) } else { Ok(first) };
    };
    let mut body = BytesMut::with_capacity(announced.min(SHORT_ANSWER));
    body.extend_from_slice(&first);
    loop {
        if body.len() + next.len() > most {
            return Err(too_long(status, most));
        }
        body.extend_from_slice(&next);
        match chunk(&mut response, status).await? {
            Some(chunk) => next = chunk,
            None => return Ok(body.freeze()),
        }
    }
}

async fn chunk(response: &mut reqwest::Response, status: u16) -> Result<Option<Bytes>, SendError> {
    response.chunk().await.map_err(|error| failed(error, Some(status)))
}

fn too_long(status: u16, most: usize) -> SendError {
    SendError {
        class: ErrorClass::Protocol,
        surely_not_sent: false,
        http_status: Some(status),
        message: format!("the answer is longer than {most} bytes"),
    }
}

fn no_tls() -> SendError {
    let message = "no connection: this client is for http alone".to_owned();
    SendError { class: ErrorClass::Network, surely_not_sent: true, http_status: None, message }
}

/// Describes a failure by its root cause; the URL, which may carry a signature, is left out.
fn failed(error: reqwest::Error, http_status: Option<u16>) -> SendError {
    let error = error.without_url();
    let class = if error.is_timeout() { ErrorClass::Timeout } else { ErrorClass::Network };
    let surely_not_sent = error.is_connect() || error.is_builder();
    let root = root(&error);
    let message = if http_status.is_some() {
        format!("the answer was cut off: {root}")
    } else if surely_not_sent {
        format!("no connection: {root}")
    } else {
        format!("the connection broke before an answer: {root}")
    };
    SendError { class, surely_not_sent, http_status, message }
}

/// Returns what lies behind an error.
fn root<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::wire::LONG_ANSWER;

    #[tokio::test]
    async fn a_client_without_tls_sends_nothing_over_it() {
        let client = HttpTransport::plain(IDLE, IDLE).unwrap();
        let (method, url) = (http::Method::GET, "https://127.0.0.1:1/".parse().unwrap());
        let headers = http::HeaderMap::new();
        let request = Signed { method, url, headers, body: Bytes::new(), longest_answer: SHORT_ANSWER };
        let error = client.send(request).await.unwrap_err();
        assert!(error.surely_not_sent, "{error}");
        assert_eq!(error.message, "no connection: this client is for http alone");
    }

    /// Answers one request with `length` bytes, announced or in chunks, and returns where.
    async fn server(length: usize, is_announced: bool) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 1024];
            let _ = stream.read(&mut head).await.unwrap();
            let how =
                if is_announced { format!("content-length: {length}") } else { "transfer-encoding: chunked".into() };
            let body = "x".repeat(length);
            let body = if is_announced { body } else { format!("{length:x}\r\n{body}\r\n0\r\n\r\n") };
            let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{how}\r\n\r\n{body}").as_bytes()).await;
        });
        url
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_the_bound_of_its_request() {
        let minute = Duration::from_secs(60);
        let client = HttpTransport::plain(minute, minute).unwrap();
        for (length, most, is_read) in [
            (0, SHORT_ANSWER, true),
            (SHORT_ANSWER, SHORT_ANSWER, true),
            (SHORT_ANSWER + 1, SHORT_ANSWER, false),
            (3 << 20, LONG_ANSWER, true),
            (LONG_ANSWER + 1, LONG_ANSWER, false),
        ] {
            for is_announced in [true, false].into_iter().filter(|is_announced| *is_announced || length > 0) {
                let url = server(length, is_announced).await.parse().unwrap();
                let (method, headers) = (http::Method::GET, http::HeaderMap::new());
                let request = Signed { method, url, headers, body: Bytes::new(), longest_answer: most };
                match client.send(request).await {
                    Ok(reply) => assert!(is_read && reply.body.len() == length, "{length}"),
                    Err(error) => {
                        assert!(!is_read, "{length}: {error}");
                        assert_eq!(error.message, format!("the answer is longer than {most} bytes"));
                        assert_eq!((error.class, error.http_status), (ErrorClass::Protocol, Some(200)));
                    }
                }
            }
        }
    }
}
