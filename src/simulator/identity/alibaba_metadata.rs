//! The metadata service of an Alibaba Cloud instance, with tokens (version 2) and without (version 1).

use serde_json::json;

use super::super::response::Response;
use super::form;
use super::holder::Holder;
use super::invocation::Invocation;
use super::issuer::{Issuer, Order};
use super::refusal::Refusal;
use super::world::AlibabaMetadata;
use crate::provider::Cloud;

/// The longest that a token lives, in seconds.
const LONGEST: u64 = 21_600;

/// Hands out a token.
pub(super) fn token(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    service(issuer).filter(|service| service.v2).ok_or_else(not_found)?;
    let asked = call.request.header("x-aliyun-ecs-metadata-token-ttl-seconds").and_then(|text| text.parse().ok());
    let asked = asked.filter(|asked| (1..=LONGEST).contains(asked));
    let asked = asked.ok_or_else(|| Refusal::new(400, "InvalidParameter", "the time to live is missing or wrong"))?;
    Ok(Response::new(200, "text/plain", issuer.metadata_token(call, asked)))
}

/// Tells the name of the role.
pub(super) fn role(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let service = open(call, issuer)?;
    Ok(Response::new(200, "text/plain", service.role.ok_or_else(not_found)?))
}

/// Hands out the role's keys.
pub(super) fn keys(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let service = open(call, issuer)?;
    let role = service.role.as_deref().map(str::trim);
    // The world may have a line break after the name.
    let role = role.filter(|role| call.request.segments.last().is_some_and(|asked| asked == role));
    let role = role.ok_or_else(not_found)?;
    let holder = Holder::session(Cloud::Alibaba, &service.account, role, "i-1");
    let order = Order { holder, asked: None };
    let keys = if service.caches { issuer.issue_cached(call, order) } else { issuer.issue(call, order) };
    let more = json!({"LastUpdated": form::seconds(call.now), "Code": "Success"});
    Ok(Response::json(200, &form::and(form::alibaba(&keys), &more)))
}

fn service(issuer: &Issuer) -> Option<&AlibabaMetadata> {
    issuer.world.alibaba_metadata.as_ref()
}

/// Checks that a request may come in.
fn open(call: &Invocation<'_>, issuer: &Issuer) -> Result<AlibabaMetadata, Refusal> {
    let service = service(issuer).ok_or_else(not_found)?;
    let may = match call.request.header("x-aliyun-ecs-metadata-token") {
        Some(token) => issuer.is_metadata_token(token, call.now),
        None => service.v1,
    };
    if may { Ok(service.clone()) } else { Err(Refusal::new(403, "Forbidden", "")) }
}

fn not_found() -> Refusal {
    Refusal::new(404, "NotFound", "")
}
