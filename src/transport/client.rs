//! The HTTP transport: reqwest without redirects, retries, cookies or compression, which would hide what happened.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use futures::future::BoxFuture;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;

use super::Transport;
use super::certificates::Trust;
use super::error::TransportError;
use super::failure::{Context, Failed};
use super::host::{Host, PING_AFTER, PING_TIMEOUT};
use super::proxy::{Proxies, Proxy};
use super::send_error::{Blame, SendError};
use super::tunnel::Tunnel;
use crate::base::duration::spoken;
use crate::base::environment::Environment;
use crate::error::ErrorClass;
use crate::http::{Response, SHORT_RESPONSE, SignedRequest};

/// How long an idle connection is kept: below the gateways' own limits, so that they never close it under a request.
const IDLE: Duration = Duration::from_secs(15);

/// Sends requests over HTTP: no redirects, no retries of its own, no cookies, no compression, limited responses.
///
/// The system's proxy settings hold for `https` alone: plain `http` goes to this machine only, and a proxy elsewhere
/// would neither reach it nor should it see what goes there.
#[derive(Debug)]
pub struct HttpTransport {
    /// `None` where nothing goes over TLS.
    secure: Option<Secure>,
    connect_timeout: Duration,
    request_timeout: Duration,
    /// The hosts that requests went to.
    hosts: RwLock<Vec<Arc<Known>>>,
}

/// What connections over TLS need.
#[derive(Debug)]
struct Secure {
    trust: Trust,
    proxies: Proxies,
}

/// A host that requests went to.
#[derive(Debug)]
struct Known {
    scheme: Box<str>,
    name: Box<str>,
    port: Option<u16>,
    /// Whether its connections carry one request after another.
    keeps_connections: bool,
    proxy: Option<Arc<Proxy>>,
    host: Host<Client>,
}

/// A client for one host.
#[derive(Debug, Clone)]
enum Client {
    Direct(reqwest::Client),
    Tunnelled(Arc<legacy::Client<Tunnel, reqwest::Body>>),
}

impl HttpTransport {
    /// Builds a client. `request_timeout` bounds one whole exchange, from connecting to the last byte.
    ///
    /// Brings `ring` as TLS provider where the process has none yet. The proxy and the certificates that are trusted
    /// are those of the process environment, else of the system.
    ///
    /// # Errors
    ///
    /// Fails when there are no certificates, or the proxy settings cannot be used.
    pub fn new(connect_timeout: Duration, request_timeout: Duration) -> Result<Self, TransportError> {
        Self::in_environment(&Environment::of_process(), connect_timeout, request_timeout)
    }

    /// Builds a client as [`new`](Self::new) does, with the variables of `environment`.
    ///
    /// # Errors
    ///
    /// Fails when there are no certificates, or the proxy settings cannot be used.
    pub fn in_environment(
        environment: &Environment,
        connect_timeout: Duration,
        request_timeout: Duration,
    ) -> Result<Self, TransportError> {
        let plain = Self::plain(connect_timeout, request_timeout)?;
        let secure = Secure { proxies: Proxies::of(environment)?, trust: Trust::load(environment)? };
        Ok(Self { secure: Some(secure), ..plain })
    }

    /// Builds a client as [`in_environment`](Self::in_environment) does, which asks no proxy.
    ///
    /// # Errors
    ///
    /// Fails when there are no certificates.
    pub(crate) fn without_proxy(
        environment: &Environment,
        connect_timeout: Duration,
        request_timeout: Duration,
    ) -> Result<Self, TransportError> {
        let plain = Self::plain(connect_timeout, request_timeout)?;
        let secure = Secure { proxies: Proxies::none(), trust: Trust::load(environment)? };
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
        Ok(Self { secure: None, connect_timeout, request_timeout, hosts: RwLock::default() })
    }

    /// Returns what is known of the host of a URL, which is found out once.
    fn known(&self, url: &Url, keeps_connections: bool) -> Result<Arc<Known>, SendError> {
        let is_it = |known: &&Arc<Known>| {
            known.keeps_connections == keeps_connections
                && url.scheme() == &*known.scheme
                && url.host_str() == Some(&known.name)
                && url.port() == known.port
        };
        if let Some(known) = self.hosts.read().unwrap_or_else(PoisonError::into_inner).iter().find(is_it) {
            return Ok(Arc::clone(known));
        }
        let mut hosts = self.hosts.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = hosts.iter().find(is_it) {
            return Ok(Arc::clone(known));
        }
        let proxy = self.proxy(url)?;
        let client = self.client(proxy.as_ref(), keeps_connections, true).map_err(|error| unbuilt(&error))?;
        let (scheme, name) = (url.scheme().into(), url.host_str().unwrap_or_default().into());
        let host = Host::new(client);
        let known = Arc::new(Known { scheme, name, port: url.port(), keeps_connections, proxy, host });
        hosts.push(Arc::clone(&known));
        Ok(known)
    }

    /// Returns the proxy on the way to a URL, if there is one.
    fn proxy(&self, url: &Url) -> Result<Option<Arc<Proxy>>, SendError> {
        if url.scheme() == "http" {
            return Ok(None);
        }
        let secure = self.secure.as_ref().ok_or_else(|| unbuilt(&"this client supports http only"))?;
        let origin = url.origin().ascii_serialization().parse().map_err(|error| unbuilt(&error))?;
        Ok(secure.proxies.on_the_way_to(&origin).map(Arc::new))
    }

    /// Makes a client with connections of its own; with `pings`, those over HTTP/2 are asked for signs of life. A client
    /// that keeps none makes one for each request.
    fn client(&self, proxy: Option<&Arc<Proxy>>, keeps: bool, pings: bool) -> Result<Client, reqwest::Error> {
        let idle = if keeps { usize::MAX } else { 0 };
        match (proxy, &self.secure) {
            (Some(proxy), Some(Secure { trust, .. })) => {
                let (proxy, tls) = (Arc::clone(proxy), Arc::new(trust.tls.clone()));
                let mut builder = legacy::Client::builder(TokioExecutor::new());
                builder
                    .timer(TokioTimer::new())
                    .pool_timer(TokioTimer::new())
                    .pool_idle_timeout(IDLE)
                    .pool_max_idle_per_host(idle);
                if pings {
                    builder.http2_keep_alive_interval(PING_AFTER).http2_keep_alive_timeout(PING_TIMEOUT);
                }
                let tunnel = Tunnel { proxy, tls, connect_timeout: self.connect_timeout };
                Ok(Client::Tunnelled(Arc::new(builder.build(tunnel))))
            }
            (_, secure) => {
                let builder = reqwest::Client::builder()
                    .redirect(reqwest::redirect::Policy::none())
                    .retry(reqwest::retry::never())
                    .connect_timeout(self.connect_timeout)
                    .pool_idle_timeout(IDLE)
                    .pool_max_idle_per_host(idle)
                    .tcp_nodelay(true)
                    .no_proxy();
                let builder = match secure {
                    Some(Secure { trust, .. }) => builder.tls_backend_preconfigured(trust.tls.clone()),
                    None => builder.tls_certs_only([]),
                };
                let pings = pings.then_some(PING_AFTER);
                let builder = builder.http2_keep_alive_interval(pings).http2_keep_alive_timeout(PING_TIMEOUT);
                builder.build().map(Client::Direct)
            }
        }
    }

    /// Sends a request that has `request_timeout` for its whole way.
    async fn exchange(&self, signed: SignedRequest) -> Result<Response, SendError> {
        let SignedRequest { method, url, headers, body, max_response_bytes, keeps_connection } = signed;
        let known = self.known(&url, keeps_connection)?;
        let renew = |pings| self.client(known.proxy.as_ref(), keeps_connection, pings).ok();
        let trusted = self.secure.as_ref().map_or("", |secure| &secure.trust.source);
        let context = Context { host: &known.name, trusted };
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        *request.body_mut() = Some(body.into());
        let (mut exchange, client) = known.host.begin(renew);
        let whole = async {
            let mut response = client.send(request).await?;
            exchange.head_received();
            let status = response.status().as_u16();
            let headers = std::mem::take(response.headers_mut());
            Ok::<_, Failed>(read(response, status, max_response_bytes).await.map(|body| Response {
                status,
                headers,
                body,
            }))
        };
        match tokio::time::timeout(self.request_timeout, whole).await {
            Ok(Ok(response)) => response,
            Ok(Err(failed)) => {
                if failed.is_ping_timeout() {
                    exchange.ping_timed_out(renew);
                }
                Err(failed.described(None, context))
            }
            Err(_) => {
                exchange.timed_out(renew);
                Err(SendError::new(ErrorClass::Timeout, format!("no response within {}", spoken(self.request_timeout))))
            }
        }
    }
}

impl Client {
    /// Sends one request; returns its response once the head is there.
    async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, Failed> {
        match self {
            Self::Direct(client) => client.execute(request).await.map_err(Failed::Direct),
            Self::Tunnelled(client) => {
                let request = http::Request::try_from(request).map_err(Failed::Direct)?;
                let response = client.request(request).await.map_err(Failed::Tunnelled)?;
                Ok(response.map(reqwest::Body::wrap).into())
            }
        }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        self.exchange(request).boxed()
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
        // Most responses come in one piece.
        return if first.len() > most { Err(too_long(status, most)) } else { Ok(first) };
    };
    let mut body = BytesMut::with_capacity(announced.min(SHORT_RESPONSE));
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
    response.chunk().await.map_err(|error| cut_off(error, status))
}

fn too_long(status: u16, most: usize) -> SendError {
    let message = format!("the response exceeds {most} bytes");
    SendError { http_status: Some(status), blame: Blame::Length, ..SendError::new(ErrorClass::Protocol, message) }
}

fn cut_off(error: reqwest::Error, status: u16) -> SendError {
    Failed::Direct(error).described(Some(status), Context { host: "", trusted: "" })
}

/// Words a failure to make a client.
fn unbuilt(why: &dyn std::fmt::Display) -> SendError {
    SendError { surely_not_sent: true, ..SendError::new(ErrorClass::Network, format!("no connection: {why}")) }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::http::LONG_RESPONSE;

    #[tokio::test]
    async fn a_client_without_tls_sends_nothing_over_tls() {
        let client = HttpTransport::plain(IDLE, IDLE).unwrap();
        let (method, url) = (http::Method::GET, "https://127.0.0.1:1/".parse().unwrap());
        let headers = http::HeaderMap::new();
        let request = SignedRequest {
            method,
            url,
            headers,
            body: Bytes::new(),
            max_response_bytes: SHORT_RESPONSE,
            keeps_connection: true,
        };
        let error = client.send(request).await.unwrap_err();
        assert!(error.surely_not_sent, "{error}");
        assert_eq!(error.message, "no connection: this client supports http only");
    }

    /// Responses one request with `length` bytes, announced or in chunks, and returns where.
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
    async fn a_response_is_read_up_to_the_limit_of_its_request() {
        let minute = Duration::from_secs(60);
        let client = HttpTransport::plain(minute, minute).unwrap();
        for (length, most, is_read) in [
            (0, SHORT_RESPONSE, true),
            (SHORT_RESPONSE, SHORT_RESPONSE, true),
            (SHORT_RESPONSE + 1, SHORT_RESPONSE, false),
            (3 << 20, LONG_RESPONSE, true),
            (LONG_RESPONSE + 1, LONG_RESPONSE, false),
        ] {
            for is_announced in [true, false].into_iter().filter(|is_announced| *is_announced || length > 0) {
                let url = server(length, is_announced).await.parse().unwrap();
                let (method, headers) = (http::Method::GET, http::HeaderMap::new());
                let request = SignedRequest {
                    method,
                    url,
                    headers,
                    body: Bytes::new(),
                    max_response_bytes: most,
                    keeps_connection: true,
                };
                match client.send(request).await {
                    Ok(response) => assert!(is_read && response.body.len() == length, "{length}"),
                    Err(error) => {
                        assert!(!is_read, "{length}: {error}");
                        assert_eq!(error.message, format!("the response exceeds {most} bytes"));
                        assert_eq!((error.class, error.http_status), (ErrorClass::Protocol, Some(200)));
                    }
                }
            }
        }
    }

    /// Answers the first request on each connection, and repeats that response for every other one there.
    async fn repeating() -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            for number in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut head = [0; 1024];
                    while stream.read(&mut head).await.is_ok_and(|length| length > 0) {
                        let response = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{number}");
                        let _ = stream.write_all(response.as_bytes()).await;
                    }
                });
            }
        });
        url
    }

    #[tokio::test]
    async fn a_response_that_names_nothing_has_a_connection_of_its_own() {
        let minute = Duration::from_secs(60);
        let client = HttpTransport::plain(minute, minute).unwrap();
        let url: Url = repeating().await.parse().unwrap();
        let mut responses = Vec::new();
        for keeps_connection in [true, true, false, false, true, false] {
            let (method, headers, url) = (http::Method::GET, http::HeaderMap::new(), url.clone());
            let max_response_bytes = SHORT_RESPONSE;
            let request =
                SignedRequest { method, url, headers, body: Bytes::new(), max_response_bytes, keeps_connection };
            responses.extend_from_slice(&client.send(request).await.unwrap().body);
        }
        assert_eq!(responses, b"001203");
    }
}
