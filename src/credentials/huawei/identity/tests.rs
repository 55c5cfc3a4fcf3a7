use super::*;
use crate::credentials::client::tests::server::{Answer, Server};
use crate::credentials::huawei::ask::tests::signed_at;
use crate::credentials::huawei::tests::{Around, Capture, DOMAIN, PROJECT, in_turn, key, temporary, useless};

const NOW: &str = "2026-11-22T05:30:00Z";

#[test]
fn requests_are_the_sdk_s_byte_for_byte() {
    let capture = Capture::of("iam-KeystoneListAuthDomains--empty-then-caller-identity");
    let [domains, caller] = &capture.requests[..] else { panic!() };
    let ask = Ask::get(&IAM_API, "https://iam.cn-north-4.myhuaweicloud.com", "/v3/auth/domains");
    domains.check(&signed_at(ask, &capture.key(), NOW));
    let ask = || Ask::get(&STS_API, "https://sts.cn-north-4.myhuaweicloud.com", "/v5/caller-identity");
    caller.check(&signed_at(ask(), &capture.key(), NOW));
    for name in ["sdk", "sdk-sts"] {
        let capture = Capture::of(&format!("hwsts-GetCallerIdentity--{name}"));
        // The SDK's client says more than its core.
        let ask = ask().header(("x-project-id", PROJECT)).header(("content-type", "application/json"));
        capture.requests[0].check(&signed_at(ask, &capture.key(), NOW));
    }
}

#[tokio::test]
async fn sts_tells_whose_a_key_is() {
    let capture = Capture::of("hwsts-GetCallerIdentity--sdk-sts");
    let server = capture.server().await;
    let identity = identify(Around::at(&server).lend(), &capture.key()).await.unwrap();
    capture.check(&server.requests());
    assert_eq!(identity, Identity::new(DOMAIN, "user ops"));

    let server = in_turn(vec![Answer::json(200, r#"{"account_id": "d1"}"#)]).await;
    let identity = identify(Around::at(&server).lend(), &key()).await.unwrap();
    assert_eq!(identity, Identity::new("d1", "the key HWOP…0001"));
}

#[tokio::test]
async fn iam_tells_it_where_sts_does_not() {
    let domains = || Capture::of("iam-KeystoneListAuthDomains--auto").requests.remove(0).answer();
    let named = Identity { account_name: Some("acme".into()), ..Identity::new(DOMAIN, "the key HWOP…0001") };
    let no_api = r#"{"error_code": "APIGW.0101", "error_msg": "The API does not exist"}"#;
    let server = in_turn(vec![Answer::json(404, no_api), domains()]).await;
    assert_eq!(identify(Around::at(&server).lend(), &key()).await.unwrap(), named);
    assert_eq!(server.calls(), ["GET /v5/caller-identity", "GET /v3/auth/domains"]);

    let server = in_turn(vec![domains()]).await;
    let mut around = Around::at(&server);
    around.account.region = "eu-west-101".into();
    around.account.endpoints.remove("sts");
    assert_eq!(identify(around.lend(), &key()).await.unwrap(), named);

    let server = in_turn(vec![Answer::json(404, no_api), Answer::json(200, r#"{"domains": [], "links": {}}"#)]).await;
    let error = identify(Around::at(&server).lend(), &key()).await.unwrap_err();
    assert_eq!((error.message(), error.nature()), ("Huawei Cloud does not tell whose HWOP…0001 is", Nature::Final));
}

#[tokio::test]
async fn a_token_tells_whose_it_is_and_for_which_project() {
    let token = Credentials::AuthToken("MIIexampletoken".into());
    let capture = Capture::of("iam-KeystoneValidateToken--sdk");
    let server = capture.server().await;
    let mut around = Around::at(&server);
    let identity = identify(around.lend(), &token).await.unwrap();
    let named = Identity { account_name: Some("acme".into()), ..Identity::new(DOMAIN, "user ops") };
    assert_eq!(identity, named);
    let [sent] = &server.requests()[..] else { panic!() };
    assert_eq!((&*sent.method, &*sent.target), ("GET", "/v3/auth/tokens?nocatalog=true"));
    for name in ["x-auth-token", "x-subject-token"] {
        assert_eq!(sent.header(name), Some("MIIexampletoken"));
    }
    assert_eq!(sent.header("authorization"), None);

    around.account.project_id = Some(PROJECT.into());
    assert_eq!(identify(around.lend(), &token).await.unwrap(), named);
    around.account.project_id = Some("another".into());
    let error = identify(around.lend(), &token).await.unwrap_err();
    let wanted = format!("the auth token is for project {PROJECT}, and project_id is another");
    assert_eq!((error.message(), error.nature()), (&*wanted, Nature::Wrong));
}

#[tokio::test]
async fn refusals_are_told_without_the_key() {
    for (name, words, nature) in [
        ("ak", "ak:LTAI…Exam,err:ak not exist", Nature::Refused),
        ("locked", "Huawei Cloud has locked LTAI…Exam for 5 minutes after failed sign-ins", Nature::Locked),
    ] {
        let capture = Capture::of(&format!("hwsts-GetCallerIdentity--err-401-APIGW.0301-{name}"));
        let server = capture.server().await;
        let error = identify(Around::at(&server).lend(), &capture.key()).await.unwrap_err();
        assert!(error.message().contains(words) && !error.message().contains("LTAI5t"), "{error}");
        assert_eq!(error.nature(), nature, "{error}");
    }
    let dead = Answer::json(401, r#"{"error_code": "APIGW.0307", "error_msg": "The token must be updated"}"#);
    let server = in_turn(vec![dead]).await;
    let error = identify(Around::at(&server).lend(), &Credentials::AuthToken("MII".into())).await.unwrap_err();
    assert_eq!(error.nature(), Nature::Refused, "{error}");
}

#[tokio::test]
async fn a_request_is_dated_by_the_cloud_once_it_refuses_the_date() {
    let expired = Capture::of("hwsts-GetCallerIdentity--err-401-APIGW.0301-expired");
    let told = Capture::of("hwsts-GetCallerIdentity--sdk").requests.remove(0).answer();
    let late = expired.requests[0].answer();
    let server = Server::start(move |request| {
        let is_dated = request.header("x-sdk-date").is_some_and(|date| date.starts_with("20261122T0530"));
        if is_dated { told.clone() } else { late.clone() }
    })
    .await;
    assert!(identify(Around::at(&server).lend(), &key()).await.is_ok());
    assert_eq!(server.requests().len(), 2);

    let server = expired.server().await;
    let error = identify(Around::at(&server).lend(), &key()).await.unwrap_err();
    assert!(error.message().starts_with("this machine's clock is "), "{error}");
    assert_eq!((error.nature(), server.requests().len()), (Nature::Final, 2));
}

#[tokio::test]
async fn a_dead_temporary_key_is_refused_once() {
    let body = r#"{"error_code": "APIGW.0301", "error_msg": "calc ak sk signature fail:signature expired"}"#;
    let server = in_turn(vec![Answer::json(401, body)]).await;
    let error = identify(Around::at(&server).lend(), &temporary()).await.unwrap_err();
    assert!(error.message().starts_with("the temporary key HSTE…0001 has expired"), "{error}");
    assert_eq!((error.nature(), server.requests().len()), (Nature::Refused, 1));
}

#[tokio::test]
async fn useless_answers_are_passing() {
    for (answer, word) in useless() {
        for credentials in [key(), Credentials::AuthToken("MII".into())] {
            let answer = answer.clone();
            let server = Server::start(move |_| answer.clone()).await;
            let error = identify(Around::at(&server).lend(), &credentials).await.unwrap_err();
            assert!(error.message().contains(word), "{word}: {error}");
            assert_eq!(error.nature(), Nature::Passing, "{error}");
        }
    }
}
