use super::*;
use crate::credentials::alibaba::tests::{Around, Capture, check_keys, keys, useless};
use crate::credentials::client::tests::server::{Answer, Received, Server, silent};

const ROLE_PATH: &str = "/latest/meta-data/ram/security-credentials/ecs-role";

/// Starts a metadata service with this role, which asks for a token or has none.
async fn service(role: &'static str, token: Option<&'static str>) -> Server {
    Server::start(move |request: &Received| match (&*request.method, &*request.target, token) {
        ("PUT", "/latest/api/token", Some(token)) => Answer::text(200, token),
        ("PUT", "/latest/api/token", None) => Answer::text(404, ""),
        (_, _, Some(token)) if request.header("x-aliyun-ecs-metadata-token") != Some(token) => Answer::text(403, ""),
        ("GET", ROLES, _) if role.is_empty() => Answer::text(404, "not found"),
        ("GET", ROLES, _) => Answer::text(200, role),
        ("GET", ROLE_PATH, _) => {
            Answer::text(200, &format!(r#"{{{}, "Code": "Success"}}"#, keys("STS.A", "2026-11-22T06:30:00Z")))
        }
        _ => Answer::text(404, ""),
    })
    .await
}

#[tokio::test]
async fn the_calls_are_those_of_the_sdk_but_for_the_second_token() {
    for (name, role) in [
        ("alimeta-Credentials--v2-discover", None),
        ("alimeta-Credentials--v2-named", Some("stopper")),
        ("alimeta-Credentials--v1-fallback", Some("stopper")),
    ] {
        let capture = Capture::of(name);
        let server = capture.server().await;
        check_keys(&fetch(Around::at(&server).lend(), role).await.unwrap());
        assert_eq!(server.calls(), capture.calls(), "{name}");
        let requests = server.requests();
        for header in ["x-aliyun-ecs-metadata-token-ttl-seconds", "content-length"] {
            assert_eq!(requests[0].header(header), capture.header(0, header), "{header} of {name}");
        }
        let header = "x-aliyun-ecs-metadata-token";
        assert_eq!(requests[1].header(header), capture.header(1, header), "{header} of {name}");
    }
}

#[tokio::test]
async fn the_name_of_the_role_may_have_a_line_break_behind_it() {
    for (role, token) in [("ecs-role", Some("t0ken==")), ("ecs-role\n", Some("t0ken==")), (" ecs-role\r\n", None)] {
        let server = service(role, token).await;
        fetch(Around::at(&server).lend(), None).await.unwrap();
        assert_eq!(server.requests().len(), 3);
    }
}

#[tokio::test]
async fn an_instance_without_a_role_is_told() {
    for capture in ["alimeta-Credentials--err-no-role"] {
        let server = Capture::of(capture).server().await;
        let error = fetch(Around::at(&server).lend(), None).await.unwrap_err();
        assert_eq!(
            (error.message(), error.nature()),
            ("no RAM role is attached to this instance (404)", Nature::Final)
        );
    }
    let server = service("ecs-role", None).await;
    let error = fetch(Around::at(&server).lend(), Some("another")).await.unwrap_err();
    assert_eq!(error.message(), "no RAM role another is attached to this instance (404)");
    let server = Capture::of("alimeta-Credentials--err-code").server().await;
    let error = fetch(Around::at(&server).lend(), Some("stopper")).await.unwrap_err();
    assert!(error.message().contains("Fail"), "{error}");
}

#[tokio::test]
async fn nothing_is_asked_without_a_token_where_that_is_forbidden() {
    let server = service("ecs-role", None).await;
    let error = fetch(Around::with(&server, &[(TOKENS_ONLY, "True")]).lend(), None).await.unwrap_err();
    assert!(error.message().contains("gives no token (404), and ALIBABA_CLOUD_IMDSV1_DISABLED is set"), "{error}");
    assert_eq!(server.calls(), ["PUT /latest/api/token"]);
    let capture = Capture::of("alimeta-Credentials--v1-disabled");
    let server = capture.server().await;
    fetch(Around::with(&server, &[(TOKENS_ONLY, "true")]).lend(), Some("stopper")).await.unwrap_err();
    assert_eq!(server.calls(), capture.calls());
}

#[tokio::test]
async fn where_nobody_answers_there_is_no_instance() {
    let (held, port) = silent().await;
    drop(held);
    let around = Around::of(&[("metadata", format!("http://127.0.0.1:{port}"))], &[]);
    let error = fetch(around.lend(), None).await.unwrap_err();
    assert!(error.message().starts_with("this is no ECS instance ("), "{error}");
    assert_eq!(error.nature(), Nature::Final);
    let elsewhere = Around::of(&[], &[("ALIBABA_CLOUD_ECS_METADATA_SERVICE_ENDPOINT", "http://192.0.2.1")]);
    let error = fetch(elsewhere.lend(), None).await.unwrap_err();
    assert!(error.message().contains("192.0.2.1 is another machine, and no metadata service"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_no_instance_either() {
    let (_held, port) = silent().await;
    let around = Around::of(&[("metadata", format!("http://127.0.0.1:{port}"))], &[]);
    let error = fetch(around.lend(), None).await.unwrap_err();
    assert_eq!(error.message(), format!("this is no ECS instance (no answer from 127.0.0.1:{port} in 2 s)"));
}

#[tokio::test]
async fn pages_of_a_portal_are_no_roles_and_no_keys() {
    for (answer, words) in useless() {
        let server = Server::start(move |_| answer.clone()).await;
        let error = fetch(Around::at(&server).lend(), None).await.unwrap_err();
        assert!(!error.message().contains("captive portal: log in"), "{words}: {error}");
    }
    let server = Server::start(|_| Answer::text(200, "please log in")).await;
    let error = fetch(Around::at(&server).lend(), None).await.unwrap_err();
    assert!(!error.message().contains("log in"), "{error}");
}
