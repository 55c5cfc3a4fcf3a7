use super::*;
use crate::credentials::Nature;
use crate::credentials::alibaba::tests::{ROLE, in_turn, role_answer};
use crate::credentials::client::tests::server::{Answer, silent};
use crate::plan::{AssumedRole, CredentialNames, CredentialSource, Role, RoleSession};

fn account(cloud: Cloud, endpoints: &[(&str, String)], credentials: CredentialSource) -> Account {
    let mut account = Account { credentials, ..Account::in_region(cloud, "cn-hangzhou".to_owned()) };
    account.endpoints.extend(endpoints.iter().map(|(name, url)| ((*name).to_owned(), url.clone())));
    account
}

fn role_of(source: CredentialSource) -> CredentialSource {
    let role = Role::Alibaba { arn: ROLE.to_owned(), external_id: None, session: RoleSession::default() };
    CredentialSource::Role(Box::new(AssumedRole { role, source }))
}

fn of_variables() -> CredentialSource {
    let (access_key_id, access_key_secret) = (Some("A".to_owned()), Some("B".to_owned()));
    CredentialSource::Env(CredentialNames { access_key_id, access_key_secret, ..CredentialNames::default() })
}

#[tokio::test]
async fn a_role_is_assumed_in_the_name_of_the_run() {
    let server = in_turn(vec![role_answer("STS.A", "2999-01-01T00:00:00Z")]).await;
    let environment = [("A", "LTAI5tOps"), ("B", "hush-of-ops")].into_iter().collect();
    let provider = SystemProvider::new(environment).session("allstop-run 1");
    let account = account(Cloud::Alibaba, &[("sts", server.url(""))], role_of(of_variables()));
    let issued = provider.issue(&account).await.unwrap();
    assert_eq!(issued.identity.unwrap().account_id, "1865410598556969");
    assert!(issued.is_renewable);
    assert!(server.requests()[0].target.contains("RoleSessionName=allstop-run-1&"));
    assert!(provider.project(&account, &Issued::new(issued.credentials)).await.unwrap().is_none());
    assert!(provider.source(&account).unwrap().contains("stopper"));
}

#[tokio::test]
async fn an_error_names_the_account_and_a_refusal_is_not_asked_again() {
    let refused = Answer::json(400, r#"{"Code": "SignatureDoesNotMatch", "Message": "no"}"#);
    let server = in_turn(vec![refused]).await;
    let environment = [("A", "LTAI5tOps"), ("B", "hush-of-ops")].into_iter().collect();
    let provider = SystemProvider::new(environment);
    let account = account(Cloud::Alibaba, &[("sts", server.url(""))], of_variables());
    let key = provider.credentials(&account).await.unwrap();
    let error = provider.identify(&account, &key).await.unwrap_err();
    assert_eq!((error.account(), error.nature()), ("alibaba", Nature::Refused));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn without_any_source_it_is_told_what_was_tried() {
    let (held, port) = silent().await;
    drop(held);
    let (home, nowhere) = (tempfile::tempdir().unwrap(), format!("http://127.0.0.1:{port}"));
    let variables = [("HOME", home.path().to_str().unwrap()), ("USERPROFILE", home.path().to_str().unwrap())];
    for cloud in Cloud::ALL {
        let provider = SystemProvider::new(variables.into_iter().collect());
        let account = account(cloud, &[("metadata", nowhere.clone())], CredentialSource::Default);
        let error = provider.issue(&account).await.unwrap_err();
        assert_eq!(error.nature(), Nature::Absent, "{error}");
        let text = error.to_string();
        assert!(text.starts_with(&format!("no credentials for {cloud}.")), "{text}");
        assert!(text.contains("the metadata service: this is no ECS instance ("), "{text}");
        assert!(text.contains(cloud.key_variables()[0]), "{text}");
    }
}
