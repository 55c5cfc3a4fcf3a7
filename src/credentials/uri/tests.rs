use super::*;
use crate::credentials::alibaba::tests::{Around, Capture, in_turn, keys, useless};
use crate::credentials::client::tests::server::Answer;

fn uri(url: String) -> CredentialUri {
    CredentialUri { url, insecure_http: false }
}

#[tokio::test]
async fn keys_come_from_the_url_as_it_is_written() {
    let body = format!(r#"{{{}, "Code": "Success"}}"#, keys("STS.A", "2026-11-22T06:30:00Z"));
    let server = in_turn(vec![Answer::json(200, &body)]).await;
    let issued = fetch(Around::at(&server).lend(), &uri(server.url("/creds/stop?team=a+b&x=1"))).await.unwrap();
    assert_eq!(issued.expires_at, Some("2026-11-22T06:30:00Z".parse().unwrap()));
    assert!(issued.is_renewable && issued.issued_at.is_some());
    let sent = server.requests().remove(0);
    assert_eq!((&*sent.method, &*sent.target), ("GET", "/creds/stop?team=a+b&x=1"));
}

#[tokio::test]
async fn neither_the_query_nor_the_answer_is_shown() {
    let refused = Answer::json(403, r#"{"Code": "Denied", "Message": "no team=hush-hush-hush-hush here"}"#);
    let without = Answer::json(200, r#"{"Code": "Success"}"#);
    let others = useless().into_iter().filter(|(_, words)| *words != "no ");
    for (answer, words) in others.chain([(refused, "Denied"), (without, "answered with JSON without access_key_id")]) {
        let server = in_turn(vec![answer]).await;
        let url = server.url("/creds?team=hush-hush-hush-hush");
        let error = fetch(Around::at(&server).lend(), &uri(url)).await.unwrap_err();
        assert!(!error.message().contains("hush") && error.message().contains(words), "{words}: {error}");
    }
}

#[tokio::test]
async fn another_machine_is_not_asked_over_plain_http() {
    let server = in_turn(vec![Answer::json(200, "{}")]).await;
    let error = fetch(Around::at(&server).lend(), &uri("http://192.0.2.1/creds".to_owned())).await.unwrap_err();
    assert!(error.hint().contains("insecure_http"), "{error}");
}

#[tokio::test]
async fn it_asks_as_the_sdk_does_and_takes_what_the_sdk_takes() {
    for (name, is_taken) in [("aliuri-Credentials--basic", true), ("aliuri-Credentials--err-code", false)] {
        let capture = Capture::of(name);
        let server = capture.server().await;
        let target = capture.calls()[0].split_once(' ').unwrap().1.to_owned();
        let result = fetch(Around::at(&server).lend(), &uri(server.url(&target))).await;
        assert_eq!(result.is_ok(), is_taken, "{name}");
        assert_eq!(server.requests().len(), 1);
    }
}
