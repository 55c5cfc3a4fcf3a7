//! Signs exactly what an SDK sent, its own choice of headers included.

use allstop::provider::canonical::{SignedHeaders, sha256_hex};
use allstop::provider::{alibaba::acs3, alibaba::rpc_v1, encode, huawei::sdk_hmac};
use http::Method;
use secrecy::SecretString;

use super::capture::{Key, Sent, Texts, lend};

/// Computes the two texts, and the signature or the `Authorization` that carries it.
pub(crate) fn replay(sent: &Sent, key: &Key) -> (Texts, String) {
    match sent.header("authorization") {
        Some(authorization) => replay_headers(sent, key, authorization),
        None => replay_parameters(sent, key),
    }
}

/// Returns what [`replay`] should compute: the `Authorization` or the parameter `Signature`.
pub(crate) fn expected(sent: &Sent) -> String {
    let parameter = || sent.query().into_iter().find(|(key, _)| key == "Signature").unwrap().1;
    sent.header("authorization").map_or_else(parameter, str::to_owned)
}

fn replay_headers(sent: &Sent, key: &Key, authorization: &str) -> (Texts, String) {
    let (algorithm, fields) = authorization.split_once(' ').unwrap();
    let names = fields.split([',', ' ']).find_map(|field| field.strip_prefix("SignedHeaders=")).unwrap();
    let headers = SignedHeaders::new(names.split(';').map(|name| (name, sent.header(name).unwrap())));
    let secret = SecretString::from(key.secret.as_str());
    let is_huawei = algorithm == "SDK-HMAC-SHA256";
    let path = if is_huawei { sdk_hmac::canonical_path(sent.path()) } else { sent.path().to_owned() };
    let (method, query) = (sent.method.parse().unwrap(), encode::query(lend(&sent.query())));
    let canonical_request = headers.canonical_request(&method, &path, &query, &sha256_hex(sent.body.as_bytes()));
    let (string_to_sign, authorization) = if is_huawei {
        let text = sdk_hmac::string_to_sign(sent.header("x-sdk-date").unwrap(), &canonical_request);
        let signature = sdk_hmac::signature(&text, &secret);
        (text, sdk_hmac::authorization(&key.id, &headers.names(), &signature))
    } else {
        let text = acs3::string_to_sign(&canonical_request);
        let signature = acs3::signature(&text, &secret);
        (text, acs3::authorization(&key.id, &headers.names(), &signature))
    };
    (
        Texts { algorithm: algorithm.to_owned(), canonical_request: Some(canonical_request), string_to_sign },
        authorization,
    )
}

fn replay_parameters(sent: &Sent, key: &Key) -> (Texts, String) {
    let mut parameters = sent.query();
    parameters.retain(|(key, _)| key != "Signature");
    parameters.extend(sent.form());
    let canonical_request = encode::query(lend(&parameters));
    let method: Method = sent.method.parse().unwrap();
    let string_to_sign = rpc_v1::string_to_sign(&method, lend(&parameters));
    let signature = rpc_v1::signature(&string_to_sign, &key.secret.as_str().into());
    (
        Texts { algorithm: "RPC-V1 HMAC-SHA1".to_owned(), canonical_request: Some(canonical_request), string_to_sign },
        signature,
    )
}
