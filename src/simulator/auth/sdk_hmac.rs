//! Huawei Cloud: SDK-HMAC-SHA256 signatures, or an `X-Auth-Token` in place of one.

use data_encoding::HEXLOWER;
use hmac::Hmac;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::super::encoding::{canonical_parameters, decode_segment, encode};
use super::super::keyring::Keys;
use super::super::request::Request;
use super::super::response::Problem;
use super::caller::Caller;
use super::date::{date, is_skewed};
use super::headers::{canonical_headers, part, parts};
use super::secret::{is_sealed, is_token};
use crate::provider::Cloud;

pub(super) const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// Checks a request to a Huawei Cloud service.
pub(super) fn check(request: &Request, keys: &dyn Keys, now: Timestamp) -> Result<Caller, Problem> {
    if let Some(token) = request.header("x-auth-token") {
        let known = keys.find_token(token).ok_or_else(|| refused("decrypt token fail"))?;
        if known.is_expired {
            return Err(Problem::fixed(401, "APIGW.0307", "The token must be updated"));
        }
        return Ok(Caller { account: known.account, nonce: None });
    }
    let authorization = request.header("authorization").unwrap_or_default();
    let Some(parts) = authorization.strip_prefix(ALGORITHM).and_then(|rest| rest.strip_prefix(' ')).map(parts) else {
        return Err(refused("neither a token nor a signature"));
    };
    let id = part(&parts, "Access");
    let unknown = || refused(&format!("Get secretKey failed,ak:{id},err:ak not exist"));
    let known = keys.find(Cloud::Huawei, id).ok_or_else(unknown)?;
    let signed: Vec<&str> = part(&parts, "SignedHeaders").split(';').collect();
    check_coverage(request, &signed)?;
    if !is_token(known.security_token.as_ref(), request.header("x-security-token")) {
        return Err(refused("the security token is wrong, missing or not due"));
    }
    if known.is_expired {
        return Err(refused("calc ak sk signature fail:signature expired"));
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
    Ok(Caller { account: known.account, nonce: None })
}

/// Checks that a request is for the project of its path.
pub(super) fn check_project(request: &Request, keys: &dyn Keys) -> Result<(), Problem> {
    let project = request.segments.get(1).map(String::as_str);
    match request.header("x-auth-token").map(|token| keys.find_token(token).and_then(|known| known.project)) {
        Some(only) if only.is_some() && only.as_deref() != project => {
            Err(refused("the token is for another project than that of the path"))
        }
        Some(_) => Ok(()),
        // The pages of both services call this header mandatory beside a signature.
        None if request.header("x-project-id") != project => {
            Err(refused("X-Project-Id is not the project of the path"))
        }
        None => Ok(()),
    }
}

/// Returns the response to a key that is locked.
pub(super) fn locked() -> Problem {
    refused("AK access failed to reach the limit,forbidden.")
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
