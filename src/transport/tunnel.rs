//! Connections through a proxy, which is asked to `CONNECT`.
//!
//! reqwest can do that, too, but names neither the proxy nor its response, and does not support IPv6 addresses.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::proxy::Proxy;

/// The longest response of a proxy that is read.
const MAX_HEAD_BYTES: usize = 16 << 10;

/// Makes connections through one proxy.
#[derive(Clone)]
pub(super) struct Tunnel {
    pub(super) proxy: Arc<Proxy>,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) connect_timeout: Duration,
}

/// Why a proxy gave no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProxyError {
    /// No connection to it could be made.
    #[error("cannot reach the proxy {0}: {1}")]
    Unreachable(String, #[source] io::Error),
    /// It answered with another status than 200.
    #[error("the proxy {0} returned {1} for CONNECT")]
    Refused(String, u16),
    /// It hung up, or what it said is no HTTP.
    #[error("no response to CONNECT from the proxy {0}: {1}")]
    Silent(String, #[source] io::Error),
    /// It took too long.
    #[error("the proxy {0} timed out")]
    Late(String),
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection to a service.
pub(super) struct Tunnelled(TlsStream<Box<dyn Stream>>);

type Error = Box<dyn std::error::Error + Send + Sync>;

impl Tunnel {
    async fn connect_in_time(self, to: Uri) -> Result<TokioIo<Tunnelled>, Error> {
        let late = ProxyError::Late(self.proxy.name.clone());
        tokio::time::timeout(self.connect_timeout, self.connect(to)).await.map_err(|_| late)?
    }

    async fn connect(&self, to: Uri) -> Result<TokioIo<Tunnelled>, Error> {
        let host = to.host().ok_or("no host")?;
        let port = to.port_u16().unwrap_or(443);
        let stream = self.through(host, port).await?;
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?;
        Ok(TokioIo::new(Tunnelled(stream)))
    }

    async fn through(&self, host: &str, port: u16) -> Result<Box<dyn Stream>, ProxyError> {
        let mut stream =
            self.reached().await.map_err(|error| ProxyError::Unreachable(self.proxy.name.clone(), error))?;
        let response = self.ask(&mut stream, host, port).await;
        match response.map_err(|error| ProxyError::Silent(self.proxy.name.clone(), error))? {
            200..300 => Ok(stream),
            status => Err(ProxyError::Refused(self.proxy.name.clone(), status)),
        }
    }

    async fn reached(&self) -> io::Result<Box<dyn Stream>> {
        let Proxy { host, port, is_tls, .. } = &*self.proxy;
        let stream = TcpStream::connect((host.as_str(), *port)).await?;
        stream.set_nodelay(true)?;
        if !is_tls {
            return Ok(Box::new(stream));
        }
        let mut tls = ClientConfig::clone(&self.tls);
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
        Ok(Box::new(TlsConnector::from(Arc::new(tls)).connect(name, stream).await?))
    }

    /// Asks for a connection; returns the status of the response.
    async fn ask(&self, stream: &mut Box<dyn Stream>, host: &str, port: u16) -> io::Result<u16> {
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
        if let Some(login) = &self.proxy.login {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(login.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        stream.write_all(&request).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD_BYTES {
            head.push(stream.read_u8().await?);
        }
        status(&head).ok_or_else(|| io::Error::other("its response is not HTTP"))
    }
}

/// Returns the status of a response such as `HTTP/1.1 200 Connection established`.
fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|byte| *byte == b'\r').next()?).ok()?;
    let mut parts = line.split(' ');
    parts.next().filter(|version| version.starts_with("HTTP/1."))?;
    parts.next()?.parse().ok().filter(|status| (100..600).contains(status))
}

impl tower_service::Service<Uri> for Tunnel {
    type Response = TokioIo<Tunnelled>;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Self::Response, Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        self.clone().connect_in_time(to).boxed()
    }
}

impl Connection for Tunnelled {
    fn connected(&self) -> Connected {
        let is_h2 = self.0.get_ref().1.alpn_protocol() == Some(b"h2");
        if is_h2 { Connected::new().negotiated_h2() } else { Connected::new() }
    }
}

impl AsyncRead for Tunnelled {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, to)
    }
}

impl AsyncWrite for Tunnelled {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
