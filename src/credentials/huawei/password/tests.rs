use super::*;
use crate::base::environment::Environment;
use crate::credentials::client::tests::server::{Answer, Server};
use crate::credentials::huawei::tests::{Around, Capture, DOMAIN, PROJECT, useless};
use crate::credentials::identity::Identity;
use crate::plan::SecretAt;

const SECRET: &str = "p@ss w+rd%\"é";

fn user() -> Password {
    Password { domain: "acme".into(), user: "ops".into(), password: SecretAt::Env("PW".into()) }
}

fn around(server: &Server, password: &str) -> Around {
    let mut around = Around::new(Environment::from_iter([("PW", password)]));
    around.account.endpoints.insert("iam".into(), server.url(""));
    around
}

#[tokio::test]
async fn a_user_is_signed_in_to_the_project() {
    for (name, project_id) in [("sdk-project-name", None), ("keystoneauth-project-id", Some(PROJECT))] {
        let capture = Capture::of(&format!("iam-KeystoneCreateUserTokenByPassword--{name}"));
        let server = capture.server().await;
        let mut around = around(&server, &format!("{SECRET}\n"));
        around.account.project_id = project_id.map(str::to_owned);
        let issued = fetch(around.lend(), &user()).await.unwrap();
        let [sent] = &server.requests()[..] else { panic!() };
        let json = |body: &str| serde_json::from_str::<Value>(body).unwrap();
        assert_eq!(json(&sent.body), json(capture.requests[0].body()));
        assert_eq!((&*sent.target, sent.header("authorization")), ("/v3/auth/tokens?nocatalog=true", None));

        let Credentials::AuthToken(token) = &issued.credentials else { panic!("keys") };
        assert_eq!(token.expose_secret(), "MIIexampletoken");
        assert_eq!(issued.expires_at, Some("2026-11-23T05:30:00Z".parse().unwrap()));
        let named = Identity { account_name: Some("acme".into()), ..Identity::new(DOMAIN, "user ops") };
        assert_eq!((issued.identity, issued.project_id.as_deref()), (Some(named), Some(PROJECT)));
        assert!(issued.is_renewable);
    }
}

#[tokio::test]
async fn a_refused_password_says_what_cannot_sign_in() {
    for (name, words, nature) in [
        ("err-401", "user ops of acme was refused (401: The username or password is wrong.)", Nature::Final),
        (
            "err-401-locked",
            "user ops of acme is locked after failed sign-ins (401: The account is locked.)",
            Nature::Locked,
        ),
    ] {
        let server = Capture::of(&format!("iam-KeystoneCreateUserTokenByPassword--{name}")).server().await;
        let error = fetch(around(&server, SECRET).lend(), &user()).await.unwrap_err();
        assert_eq!((error.message(), error.nature()), (words, nature));
        assert_eq!(error.hint().contains("MFA"), nature == Nature::Final);
    }
    let server = Capture::of("iam-KeystoneCreateUserTokenByPassword--err-429").server().await;
    assert_eq!(fetch(around(&server, SECRET).lend(), &user()).await.unwrap_err().nature(), Nature::Passing);
}

#[tokio::test]
async fn a_password_is_in_a_file_or_a_variable_and_nowhere_else() {
    let server = Server::start(|_| Answer::json(400, &format!(r#"{{"message": "no {}"}}"#, "hush-password"))).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "hush-password\n").unwrap();
    let of_file = Password { password: SecretAt::File(path), ..user() };
    let error = fetch(around(&server, "").lend(), &of_file).await.unwrap_err();
    assert!(server.requests()[0].body.contains(r#""password": "hush-password"}"#));
    assert!(!error.message().contains("hush"), "{error}");

    let error = fetch(around(&server, "").lend(), &user()).await.unwrap_err();
    assert_eq!(error.message(), "PW, which is to hold the password of ops, is not set");
    let of_file = Password { password: SecretAt::File(folder.path().join("none")), ..user() };
    let error = fetch(around(&server, "").lend(), &of_file).await.unwrap_err();
    assert!(error.message().starts_with("the password of ops: "), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn useless_answers_are_passing() {
    for (answer, word) in useless() {
        let server = Server::start(move |_| answer.clone()).await;
        let error = fetch(around(&server, SECRET).lend(), &user()).await.unwrap_err();
        assert!(error.message().contains(word), "{word}: {error}");
        assert_eq!(error.nature(), Nature::Passing, "{error}");
    }
}
