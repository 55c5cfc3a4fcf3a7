//! Huawei Cloud STS, version 5.

use serde_json::{Value, json};

use super::super::response::Response;
use super::form;
use super::holder::Holder;
use super::invocation::Invocation;
use super::issuer::{Issuer, Order};
use super::refusal::Refusal;
use super::world::{IdToken, Role};
use crate::provider::Cloud;

/// The shortest that keys live, and the longest for those that temporary keys ask for, in seconds.
const SHORTEST: u64 = 900;
const USUAL: u64 = 3600;
const LONGEST_OF_TEMPORARY: u64 = 3600;

/// Tells whose the key is.
pub(super) fn caller_identity(call: &Invocation<'_>) -> Result<Response, Refusal> {
    let holder = &call.signer()?.holder;
    let body = json!({
        "account_id": holder.account,
        "principal_urn": holder.resource_name(),
        "principal_id": format!("id-of-{}", holder.name()),
    });
    Ok(good(call, &body))
}

/// Hands out keys of an agency.
pub(super) fn assume(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let signer = call.signer()?;
    let body = call.body()?;
    let urn = agency_urn(&body)?;
    let is_open = |agency: &&Role| {
        let is_trusted = agency.trust.iter().any(|account| **account == *signer.holder.account);
        is_trusted && (agency.external_id.is_none() || agency.external_id.as_deref() == body["external_id"].as_str())
    };
    let agency = issuer.world.agencies.get(urn).filter(is_open).ok_or_else(denied)?;
    let longest = match signer.is_temporary {
        true => agency.max_duration_s.min(LONGEST_OF_TEMPORARY),
        false => agency.max_duration_s,
    };
    let lifetime = duration(&body, longest)?;
    Ok(good(call, &session(call, issuer, &body, lifetime)?))
}

/// Hands out keys of an agency for an id token.
pub(super) fn assume_with_oidc(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let body = call.body()?;
    let urn = agency_urn(&body)?;
    match issuer.world.id_tokens.get(body["id_token"].as_str().unwrap_or_default()) {
        Some(IdToken::Good) => {}
        Some(IdToken::Expired) => return Err(Refusal::new(401, "PAP5.0101", "the id token has expired")),
        None => return Err(Refusal::new(401, "PAP5.0100", "the id token is not valid")),
    }
    let provider = body["provider_urn"].as_str();
    let is_provided = |agency: &&Role| agency.provider.is_some() && agency.provider.as_deref() == provider;
    let agency = issuer.world.agencies.get(urn).filter(is_provided).ok_or_else(denied)?;
    let lifetime = duration(&body, agency.max_duration_s)?;
    let more = json!({"audience": "sts", "provider": provider, "subject": "system:serviceaccount:ops:allstop"});
    Ok(good(call, &form::and(session(call, issuer, &body, lifetime)?, &more)))
}

/// Reads which agency is meant, and checks the name of the session.
fn agency_urn(body: &Value) -> Result<&str, Refusal> {
    let invalid = |what: &str| Refusal::new(400, "PAP5.0102", format!("{what} is invalid"));
    let urn = body["agency_urn"].as_str().filter(|urn| urn.starts_with("iam::") && urn.contains(":agency:"));
    let name = body["agency_session_name"].as_str().unwrap_or_default();
    let is_good = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(2..=128).contains(&name.len()) || !name.chars().all(is_good) {
        return Err(invalid("agency_session_name"));
    }
    urn.ok_or_else(|| invalid("agency_urn"))
}

/// Reads how long keys are to live, in seconds.
fn duration(body: &Value, longest: u64) -> Result<u64, Refusal> {
    let asked = &body["duration_seconds"];
    let asked = if asked.is_null() { Some(USUAL.min(longest)) } else { asked.as_u64() };
    let message = format!("duration_seconds must be {SHORTEST} to {longest}");
    let asked = asked.filter(|asked| (SHORTEST..=longest).contains(asked));
    asked.ok_or_else(|| Refusal::new(400, "PAP5.0102", message))
}

/// Hands out the keys of a session.
fn session(call: &Invocation<'_>, issuer: &mut Issuer, body: &Value, lifetime: u64) -> Result<Value, Refusal> {
    let urn = agency_urn(body)?;
    let session = body["agency_session_name"].as_str().unwrap_or_default();
    let account = urn.split(':').nth(2).unwrap_or_default();
    let agency = urn.rsplit(':').next().unwrap_or_default();
    let holder = Holder::session(Cloud::Huawei, account, agency, session);
    let name = holder.resource_name();
    let keys = issuer.issue(call, Order { holder, asked: Some(lifetime) });
    Ok(
        json!({"assumed_agency": {"urn": name, "id": format!("id-of-{agency}:{session}")}, "credentials": form::sts(&keys)}),
    )
}

fn denied() -> Refusal {
    Refusal::new(403, "PAP5.0001", "access denied")
}

fn good(call: &Invocation<'_>, body: &Value) -> Response {
    Response::json(200, body).with("x-request-id", call.request_id)
}
