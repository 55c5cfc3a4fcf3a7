//! A user's password exchanged for an auth token of the region's project, with IAM v3.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{endpoints, token};
use crate::credentials::client::{Call, Refusal};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::provider::Issued;
use crate::credentials::secret::secret_at;
use crate::credentials::surroundings::Surroundings;
use crate::error::ErrorClass;
use crate::http::Body;
use crate::plan::Password;
use crate::provider::Credentials;

/// Signs a user in.
pub(in crate::credentials) async fn fetch(around: Surroundings<'_>, user: &Password) -> Result<Issued, SourceError> {
    let secret = secret_at(&user.password, &format!("the password of {}", user.user), around.environment)?;
    let scope = match &around.account.project_id {
        Some(id) => ("id", id.as_str()),
        None => ("name", around.account.region.as_str()),
    };
    // A token of a region's own IAM is good in that region alone, which is where the project is.
    let url = format!("{}/v3/auth/tokens?nocatalog=true", endpoints::iam(around));
    let call = Call::post(&url, Body::Json(body(user, &secret, scope))).secret(&secret);
    let reply = around.clients.send(call).await?;
    let (token, described) = token::brought(&reply, |refusal| refused(refusal, user))?;
    Ok(Issued {
        expires_at: Some(described.expires_at),
        issued_at: reply.date(),
        identity: described.identity,
        is_renewable: true,
        project_id: described.project_id,
        ..Issued::new(Credentials::AuthToken(token))
    })
}

fn body(Password { domain, user, .. }: &Password, secret: &SecretString, (key, project): (&str, &str)) -> String {
    let [domain, user, secret, project] = [domain, user, secret.expose_secret(), project].map(Value::from);
    let user = format!(r#"{{"domain": {{"name": {domain}}}, "name": {user}, "password": {secret}}}"#);
    let identity = format!(r#"{{"methods": ["password"], "password": {{"user": {user}}}}}"#);
    format!(r#"{{"auth": {{"identity": {identity}, "scope": {{"project": {{"{key}": {project}}}}}}}}}"#)
}

fn refused(refusal: &Refusal, Password { domain, user, .. }: &Password) -> SourceError {
    if !matches!(refusal.class, ErrorClass::Auth | ErrorClass::Denied) {
        return refusal.error();
    }
    let words = refusal.words();
    if refusal.says("locked") {
        let message = format!("user {user} of {domain} is locked after failed sign-ins ({words})");
        return SourceError::new(Nature::Locked, message, "wait, and correct the password wherever it is used");
    }
    let hint = "check account, user and password, and that the account has the project; HUAWEI ID accounts and users \
                with MFA cannot get tokens by password";
    SourceError::new(Nature::Final, format!("user {user} of {domain} was refused ({words})"), hint)
}

#[cfg(test)]
mod tests;
