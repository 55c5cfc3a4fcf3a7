//! An OIDC token exchanged for the keys of an agency, with STS v5.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::agency::sts;
use super::id_token::IdToken;
use super::{keys, session};
use crate::credentials::client::Call;
use crate::credentials::error::SourceError;
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::http::Body;
use crate::plan::RoleSession;

/// Assumes an agency with an OIDC token.
pub(in crate::credentials) async fn fetch(
    around: Surroundings<'_>,
    agency_urn: &str,
    provider_urn: &str,
    token: IdToken<'_>,
    session: &RoleSession,
) -> Result<Issued, SourceError> {
    let url = format!("{}/v5/agencies/assume-with-oidc", sts(around)?);
    let id_token = token.read(around)?;
    let name = session::name(session, around);
    let body = body(agency_urn, provider_urn, &id_token, &name, session);
    let reply = around.clients.send(Call::post(&url, Body::Json(body)).secret(&id_token)).await?;
    keys::read(&reply, |refusal| token.refused(&id_token, refusal, &reply))
}

fn body(agency: &str, provider: &str, token: &SecretString, name: &str, session: &RoleSession) -> String {
    let [agency, provider, token, name] = [agency, provider, token.expose_secret(), name].map(Value::from);
    let seconds = session::seconds(session.duration);
    let policy = session.policy.as_deref().map(|policy| format!(r#", "policy": {}"#, Value::from(policy)));
    let policy = policy.unwrap_or_default();
    let names = format!(r#""provider_urn": {provider}, "agency_urn": {agency}, "agency_session_name": {name}"#);
    format!(r#"{{{names}, "id_token": {token}, "duration_seconds": {seconds}{policy}}}"#)
}

#[cfg(test)]
mod tests;
