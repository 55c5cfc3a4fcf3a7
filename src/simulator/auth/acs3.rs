//! Alibaba Cloud signature version 3: ACS3-HMAC-SHA256 over method, path, query, headers and body.

use data_encoding::HEXLOWER;
use hmac::Hmac;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::super::encoding::canonical_parameters;
use super::super::keyring::Keys;
use super::super::request::Request;
use super::super::response::Problem;
use super::super::service::Refusals;
use super::caller::Caller;
use super::date::{date, is_skewed};
use super::headers::{canonical_headers, part, parts};
use super::secret::{is_sealed, is_token};
use crate::provider::Cloud;

pub(super) const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The headers that every signature must cover, sorted.
const REQUIRED: [&str; 6] =
    ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"];

/// Checks a request to an Alibaba Cloud service.
pub(super) fn check(
    refusals: &Refusals,
    request: &Request,
    keys: &dyn Keys,
    now: Timestamp,
) -> Result<Caller, Problem> {
    let authorization = request.header("authorization").unwrap_or_default();
    let Some(parts) = authorization.strip_prefix(ALGORITHM).and_then(|rest| rest.strip_prefix(' ')).map(parts) else {
        return Err(incomplete(format!("The Authorization header must begin with {ALGORITHM}.")));
    };
    let known = keys.find(Cloud::Alibaba, part(&parts, "Credential")).ok_or_else(|| refusals.unknown_key.clone())?;
    let signed: Vec<&str> = part(&parts, "SignedHeaders").split(';').collect();
    check_coverage(request, &signed)?;
    if !is_token(known.security_token.as_ref(), request.header("x-acs-security-token")) {
        return Err(refusals.token.clone());
    }
    if known.is_expired {
        return Err(refusals.expired.clone());
    }
    let text = string_to_sign(request, &signed)?;
    let signature = HEXLOWER.decode(part(&parts, "Signature").as_bytes()).unwrap_or_default();
    if !is_sealed::<Hmac<Sha256>>(known.secret.expose_secret().as_bytes(), text.as_bytes(), &signature) {
        return Err(refusals.mismatch.clone());
    }
    let signed_at = request.header("x-acs-date").and_then(|text| date(text, "%Y-%m-%dT%H:%M:%SZ"));
    let signed_at = signed_at
        .ok_or_else(|| Problem::new(400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted."))?;
    if is_skewed(signed_at, now) {
        return Err(refusals.skewed.clone());
    }
    let nonce = request.header("x-acs-signature-nonce").filter(|nonce| !nonce.is_empty());
    let nonce = nonce.ok_or_else(|| incomplete("The nonce is empty.".to_owned()))?;
    Ok(Caller { account: known.account, nonce: Some(nonce.to_owned()) })
}

/// Checks that the signature covers what it must.
fn check_coverage(request: &Request, signed: &[&str]) -> Result<(), Problem> {
    if !signed.is_sorted() || signed.iter().any(|name| name.bytes().any(|byte| byte.is_ascii_uppercase())) {
        return Err(incomplete("SignedHeaders must be in lower case and sorted.".to_owned()));
    }
    if let Some(name) = REQUIRED.into_iter().find(|name| !signed.contains(name)) {
        return Err(incomplete(format!("The header {name} is not signed.")));
    }
    let must = |name: &str| name == "content-type" || name.starts_with("x-acs-");
    match request.headers.keys().map(http::HeaderName::as_str).find(|name| must(name) && !signed.contains(name)) {
        Some(name) => Err(incomplete(format!("The header {name} is sent but not signed."))),
        None => Ok(()),
    }
}

/// Writes what the signature covers.
pub(super) fn string_to_sign(request: &Request, signed: &[&str]) -> Result<String, Problem> {
    let hash = HEXLOWER.encode(&Sha256::digest(&request.body));
    if request.header("x-acs-content-sha256") != Some(&hash) {
        return Err(Problem::new(400, "ContentSHA256Mismatch", "x-acs-content-sha256 is not the hash of the body."));
    }
    let headers = canonical_headers(request, signed)
        .map_err(|name| incomplete(format!("The header {name} is signed but not sent.")))?;
    let query = canonical_parameters(request.query.iter());
    let canonical = [request.method.as_str(), &request.path, &query, &headers, &signed.join(";"), &hash].join("\n");
    Ok(format!("{ALGORITHM}\n{}", HEXLOWER.encode(&Sha256::digest(canonical))))
}

fn incomplete(message: String) -> Problem {
    Problem::new(400, "IncompleteSignature", message)
}
