//! What goes through a proxy, and what is said when it does not.

use std::time::Duration;

use super::server::{Service, proxy};
use super::{client, get};
use crate::error::ErrorClass;
use crate::transport::Blame;

/// Writes a certificate to a file of its own.
fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test]
async fn requests_go_through_it_to_names_and_addresses_of_both_sorts() {
    for (host, version) in [("127.0.0.1", b"h2".as_slice()), ("127.0.0.1", b"http/1.1"), ("::1", b"h2")] {
        let service = Service::start(host, version, Duration::ZERO, "hello").await;
        let (proxy, mut heads) = proxy(200).await;
        let certificate = file(&service.certificate);
        let proxy = format!("http://me:s3cret@{proxy}");
        let variables = [("SSL_CERT_FILE", certificate.path().to_str().unwrap()), ("HTTPS_PROXY", proxy.as_str())];
        let client = client(&variables).unwrap();
        for _ in 0..3 {
            let response = get(&client, &format!("https://{}/", service.address)).await.unwrap();
            assert_eq!((response.status, &response.body[..]), (200, b"hello".as_slice()));
        }
        let head = heads.recv().await.unwrap();
        assert!(head.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", service.address)), "{head}");
        assert!(head.contains("Proxy-Authorization: Basic bWU6czNjcmV0\r\n"), "{head}");
        assert!(heads.try_recv().is_err(), "one connection serves all three");
    }
}

#[tokio::test]
async fn a_proxy_that_leads_nowhere_is_named_with_its_status_and_without_its_password() {
    let service = Service::start("127.0.0.1", b"h2", Duration::ZERO, "hello").await;
    let certificate = file(&service.certificate);
    let gone = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    for (status, blame) in [(407, Blame::ProxyLogin), (403, Blame::Proxy), (502, Blame::Proxy), (0, Blame::Proxy)] {
        let address = if status == 0 { gone } else { proxy(status).await.0 };
        let variable = format!("http://me:s3cret@{address}");
        let variables = [("SSL_CERT_FILE", certificate.path().to_str().unwrap()), ("HTTPS_PROXY", variable.as_str())];
        let error = get(&client(&variables).unwrap(), &format!("https://{}/", service.address)).await.unwrap_err();
        assert_eq!((error.class, error.blame, error.surely_not_sent), (ErrorClass::Network, blame, true), "{error}");
        let what = match status {
            0 => format!("cannot reach the proxy {address}: "),
            status => format!("the proxy {address} returned {status} for CONNECT"),
        };
        assert!(error.message.starts_with(&format!("no connection: {what}")), "{error}");
        assert!(!error.message.contains("s3cret"), "{error}");
        assert!(error.blame.hint().unwrap().contains("HTTPS_PROXY"));
    }
    assert_eq!(service.connections(), 0);
}
