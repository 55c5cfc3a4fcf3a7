use super::*;
use crate::credentials::alibaba::tests::{Around, Capture, check_keys, in_turn, key, useless};
use crate::credentials::client::tests::server::Answer;

fn sso() -> LoginService {
    LoginService::CloudSso {
        sign_in_url: "https://signin-cn-shanghai.alibabacloudsso.com/start/login".into(),
        account_id: "1865410598556969".into(),
        access_config: "ac-00abc".into(),
    }
}

fn oauth() -> LoginService {
    LoginService::OAuth { site: "CN".into() }
}

fn login(service: LoginService, token: &str) -> Login {
    Login { profile: "sso".into(), cached: None, access_token: Some((token.into(), None)), service }
}

fn soon(seconds: i64) -> Timestamp {
    SystemClock.now() + SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn one_exchange_brings_keys_as_the_sdk_does_it() {
    for (name, service, token) in [
        ("alisso-CloudCredentials--basic", sso(), "SSOACCESSTOKEN"),
        ("alioauth-Exchange--basic", oauth(), "OAUTHACCESS"),
        ("alioauth-Exchange--lower-case-keys", oauth(), "OAUTHACCESS"),
    ] {
        let capture = Capture::of(name);
        let server = capture.server().await;
        check_keys(&fetch(Around::at(&server).lend(), &login(service, token)).await.unwrap());
        assert_eq!(server.calls(), capture.calls(), "{name}");
        let sent = server.requests().remove(0);
        for header in ["authorization", "content-type"] {
            assert_eq!(sent.header(header), capture.header(0, header), "{header} of {name}");
        }
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        assert_eq!(json(&sent.body), json(capture.body(0)), "{name}");
    }
}

#[tokio::test]
async fn cached_keys_are_used_while_they_live() {
    let server = in_turn(vec![Answer::json(500, "")]).await;
    let cached = Some((key(), soon(600)));
    let issued = fetch(Around::at(&server).lend(), &Login { cached, ..login(sso(), "t") }).await.unwrap();
    assert_eq!(issued.credentials.principal(), key().principal());
    assert!(issued.expires_at.is_some() && issued.is_renewable);
    assert!(server.requests().is_empty());
    let cached = Some((key(), soon(-1)));
    assert!(fetch(Around::at(&server).lend(), &Login { cached, ..login(sso(), "t") }).await.is_err());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_login_that_is_over_names_the_command_that_renews_it() {
    let expired =
        Answer::json(401, r#"{"error": "expired_token", "error_description": "The access token is expired."}"#);
    let server = in_turn(vec![expired]).await;
    let over = Some(("hush".into(), Some("2026-11-22T18:00:00Z".parse().unwrap())));
    for (login, words, requests) in [
        (Login { access_token: None, ..login(sso(), "") }, "the CloudSSO login of profile sso expired: run", 0),
        (login(oauth(), "hush-token"), "the OAuth login of profile sso expired: run", 1),
        (Login { access_token: over, ..login(sso(), "") }, "expired at 2026-11-22 18:00 UTC: run", 1),
    ] {
        // The clock of this test's machine may be before that hour.
        if words.contains("18:00") && SystemClock.now() < "2026-11-22T18:00:00Z".parse().unwrap() {
            continue;
        }
        let error = fetch(Around::at(&server).lend(), &login).await.unwrap_err();
        assert!(error.message().contains(words), "{words}: {error}");
        assert!(error.message().ends_with("aliyun configure --profile sso"), "{error}");
        assert_eq!(error.nature(), Nature::Final);
        assert_eq!(server.requests().len(), requests);
    }
}

#[tokio::test]
async fn answers_that_bring_nothing_are_passing() {
    for (answer, words) in useless() {
        let server = in_turn(vec![answer]).await;
        for service in [sso(), oauth()] {
            let error = fetch(Around::at(&server).lend(), &login(service, "hush-token")).await.unwrap_err();
            assert!(error.message().contains(words), "{words}: {error}");
            assert_eq!(error.nature(), Nature::Passing, "{error}");
        }
    }
}

#[test]
fn the_origin_of_a_sign_in_url_is_asked() {
    for (url, origin) in [
        (
            "https://signin-cn-shanghai.alibabacloudsso.com/start/login",
            Some("https://signin-cn-shanghai.alibabacloudsso.com"),
        ),
        ("signin.example/start?x", Some("https://signin.example")),
        ("http://127.0.0.1:8080/x", Some("http://127.0.0.1:8080")),
        ("", None),
    ] {
        assert_eq!(origin_of(url).ok().as_deref(), origin, "{url}");
    }
}
