//! TLS: what lets a client in, and what is told otherwise.

use allstop::environment::Environment;
use allstop_temporal::cli::ConnectionArgs;
use allstop_temporal::client::{ConnectError, Settings, connect};

use crate::harness::{Clients, Secure, Server};

async fn connected(args: ConnectionArgs) -> Result<(), ConnectError> {
    connect(&Settings::load(&args, &Environment::default()).unwrap(), "test").await.map(|_| ())
}

/// Connects in vain for a reason of TLS, and returns the hint.
async fn hint(args: ConnectionArgs) -> String {
    let error = connected(args).await.unwrap_err();
    assert!(matches!(error, ConnectError::Tls { .. }), "{error:?}");
    error.hint().into_owned()
}

#[tokio::test]
async fn who_trusts_the_ca_or_any_certificate_is_let_in() {
    let Some(server) = Server::shared() else { return };
    let secure = Secure::start(server, Clients::Any).await;
    let args = secure.connection();
    connected(args.clone()).await.unwrap();
    connected(ConnectionArgs { api_key: Some("key".to_owned().into()), ..args.clone() }).await.unwrap();
    let any = ConnectionArgs { tls_server_name: None, tls_disable_host_verification: Some(true), ..args };
    connected(any.clone()).await.unwrap();
    connected(ConnectionArgs { tls_ca_path: None, ..any }).await.unwrap();
}

#[tokio::test]
async fn who_does_not_trust_the_server_is_told_the_option_that_helps() {
    let Some(server) = Server::shared() else { return };
    let secure = Secure::start(server, Clients::Any).await;
    let args = secure.connection();
    let unknown = ConnectionArgs { tls_ca_path: None, tls: Some(true), ..args.clone() };
    assert!(hint(unknown).await.contains("--tls-ca-path"));
    let other_name = ConnectionArgs { tls_server_name: None, ..args.clone() };
    assert!(hint(other_name).await.contains("--tls-server-name"));
    let error = connected(ConnectionArgs { tls: Some(false), ..args }).await.unwrap_err();
    assert!(matches!(error, ConnectError::OtherProtocol { uses_tls: false, .. }), "{error:?}");
    assert!(error.hint().contains("--tls"), "{}", error.hint());
}

#[tokio::test]
async fn a_server_may_want_a_client_certificate() {
    let Some(server) = Server::shared() else { return };
    let secure = Secure::start(server, Clients::WithCertificate).await;
    let with = |certificate: &str, key: &str| ConnectionArgs {
        tls_cert_path: Some(secure.file(certificate)),
        tls_key_path: Some(secure.file(key)),
        ..secure.connection()
    };
    connected(with("client.pem", "client.key")).await.unwrap();
    assert!(hint(secure.connection()).await.contains("--tls-cert-path"));
    assert!(hint(with("client.key", "client.pem")).await.contains("PEM"));
}
