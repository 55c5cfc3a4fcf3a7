//! Connections to what is no Temporal server: each failure is told for what it is.

use std::fs;
use std::sync::Arc;

use allstop::environment::Environment;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::cli::ConnectionArgs;
use crate::client::{ConnectError, Settings, connect};

fn args(address: impl ToString) -> ConnectionArgs {
    // No file: that of whoever runs the tests has no part in them.
    let config_file = Some("absent.toml".into());
    ConnectionArgs { address: Some(address.to_string()), config_file, ..ConnectionArgs::default() }
}

async fn error(args: &ConnectionArgs) -> ConnectError {
    let settings = Settings::load(args, &Environment::default()).unwrap();
    let Err(error) = connect(&settings, "test").await else { panic!("connected") };
    assert!(error.to_string().contains(settings.address()), "{error}");
    assert!(!error.hint().is_empty());
    error
}

/// Listens, and gives every connection to `serve`. Returns the address.
async fn listen<F: Future<Output = ()> + Send + 'static>(
    serve: impl Fn(TcpStream) -> F + Send + 'static,
) -> std::net::SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// Answers as a web server that does not know HTTP/2.
async fn old_http(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) {
    let mut request = [0; 1024];
    let _ = stream.read(&mut request).await;
    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
}

#[tokio::test]
async fn where_nobody_listens_the_address_and_a_way_out_are_told() {
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    for address in [free.to_string(), format!("localhost:{}", free.port())] {
        let error = error(&args(&address)).await;
        assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
        assert!(error.hint().contains("temporal server start-dev"));
    }
}

#[tokio::test]
async fn who_never_responds_is_waited_for_five_seconds() {
    let address = listen(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let error = error(&args(address)).await;
    assert_eq!(error, ConnectError::TimedOut { address: address.to_string(), seconds: 5 });
    assert!(begun.elapsed().as_secs_f64() < 5.5, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn another_protocol_is_told() {
    let address = listen(old_http).await;
    let plain = error(&args(address)).await;
    assert!(matches!(plain, ConnectError::OtherProtocol { uses_tls: false, .. }), "{plain:?}");
    assert!(plain.hint().contains("--tls"), "{}", plain.hint());
    let tls = error(&ConnectionArgs { tls: Some(true), ..args(address) }).await;
    assert!(matches!(tls, ConnectError::Tls { .. }), "{tls:?}");
    assert!(tls.hint().contains("--tls=false"), "{}", tls.hint());
}

/// A server with TLS, and the files that its clients need.
struct Secure {
    files: TempDir,
    address: std::net::SocketAddr,
}

impl Secure {
    /// Starts a server whose certificate is for `temporal.example`.
    async fn start(wants_client: bool) -> Self {
        let files = TempDir::new().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        fs::write(files.path().join("ca.pem"), ca.pem()).unwrap();
        let issued = |name: &str| {
            let key = KeyPair::generate().unwrap();
            let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
            (certificate, key)
        };
        let (client, key_of_client) = issued("client.example");
        fs::write(files.path().join("client.pem"), client.pem()).unwrap();
        fs::write(files.path().join("client.key"), key_of_client.serialize_pem()).unwrap();
        let (server, key) = issued("temporal.example");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = if wants_client {
            let mut roots = RootCertStore::empty();
            roots.add(ca.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = builder.with_single_cert(vec![server.der().clone()], key).unwrap();
        config.alpn_protocols.push(b"h2".to_vec());
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let address = listen(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    old_http(stream).await;
                }
            }
        })
        .await;
        Self { files, address }
    }

    fn args(&self, change: impl FnOnce(&mut ConnectionArgs)) -> ConnectionArgs {
        let mut args = ConnectionArgs {
            tls_ca_path: Some(self.files.path().join("ca.pem")),
            tls_server_name: Some("temporal.example".into()),
            ..args(self.address)
        };
        change(&mut args);
        args
    }
}

#[tokio::test]
async fn each_disagreement_about_tls_is_told_with_the_option_that_helps() {
    let secure = Secure::start(false).await;
    let unknown = secure.args(|args| (args.tls_ca_path, args.tls) = (None, Some(true)));
    let other_name = secure.args(|args| args.tls_server_name = None);
    for (args, hint) in [(unknown, "--tls-ca-path"), (other_name, "--tls-server-name")] {
        let error = error(&args).await;
        assert!(matches!(error, ConnectError::Tls { .. }) && error.hint().contains(hint), "{error:?}");
    }
    let plain = error(&args(secure.address)).await;
    assert!(matches!(plain, ConnectError::OtherProtocol { uses_tls: false, .. }), "{plain:?}");
}

#[tokio::test]
async fn what_is_trusted_or_need_not_be_gets_past_tls() {
    let secure = Secure::start(false).await;
    let unverified: fn(&mut ConnectionArgs) = |args| {
        (args.tls_server_name, args.tls_disable_host_verification) = (None, Some(true));
    };
    for change in [|_: &mut ConnectionArgs| (), unverified] {
        let error = error(&secure.args(change)).await;
        assert!(matches!(error, ConnectError::OtherProtocol { uses_tls: true, .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_may_want_a_client_certificate() {
    let secure = Secure::start(true).await;
    let without = error(&secure.args(|_| ())).await;
    assert!(matches!(without, ConnectError::Tls { .. }), "{without:?}");
    assert!(without.hint().contains("--tls-cert-path"), "{}", without.hint());
    let file = |name| Some(secure.files.path().join(name));
    let with = secure.args(|args| (args.tls_cert_path, args.tls_key_path) = (file("client.pem"), file("client.key")));
    let with = error(&with).await;
    assert!(matches!(with, ConnectError::OtherProtocol { uses_tls: true, .. }), "{with:?}");
    let bad = secure.args(|args| (args.tls_cert_path, args.tls_key_path) = (file("client.key"), file("client.pem")));
    let bad = error(&bad).await;
    assert!(matches!(bad, ConnectError::Tls { .. }) && bad.hint().contains("PEM"), "{bad:?}");
}
