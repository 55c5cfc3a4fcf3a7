//! Agencies, as Huawei Cloud calls roles: assumed by name with IAM v3.0, by URN with STS v5.

use serde_json::Value;

use super::ask::{Ask, IAM_API, IAM_JSON, STS_API, refused, shown};
use super::{endpoints, keys, session};
use crate::credentials::client::Refusal;
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::error::ErrorClass;
use crate::plan::{Domain, Role, RoleSession};

/// What IAM issues temporary keys with.
pub(super) const SECURITY_TOKENS: &str = "/v3.0/OS-CREDENTIAL/securitytokens";

/// Assumes a role with the keys of another source.
pub(in crate::credentials) async fn assume(
    around: Surroundings<'_>,
    keys: &Issued,
    role: &Role,
) -> Result<Issued, SourceError> {
    let (reply, agency) = match role {
        Role::Agency { agency, domain, duration } => {
            let account = keys.identity.as_ref().map(|identity| identity.account_id.as_str());
            let endpoint = endpoints::iam(around);
            let body = by_name(agency, domain, session::seconds(*duration));
            let reply = ask_iam(&endpoint, body, account).send(around, &keys.credentials).await?;
            (reply, format!("agency {agency} of {}", name(domain)))
        }
        Role::AgencyUrn { urn, external_id, session } => {
            let endpoint = sts(around)?;
            let body = by_urn(urn, external_id.as_deref(), session, around);
            let reply = ask_sts(&endpoint, body).send(around, &keys.credentials).await?;
            (reply, urn.clone())
        }
        Role::Alibaba { arn, .. } => {
            let message = format!("{arn} is a role of Alibaba Cloud");
            return Err(SourceError::new(Nature::Final, message, "name an agency: `agency` and `domain`, or `urn`"));
        }
    };
    keys::read(&reply, |refusal| not_assumed(refusal, keys, &agency))
}

/// Returns the base URL of STS.
pub(super) fn sts(around: Surroundings<'_>) -> Result<String, SourceError> {
    endpoints::sts(around).ok_or_else(|| {
        let message = format!("Huawei Cloud has no STS in {}", around.account.region);
        SourceError::new(Nature::Final, message, "name the agency by `agency` and `domain`, or set endpoints.sts")
    })
}

/// Asks IAM; `account` is that of the keys, where it is known.
fn ask_iam<'a>(endpoint: &'a str, body: String, account: Option<&'a str>) -> Ask<'a> {
    let ask = Ask::post(&IAM_API, endpoint, SECURITY_TOKENS, body).header(IAM_JSON);
    match account {
        Some(account) => ask.header(("x-domain-id", account)),
        None => ask,
    }
}

fn ask_sts(endpoint: &str, body: String) -> Ask<'_> {
    Ask::post(&STS_API, endpoint, "/v5/agencies/assume", body)
}

fn by_name(agency: &str, domain: &Domain, seconds: u64) -> String {
    let (key, domain) = match domain {
        Domain::Name(name) => ("domain_name", Value::from(name.as_str())),
        Domain::Id(id) => ("domain_id", Value::from(id.as_str())),
    };
    let agency = Value::from(agency);
    let role = format!(r#"{{"agency_name": {agency}, "{key}": {domain}, "duration_seconds": {seconds}}}"#);
    format!(r#"{{"auth": {{"identity": {{"methods": ["assume_role"], "assume_role": {role}}}}}}}"#)
}

fn by_urn(urn: &str, external_id: Option<&str>, session: &RoleSession, around: Surroundings<'_>) -> String {
    let seconds = session::seconds(session.duration);
    let option = |key, text: Option<&str>| text.map(|text| format!(r#""{key}": {}, "#, Value::from(text)));
    let external_id = option("external_id", external_id).unwrap_or_default();
    let policy = option("policy", session.policy.as_deref()).unwrap_or_default();
    let (urn, name) = (Value::from(urn), Value::from(session::name(session, around)));
    let rest = format!(r#""agency_urn": {urn}, "agency_session_name": {name}"#);
    format!(r#"{{"duration_seconds": {seconds}, {external_id}{policy}{rest}}}"#)
}

fn name(domain: &Domain) -> &str {
    match domain {
        Domain::Name(name) | Domain::Id(name) => name,
    }
}

fn not_assumed(refusal: &Refusal, keys: &Issued, agency: &str) -> SourceError {
    let words = refusal.words();
    let last = |message: String, hint: &'static str| SourceError::new(Nature::Final, message, hint);
    if refusal.class == ErrorClass::Denied {
        let who = keys.identity.as_ref().map_or_else(|| shown(&keys.credentials), |identity| identity.name.clone());
        let hint = "the agency must trust the account of the key, and the key needs the permission to assume it: Agent \
                    Operator, or sts:agencies:assume for a URN";
        return last(format!("{who} may not assume {agency} ({words})"), hint);
    }
    if refusal.class == ErrorClass::NotFound {
        return last(format!("there is no {agency} ({words})"), "check the names of the agency and of its account");
    }
    if matches!(refusal.class, ErrorClass::Invalid | ErrorClass::Rejected) {
        let hint = "check the duration: 15 minutes at least, and 1 hour at most for an agency that another one assumes";
        return refusal.error_with(hint);
    }
    refused(refusal, &keys.credentials)
}

#[cfg(test)]
mod tests;
