//! TLS in front of a Temporal server, which has none of its own: a proxy in this process, on loopback.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use allstop_temporal::cli::ConnectionArgs;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::Server;

/// Who may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clients {
    /// Everybody.
    Any,
    /// Who has a certificate of the CA.
    WithCertificate,
}

/// A server with TLS, and the files that its clients need.
#[derive(Debug)]
pub(crate) struct Secure {
    files: TempDir,
    address: SocketAddr,
    server: Arc<Server>,
}

impl Secure {
    /// The name in the server's certificate.
    pub(crate) const NAME: &str = "temporal.example";

    /// Starts the proxy, which lives as long as the runtime. It takes its certificate, and those of clients, from one CA.
    pub(crate) async fn start(server: Arc<Server>, clients: Clients) -> Self {
        let files = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let issued = |name: &str| {
            let key = KeyPair::generate().unwrap();
            let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
            (certificate, key)
        };
        let (client, key_of_client) = issued("client.example");
        for (name, text) in
            [("ca.pem", ca.pem()), ("client.pem", client.pem()), ("client.key", key_of_client.serialize_pem())]
        {
            std::fs::write(files.path().join(name), text).unwrap();
        }
        let (certificate, key) = issued(Self::NAME);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = match clients {
            Clients::Any => builder.with_no_client_auth(),
            Clients::WithCertificate => {
                let mut roots = RootCertStore::empty();
                roots.add(ca.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
                builder.with_client_cert_verifier(verifier)
            }
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        config.alpn_protocols.push(b"h2".to_vec());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), server.address()));
        Self { files, address, server }
    }

    /// Returns options that connect, but for a client certificate.
    pub(crate) fn connection(&self) -> ConnectionArgs {
        ConnectionArgs {
            address: Some(self.address.to_string()),
            tls_ca_path: Some(self.file("ca.pem")),
            tls_server_name: Some(Self::NAME.into()),
            ..self.server.connection()
        }
    }

    /// Returns the path of `ca.pem`, `client.pem` or `client.key`.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }
}

/// Hands every connection on.
async fn serve(listener: TcpListener, acceptor: TlsAcceptor, to: String) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, to) = (acceptor.clone(), to.clone());
        tokio::spawn(async move {
            let mut inner = TcpStream::connect(to).await.unwrap();
            if let Ok(mut stream) = acceptor.accept(stream).await {
                // A side that is gone ends the other.
                let _ = copy_bidirectional(&mut stream, &mut inner).await;
            }
        });
    }
}
