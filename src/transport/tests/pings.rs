//! Signs of life of HTTP/2 connections.

use std::time::Duration;

use super::get;
use super::server::{Forgetful, Service};
use crate::transport::HttpTransport;
use crate::transport::host::{PING_AFTER, PING_TIMEOUT};

/// A service that is this slow, behind something forgetful, and a client for it.
async fn scene(latency: Duration) -> (Service, Forgetful, HttpTransport, String) {
    let service = Service::start("127.0.0.1", b"h2", latency, "hello").await;
    let forgetful = Forgetful::start(service.address).await;
    let certificate = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&certificate, &service.certificate).unwrap();
    let environment = [("SSL_CERT_FILE", certificate.path().to_str().unwrap())].into_iter().collect();
    let long = Duration::from_secs(600);
    let client = HttpTransport::in_environment(&environment, long, long).unwrap();
    let url = format!("https://{}/", forgetful.address);
    (service, forgetful, client, url)
}

#[tokio::test]
async fn a_dead_connection_is_found_out_long_before_the_timeout() {
    let (service, forgetful, client, url) = scene(Duration::ZERO).await;
    assert_eq!(get(&client, &url).await.unwrap().status, 200);
    forgetful.forget();
    let error = get(&client, &url).await.unwrap_err();
    assert!(!error.surely_not_sent, "{error}");
    assert_eq!(error.message, "the connection broke before a response: no response to an HTTP/2 ping");
    assert_eq!(get(&client, &url).await.unwrap().status, 200);
    assert_eq!(service.connections(), 2);
}

#[tokio::test]
async fn a_slow_service_that_answers_pings_is_waited_for() {
    let (service, _forgetful, client, url) = scene(PING_AFTER + PING_TIMEOUT * 2).await;
    assert_eq!(get(&client, &url).await.unwrap().status, 200);
    assert_eq!(service.connections(), 1);
}
