//! What signing puts into a request besides the signature, and what it refuses.

use std::sync::LazyLock;

use http::Method;

use super::*;
use crate::http::{Api, Body, Hosts, Product, Request, SHORT_RESPONSE, Signature, SignedRequest};

static PRODUCT: Product = Product { name: "product", hosts: Hosts::ProductFirst };

const ROA: &Api = &api(Signature::Acs3);
const RPC: &Api = &api(Signature::RpcV1);
const REST: &Api = &api(Signature::SdkHmac);

const fn api(signature: Signature) -> Api {
    Api {
        product: &PRODUCT,
        action: "Stop",
        version: "2021-10-25",
        signature,
        quota: None,
        batch: 1,
        max_response_bytes: SHORT_RESPONSE,
        keeps_connections: true,
    }
}

fn request(api: &'static Api, method: Method) -> Request {
    Request { api, method, path: "/p".into(), query: vec![("q", "a b".into())], body: Body::Empty }
}

fn key(secret: &str, token: Option<&str>) -> Credentials {
    Credentials::AccessKey { id: "id".into(), secret: secret.into(), security_token: token.map(Into::into) }
}

static ORIGIN: LazyLock<Origin> = LazyLock::new(|| Origin::parse("https://host.example").unwrap());

fn signed(api: &'static Api, method: Method, credentials: &Credentials) -> Result<SignedRequest, SignError> {
    let signing = Signing {
        origin: &ORIGIN,
        credentials,
        project_id: Some("project"),
        signature: api.signature,
        at: "2026-11-22T05:30:00.9Z".parse().unwrap(),
        nonce: "0123456789abcdef0123456789abcdef",
    };
    sign(&request(api, method), &signing)
}

fn header<'a>(signed: &'a SignedRequest, name: &str) -> Option<&'a str> {
    signed.headers.get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn an_auth_token_is_sent_instead_of_a_signature() {
    let token = Credentials::AuthToken("token".into());
    let signed = signed(REST, Method::PUT, &token).unwrap();
    assert_eq!(signed.url.as_str(), "https://host.example/p?q=a%20b");
    let expected = [
        ("host", Some("host.example")),
        ("content-type", Some("application/json")),
        ("content-length", Some("0")),
        ("x-project-id", Some("project")),
        ("x-auth-token", Some("token")),
        ("authorization", None),
        ("x-sdk-date", None),
        ("user-agent", Some(concat!("allstop/", env!("CARGO_PKG_VERSION")))),
    ];
    for (name, value) in expected {
        assert_eq!(header(&signed, name), value, "{name}");
    }
}

#[test]
fn an_auth_token_cannot_sign_for_alibaba() {
    let token = Credentials::AuthToken("token".into());
    for api in [ROA, RPC] {
        let refused = signed(api, Method::PUT, &token).err();
        assert_eq!(refused, Some(SignError::Credentials("auth token")));
    }
}

#[test]
fn only_a_get_leaves_the_length_of_no_body_out() {
    for api in [ROA, RPC, REST] {
        for (method, length) in [(Method::GET, None), (Method::PUT, Some("0")), (Method::POST, Some("0"))] {
            let key = key("secret", None);
            let signed = signed(api, method, &key).unwrap();
            assert_eq!(header(&signed, "content-length"), length, "{:?} {}", api.signature, signed.method);
        }
    }
}

#[test]
fn characters_that_http_forbids_are_refused_without_showing_them() {
    for (api, name) in [(ROA, "x-acs-security-token"), (REST, "x-security-token")] {
        for token in ["two\nlines", "\u{7f}", "\0"] {
            let key = key("secret", Some(token));
            let refused = signed(api, Method::PUT, &key).err().unwrap();
            assert_eq!(refused, SignError::Header(name));
            assert_eq!(refused.to_string(), format!("{name} contains characters that HTTP does not allow"));
        }
    }
}

#[test]
fn secrets_in_headers_are_marked() {
    let key = key("secret", Some("hush"));
    for api in [ROA, REST] {
        let signed = signed(api, Method::PUT, &key).unwrap();
        let text = format!("{:?}", signed.headers);
        assert!(!text.contains("hush") && !text.contains("Signature="), "{text}");
    }
}

#[test]
fn dates_are_whole_seconds() {
    let key = key("secret", None);
    let signed = |api| signed(api, Method::PUT, &key).unwrap();
    assert_eq!(header(&signed(ROA), "x-acs-date"), Some("2026-11-22T05:30:00Z"));
    assert_eq!(header(&signed(REST), "x-sdk-date"), Some("20261122T053000Z"));
    assert!(signed(RPC).url.as_str().contains("&Timestamp=2026-11-22T05%3A30%3A00Z&"));
}
