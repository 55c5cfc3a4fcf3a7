//! The vendors' own SDKs as the judges of our signatures.

mod capture;
mod rebuild;
mod replay;

use std::path::Path;

use allstop::http::SignedRequest;
use capture::{Capture, Sent, Texts};

#[test]
fn every_signature_of_the_sdks_is_reproduced() {
    let mut count = 0;
    for capture in Capture::all() {
        for (sent, texts) in capture.signed() {
            let (computed, signature) = replay::replay(sent, &capture.key(sent));
            if let Some(texts) = texts {
                let computed = Texts {
                    canonical_request: computed.canonical_request.filter(|_| texts.canonical_request.is_some()),
                    ..computed
                };
                assert_eq!(&computed, texts, "{}", capture.name());
            }
            assert_eq!(signature, replay::expected(sent), "{}", capture.name());
            count += 1;
        }
    }
    assert!(count >= 184, "only {count} requests were replayed");
}

#[test]
fn our_requests_with_signed_headers_equal_the_sdks() {
    let mut count = 0;
    for capture in Capture::all() {
        let requests = capture.requests.iter().filter(|sent| !rebuild::has_extra_headers(sent));
        for (sent, minimal) in requests.filter_map(|sent| Some((sent, sent.minimal.as_ref()?))) {
            let ours = rebuild::rebuild(&capture, sent);
            let authorization = header(&ours, "authorization").unwrap();
            assert_eq!(authorization, minimal.authorization, "{}", capture.name());
            let names = authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
            for name in names.split(';') {
                assert_eq!(header(&ours, name), sent.header(name), "{name} of {}", capture.name());
            }
            assert_eq!(target(&ours), spaced(&sent.raw_target), "{}", capture.name());
            assert_same_message(&ours, sent, &capture.name());
            count += 1;
        }
    }
    assert!(count >= 145, "only {count} requests were compared");
}

#[test]
fn our_requests_with_signed_parameters_equal_the_sdks() {
    let mut count = 0;
    for capture in Capture::all() {
        // An SDK's own provider of credentials writes `Format=JSON`; its signatures are reproduced above.
        let is_ours =
            |sent: &&Sent| sent.raw_target.contains("&Signature=") && !sent.raw_target.contains("Format=JSON");
        for sent in capture.requests.iter().filter(is_ours) {
            let ours = rebuild::rebuild(&capture, sent);
            assert_eq!(parameters(target(&ours)), parameters(&spaced(&sent.raw_target)), "{}", capture.name());
            assert_same_message(&ours, sent, &capture.name());
            count += 1;
        }
    }
    assert!(count >= 35, "only {count} requests were compared");
}

/// What hands credentials out without a signature is compared beside the code that asks it.
#[test]
fn captures_without_a_signature_are_compared_in_the_tests_of_credentials() {
    let mut texts = String::new();
    read_tests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/credentials"), &mut texts);
    let is_named = |text: &str| [format!("--{text}\""), format!("\"{text}\"")].iter().any(|text| texts.contains(text));
    let mut count = 0;
    for capture in Capture::all().iter().filter(|capture| capture.signed().next().is_none()) {
        let name = capture.name();
        assert!(texts.contains(&format!("{}--", capture.op)) && is_named(&capture.case), "nobody reads {name}");
        count += 1;
    }
    assert!(count >= 20, "only {count} captures have no signature");
}

/// Adds the Rust files of a directory and of those in it.
fn read_tests(directory: &Path, texts: &mut String) {
    for path in std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        match path.extension() {
            None => read_tests(&path, texts),
            Some(_) => texts.push_str(&std::fs::read_to_string(&path).unwrap()),
        }
    }
}

/// Compares what both kinds of signature leave alone.
fn assert_same_message(ours: &SignedRequest, sent: &Sent, name: &str) {
    assert_eq!(ours.method.as_str(), sent.method, "{name}");
    assert_eq!(ours.body, sent.body, "{name}");
    for header_name in ["host", "content-type", "x-acs-action", "x-acs-version"] {
        assert_eq!(header(ours, header_name), sent.header(header_name), "{header_name} of {name}");
    }
    if sent.body.is_empty() {
        assert_eq!(header(ours, "content-length"), sent.header("content-length"), "{name}");
    }
}

fn header<'a>(signed: &'a SignedRequest, name: &str) -> Option<&'a str> {
    signed.headers.get(name).map(|value| value.to_str().unwrap())
}

/// Returns path and query of the URL.
fn target(signed: &SignedRequest) -> &str {
    let rest = signed.url.as_str().strip_prefix("https://").unwrap();
    rest.split_at(rest.find('/').unwrap()).1
}

/// Writes the spaces of a query as we do; an SDK's own `+` is always `%2B`.
fn spaced(target: &str) -> String {
    target.replace('+', "%20")
}

/// Returns the encoded parameters in an order of their own.
fn parameters(target: &str) -> Vec<&str> {
    let mut parameters: Vec<_> = target.split_once('?').unwrap().1.split('&').collect();
    parameters.sort_unstable();
    parameters
}
