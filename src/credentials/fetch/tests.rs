use super::*;
use crate::credentials::alibaba::tests::{Around, ROLE, in_turn, key, role_answer};
use crate::credentials::client::tests::server::{Answer, Server};
use crate::credentials::guess::Guess;
use crate::credentials::links::Links;
use crate::credentials::source::Keys;
use crate::plan::{CredentialUri, RoleSession};

const LATER: &str = "2999-01-01T00:00:00Z";

fn of_key() -> Source {
    Source::Keys(Keys {
        credentials: key(),
        expires_at: None,
        is_renewable: false,
        project_id: Some("project".to_owned()),
        iam_endpoint: Some("iam.example".to_owned()),
    })
}

fn role_of(source: Source) -> Source {
    let role = Role::Alibaba { arn: ROLE.to_owned(), external_id: None, session: RoleSession::default() };
    Source::Role(role, Box::new(RoleBase { source, endpoint: None }))
}

async fn ask(server: &Server, links: &Links, source: &Source) -> Result<Issued, SourceError> {
    fetch(source, Around::at(server).lend(), Chain { links, shared: "s", guess: &Guess::default(), tried: &[] }).await
}

/// Returns which keys signed the requests that a server got.
fn signers(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let parameter =
        |target: &str| target.split('&').find_map(|part| part.split_once("AccessKeyId=")).unwrap().1.to_owned();
    requests.iter().map(|sent| parameter(&sent.target)).collect()
}

#[tokio::test]
async fn keys_are_what_they_are() {
    let server = in_turn(vec![Answer::json(500, "")]).await;
    let issued = ask(&server, &Links::default(), &of_key()).await.unwrap();
    assert_eq!((issued.project_id.as_deref(), issued.is_renewable), (Some("project"), false));
    assert_eq!(iam_endpoint(&role_of(of_key())), Some("iam.example"));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_chain_is_renewed_from_the_first_link_that_is_over() {
    let server = in_turn(vec![
        role_answer("STS.FIRST", LATER),
        role_answer("STS.SECOND", LATER),
        role_answer("STS.THIRD", LATER),
    ])
    .await;
    let (links, chain) = (Links::default(), role_of(role_of(of_key())));
    ask(&server, &links, &chain).await.unwrap();
    let issued = ask(&server, &links, &chain).await.unwrap();
    assert!(issued.project_id.is_none());
    assert_eq!(signers(&server), ["LTAI5tOpsOpsOpsOps", "STS.FIRST", "STS.FIRST"]);
}

#[tokio::test]
async fn a_link_that_is_over_or_refused_is_assumed_again() {
    let over = in_turn(vec![role_answer("STS.FIRST", "2020-01-01T00:00:00Z"), role_answer("STS.SECOND", LATER)]).await;
    let (links, chain) = (Links::default(), role_of(role_of(of_key())));
    ask(&over, &links, &chain).await.unwrap();
    ask(&over, &links, &chain).await.unwrap();
    assert_eq!(signers(&over), ["LTAI5tOpsOpsOpsOps", "STS.FIRST", "LTAI5tOpsOpsOpsOps", "STS.SECOND"]);

    let refused = in_turn(vec![
        role_answer("STS.FIRST", LATER),
        role_answer("STS.SECOND", LATER),
        Answer::json(400, r#"{"Code": "InvalidSecurityToken.Expired", "Message": "expired"}"#),
        role_answer("STS.THIRD", LATER),
    ])
    .await;
    let links = Links::default();
    ask(&refused, &links, &chain).await.unwrap();
    ask(&refused, &links, &chain).await.unwrap();
    assert_eq!(signers(&refused), ["LTAI5tOpsOpsOpsOps", "STS.FIRST", "STS.FIRST", "LTAI5tOpsOpsOpsOps", "STS.THIRD"]);
}

#[tokio::test]
async fn the_keys_of_a_url_assume_a_role_more_than_once() {
    let keys = role_answer("STS.ANY", LATER);
    let vended = Answer::json(
        200,
        r#"{"AccessKeyId": "STS.URL", "AccessKeySecret": "s", "SecurityToken": "t", "Expiration": "2999-01-01T00:00:00Z"}"#,
    );
    let server =
        Server::start(move |request| if request.method == "GET" { vended.clone() } else { keys.clone() }).await;
    let uri = CredentialUri { url: server.url("/creds"), insecure_http: false };
    let (links, chain) = (Links::default(), role_of(Source::Uri(uri)));
    ask(&server, &links, &chain).await.unwrap();
    ask(&server, &links, &chain).await.unwrap();
    assert_eq!(server.calls(), ["GET /creds", "POST /", "POST /"]);
}

#[tokio::test]
async fn a_token_is_read_of_its_file_each_time() {
    let server = in_turn(vec![role_answer("STS.A", LATER)]).await;
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    let (role_arn, provider_arn) = (ROLE.to_owned(), "acs:ram::1:oidc-provider/ack".to_owned());
    let session = RoleSession::default();
    let source = Source::Oidc(Oidc::Alibaba { role_arn, provider_arn, token_file: token_file.clone(), session });
    for token in ["one.id.token", "next.id.token"] {
        std::fs::write(&token_file, format!("{token}\n")).unwrap();
        ask(&server, &Links::default(), &source).await.unwrap();
        assert!(server.requests().last().unwrap().body.contains(&format!("OIDCToken={token}&")));
    }
}

#[tokio::test]
async fn another_key_is_another_chain() {
    let server = in_turn(vec![role_answer("STS.A", LATER)]).await;
    let links = Links::default();
    let chain_of = |id: &str| {
        let credentials = Credentials::AccessKey { id: id.to_owned(), secret: "hush".into(), security_token: None };
        let (expires_at, is_renewable, project_id, iam_endpoint) = (None, false, None, None);
        role_of(role_of(Source::Keys(Keys { credentials, expires_at, is_renewable, project_id, iam_endpoint })))
    };
    ask(&server, &links, &chain_of("one")).await.unwrap();
    ask(&server, &links, &chain_of("two")).await.unwrap();
    assert_eq!(signers(&server), ["one", "STS.A", "two", "STS.A"]);
}
