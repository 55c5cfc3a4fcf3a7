use std::fmt::Write;
use std::sync::Arc;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use http::Method;
use proptest::prelude::*;

use super::{Echoes, REDACTED, Secrets, is_id};
use crate::http::{Signature, SignedRequest};
use crate::provider::sent_signature::SentSignature;
use crate::provider::{self, Credentials, Origin, Signing};
use crate::service::{Kind, Params, Scope, Value};

const SECRET: &str = "Zq3/k+Vb9<x&T\"uR7=w2Yd8Lm";
const TOKEN: &str = "CAISzgJ1q6Ft5B2yfSjIr5fEJd3nmpl79ai+a0/ih3MbYeZV3Zf9rTz2IHpIeHhpBOEWtfw0mWlW6Pgblq53RY8==";

fn key() -> Credentials {
    Credentials::AccessKey { id: "LTAI5tPublicId".into(), secret: SECRET.into(), security_token: Some(TOKEN.into()) }
}

fn percent(text: &str, upper: bool) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            _ if upper => write!(out, "%{byte:02X}").unwrap(),
            _ => write!(out, "%{byte:02x}").unwrap(),
        }
        out
    })
}

fn every(text: &str, form: impl Fn(u8) -> String) -> String {
    text.bytes().map(form).collect()
}

/// What a service may make of a text that it repeats.
fn encodings(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).unwrap();
    let html =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('=', "&#61;");
    vec![
        text.to_owned(),
        text.to_uppercase(),
        percent(text, true),
        percent(text, false),
        percent(&percent(text, true), true),
        percent(&percent(&percent(text, false), true), false),
        every(text, |byte| format!("%{byte:02x}")),
        json.trim_matches('"').replace('/', "\\/"),
        every(text, |byte| format!("\\u{byte:04x}")),
        every(text, |byte| format!("\\x{byte:02X}")),
        html(text),
        html(&percent(text, true)),
        percent(&html(text), true),
        every(text, |byte| format!("&#{byte};")),
        every(text, |byte| format!("&#x{byte:x};")),
        BASE64.encode(text.as_bytes()),
        BASE64.encode(format!("x{text}").as_bytes()),
        BASE64.encode(format!("xy{text}z").as_bytes()),
        BASE64URL_NOPAD.encode(format!("Authorization: {text}").as_bytes()),
        percent(&BASE64.encode(text.as_bytes()), true),
        BASE64.encode(BASE64.encode(text.as_bytes()).as_bytes()),
        BASE64.encode(percent(text, true).as_bytes()),
        HEXLOWER.encode(text.as_bytes()),
        HEXUPPER.encode(text.as_bytes()),
        format!("0{}", HEXUPPER.encode(text.as_bytes())),
        every(text, |byte| format!("{byte:02x} ")).trim_end().to_owned(),
        every(text, |byte| format!("{byte:02X}:")).trim_end_matches(':').to_owned(),
        every(text, |byte| format!("0x{byte:02x}, ")).trim_end_matches(", ").to_owned(),
        text.as_bytes().chunks(2).map(|pair| HEXLOWER.encode(pair)).collect::<Vec<_>>().join(" "),
        format!("{:?}", text.as_bytes()),
        html(json.trim_matches('"')),
    ]
}

/// Tells whether a text still has something of a secret in it, in any of its encodings.
fn shows(text: &str, secret: &str) -> bool {
    let lower = text.to_lowercase();
    encodings(secret).iter().any(|form| {
        // An encoding that is not aligned shows all but its ends.
        let middle = form.get(8..form.len() - 8).unwrap_or(form);
        lower.contains(&middle.to_lowercase())
    })
}

fn signed(kind: &str, credentials: &Credentials, signature: Signature) -> SignedRequest {
    let kind = Kind::named(kind).unwrap();
    let params = Params::new(kind.params.iter().map(|param| param.identifying.then_some(Value::Text("name"))));
    let request =
        kind.service().stop(&params, &Scope { project_id: "project", cause: "because", client_token: "token" });
    assert_ne!(request.method, Method::GET);
    let signing = Signing {
        origin: &Origin::parse("https://service.example").unwrap(),
        credentials,
        project_id: Some("project"),
        signature,
        at: "2026-11-22T12:00:00Z".parse().unwrap(),
        nonce: "edb2b34af0af9a6d14deaf7c1a5315eb",
    };
    provider::sign(&request, &signing).unwrap()
}

fn echoes(credentials: &Credentials, signed: Option<&SignedRequest>) -> Echoes {
    Echoes::of(signed, Arc::new(Secrets::of(credentials)))
}

#[test]
fn secrets_are_found_in_every_encoding() {
    let echoes = echoes(&key(), None);
    for secret in [SECRET, TOKEN] {
        for form in encodings(secret) {
            let text = format!("got the header x: {form}, which is wrong");
            let clean = echoes.out_of(text.as_str().into());
            assert!(!shows(&clean, secret), "{form}: {clean}");
            assert!(clean.contains(REDACTED) && clean.starts_with("got the header x: "), "{form}: {clean}");
            assert!(clean.ends_with(", which is wrong"), "{clean}");
        }
    }
    let token = self::echoes(&Credentials::AuthToken(TOKEN.into()), None);
    assert_eq!(&*token.out_of(format!("<{TOKEN}>").into()), "<[redacted]>");
}

#[test]
fn signatures_of_every_scheme_are_found() {
    for (kind, signature) in [
        ("fnf_execution", Signature::RpcV1),
        ("fnf_execution", Signature::Acs3),
        ("elasticsearch_task", Signature::Acs3),
        ("drs_job", Signature::SdkHmac),
    ] {
        let request = signed(kind, &key(), signature);
        let echoes = echoes(&key(), Some(&request));
        let header = request.headers.get("authorization").map(|value| value.to_str().unwrap());
        let sent = header.or(request.url.query()).unwrap().rsplit_once("Signature=").unwrap().1;
        let plain = sent.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let raw = BASE64.decode(plain.as_bytes()).ok().filter(|_| header.is_none());
        let raw = raw.unwrap_or_else(|| HEXLOWER.decode(plain.as_bytes()).unwrap());
        let others = [HEXUPPER.encode(&raw), HEXLOWER.encode(&raw), BASE64.encode(&raw)];
        for form in encodings(&plain).into_iter().chain(others).chain([sent.to_owned()]) {
            let clean = echoes.out_of(form.as_str().into());
            assert!(clean.contains(REDACTED) && !shows(&clean, &plain), "{kind} {form}: {clean}");
        }
        // The whole URL and all headers, as they are.
        let text = format!("{} {:?} {header:?}", request.url, request.headers.get("x-acs-security-token"));
        let clean = echoes.out_of(text.into());
        assert!(!clean.contains(sent) && !clean.contains(&plain), "{clean}");
        assert!(!clean.contains(TOKEN) && !clean.contains(&percent(TOKEN, true)), "{clean}");
    }
}

#[test]
fn a_request_with_a_token_has_no_signature_that_could_be_taken_for_one() {
    let request = signed("drs_job", &Credentials::AuthToken(TOKEN.into()), Signature::SdkHmac);
    assert_eq!(SentSignature::of(&request).and_then(|sent| sent.text().map(str::to_owned)), None);
}

#[test]
fn parts_of_secrets_are_found_and_texts_that_were_cut_too() {
    let echoes = echoes(&key(), None);
    assert_eq!(&*echoes.out_of(format!("ends in {}", &TOKEN[40..]).into()), "ends in [redacted]");
    assert_eq!(&*echoes.out_of(format!("begins with {}…", &TOKEN[..9]).into()), "begins with [redacted]…");
    assert_eq!(&*echoes.out_of(format!("{}…", &TOKEN[..30]).into()), "[redacted]…");
}

#[test]
fn short_secrets_are_found_as_a_whole() {
    let key = Credentials::AccessKey { id: "id".into(), secret: "hush!".into(), security_token: Some("abc".into()) };
    let echoes = echoes(&key, None);
    for form in ["hush!", "HUSH%21", "aHVzaCE=", "6875736821"] {
        assert_eq!(echoes.out_of(format!("it is {form}").into()).trim_end_matches('='), "it is [redacted]");
    }
    assert_eq!(
        &*echoes.out_of("abc: a secret of three letters is none".into()),
        "abc: a secret of three letters is none"
    );
}

#[test]
fn what_is_no_secret_stays_as_it_is() {
    let request = signed("drs_job", &key(), Signature::SdkHmac);
    let echoes = echoes(&key(), Some(&request));
    for text in [
        "",
        "Stopped",
        "7CB9C5A4-54A5-1D33-B6B4-5D0C1D0C5B7E",
        "0123456789abcdef0123456789abcdef",
        "The specified access key is not found: LTAI5tPublicId.",
        "flow c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r is ACTIVE, wanted STANDBY",
        "SDK-HMAC-SHA256 Access=LTAI5tPublicId, SignedHeaders=content-type;host;x-project-id;x-sdk-date",
        "100 % of 5 & more \\ 四五六 … &bogus; %zz \\uZZZZ",
        "no connection: failed to lookup address information: Name or service not known",
    ] {
        assert_eq!(&*echoes.out_of(text.into()), text);
    }
    let part = HEXLOWER.encode(TOKEN.as_bytes().get(7..23).unwrap());
    assert_eq!(&*echoes.out_of(part.as_str().into()), REDACTED, "16 bytes of a secret in the place of an id");
    assert!(is_id("7CB9C5A4-54A5-1D33-B6B4-5D0C1D0C5B7E") && !is_id("7CB9C5A4-54A5-1D33-B6B4-5D0C1D0C5B7"));
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in ".{0,200}", secret in "[ -~]{0,40}") {
        let key = Credentials::AuthToken(secret.as_str().into());
        let clean = echoes(&key, None).out_of(text.as_str().into());
        prop_assert!(secret.len() < 4 || !clean.contains(&secret) || REDACTED.contains(&secret));
    }

    #[test]
    fn random_secrets_in_strange_texts_are_found(secret in "[A-Za-z0-9+/=]{16,60}", before in "\\PC{0,20}", form in 0..26_usize) {
        let form = encodings(&secret).swap_remove(form);
        let key = Credentials::AuthToken(secret.as_str().into());
        let clean = echoes(&key, None).out_of(format!("{before} {form}").into());
        prop_assert!(clean.contains(REDACTED), "{form}: {clean}");
    }
}
