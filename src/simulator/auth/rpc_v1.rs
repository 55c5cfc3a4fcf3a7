//! Alibaba Cloud RPC signature version 1.0: HMAC-SHA1 over all parameters of query and form.

use data_encoding::BASE64;
use hmac::Hmac;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use sha1::Sha1;

use super::super::encoding::{canonical_parameters, encode};
use super::super::keyring::Keys;
use super::super::request::Request;
use super::super::response::Problem;
use super::super::service::Refusals;
use super::caller::Caller;
use super::date::{date, is_skewed};
use super::secret::{is_sealed, is_token};
use crate::provider::Cloud;

/// Checks a request to an RPC service.
pub(super) fn check(
    refusals: &Refusals,
    request: &Request,
    keys: &dyn Keys,
    now: Timestamp,
) -> Result<Caller, Problem> {
    let given = |name| {
        request
            .parameter(name)
            .ok_or_else(|| Problem::new(400, "MissingRequiredParams", format!("{name} is required.")))
    };
    let known = keys.find(Cloud::Alibaba, given("AccessKeyId")?);
    let known = known.ok_or_else(|| refusals.unknown_key.clone())?;
    if (given("SignatureMethod")?, given("SignatureVersion")?) != ("HMAC-SHA1", "1.0") {
        return Err(Problem::new(400, "InvalidArgument", "SignatureMethod or SignatureVersion is not supported."));
    }
    if !is_token(known.security_token.as_ref(), request.parameter("SecurityToken")) {
        return Err(refusals.token.clone());
    }
    if known.is_expired {
        return Err(refusals.expired.clone());
    }
    let signature = BASE64.decode(given("Signature")?.as_bytes()).unwrap_or_default();
    let key = format!("{}&", known.secret.expose_secret());
    if !is_sealed::<Hmac<Sha1>>(key.as_bytes(), string_to_sign(request).as_bytes(), &signature) {
        return Err(refusals.mismatch.clone());
    }
    let signed_at = date(given("Timestamp")?, "%Y-%m-%dT%H:%M:%SZ");
    let signed_at = signed_at.ok_or_else(|| Problem::new(400, "InvalidArgument", "Timestamp is not valid."))?;
    if is_skewed(signed_at, now) {
        return Err(refusals.skewed.clone());
    }
    Ok(Caller { account: known.account, nonce: Some(given("SignatureNonce")?.to_owned()) })
}

/// Writes what the signature covers.
pub(super) fn string_to_sign(request: &Request) -> String {
    let parameters = request.query.iter().chain(&request.form).filter(|(name, _)| name != "Signature");
    format!("{}&%2F&{}", request.method, encode(&canonical_parameters(parameters)))
}
