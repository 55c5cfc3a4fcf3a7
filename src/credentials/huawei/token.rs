//! What Huawei Cloud IAM says of an auth token: until when it lives, whose it is, and for which project.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use super::keys::time;
use super::urn;
use crate::credentials::client::{Refusal, Reply};
use crate::credentials::error::SourceError;
use crate::credentials::identity::Identity;
use crate::provider::{Cloud, parse};

/// What IAM says of a token.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) expires_at: Timestamp,
    /// Whose it is, where that is said.
    pub(super) identity: Option<Identity>,
    /// The project that it is for; `None` for a token of a whole account, or of nothing yet.
    pub(super) project_id: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    token: Token,
}

#[derive(Deserialize)]
struct Token {
    expires_at: String,
    user: Option<User>,
    project: Option<Project>,
}

#[derive(Deserialize)]
struct User {
    name: Option<String>,
    domain: Option<Domain>,
}

#[derive(Deserialize)]
struct Domain {
    id: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
}

/// Reads what a response says of a token; `refused` words the refusal of one that says nothing.
pub(super) fn read(reply: &Reply, refused: impl FnOnce(&Refusal) -> SourceError) -> Result<Described, SourceError> {
    let body = reply.body(Cloud::Huawei).map_err(|refusal| refused(&refusal))?;
    described(body).ok_or_else(|| reply.lacks("token"))
}

/// Reads the same of a response that brings the token, in its header `X-Subject-Token`.
pub(super) fn brought(
    reply: &Reply,
    refused: impl FnOnce(&Refusal) -> SourceError,
) -> Result<(SecretString, Described), SourceError> {
    let described = read(reply, refused)?;
    let token = reply.header("x-subject-token").map(str::trim).filter(|token| !token.is_empty());
    Ok((token.ok_or_else(|| reply.lacks("X-Subject-Token"))?.into(), described))
}

/// Returns what a body says of a token; `None` if it says nothing of one.
fn described(body: &[u8]) -> Option<Described> {
    let Answer { token: Token { expires_at, user, project } } = parse(body)?;
    Some(Described {
        expires_at: time(&expires_at)?,
        identity: user.and_then(identity),
        project_id: project.map(|project| project.id).filter(|id| urn::is_id(id)),
    })
}

fn identity(user: User) -> Option<Identity> {
    let Domain { id, name } = user.domain.filter(|domain| urn::is_id(&domain.id))?;
    let user =
        user.name.map_or_else(|| "a user without a name".to_owned(), |user| format!("user {}", urn::name(&user)));
    Some(Identity { account_name: name.map(|name| urn::name(&name)), ..Identity::new(id, user) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Option<Described> {
        described(body.as_bytes())
    }

    #[test]
    fn a_token_is_read() {
        let body = r#"{"token": {"expires_at": "2026-11-23T05:30:00.000000Z", "methods": ["password"],
            "project": {"domain": {"id": "d1", "name": "acme"}, "id": "p1", "name": "cn-north-4"},
            "user": {"domain": {"id": "d1", "name": "acme"}, "id": "u", "name": "ops"}, "roles": []}}"#;
        let Described { expires_at, identity, project_id } = of(body).unwrap();
        assert_eq!(expires_at, "2026-11-23T05:30:00Z".parse().unwrap());
        let named = Identity { account_name: Some("acme".into()), ..Identity::new("d1", "user ops") };
        assert_eq!((identity, project_id.as_deref()), (Some(named), Some("p1")));
    }

    #[test]
    fn a_token_may_be_for_no_project_and_say_no_name() {
        let Described { identity, project_id, .. } =
            of(r#"{"token": {"expires_at": "2026-11-23T05:30:00Z", "domain": {"id": "d1"}}}"#).unwrap();
        assert_eq!((identity, project_id), (None, None));
    }

    #[test]
    fn anything_else_describes_no_token() {
        for body in ["", "[]", "{}", r#"{"token": {}}"#, r#"{"token": {"expires_at": "soon"}}"#, "<html>"] {
            assert!(of(body).is_none(), "{body}");
        }
    }
}
