use super::*;
use crate::credentials::client::tests::server::{Answer, Server};
use crate::credentials::huawei::ask::tests::signed_at;
use crate::credentials::huawei::tests::{Around, Capture, DOMAIN, PROJECT, check_keys, key, temporary, useless};
use crate::credentials::identity::Identity;
use crate::provider::Credentials;

const NOW: &str = "2026-11-22T05:30:00Z";

fn by_the_name() -> Role {
    Role::Agency { agency: "stopper".into(), domain: Domain::Name("acme".into()), duration: None }
}

fn by_its_urn() -> Role {
    let urn = format!("iam::{DOMAIN}:agency:stopper");
    let session = RoleSession { name: Some("allstop".into()), ..RoleSession::default() };
    Role::AgencyUrn { urn, external_id: Some("ext-1".into()), session }
}

async fn refused(role: &Role, keys: Credentials, answer: Answer) -> SourceError {
    let server = Server::start(move |_| answer.clone()).await;
    assume(Around::at(&server).lend(), &Issued::new(keys), role).await.unwrap_err()
}

#[test]
fn requests_are_the_sdk_s_byte_for_byte() {
    let of = |name: &str| Capture::of(&format!("iam-CreateTemporaryAccessKeyByAgency--{name}"));
    for (capture, domain) in
        [(of("domain-name"), Domain::Name("acme".into())), (of("domain-id-sts"), Domain::Id(DOMAIN.into()))]
    {
        let body = by_name("stopper", &domain, 3600);
        let ask = ask_iam("https://iam.cn-north-4.myhuaweicloud.com", body, Some(DOMAIN));
        capture.requests[0].check(&signed_at(ask, &capture.key(), NOW));
    }
    let Role::AgencyUrn { urn, external_id, session } = by_its_urn() else { unreachable!() };
    for name in ["hwsts-AssumeAgency--sdk", "hwsts-AssumeAgency--sdk-sts"] {
        let capture = Capture::of(name);
        let body = by_urn(&urn, external_id.as_deref(), &session, Around::default().lend());
        // The SDK's client names a project, which STS has no use for.
        let ask = ask_sts("https://sts.cn-north-4.myhuaweicloud.com", body).header(("x-project-id", PROJECT));
        capture.requests[0].check(&signed_at(ask, &capture.key(), NOW));
    }
}

#[tokio::test]
async fn an_agency_s_keys_are_read() {
    let capture = Capture::of("iam-CreateTemporaryAccessKeyByAgency--domain-name");
    let server = capture.server().await;
    let issued = assume(Around::at(&server).lend(), &Issued::new(key()), &by_the_name()).await.unwrap();
    capture.check(&server.requests());
    check_keys(&issued);
    assert_eq!(issued.identity, None);

    let capture = Capture::of("hwsts-AssumeAgency--sdk-sts");
    let server = capture.server().await;
    let issued = assume(Around::at(&server).lend(), &Issued::new(temporary()), &by_its_urn()).await.unwrap();
    capture.check(&server.requests());
    check_keys(&issued);
    assert_eq!(issued.identity, Some(Identity::new(DOMAIN, "agency stopper, session allstop")));
}

#[tokio::test]
async fn the_account_of_the_keys_is_told_where_it_is_known() {
    let server = Capture::of("iam-CreateTemporaryAccessKeyByAgency--domain-name").server().await;
    let issued = Issued { identity: Some(Identity::new("d2", "user ops")), ..Issued::new(key()) };
    assume(Around::at(&server).lend(), &issued, &by_the_name()).await.unwrap();
    assume(Around::at(&server).lend(), &Issued::new(Credentials::AuthToken("MII".into())), &by_the_name())
        .await
        .unwrap();
    let [signed, with_token] = &server.requests()[..] else { panic!() };
    assert_eq!(signed.header("x-domain-id"), Some("d2"));
    assert!(
        signed.header("authorization").unwrap().contains("SignedHeaders=content-type;host;x-domain-id;x-sdk-date,")
    );
    assert_eq!((with_token.header("x-auth-token"), with_token.header("authorization")), (Some("MII"), None));
}

#[test]
fn a_session_may_be_narrowed() {
    let session = RoleSession { policy: Some(r#"{"Version":"5.0"}"#.into()), ..RoleSession::default() };
    let body = by_urn("u", None, &session, Around::default().lend());
    let wanted = r#"{"duration_seconds": 3600, "policy": "{\"Version\":\"5.0\"}", "agency_urn": "u", "agency_session_name": "allstop-run"}"#;
    assert_eq!(body, wanted);
}

#[tokio::test]
async fn a_refusal_says_who_may_not_assume_what() {
    let body = r#"{"error": {"code": 403, "message": "You have no right to do this action", "title": "Forbidden"}}"#;
    let error = refused(&by_the_name(), key(), Answer::json(403, body)).await;
    let wanted = "HWOP…0001 may not assume agency stopper of acme (403: You have no right to do this action)";
    assert_eq!((error.message(), error.nature()), (wanted, Nature::Final));
    assert!(error.hint().contains("Agent Operator"), "{}", error.hint());

    let body = r#"{"error_msg": "access denied: ...", "error_code": "PAP5.0001", "request_id": "r", "encoded_authorization_message": "ENC=="}"#;
    let error = refused(&by_its_urn(), key(), Answer::json(403, body)).await;
    let wanted = format!("HWOP…0001 may not assume iam::{DOMAIN}:agency:stopper (PAP5.0001: access denied: ...)");
    assert_eq!(error.message(), wanted);

    let body = r#"{"error": {"code": 404, "message": "Could not find agency", "title": "Not Found"}}"#;
    let error = refused(&by_the_name(), key(), Answer::json(404, body)).await;
    assert_eq!(error.message(), "there is no agency stopper of acme (404: Could not find agency)");
}

#[tokio::test]
async fn refused_keys_are_told_from_refused_agencies() {
    let gateway = |text: &str| {
        let text = format!("Incorrect IAM authentication information: {text}");
        Answer::json(401, &serde_json::json!({"error_code": "APIGW.0301", "error_msg": text}).to_string())
    };
    let unknown = gateway("Get secretKey failed,ak:HWOPSACCESSKEY000001,err:ak not exist");
    let error = refused(&by_the_name(), key(), unknown).await;
    assert_eq!(error.nature(), Nature::Refused);
    assert!(error.message().contains("ak:HWOP…0001,err:ak not exist"), "{error}");
    assert!(!error.message().contains("HWOPSACCESSKEY000001"), "{error}");

    let error = refused(&by_the_name(), key(), gateway("AK access failed to reach the limit,forbidden.")).await;
    let wanted = "Huawei Cloud has locked HWOP…0001 for 5 minutes after failed sign-ins";
    assert_eq!((error.message(), error.nature()), (wanted, Nature::Locked));

    let expired = "calc ak sk signature fail:signature expired";
    let error = refused(&by_the_name(), temporary(), gateway(expired)).await;
    assert_eq!(error.nature(), Nature::Refused);
    assert!(error.message().starts_with("the temporary key HSTE…0001 has expired (APIGW.0301: "), "{error}");
}

#[tokio::test]
async fn useless_answers_are_passing() {
    for (answer, word) in useless() {
        for role in [by_the_name(), by_its_urn()] {
            let error = refused(&role, key(), answer.clone()).await;
            assert!(error.message().contains(word), "{word}: {error}");
            assert_eq!(error.nature(), Nature::Passing, "{error}");
        }
    }
}

#[tokio::test]
async fn a_role_or_a_region_that_cannot_be_is_told_before_anything_is_sent() {
    let arn = "acs:ram::1:role/r".to_owned();
    let role = Role::Alibaba { arn, external_id: None, session: RoleSession::default() };
    let mut around = Around::default();
    let error = assume(around.lend(), &Issued::new(key()), &role).await.unwrap_err();
    assert_eq!(error.message(), "acs:ram::1:role/r is a role of Alibaba Cloud");
    around.account.region = "eu-west-101".into();
    let error = assume(around.lend(), &Issued::new(key()), &by_its_urn()).await.unwrap_err();
    assert_eq!(error.message(), "Huawei Cloud has no STS in eu-west-101");
}
