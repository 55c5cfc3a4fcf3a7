pub(in crate::credentials) mod server;

use http::Method;

use super::*;
use crate::base::environment::Environment;
use crate::credentials::Nature;
use crate::http::{Api, Body, Hosts, Product, Signature};
use crate::provider::{Cloud, Credentials};
use server::{Answer, Server};

const API: Api = Api::new(&Product { name: "sts", hosts: Hosts::ProductFirst }, "Do", "2015-04-01", Signature::RpcV1);
static DO: Api = API;

fn clients() -> Clients {
    Clients::new(Environment::default())
}

fn key() -> Credentials {
    let token = Some("CAISsecurity+token/of==".into());
    Credentials::AccessKey { id: "my-key-id".into(), secret: "my-secret-key".into(), security_token: token }
}

async fn signed(server: &Server) -> Result<Reply, crate::credentials::SourceError> {
    let endpoint = server.url("");
    let call = SignedCall {
        api: &DO,
        endpoint: &endpoint,
        method: Method::POST,
        path: "/",
        query: vec![("A", "b c".to_owned())],
        body: Body::Empty,
        credentials: &key(),
    };
    clients().send_signed(&call).await
}

#[tokio::test]
async fn a_request_that_is_not_signed_has_what_it_is_given() {
    let server = Server::start(|_| Answer::json(200, r#"{"A": "b", "C": {"A": "d"}}"#)).await;
    let url = server.url("/x?q=1");
    let form = Body::Form(vec![("t", "a b".to_owned()), ("a", "+".to_owned())]);
    let call = Call::post(&url, form).header("x-idp-id", "idp").bearer(&"hush-hush".into());
    let reply = clients().send(call).await.unwrap();
    let object = reply.object(Cloud::Alibaba, &["A", "C"]).unwrap();
    assert_eq!((object.text("A"), object.object("C").unwrap().text("A")), (Some("b"), Some("d")));
    assert!(reply.date().is_some());
    let [sent] = &server.requests()[..] else { panic!() };
    assert_eq!((&*sent.method, &*sent.target, &*sent.body), ("POST", "/x?q=1", "a=%2B&t=a+b"));
    assert_eq!(sent.header("authorization"), Some("Bearer hush-hush"));
    assert_eq!(sent.header("x-idp-id"), Some("idp"));
    assert_eq!(sent.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert!(sent.header("user-agent").unwrap().starts_with("allstop/"));
}

#[tokio::test]
async fn what_a_service_repeats_is_not_shown() {
    let server = Server::start(|_| {
        let said = "my-secret-key CAISsecurity%2Btoken%2Fof%3D%3D my-key-id LTAI5tSomebodyElse";
        Answer::json(403, &serde_json::json!({"Code": "NoPermission", "Message": said}).to_string())
    })
    .await;
    let reply = signed(&server).await.unwrap();
    let refusal = reply.object(Cloud::Alibaba, &[]).unwrap_err();
    let error = refusal.error();
    assert_eq!(error.nature(), Nature::Final);
    for secret in ["my-secret", "CAIS", "my-key-id", "LTAI5tSomebodyElse"] {
        assert!(!error.message().contains(secret), "{error}");
    }
    assert!(error.message().contains("NoPermission: ") && error.message().contains("LTAI…Else"), "{error}");
}

#[tokio::test]
async fn a_request_is_dated_by_the_service_once_it_refuses_the_date() {
    let theirs = "Sun, 22 Nov 2026 05:30:00 GMT";
    let server = Server::start(move |request| {
        if request.target.contains("Timestamp=2026-11-22T05%3A30") {
            return Answer::json(200, "{}").header("date", theirs);
        }
        Answer::json(400, r#"{"Code": "InvalidTimeStamp.Expired", "Message": "late"}"#).header("date", theirs)
    })
    .await;
    assert!(signed(&server).await.unwrap().object(Cloud::Alibaba, &[]).is_ok());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn responses_that_are_none_say_what_they_are() {
    for (answer, words, nature) in [
        (Answer::html(200, "<html>captive"), "answered with HTML (a proxy or captive portal?)", Nature::Passing),
        (Answer::html(403, "<html>captive"), "answered with HTML (a proxy or captive portal?)", Nature::Passing),
        (Answer::json(200, ""), "answered with an empty response", Nature::Passing),
        (Answer::json(200, "\0\u{fffd}{not json"), "answered with a response that is not JSON", Nature::Passing),
        (Answer::json(200, r#"{"Credentials": {"Acc"#), "answered with a truncated JSON response", Nature::Passing),
        (Answer::json(302, "{}"), "answered with a redirect, not followed", Nature::Passing),
        (Answer::json(503, r#"{"Code": "x", "Message": "busy"}"#), "failed with 503: x: busy", Nature::Passing),
        (Answer::json(429, r#"{"Code": "Throttling.User"}"#), "failed with 429: Throttling.User", Nature::Passing),
        (Answer::json(400, r#"{"Code": "SignatureDoesNotMatch"}"#), "refused: SignatureDoesNotMatch", Nature::Refused),
        (Answer::json(404, r#"{"Code": "EntityNotExist.Role"}"#), "refused: EntityNotExist.Role", Nature::Final),
        (Answer::json(403, r#"{"Code": "InternalError"}"#), "refused: InternalError", Nature::Final),
    ] {
        let server = Server::start(move |_| answer.clone()).await;
        let reply = signed(&server).await.unwrap();
        let error = reply.object(Cloud::Alibaba, &[]).unwrap_err().error();
        assert!(error.message().contains(words), "{words}: {error}");
        assert!(error.message().starts_with(&format!("127.0.0.1:{} ", server.port())), "{error}");
        assert_eq!(error.nature(), nature, "{error}");
    }
}

#[tokio::test]
async fn long_responses_and_broken_connections_are_passing() {
    let server = Server::start(|_| Answer::json(200, &" ".repeat((64 << 10) + 1))).await;
    let error = signed(&server).await.err().unwrap();
    assert!(error.message().contains("64 KiB"), "{error}");
    let gone = Server::start(|_| Answer::cut("{\"Credentials\"")).await;
    let error = signed(&gone).await.err().unwrap();
    assert!(error.message().contains("cut off"), "{error}");
    assert_eq!(error.nature(), Nature::Passing);
}

#[tokio::test]
async fn plain_http_stays_on_this_machine() {
    let error = clients().send(Call::new(Method::GET, "http://192.0.2.1/creds?token=hush")).await.err().unwrap();
    assert!(error.message().contains("192.0.2.1 is another machine") && !error.message().contains("hush"), "{error}");
    assert_eq!(error.nature(), Nature::Final);
    for url in ["ftp://127.0.0.1/", "127.0.0.1", ""] {
        assert_eq!(clients().send(Call::new(Method::GET, url)).await.err().unwrap().nature(), Nature::Final, "{url}");
    }
}

#[tokio::test]
async fn a_header_with_a_line_break_is_not_sent_and_not_shown() {
    let error =
        clients().send(Call::new(Method::GET, "http://127.0.0.1:1/").bearer(&"a\nhush".into())).await.err().unwrap();
    assert!(error.message().contains("authorization") && !error.message().contains("hush"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_told_by_its_length() {
    let (_held, port) = server::silent().await;
    let url = format!("http://127.0.0.1:{port}/");
    let error = clients().send(Call::new(Method::GET, &url).metadata()).await.err().unwrap();
    assert_eq!(error.message(), format!("no answer from 127.0.0.1:{port} in 2 s"));
}
