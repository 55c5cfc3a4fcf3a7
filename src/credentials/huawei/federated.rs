//! An OIDC token exchanged for a federated token, and that for keys, with IAM v3.0.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::agency::SECURITY_TOKENS;
use super::id_token::IdToken;
use super::{endpoints, keys, token};
use crate::credentials::client::{Call, Refusal};
use crate::credentials::error::SourceError;
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::http::Body;

/// How long the keys are to live, in seconds: as the official SDK asks.
const SECONDS: u32 = 21600;

/// Exchanges the OIDC token of an identity provider for keys.
pub(in crate::credentials) async fn fetch(
    around: Surroundings<'_>,
    idp_id: &str,
    id_token: IdToken<'_>,
) -> Result<Issued, SourceError> {
    let iam = endpoints::iam(around);
    let url = format!("{iam}/v3.0/OS-AUTH/id-token/tokens");
    let jwt = id_token.read(around)?;
    let call = Call::post(&url, Body::Json(by_jwt(&jwt))).header("x-idp-id", idp_id).secret(&jwt);
    let reply = around.clients.send(call).await?;
    let (unscoped, described) = token::brought(&reply, |refusal| id_token.refused(&jwt, refusal, &reply))?;

    let url = format!("{iam}{SECURITY_TOKENS}");
    let reply = around.clients.send(Call::post(&url, Body::Json(by_token(&unscoped))).secret(&unscoped)).await?;
    let issued = keys::read(&reply, Refusal::error)?;
    Ok(Issued { identity: described.identity, ..issued })
}

fn by_jwt(jwt: &SecretString) -> String {
    format!(r#"{{"auth": {{"id_token": {{"id": {}}}}}}}"#, Value::from(jwt.expose_secret()))
}

fn by_token(token: &SecretString) -> String {
    let token = format!(r#"{{"id": {}, "duration_seconds": {SECONDS}}}"#, Value::from(token.expose_secret()));
    format!(r#"{{"auth": {{"identity": {{"methods": ["token"], "token": {token}}}}}}}"#)
}

#[cfg(test)]
mod tests;
