//! A service over TLS on loopback, and what may stand in front of it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// A service that answers every request after a while.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    /// Its own certificate, in PEM.
    pub(crate) certificate: String,
    /// How many connections were made to it.
    pub(crate) connections: Arc<AtomicUsize>,
}

impl Service {
    /// Starts one that takes HTTP/2 or 1.1, on this loopback address.
    pub(crate) async fn start(host: &str, version: &'static [u8], latency: Duration, body: &'static str) -> Self {
        // Another test may have been faster; then its provider serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, format!("service at {address}"));
        let certificate = params.self_signed(&key).unwrap();
        let secret = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let chain = vec![certificate.der().clone()];
        let mut tls = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, secret).unwrap();
        tls.alpn_protocols = vec![version.to_vec()];
        let connections = Arc::new(AtomicUsize::new(0));
        let (acceptor, made) = (TlsAcceptor::from(Arc::new(tls)), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                made.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(acceptor.clone(), stream, version == b"h2", latency, body));
            }
        });
        Self { address, certificate: certificate.pem(), connections }
    }

    /// Returns how many connections were made to it.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, is_h2: bool, latency: Duration, body: &'static str) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let service = service_fn(move |_| async move {
        tokio::time::sleep(latency).await;
        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(body.as_bytes()))))
    });
    let io = TokioIo::new(stream);
    let _ = if is_h2 {
        hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(io, service).await
    } else {
        hyper::server::conn::http1::Builder::new().serve_connection(io, service).await
    };
}

/// Something on the way that forgets the connections it has when it is told to, without a word to either side.
pub(crate) struct Forgetful {
    pub(crate) address: SocketAddr,
    /// How many times it forgot.
    forgotten: watch::Sender<u32>,
}

impl Forgetful {
    pub(crate) async fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (forgotten, times) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let mut times = times.clone();
                times.mark_unchanged();
                tokio::spawn(async move {
                    let mut there = TcpStream::connect(to).await?;
                    tokio::select! {
                        done = copy_bidirectional(&mut from, &mut there) => return done.map(|_| ()),
                        _ = times.changed() => {}
                    }
                    // Both ends stay open, and hear nothing more.
                    std::future::pending::<io::Result<()>>().await
                });
            }
        });
        Self { address, forgotten }
    }

    /// Forgets all connections that it has.
    pub(crate) fn forget(&self) {
        self.forgotten.send_modify(|times| *times += 1);
    }
}

/// A proxy that answers CONNECT with this status, and leads to whatever is asked for where that is 200. Every head that
/// it got comes out of the channel.
pub(super) async fn proxy(status: u16) -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (heard, heads) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let heard = heard.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(from.read_u8().await?);
                }
                let head = String::from_utf8(head).unwrap();
                let to = head.split(' ').nth(1).unwrap().to_owned();
                // Nobody may listen.
                let _ = heard.send(head);
                from.write_all(format!("HTTP/1.1 {status} So\r\n\r\n").as_bytes()).await?;
                if status == 200 {
                    copy_bidirectional(&mut from, &mut TcpStream::connect(to).await?).await?;
                }
                io::Result::Ok(())
            });
        }
    });
    (address, heads)
}
