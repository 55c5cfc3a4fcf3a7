use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;

use super::*;
use crate::credentials::alibaba::tests::{
    Around, Capture, ROLE, check_keys, in_turn, key, role_answer, sorted, useless,
};
use crate::credentials::client::signed as sign;
use crate::credentials::client::tests::server::{Answer, Server};

const NONCE: &str = "0123456789abcdef0123456789abcdef";

fn role<'a>(session: &'a RoleSession) -> RoleToAssume<'a> {
    RoleToAssume { arn: ROLE, external_id: None, session, endpoint: None }
}

fn of_token<'a>(session: &'a RoleSession, token: &'a SecretString) -> RoleOfToken<'a> {
    let provider_arn = "acs:ram::1865410598556969:oidc-provider/ack-rrsa-c1";
    RoleOfToken { arn: ROLE, provider_arn, session, token, token_words: "the OIDC token in /run/token" }
}

async fn assume(server: &Server) -> Result<Issued, SourceError> {
    assume_role(Around::at(server).lend(), &key(), role(&RoleSession::default())).await
}

async fn exchange(server: &Server, token: &str) -> Result<Issued, SourceError> {
    let (session, token) = (RoleSession::default(), token.into());
    assume_role_with_oidc(Around::at(server).lend(), of_token(&session, &token)).await
}

#[tokio::test]
async fn signed_requests_are_those_of_the_sdk() {
    let server = Server::start(|_| Answer::json(500, "")).await;
    let around = Around::at(&server);
    let session = RoleSession::default();
    for (name, api, query) in [
        ("alists-AssumeRole--sdk-v1", &ASSUME_ROLE, role_parameters(around.lend(), role(&session))),
        ("alists-AssumeRole--sdk-sts-v1", &ASSUME_ROLE, role_parameters(around.lend(), role(&session))),
        ("alists-GetCallerIdentity--sdk-v1", &GET_CALLER_IDENTITY, Vec::new()),
        ("alists-GetCallerIdentity--sdk-sts-v1", &GET_CALLER_IDENTITY, Vec::new()),
    ] {
        let capture = Capture::of(name);
        let key = capture.key();
        let call = call("https://sts.cn-hangzhou.aliyuncs.com", &key, api, query);
        let signed = sign(&call, &[], "2026-11-22T05:30:00Z".parse().unwrap(), NONCE).unwrap();
        assert_eq!(signed.method, Method::POST);
        assert_eq!(sorted(signed.url.query().unwrap()), capture.parameters(), "{name}");
        assert!(signed.body.is_empty());
        for header in ["host", "x-acs-version", "x-acs-action", "content-length"] {
            let ours = signed.headers.get(header).map(|value| value.to_str().unwrap());
            assert_eq!(ours, capture.header(0, header), "{header} of {name}");
        }
    }
}

#[tokio::test]
async fn the_answer_brings_the_keys_and_tells_whose_they_are() {
    let capture = Capture::of("alists-AssumeRole--sdk-v1");
    let issued = assume(&capture.server().await).await.unwrap();
    check_keys(&issued);
    assert_eq!(issued.identity, Some(Identity::new("1865410598556969", "role stopper, session allstop")));
}

#[tokio::test]
async fn the_session_is_as_it_was_asked_for() {
    let server = in_turn(vec![role_answer("STS.A", "2026-11-22T06:30:00Z")]).await;
    let policy = Some(r#"{"Statement":[{"Effect":"Deny"}]}"#.to_owned());
    let session = RoleSession { name: Some("mine".into()), duration: Some(Duration::from_secs(900)), policy };
    let role = RoleToAssume { external_id: Some("ext-1"), ..role(&session) };
    assume_role(Around::at(&server).lend(), &key(), role).await.unwrap();
    let sent = server.requests().remove(0).target;
    for part in [
        "RoleSessionName=mine",
        "DurationSeconds=900",
        "ExternalId=ext-1",
        "Policy=%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Deny%22%7D%5D%7D",
    ] {
        assert!(sent.contains(part), "{sent}");
    }
}

#[tokio::test]
async fn a_token_goes_in_the_body_and_nothing_is_signed() {
    let capture = Capture::of("alists-AssumeRoleWithOIDC--sdk");
    let server = capture.server().await;
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6b3BzOmFsbHN0b3AifQ.c2ln";
    let issued = exchange(&server, token).await.unwrap();
    check_keys(&issued);
    assert_eq!(issued.identity.unwrap().name, "role stopper, session allstop");
    let sent = server.requests().remove(0);
    assert!(!sent.target.contains(token) && !sent.target.contains("Signature="));
    assert_eq!(sent.header("x-acs-action"), Some("AssumeRoleWithOIDC"));
    let all = format!("{}&{}", sent.target.trim_start_matches("/?"), sent.body);
    let own = |parameter: &String| !parameter.starts_with("Timestamp=") && !parameter.starts_with("SignatureNonce=");
    let [ours, theirs] =
        [sorted(&all), capture.parameters()].map(|all| all.into_iter().filter(own).collect::<Vec<_>>());
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn an_identity_is_read_of_every_sort() {
    for (body, account_id, name) in [
        (r#"{"AccountId": "1", "Arn": "acs:ram::1:user/ops"}"#, "1", "user ops"),
        (
            r#"{"AccountId": 1865410598556969, "Arn": "acs:ram::1865410598556969:root"}"#,
            "1865410598556969",
            "root account",
        ),
        (r#"{"AccountId": "1", "Arn": "acs:ram::1:assumed-role/r/s"}"#, "1", "role r, session s"),
        (r#"{"AccountId": "1"}"#, "1", "an identity without a name"),
    ] {
        let server = in_turn(vec![Answer::json(200, body)]).await;
        let identity = caller_identity(Around::at(&server).lend(), &key()).await.unwrap();
        assert_eq!(identity, Identity::new(account_id, name));
    }
    let server = in_turn(vec![Answer::json(400, r#"{"Code": "SignatureDoesNotMatch", "Message": "no"}"#)]).await;
    let error = caller_identity(Around::at(&server).lend(), &key()).await.unwrap_err();
    assert_eq!(error.nature(), Nature::Refused);
    assert!(error.message().contains("SignatureDoesNotMatch"), "{error}");
}

#[tokio::test]
async fn a_refused_role_is_told_with_its_reason() {
    let root = "Roles may not be assumed by root accounts.";
    for (status, code, message, words, nature) in [
        (
            403,
            "NoPermission",
            "You are not authorized",
            "the key LTAI…sOps may not assume acs:ram::1865410598556969:role/stopper (NoPermission)",
            Nature::Final,
        ),
        (
            403,
            "NoPermission",
            root,
            "may not assume acs:ram::1865410598556969:role/stopper (NoPermission): a root account cannot assume roles: use a RAM user",
            Nature::Final,
        ),
        (
            404,
            "EntityNotExist.Role",
            "The specified Role not exists .",
            "role/stopper was not assumed: EntityNotExist.Role: The specified",
            Nature::Final,
        ),
        (
            400,
            "InvalidParameter.DurationSeconds",
            "The Min/Max value",
            "was not assumed: InvalidParameter.DurationSeconds: The Min",
            Nature::Final,
        ),
        (
            404,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found.",
            "refused: InvalidAccessKeyId.NotFound",
            Nature::Refused,
        ),
    ] {
        let body = serde_json::json!({"RequestId": "r", "Code": code, "Message": message}).to_string();
        let error = assume(&in_turn(vec![Answer::json(status, &body)]).await).await.unwrap_err();
        assert!(error.message().contains(words), "{words}: {error}");
        assert_eq!(error.nature(), nature, "{error}");
    }
}

#[tokio::test]
async fn a_refused_token_is_told_with_its_reason() {
    let past = BASE64URL_NOPAD.encode(br#"{"exp": 1000000000}"#);
    let jwt = format!("eyJhbGciOiJSUzI1NiJ9.{past}.c2ln");
    for (code, words) in [
        ("AuthenticationFail.OIDCToken.Expired", "the OIDC token in /run/token expired"),
        (
            "AuthenticationFail.OIDCToken.Invalid",
            "the OIDC token in /run/token was refused: AuthenticationFail.OIDCToken.Invalid",
        ),
        ("AuthenticationFail.OIDCToken.AudienceNotMatch", "is for another audience"),
        ("AuthenticationFail.NoPermission", "the OIDC token in /run/token may not assume acs:ram"),
    ] {
        let body = serde_json::json!({"Code": code, "Message": format!("no: {jwt}")}).to_string();
        let server = in_turn(vec![Answer::json(401, &body)]).await;
        let error = exchange(&server, &jwt).await.unwrap_err();
        assert!(error.message().contains(words), "{words}: {error}");
        assert!(!error.message().contains(&past), "{error}");
        assert_eq!(error.nature(), Nature::Final);
    }
}

#[tokio::test]
async fn answers_that_bring_nothing_are_passing() {
    for (answer, words) in useless() {
        let server = in_turn(vec![answer]).await;
        for error in [assume(&server).await, exchange(&server, "a.token.of-mine").await].map(Result::unwrap_err) {
            assert!(error.message().contains(words), "{words}: {error}");
            assert_eq!(error.nature(), Nature::Passing, "{error}");
        }
    }
    for (body, words) in [
        (r#"{"AccessKeyId": "STS.a", "AccessKeySecret": "hush"}"#, "no SecurityToken"),
        (r#"{"AccessKeyId": "STS.a", "AccessKeySecret": "hu\nsh", "SecurityToken": "t"}"#, "no AccessKeySecret"),
        (
            r#"{"AccessKeyId": "STS.a", "AccessKeySecret": "hush", "SecurityToken": "t", "Expiration": "soon"}"#,
            "no readable Expiration",
        ),
        (r#"{"AccessKeyId": 7}"#, "no AccessKeyId"),
    ] {
        let server = in_turn(vec![Answer::json(200, &format!(r#"{{"Credentials": {body}}}"#))]).await;
        let error = assume(&server).await.unwrap_err();
        assert!(error.message().contains(words) && !error.message().contains("hush"), "{words}: {error}");
    }
}
