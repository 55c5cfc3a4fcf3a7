//! The RPC signature, version 1, with HMAC-SHA1 ("RPC request syntax and signature").
//!
//! The parameters of the query and of the form body are signed together; headers are not signed.

use http::Method;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::date::date;
use crate::http::{Body, Request, SignedRequest};
use crate::provider::encoded::EncodedRequest;
use crate::provider::sign_error::SignError;
use crate::provider::signing::Signing;
use crate::provider::{encode, mac};

/// Returns the text to sign for all parameters, which are not encoded yet.
#[must_use]
pub fn string_to_sign<'a>(method: &Method, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    [method.as_str(), "&%2F&", &encode::query_as_value(parameters)].concat()
}

/// Returns the signature of a text to sign, in base64.
#[must_use]
pub fn signature(string_to_sign: &str, secret: &SecretString) -> String {
    let key = Zeroizing::new([secret.expose_secret().as_bytes(), b"&"].concat());
    mac::hmac_sha1_base64(&key, string_to_sign)
}

/// Signs a request.
///
/// `Signature` is at the end of an otherwise sorted query.
pub(in crate::provider) fn sign(request: &Request, signing: &Signing<'_>) -> Result<SignedRequest, SignError> {
    let key = signing.credentials.access_key()?;
    let encoded = EncodedRequest::new(request, signing.origin);
    let date = date(signing.at);
    let mut parameters = vec![
        ("AccessKeyId", key.id),
        ("Action", request.api.action),
        ("Format", "json"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", signing.nonce),
        ("SignatureVersion", "1.0"),
        ("Timestamp", &date),
        ("Version", request.api.version),
    ];
    parameters.extend(key.token.map(|token| ("SecurityToken", token)));
    parameters.extend(encode::lend(&request.query));
    let form = match &request.body {
        Body::Form(form) => form.as_slice(),
        Body::Empty | Body::Json(_) => &[],
    };
    let mut query = encode::query(parameters.iter().copied());
    let text = string_to_sign(&request.method, parameters.into_iter().chain(encode::lend(form)));
    query.push_str("&Signature=");
    query.extend(encode::encode(&signature(&text, key.secret)));

    let mut headers =
        vec![("host", encoded.host()), ("x-acs-action", request.api.action), ("x-acs-version", request.api.version)];
    headers.extend(encoded.content_type.map(|text| ("content-type", text)));
    encoded.finish(&query, headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(parameters: &[(&str, &str)]) -> String {
        let common = [("AccessKeyId", "testid"), ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0")];
        let parameters = parameters.iter().copied().chain(common);
        signature(&string_to_sign(&Method::GET, parameters), &"testsecret".into())
    }

    /// The example of "RPC request syntax and signature".
    #[test]
    fn the_documented_example_holds() {
        let signature = signed(&[
            ("Action", "DescribeDedicatedHosts"),
            ("Format", "JSON"),
            ("RegionId", "cn-beijing"),
            ("Version", "2014-05-26"),
            ("Timestamp", "2023-03-13T08:34:30Z"),
            ("SignatureNonce", "edb2b34af0af9a6d14deaf7c1a5315eb"),
        ]);
        assert_eq!(signature, "9NaGiOspFP5UPcwX8Iwt2YJXXuk=");
    }

    /// The example of the ECS API reference.
    #[test]
    fn the_documented_example_of_ecs_holds() {
        let signature = signed(&[
            ("Action", "DescribeRegions"),
            ("Format", "XML"),
            ("Version", "2014-05-26"),
            ("Timestamp", "2016-02-23T12:46:24Z"),
            ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"),
        ]);
        assert_eq!(signature, "OLeaidS1JvxuMvnyHOwuJ+uX5qY=");
    }
}
