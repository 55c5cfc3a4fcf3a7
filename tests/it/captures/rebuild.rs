//! Makes the request that this program would send in an SDK's place.

use allstop::http::{Api, Body, Hosts, Product, Request, SHORT_RESPONSE, Signature, SignedRequest};
use allstop::provider::{self, Credentials, Origin, Signing, huawei};

use super::capture::{Capture, Key, Sent};

/// The parameters that signing adds to an RPC query.
const SYSTEM: [&str; 10] = [
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// Tells whether an SDK sent a header that this program has no use for and that is signed where it is sent.
pub(crate) fn has_extra_headers(sent: &Sent) -> bool {
    ["x-language", "x-acs-retry-attempts", "x-acs-retry-delay"].iter().any(|name| sent.header(name).is_some())
}

/// Signs the capture's request as the program does.
pub(crate) fn rebuild(capture: &Capture, sent: &Sent) -> SignedRequest {
    let request = request(capture, sent);
    let signing = Signing {
        origin: &Origin::parse(&format!("https://{}", sent.header("host").unwrap())).unwrap(),
        credentials: &credentials(capture.key(sent)),
        project_id: sent.header("x-project-id"),
        signature: request.api.signature,
        at: capture.inputs.date,
        nonce: capture.inputs.nonce.as_deref().unwrap_or_default(),
    };
    // IAM's own headers, which no service has.
    if ["x-domain-id", "x-subject-token"].iter().any(|name| sent.header(name).is_some()) {
        let own = ["content-type", "x-domain-id", "x-subject-token"];
        let own: Vec<_> = own.into_iter().filter_map(|name| Some((name, sent.header(name)?))).collect();
        return huawei::sign_with(&request, &signing, &own).unwrap();
    }
    provider::sign(&request, &signing).unwrap()
}

fn credentials(key: Key) -> Credentials {
    let Key { id, secret, token } = key;
    Credentials::AccessKey { id, secret: secret.into(), security_token: token.map(Into::into) }
}

fn request(capture: &Capture, sent: &Sent) -> Request {
    let product = capture.op.split_once('-').unwrap().0;
    let api = Api {
        product: Box::leak(Box::new(Product { name: leak(product.to_owned()), hosts: Hosts::ProductFirst })),
        action: leak(sent.called("Action", "x-acs-action").unwrap_or_default()),
        version: leak(sent.called("Version", "x-acs-version").unwrap_or_default()),
        signature: if sent.raw_target.contains("&Signature=") {
            Signature::RpcV1
        } else if sent.header("x-acs-action").is_none() {
            Signature::SdkHmac
        } else {
            Signature::Acs3
        },
        quota: None,
        batch: 1,
        max_response_bytes: SHORT_RESPONSE,
        keeps_connections: true,
    };
    let body = match sent.header("content-type") {
        _ if sent.body.is_empty() => Body::Empty,
        Some(kind) if kind.starts_with("application/json") => Body::Json(sent.body.clone()),
        _ => Body::Form(backwards(sent.form())),
    };
    let mut query = sent.query();
    if sent.header("authorization").is_none() {
        query.retain(|(key, _)| !SYSTEM.contains(&key.as_str()));
    }
    Request {
        api: Box::leak(Box::new(api)),
        method: sent.method.parse().unwrap(),
        path: sent.path().to_owned(),
        query: backwards(query),
        body,
    }
}

/// Reverses parameters, so that the order must come from the signer.
fn backwards(pairs: Vec<(String, String)>) -> Vec<(&'static str, String)> {
    pairs.into_iter().rev().map(|(key, value)| (leak(key), value)).collect()
}

/// Gives a text the lifetime of the names that the program has in its code.
fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
