//! Huawei Cloud: SDK-HMAC-SHA256 signatures, or an `X-Auth-Token` in place of one.

use data_encoding::HEXLOWER;
use hmac::Hmac;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::super::encoding::{canonical_parameters, decode_segment, encode};
use super::super::keyring::Keyring;
use super::super::request::Request;
use super::super::response::Problem;
use super::caller::Caller;
use super::date::{date, is_skewed};
use super::headers::{canonical_headers, part, parts};
use super::secret::{is_sealed, is_token};
use crate::provider::Cloud;

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// Checks a request to a Huawei Cloud service.
pub(super) fn check(request: &Request, keys: &Keyring, now: Timestamp) -> Result<Caller, Problem> {
    if let Some(token) = request.header("x-auth-token") {
        let account = keys.find_token(token).ok_or_else(|| refused("decrypt token fail"))?;
        return Ok(Caller { account, nonce: None });
    }
    let authorization = request.header("authorization").unwrap_or_default();
    let Some(parts) = authorization.strip_prefix(ALGORITHM).and_then(|rest| rest.strip_prefix(' ')).map(parts) else {
        return Err(refused("neither a token nor a signature"));
    };
    let known =
        keys.find(Cloud::Huawei, part(&parts, "Access")).ok_or_else(|| refused("AK access failed to be found"))?;
    let signed: Vec<&str> = part(&parts, "SignedHeaders").split(';').collect();
    check_coverage(request, &signed)?;
    if !is_token(known.security_token.as_ref(), request.header("x-security-token")) {
        return Err(refused("the security token is wrong, missing or not due"));
    }
    let text = string_to_sign(request, &signed)?;
    let signature = HEXLOWER.decode(part(&parts, "Signature").as_bytes()).unwrap_or_default();
    if !is_sealed::<Hmac<Sha256>>(known.secret.expose_secret().as_bytes(), text.as_bytes(), &signature) {
        return Err(refused("verify aksk signature fail"));
    }
    let signed_at = request.header("x-sdk-date").and_then(|text| date(text, "%Y%m%dT%H%M%SZ"));
    let signed_at = signed_at.ok_or_else(|| refused("X-Sdk-Date is not valid"))?;
    if is_skewed(signed_at, now) {
        return Err(refused("Expired signature"));
    }
    // The pages of both services call this header mandatory beside a signature.
    if request.header("x-project-id") != request.segments.get(1).map(String::as_str) {
        return Err(refused("X-Project-Id is not the project of the path"));
    }
    Ok(Caller { account: known.account, nonce: None })
}

/// Checks that the signature covers what it must.
fn check_coverage(request: &Request, signed: &[&str]) -> Result<(), Problem> {
    if !signed.is_sorted() {
        return Err(refused("SignedHeaders is not sorted"));
    }
    let must = |name: &&str| request.headers.contains_key(*name) || matches!(*name, "host" | "x-sdk-date");
    let mut required = ["host", "x-sdk-date", "x-security-token"].into_iter().filter(must);
    match required.find(|name| !signed.contains(name)) {
        Some(name) => Err(refused(&format!("{name} is not signed"))),
        None => Ok(()),
    }
}

/// Writes what the signature covers.
pub(super) fn string_to_sign(request: &Request, signed: &[&str]) -> Result<String, Problem> {
    let headers =
        canonical_headers(request, signed).map_err(|name| refused(&format!("{name} is signed but not sent")))?;
    let query = canonical_parameters(request.query.iter());
    let hash = HEXLOWER.encode(&Sha256::digest(&request.body));
    let path = canonical_path(&request.path).ok_or_else(|| refused("the path is not UTF-8"))?;
    let canonical = [request.method.as_str(), &path, &query, &headers, &signed.join(";"), &hash].join("\n");
    let date = request.header("x-sdk-date").unwrap_or_default();
    Ok(format!("{ALGORITHM}\n{date}\n{}", HEXLOWER.encode(&Sha256::digest(canonical))))
}

/// Decodes the whole path first and encodes its segments again, so that an encoded `/` becomes a separator;
/// the result always ends in `/`.
fn canonical_path(path: &str) -> Option<String> {
    let decoded = decode_segment(path)?;
    let mut canonical = decoded.split('/').map(|segment| encode(segment).to_string()).collect::<Vec<_>>().join("/");
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    Some(canonical)
}

fn refused(reason: &str) -> Problem {
    Problem::new(401, "APIGW.0301", format!("Incorrect IAM authentication information: {reason}"))
}
