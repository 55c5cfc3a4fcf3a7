use secrecy::SecretString;

use super::*;
use crate::credentials::client::tests::server::{Answer, Server};
use crate::credentials::error::Nature;
use crate::credentials::huawei::tests::{Around, Capture, DOMAIN, JWT, check_keys, useless};
use crate::credentials::identity::Identity;

async fn ask(server: &Server, token: IdToken<'_>) -> Result<Issued, SourceError> {
    let session = RoleSession { name: Some("allstop".into()), ..RoleSession::default() };
    let [agency, provider] = ["agency:stopper", "oidc-provider:cce"].map(|name| format!("iam::{DOMAIN}:{name}"));
    fetch(Around::at(server).lend(), &agency, &provider, token, &session).await
}

#[tokio::test]
async fn a_token_is_exchanged() {
    let capture = Capture::of("hwsts-AssumeAgencyWithOIDC--sdk");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, format!("{JWT}\n")).unwrap();
    let given = SecretString::from(JWT);
    for token in [IdToken::File(&path), IdToken::Given(&given)] {
        let server = capture.server().await;
        let issued = ask(&server, token).await.unwrap();
        let [sent] = &server.requests()[..] else { panic!() };
        assert_eq!((&*sent.method, &*sent.target), ("POST", "/v5/agencies/assume-with-oidc"));
        // The SDK's provider orders the fields like this; it has two policies besides.
        let wanted = format!(
            r#"{{"provider_urn": "iam::{DOMAIN}:oidc-provider:cce", "agency_urn": "iam::{DOMAIN}:agency:stopper", "agency_session_name": "allstop", "id_token": "{JWT}", "duration_seconds": 3600}}"#
        );
        assert_eq!(sent.body, wanted);
        assert_eq!(sent.header("authorization"), None);
        check_keys(&issued);
        assert_eq!(issued.identity, Some(Identity::new(DOMAIN, "agency stopper, session allstop")));
    }
}

#[tokio::test]
async fn a_refused_token_says_why() {
    let token = SecretString::from(JWT);
    for (status, body, words) in [
        (
            401,
            r#"{"error_code": "PAP5.0101", "error_msg": "id token expired"}"#,
            "the OIDC token has expired (PAP5.0101: id token expired)",
        ),
        (
            401,
            r#"{"error_code": "PAP5.0100", "error_msg": "invalid id token"}"#,
            "the OIDC token is refused (PAP5.0100: invalid id token)",
        ),
        (
            403,
            r#"{"error_code": "PAP5.0001", "error_msg": "access denied"}"#,
            "the OIDC token may not assume the agency (PAP5.0001: access denied)",
        ),
    ] {
        let server = Server::start(move |_| Answer::json(status, body)).await;
        let error = ask(&server, IdToken::Given(&token)).await.unwrap_err();
        assert_eq!((error.message(), error.nature()), (words, Nature::Final));
    }
    let echo = format!(r#"{{"error_code": "PAP5.0100", "error_msg": "invalid id token {JWT}"}}"#);
    let server = Server::start(move |_| Answer::json(401, &echo)).await;
    let error = ask(&server, IdToken::Given(&token)).await.unwrap_err();
    assert!(!error.message().contains("eyJ"), "{error}");
}

#[tokio::test]
async fn an_expired_token_is_named_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    // {"exp":1790000000}, which is before the date of the response.
    std::fs::write(&path, "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3OTAwMDAwMDB9.c2ln").unwrap();
    let refused = Answer::json(401, r#"{"error_code": "PAP5.0101", "error_msg": "id token expired"}"#);
    let refused = refused.header("date", "Sun, 22 Nov 2026 05:30:00 GMT");
    let server = Server::start(move |_| refused.clone()).await;
    let error = ask(&server, IdToken::File(&path)).await.unwrap_err();
    assert!(error.message().starts_with(&format!("the OIDC token in {} ", path.display())), "{error}");
    assert!(error.message().contains("expired") && error.nature() == Nature::Final, "{error}");
}

#[tokio::test]
async fn a_token_that_is_not_there_is_not_sent() {
    let server = Server::start(|_| Answer::json(200, "{}")).await;
    let error = ask(&server, IdToken::File(std::path::Path::new("/nowhere/token"))).await.unwrap_err();
    assert!(error.message().starts_with("the OIDC token: "), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn useless_answers_are_passing() {
    let token = SecretString::from(JWT);
    for (answer, word) in useless() {
        let server = Server::start(move |_| answer.clone()).await;
        let error = ask(&server, IdToken::Given(&token)).await.unwrap_err();
        assert!(error.message().contains(word), "{word}: {error}");
        assert_eq!(error.nature(), Nature::Passing, "{error}");
    }
}
