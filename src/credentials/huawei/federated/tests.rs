use super::*;
use crate::credentials::client::tests::server::Answer;
use crate::credentials::error::Nature;
use crate::credentials::huawei::tests::{Around, Capture, DOMAIN, JWT, check_keys, in_turn, useless};
use crate::credentials::identity::Identity;

const TOKEN: &str = r#"{"token": {"expires_at": "2026-11-23T05:30:00Z"}}"#;

#[tokio::test]
async fn a_token_is_exchanged_twice() {
    let mut capture = Capture::of("iam-Federated--id-token");
    capture.requests.truncate(2);
    let server = capture.server().await;
    let issued = fetch(Around::at(&server).lend(), "cce", IdToken::Given(&JWT.into())).await.unwrap();
    capture.check(&server.requests());
    assert_eq!(
        server.requests()[1].body,
        r#"{"auth": {"identity": {"methods": ["token"], "token": {"id": "MIIunscoped", "duration_seconds": 21600}}}}"#
    );
    check_keys(&issued);
    let named = Identity { account_name: Some("acme".into()), ..Identity::new(DOMAIN, "user FederationUser") };
    assert_eq!(issued.identity, Some(named));
}

#[tokio::test]
async fn a_refused_token_says_why() {
    let server = Capture::of("iam-Federated--err-401").server().await;
    let error = fetch(Around::at(&server).lend(), "cce", IdToken::Given(&JWT.into())).await.unwrap_err();
    let wanted = "the OIDC token has expired (401: The ID token is expired)";
    assert_eq!((error.message(), error.nature()), (wanted, Nature::Final));
}

#[tokio::test]
async fn a_refused_second_step_shows_no_token() {
    let body = r#"{"error": {"code": 401, "message": "The token MIIunscopedtoken is not valid."}}"#;
    let brought = Answer::json(201, TOKEN).header("x-subject-token", "MIIunscopedtoken");
    let server = in_turn(vec![brought, Answer::json(401, body)]).await;
    let error = fetch(Around::at(&server).lend(), "cce", IdToken::Given(&JWT.into())).await.unwrap_err();
    assert!(error.message().contains("is not valid") && !error.message().contains("MII"), "{error}");
}

#[tokio::test]
async fn useless_answers_are_passing_at_both_steps() {
    for (answer, word) in useless() {
        let brought = Answer::json(201, TOKEN).header("x-subject-token", "MII");
        let mut servers = vec![in_turn(vec![answer.clone()]).await];
        // The server cuts all connections or none.
        if word != "cut off" {
            servers.push(in_turn(vec![brought, answer]).await);
        }
        for server in servers {
            let error = fetch(Around::at(&server).lend(), "cce", IdToken::Given(&JWT.into())).await.unwrap_err();
            assert!(error.message().contains(word), "{word}: {error}");
            assert_eq!(error.nature(), Nature::Passing, "{error}");
        }
    }
    let server = in_turn(vec![Answer::json(201, TOKEN)]).await;
    let error = fetch(Around::at(&server).lend(), "cce", IdToken::Given(&JWT.into())).await.unwrap_err();
    assert!(error.message().ends_with("has no X-Subject-Token"), "{error}");
}
