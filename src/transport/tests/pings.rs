//! Signs of life of HTTP/2 connections.

use std::time::Duration;

use tokio::time::Instant;

use super::server::{Forgetful, Service};
use super::{client, get};

#[tokio::test(start_paused = true)]
async fn a_dead_connection_is_found_out_in_seconds_and_a_slow_service_is_waited_for() {
    for (latency, is_forgotten) in [(50, true), (8000, false)] {
        let service = Service::start("127.0.0.1", b"h2", Duration::from_millis(latency), "hello").await;
        let forgetful = Forgetful::start(service.address).await;
        let certificate = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&certificate, &service.certificate).unwrap();
        let client = client(&[("SSL_CERT_FILE", certificate.path().to_str().unwrap())]).unwrap();
        let url = format!("https://{}/", forgetful.address);
        assert_eq!(get(&client, &url).await.unwrap().status, 200);
        if is_forgotten {
            forgetful.forget();
            let began = Instant::now();
            let error = get(&client, &url).await.unwrap_err();
            assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
            assert!(!error.surely_not_sent, "{error}");
            assert_eq!(error.message, "the connection broke before an answer: an HTTP/2 ping was not answered");
        }
        assert_eq!(get(&client, &url).await.unwrap().status, 200);
        assert_eq!(service.connections(), if is_forgotten { 2 } else { 1 });
    }
}
