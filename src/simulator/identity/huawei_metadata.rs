//! The metadata service of a Huawei Cloud instance.

use serde_json::json;

use super::super::response::Response;
use super::form;
use super::holder::Holder;
use super::invocation::Invocation;
use super::issuer::{Issuer, Order};
use super::refusal::Refusal;
use crate::provider::Cloud;

/// The longest that a token lives, in seconds.
const LONGEST: u64 = 21_600;

/// Hands out a token.
pub(super) fn token(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    issuer.world.huawei_metadata.as_ref().filter(|service| service.v2).ok_or_else(not_found)?;
    let asked = call.request.header("x-metadata-token-ttl-seconds").and_then(|text| text.parse().ok());
    let asked = asked.filter(|asked| (1..=LONGEST).contains(asked));
    let asked = asked.ok_or_else(|| Refusal::new(400, "Bad Request", "the time to live is missing or wrong"))?;
    Ok(Response::new(200, "text/plain", issuer.metadata_token(call, asked)))
}

/// Hands out the agency's keys.
pub(super) fn keys(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let service = issuer.world.huawei_metadata.clone().ok_or_else(not_found)?;
    let token = call.request.header("x-metadata-token");
    if service.v2 && !token.is_some_and(|token| issuer.is_metadata_token(token, call.now)) {
        return Err(Refusal::new(401, "Unauthorized", "token required"));
    }
    let none = || Refusal::new(401, "Unauthorized", "Please configure Cloud Service Agency first");
    let agency = service.agency.as_deref().ok_or_else(none)?;
    let order = Order { holder: Holder::session(Cloud::Huawei, &service.account, agency, "i-1"), asked: None };
    let keys = if service.caches { issuer.issue_cached(call, order) } else { issuer.issue(call, order) };
    Ok(Response::json(200, &json!({"credential": form::iam(&keys)})))
}

fn not_found() -> Refusal {
    Refusal::new(404, "Not Found", "")
}
