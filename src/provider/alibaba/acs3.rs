//! The signature `ACS3-HMAC-SHA256` ("V3 request structure and signature").

use secrecy::{ExposeSecret, SecretString};

use super::date::date;
use crate::http::{Request, SignedRequest};
use crate::provider::canonical::{SignedHeaders, sha256_hex};
use crate::provider::encoded::EncodedRequest;
use crate::provider::mac;
use crate::provider::sign_error::SignError;
use crate::provider::signing::Signing;

/// The algorithm's name on the wire.
const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Returns the text to sign for a canonical request.
#[must_use]
pub fn string_to_sign(canonical_request: &str) -> String {
    [ALGORITHM, "\n", &sha256_hex(canonical_request.as_bytes())].concat()
}

/// Returns the signature of a text to sign, 64 hexadecimal digits.
#[must_use]
pub fn signature(string_to_sign: &str, secret: &SecretString) -> String {
    mac::hmac_sha256_hex(secret.expose_secret().as_bytes(), string_to_sign)
}

/// Returns the `Authorization` header.
#[must_use]
pub fn authorization(access_key_id: &str, signed_headers: &str, signature: &str) -> String {
    [ALGORITHM, " Credential=", access_key_id, ",SignedHeaders=", signed_headers, ",Signature=", signature].concat()
}

/// Signs a request.
///
/// Signed are `host`, the content type and every `x-acs-` header, as documented; the path is signed as it is sent.
pub(in crate::provider) fn sign(request: &Request, signing: &Signing<'_>) -> Result<SignedRequest, SignError> {
    let key = signing.credentials.access_key()?;
    let encoded = EncodedRequest::new(request, signing.origin);
    let query = encoded.query();
    let body_sha256 = sha256_hex(&encoded.body);
    let date = date(signing.at);
    let mut signed = vec![
        ("host", encoded.host()),
        ("x-acs-action", request.api.action),
        ("x-acs-content-sha256", &body_sha256),
        ("x-acs-date", &date),
        ("x-acs-signature-nonce", signing.nonce),
        ("x-acs-version", request.api.version),
    ];
    signed.extend(encoded.content_type.map(|text| ("content-type", text)));
    if let Some(token) = key.token {
        signed.extend([("x-acs-accesskey-id", key.id), ("x-acs-security-token", token)]);
    }
    let headers = SignedHeaders::new(signed.iter().copied());
    let canonical = headers.canonical_request(&request.method, &request.path, &query, &body_sha256);
    let signature = signature(&string_to_sign(&canonical), key.secret);
    let authorization = authorization(key.id, &headers.names(), &signature);
    let unsigned = [("accept", "application/json"), ("authorization", authorization.as_str())];
    encoded.finish(&query, signed.into_iter().chain(unsigned))
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::provider::encode;

    /// The example of "V3 request structure and signature".
    #[test]
    fn the_documented_example_holds() {
        let body_sha256 = &sha256_hex(b"");
        let query = encode::query([
            ("RegionId", "cn-shanghai"),
            ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
        ]);
        let headers = SignedHeaders::new([
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", body_sha256),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"),
        ]);
        let text = string_to_sign(&headers.canonical_request(&Method::POST, "/", &query, body_sha256));
        assert_eq!(text, "ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259");
        assert_eq!(
            signature(&text, &"YourAccessKeySecret".into()),
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        );
    }

    /// A unit test of the vendor's SDK, which merges the two values of one header before it signs.
    #[test]
    fn the_sdk_example_holds() {
        let headers = SignedHeaders::new([("x-acs-test", "http,https")]);
        let query = encode::query([("test", "ok"), ("empty", "")]);
        let body_sha256 = "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23";
        let canonical = headers.canonical_request(&Method::GET, "/", &query, body_sha256);
        let signature = signature(&string_to_sign(&canonical), &"secret".into());
        assert_eq!(
            authorization("acesskey", &headers.names(), &signature),
            "ACS3-HMAC-SHA256 Credential=acesskey,SignedHeaders=x-acs-test,\
             Signature=d16b30a7699ae9e43875b13195b2f81bcc3ed10c14a9b5eb780e51619aa50be1"
        );
    }
}
