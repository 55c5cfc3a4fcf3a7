use super::*;
use crate::credentials::client::tests::server::Answer;
use crate::credentials::huawei::ask::tests::signed_at;
use crate::credentials::huawei::tests::{Around, Capture, PROJECT, in_turn, key, useless};
use crate::credentials::identity::Identity;

async fn found(name: &str, issued: &Issued) -> Result<String, SourceError> {
    let capture = Capture::of(&format!("iam-KeystoneListProjects--{name}"));
    let server = capture.server().await;
    let found = find(Around::at(&server).lend(), issued).await;
    capture.check(&server.requests());
    found
}

#[test]
fn requests_are_the_sdk_s_byte_for_byte() {
    for name in ["auto", "auto-sts"] {
        let capture = Capture::of(&format!("iam-KeystoneListProjects--{name}"));
        let ask = Ask::get(&IAM_API, "https://iam.cn-north-4.myhuaweicloud.com", "/v3/projects");
        let ask = ask.parameter("name", "cn-north-4");
        capture.requests[0].check(&signed_at(ask, &capture.key(), "2026-11-22T05:30:00Z"));
    }
}

#[tokio::test]
async fn one_project_is_the_region_s() {
    assert_eq!(found("auto", &Issued::new(key())).await.unwrap(), PROJECT);
}

#[tokio::test]
async fn none_several_and_a_refusal_are_told() {
    let nobody = Issued::new(key());
    let error = found("auto-none", &nobody).await.unwrap_err();
    assert_eq!(error.message(), "no project cn-north-4 in the account of HWOP…0001; is the region right?");
    let mut identity = Identity::new("d1", "user ops");
    let error = found("auto-none", &Issued { identity: Some(identity.clone()), ..nobody.clone() }).await.unwrap_err();
    assert_eq!(error.message(), "no project cn-north-4 in account d1; is the region right?");
    identity.account_name = Some("acme".into());
    let named = Issued { identity: Some(identity), ..nobody };
    let error = found("auto-two", &named).await.unwrap_err();
    assert_eq!(error.message(), "several projects cn-north-4 in account acme: p1, p2");
    assert!(error.hint().contains("project_id"));
    let error = found("auto-403", &named).await.unwrap_err();
    assert_eq!(error.message(), "the key may not list projects (iam:projects:listProjects): write project_id");
    assert_eq!(error.nature(), Nature::Final);
}

#[tokio::test]
async fn what_is_known_is_not_asked() {
    let known = Issued { project_id: Some("p".into()), ..Issued::new(key()) };
    assert_eq!(find(Around::default().lend(), &known).await.unwrap(), "p");

    let token = Issued::new(Credentials::AuthToken("MII".into()));
    let server = Capture::of("iam-KeystoneValidateToken--sdk").server().await;
    assert_eq!(find(Around::at(&server).lend(), &token).await.unwrap(), PROJECT);
    assert_eq!(server.calls(), ["GET /v3/auth/tokens"]);

    let unscoped = Answer::json(200, r#"{"token": {"expires_at": "2026-11-23T05:30:00Z"}}"#);
    let listed =
        Answer::json(200, r#"{"projects": [{"id": "x", "name": "another"}, {"id": "p2", "name": "cn-north-4"}]}"#);
    let server = in_turn(vec![unscoped, listed]).await;
    assert_eq!(find(Around::at(&server).lend(), &token).await.unwrap(), "p2");
    assert_eq!(server.calls(), ["GET /v3/auth/tokens", "GET /v3/projects"]);
}

#[tokio::test]
async fn useless_answers_are_passing() {
    for (answer, word) in useless() {
        let server = in_turn(vec![answer]).await;
        let error = find(Around::at(&server).lend(), &Issued::new(key())).await.unwrap_err();
        assert!(error.message().contains(word), "{word}: {error}");
        assert_eq!(error.nature(), Nature::Passing, "{error}");
    }
}
