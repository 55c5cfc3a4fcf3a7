//! Whose keys or tokens these are.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::ask::{Ask, IAM_API, STS_API, refused, shown};
use super::token::Described;
use super::{endpoints, token, urn};
use crate::credentials::client::{Clients, Reply};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::identity::Identity;
use crate::credentials::surroundings::Surroundings;
use crate::provider::{Cloud, Credentials, parse};

/// Asks whose credentials these are.
pub(in crate::credentials) async fn identify(
    around: Surroundings<'_>,
    credentials: &Credentials,
) -> Result<Identity, SourceError> {
    match credentials {
        Credentials::AccessKey { .. } => match caller(around, credentials).await? {
            Some(identity) => Ok(identity),
            None => domain(around, credentials).await,
        },
        Credentials::AuthToken(token) => {
            let Described { identity, project_id, .. } = describe(around, credentials, token).await?;
            match (&around.account.project_id, project_id) {
                (Some(wanted), Some(found)) if *wanted != found => {
                    let message = format!("the auth token is for project {found}, and project_id is {wanted}");
                    Err(SourceError::new(Nature::Wrong, message, "get a token for the project, or correct project_id"))
                }
                _ => identity.ok_or_else(|| unknown(credentials)),
            }
        }
    }
}

/// Asks IAM about an auth token.
pub(super) async fn describe(
    around: Surroundings<'_>,
    credentials: &Credentials,
    token: &SecretString,
) -> Result<Described, SourceError> {
    let endpoint = endpoints::iam(around);
    let ask = Ask::get(&IAM_API, &endpoint, "/v3/auth/tokens").parameter("nocatalog", "true");
    let reply = ask.header(("x-subject-token", token.expose_secret())).send(around, credentials).await?;
    token::read(&reply, |refusal| refused(refusal, credentials))
}

#[derive(Deserialize)]
struct Caller {
    account_id: String,
    principal_urn: Option<String>,
}

/// Asks STS; `None` where there is none.
async fn caller(around: Surroundings<'_>, keys: &Credentials) -> Result<Option<Identity>, SourceError> {
    let Some(endpoint) = endpoints::sts(around) else { return Ok(None) };
    let reply = match Ask::get(&STS_API, &endpoint, "/v5/caller-identity").send(around, keys).await {
        Ok(reply) if reply.status() == 404 => return Ok(None),
        Ok(reply) => reply,
        Err(error) if error.nature() == Nature::Passing && !Clients::resolves(&endpoint).await => return Ok(None),
        Err(error) => return Err(error),
    };
    let body = reply.body(Cloud::Huawei).map_err(|refusal| refused(&refusal, keys))?;
    let caller = parse::<Caller>(body).filter(|caller| urn::is_id(&caller.account_id));
    let Caller { account_id, principal_urn } = caller.ok_or_else(|| reply.lacks("account id"))?;
    let named = principal_urn.and_then(|urn| urn::identity(&urn));
    if named.as_ref().is_some_and(|named| named.account_id != account_id) {
        return Err(unknown(keys));
    }
    let name = named.map_or_else(|| format!("the key {}", shown(keys)), |named| named.name);
    Ok(Some(Identity { told_at: reply.date(), ..Identity::new(account_id, name) }))
}

#[derive(Deserialize)]
struct Domains {
    domains: Vec<Domain>,
}

#[derive(Deserialize)]
struct Domain {
    id: String,
    name: Option<String>,
}

/// Asks IAM for the accounts that a key may enter: its own.
async fn domain(around: Surroundings<'_>, keys: &Credentials) -> Result<Identity, SourceError> {
    let endpoint = endpoints::iam(around);
    let reply = Ask::get(&IAM_API, &endpoint, "/v3/auth/domains").send(around, keys).await?;
    let domain = first(&reply, keys)?.ok_or_else(|| unknown(keys))?;
    let account_name = domain.name.map(|name| urn::name(&name));
    Ok(Identity { account_name, told_at: reply.date(), ..Identity::new(domain.id, format!("the key {}", shown(keys))) })
}

fn first(reply: &Reply, keys: &Credentials) -> Result<Option<Domain>, SourceError> {
    let body = reply.body(Cloud::Huawei).map_err(|refusal| refused(&refusal, keys))?;
    let Domains { domains } = parse(body).ok_or_else(|| reply.lacks("list of accounts"))?;
    // A list of two does not say whose the key is.
    let mut domains = domains.into_iter();
    let only = domains.next().filter(|domain| urn::is_id(&domain.id));
    Ok(only.filter(|_| domains.next().is_none()))
}

fn unknown(credentials: &Credentials) -> SourceError {
    let message = format!("Huawei Cloud does not tell whose {} is", shown(credentials));
    SourceError::new(Nature::Final, message, "set endpoints.sts to an STS that the account has")
}

#[cfg(test)]
mod tests;
