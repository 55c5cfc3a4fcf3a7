use super::*;
use crate::credentials::client::tests::server::{Answer, Server};
use crate::credentials::error::Nature;
use crate::credentials::huawei::tests::{Around, Capture, JWT, check_keys, useless};

async fn ask(server: &Server) -> Result<Issued, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, format!("{JWT}\n")).unwrap();
    fetch(Around::default().lend(), &server.url("/v1/credentials"), &path).await
}

#[tokio::test]
async fn the_token_is_sent_as_it_is() {
    let capture = Capture::of("hwpod-Credentials--basic");
    let server = capture.server().await;
    let issued = ask(&server).await.unwrap();
    capture.check(&server.requests());
    check_keys(&issued);
    assert_eq!(issued.identity, None);
}

#[tokio::test]
async fn a_refusal_shows_no_token() {
    let body = format!(r#"{{"error": {{"code": 401, "message": "not {JWT}"}}}}"#);
    let server = Server::start(move |_| Answer::json(401, &body)).await;
    let error = ask(&server).await.unwrap_err();
    assert!(!error.message().contains("eyJ"), "{error}");
    assert_eq!(error.nature(), Nature::Final);
    assert!(error.hint().contains("service account"), "{}", error.hint());
}

#[tokio::test]
async fn useless_answers_are_passing() {
    for (answer, word) in useless() {
        let server = Server::start(move |_| answer.clone()).await;
        let error = ask(&server).await.unwrap_err();
        assert!(error.message().contains(word), "{word}: {error}");
        assert_eq!(error.nature(), Nature::Passing, "{error}");
    }
}
