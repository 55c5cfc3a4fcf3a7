//! Which certificates are believed, and what is said when none is.

use std::fs;
use std::time::Duration;

use super::server::Service;
use super::{client, get};
use crate::transport::{Blame, TransportError};

#[tokio::test]
async fn bundles_of_other_systems_are_read() {
    let service = Service::start("127.0.0.1", b"h2", Duration::ZERO, "hello").await;
    let other = Service::start("127.0.0.1", b"h2", Duration::ZERO, "hello").await;
    let unix = service.certificate.replace("\r\n", "\n");
    let (mark, windows) = ("\u{feff}", unix.replace('\n', "\r\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bundle.pem");
    for text in [
        unix.clone(),
        windows.clone(),
        format!("{mark}{unix}"),
        format!("{mark}{windows}"),
        format!("{mark}{}{mark}{windows}", other.certificate),
        format!("# a comment\r\n{windows}"),
        unix.replace('\n', "\r"),
    ] {
        fs::write(&file, &text).unwrap();
        for (variable, path) in [("SSL_CERT_FILE", file.as_path()), ("SSL_CERT_DIR", folder.path())] {
            let client = client(&[(variable, path.to_str().unwrap())]).unwrap();
            let response = get(&client, &format!("https://{}/", service.address)).await.unwrap();
            assert_eq!(response.status, 200, "{text:?}");
        }
    }
}

#[tokio::test]
async fn who_signed_a_certificate_and_who_is_trusted_is_told() {
    let service = Service::start("127.0.0.1", b"h2", Duration::ZERO, "hello").await;
    let other = Service::start("127.0.0.1", b"h2", Duration::ZERO, "hello").await;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, &other.certificate).unwrap();
    let path = file.path().to_str().unwrap();
    let client = client(&[("SSL_CERT_FILE", path)]).unwrap();
    let error = get(&client, &format!("https://{}/", service.address)).await.unwrap_err();
    assert_eq!((error.blame, error.surely_not_sent), (Blame::Issuer, true), "{error}");
    let expected = format!("the certificate of 127.0.0.1 is signed by no CA in SSL_CERT_FILE ({path})");
    assert!(error.message.contains(&expected), "{error}");
    assert!(error.blame.hint().unwrap().contains("SSL_CERT_FILE"));
}

#[test]
fn a_place_without_certificates_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, gone) = (folder.path().join("empty.pem"), folder.path().join("gone.pem"));
    fs::write(&empty, "").unwrap();
    let [empty, gone, folder] = [&empty, &gone, folder.path()].map(|path| path.to_str().unwrap().to_owned());
    for (variable, path, trouble) in [
        ("SSL_CERT_FILE", &empty, ""),
        ("SSL_CERT_FILE", &gone, "No such file"),
        ("SSL_CERT_DIR", &folder, ""),
        ("SSL_CERT_DIR", &gone, "No such file"),
    ] {
        let error = client(&[(variable, path)]).map(drop).unwrap_err();
        assert!(matches!(error, TransportError::Certificates { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(&format!("{variable} ({path})")) && text.contains(trouble), "{text}");
        assert!(error.hint().contains("SSL_CERT_FILE"));
    }
}
