//! The signature `SDK-HMAC-SHA256` ("API signing guide").

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::http::SignedRequest;
use crate::provider::canonical::{SignedHeaders, sha256_hex};
use crate::provider::credentials::AccessKey;
use crate::provider::encoded::EncodedRequest;
use crate::provider::sign_error::SignError;
use crate::provider::{encode, mac};

/// The algorithm's name on the wire.
const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// Returns the path as it is signed: decoded, encoded again, and with a `/` at its end, which is not sent.
#[must_use]
pub fn canonical_path(path: &str) -> String {
    let mut canonical = encode::reencode_path(path);
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// Returns the text to sign for a canonical request; `date` is the header `x-sdk-date`.
#[must_use]
pub fn string_to_sign(date: &str, canonical_request: &str) -> String {
    [ALGORITHM, "\n", date, "\n", &sha256_hex(canonical_request.as_bytes())].concat()
}

/// Returns the signature of a text to sign, 64 hexadecimal digits.
#[must_use]
pub fn signature(string_to_sign: &str, secret: &SecretString) -> String {
    mac::hmac_sha256_hex(secret.expose_secret().as_bytes(), string_to_sign)
}

/// Returns the `Authorization` header.
#[must_use]
pub fn authorization(access_key_id: &str, signed_headers: &str, signature: &str) -> String {
    [ALGORITHM, " Access=", access_key_id, ", SignedHeaders=", signed_headers, ", Signature=", signature].concat()
}

/// Signs a request with all of `headers`, the date and the security token.
pub(super) fn sign<'a>(
    encoded: &'a EncodedRequest<'_>,
    mut headers: Vec<(&'static str, &'a str)>,
    key: &AccessKey<'a>,
    at: Timestamp,
) -> Result<SignedRequest, SignError> {
    let date = at.strftime("%Y%m%dT%H%M%SZ").to_string();
    headers.extend(key.token.map(|token| ("x-security-token", token)));
    let dated = headers.into_iter().chain([("x-sdk-date", date.as_str())]);

    let query = encoded.query();
    let signed = SignedHeaders::new(dated.clone());
    let path = canonical_path(&encoded.request.path);
    let canonical = signed.canonical_request(&encoded.request.method, &path, &query, &sha256_hex(&encoded.body));
    let signature = signature(&string_to_sign(&date, &canonical), key.secret);
    let authorization = authorization(key.id, &signed.names(), &signature);
    encoded.finish(&query, dated.chain([("authorization", authorization.as_str())]))
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn signed(path: &str, secret: &str) -> (String, String) {
        let date = "20191115T033655Z";
        let headers = SignedHeaders::new([
            ("content-type", "application/json"),
            ("host", "service.region.example.com"),
            ("x-sdk-date", date),
        ]);
        let query = encode::query([("limit", "2"), ("marker", "13551d6b-755d-4757-b956-536f674975c0")]);
        let canonical = headers.canonical_request(&Method::GET, &canonical_path(path), &query, &sha256_hex(b""));
        (sha256_hex(canonical.as_bytes()), signature(&string_to_sign(date, &canonical), &secret.into()))
    }

    /// The example of the "API signing guide".
    #[test]
    fn the_documented_example_holds() {
        let (hash, signature) =
            signed("/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc");
        assert_eq!(hash, "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a");
        assert_eq!(signature, "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe");
    }

    /// A unit test of the vendor's SDK.
    #[test]
    fn the_sdk_example_holds() {
        let (_, signature) = signed("/v5/iotps/77b6a44cba5143ab91d13ab9a8ff44fd/certificates", "testSK");
        assert_eq!(signature, "2f1e228b4e2c68e428f7377c12a15526f26c27795dcf4cb641cc90c5b3fba962");
    }

    #[test]
    fn the_signed_path_ends_in_a_slash() {
        assert_eq!(canonical_path("/"), "/");
        assert_eq!(canonical_path("/v5/p/jobs/a%2Fb/stop"), "/v5/p/jobs/a/b/stop/");
    }
}
