//! Requests as the vendors' own SDKs sent them, with a fixed key, date and nonce.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::SignedDuration;

use jiff::Timestamp;

use super::super::identity::Operation;
use super::super::keyring::Keyring;
use super::super::request::Request;
use super::super::response::Problem;
use super::super::service::Model;
use super::date::date;
use super::*;
use crate::provider::Credentials;

const KEY: &str = "LTAI5tExampleExampleExam";
const DATE: &str = "2026-11-22T05:30:00Z";

#[derive(serde::Deserialize, Clone)]
struct Capture {
    name: String,
    secret: String,
    token: Option<String>,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Capture {
    fn all() -> Vec<Self> {
        let read = |name: &str| -> Vec<Self> {
            let path = format!("{}/tests/simulator/{name}", env!("CARGO_MANIFEST_DIR"));
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
        };
        let (services, credentials) = (read("captures.json"), read("credential-captures.json"));
        assert!(services.len() >= 30 && credentials.len() >= 15, "{} and {}", services.len(), credentials.len());
        [services, credentials].concat()
    }

    fn named(name: &str) -> Self {
        Self::all().into_iter().find(|capture| capture.name == name).unwrap()
    }

    fn ring(&self) -> Keyring {
        let secret = self.secret.as_str().into();
        let security_token = self.token.as_deref().map(Into::into);
        Keyring::new(0, vec![Credentials::AccessKey { id: KEY.to_owned(), secret, security_token }])
    }

    fn request(&self) -> Option<Request> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(name.parse::<HeaderName>().ok()?, HeaderValue::from_bytes(value.as_bytes()).ok()?);
        }
        Request::read(self.method.parse().unwrap(), &self.target, headers, self.body.clone().into())
    }

    fn check_at(&self, now: Timestamp) -> Result<Caller, Problem> {
        let request = self.request().ok_or_else(|| Problem::new(404, "", "not UTF-8"))?;
        let own = || Model::of(&request).map(|model| model.info().auth);
        let auth = Operation::of(&request).and_then(Operation::auth).or_else(own);
        check(auth.ok_or_else(|| Problem::new(404, "", "no service"))?, &request, &self.ring(), now)
    }

    fn check(&self) -> Result<Caller, Problem> {
        self.check_at(DATE.parse().unwrap())
    }

    fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name)).unwrap().1
    }
}

/// Returns the text with one letter or digit changed, for every place where there is one.
fn changed(text: &str) -> impl Iterator<Item = String> {
    let places: Vec<_> = text.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()).collect();
    places.into_iter().map(move |(at, old)| {
        let new = if old == 'x' { 'y' } else { 'x' };
        format!("{}{new}{}", &text[..at], &text[at + 1..])
    })
}

#[test]
fn requests_of_the_vendors_sdks_pass() {
    for capture in Capture::all() {
        let caller = capture.check().unwrap_or_else(|problem| panic!("{}: {problem:?}", capture.name));
        assert_eq!(caller.account, 0, "{}", capture.name);
        let has_nonce = !["live", "drs", "iam", "hwsts"].iter().any(|cloud| capture.name.starts_with(cloud));
        assert_eq!(caller.nonce.is_some(), has_nonce, "{}", capture.name);
    }
}

#[test]
fn one_wrong_byte_anywhere_is_refused() {
    for capture in Capture::all() {
        let refused =
            |what: &str, wrong: Capture| assert!(wrong.check().is_err(), "{}: {what} {}", capture.name, wrong.target);
        for target in changed(&capture.target) {
            refused("target", Capture { target, ..capture.clone() });
        }
        for body in changed(&capture.body) {
            refused("body", Capture { body, ..capture.clone() });
        }
        for secret in changed(&capture.secret) {
            refused("secret", Capture { secret, ..capture.clone() });
        }
        for method in [Method::DELETE, Method::PATCH] {
            refused("method", Capture { method: method.to_string(), ..capture.clone() });
        }
        let signed = capture.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let Some(signed) = signed.map(|(_, value)| value.clone()) else { continue };
        for (number, (name, value)) in capture.headers.iter().enumerate() {
            if !signed.contains(&name.to_ascii_lowercase()) && !name.eq_ignore_ascii_case("authorization") {
                continue;
            }
            for value in changed(value) {
                let mut wrong = capture.clone();
                wrong.headers[number].1 = value;
                refused(name, wrong);
            }
        }
    }
}

#[test]
fn a_date_more_than_fifteen_minutes_off_is_refused_in_each_services_words() {
    for (name, code) in [
        ("fnf-StopExecution--basic", "RequestTimeTooSkewed"),
        ("fnf-StopExecution--basic-v3", "RequestTimeTooSkewed"),
        ("searchengine-StopTask--seed2", "InvalidTimeStamp.Expired"),
        ("es-DescribeInstance--basic", "InvalidTimeStamp.Expired"),
        ("live-UpdateFlowStatusStop--basic", "APIGW.0301"),
        ("drs-StopJob--force-true", "APIGW.0301"),
    ] {
        let capture = Capture::named(name);
        let signed_at: Timestamp = DATE.parse().unwrap();
        for minutes in [-15, 15] {
            let edge = signed_at + SignedDuration::from_mins(minutes);
            assert!(capture.check_at(edge).is_ok(), "{name} at {edge}");
            let beyond = edge + SignedDuration::from_secs(minutes.signum());
            let problem = capture.check_at(beyond).unwrap_err();
            assert_eq!(problem.code, code, "{name} at {beyond}");
            assert!(!problem.message.contains("token"), "{}", problem.message);
        }
    }
}

#[test]
fn unknown_keys_are_refused_in_each_services_words() {
    for (name, status, code) in [
        ("fnf-StopExecution--basic", 403, "InvalidAccessKeyID"),
        ("fnf-StopExecution--basic-v3", 403, "InvalidAccessKeyID"),
        ("es-DescribeInstance--basic", 404, "InvalidAccessKeyId.NotFound"),
        ("live-UpdateFlowStatusStop--basic", 401, "APIGW.0301"),
    ] {
        let mut capture = Capture::named(name);
        capture.target = capture.target.replace(KEY, "LTAI5tStranger");
        for (_, value) in &mut capture.headers {
            *value = value.replace(KEY, "LTAI5tStranger");
        }
        let problem = capture.check().unwrap_err();
        assert_eq!((problem.status, problem.code), (status, code), "{name}");
    }
}

#[test]
fn a_security_token_must_come_exactly_where_it_is_due() {
    for name in ["fnf-StopExecution--sts", "es-InterruptElasticsearchTask--sts", "live-UpdateFlowStatusStop--sts"] {
        let mut with = Capture::named(name);
        with.token = None;
        assert!(with.check().is_err(), "{name}: a permanent key with a token");
        with.token = Some("another".to_owned());
        assert!(with.check().is_err(), "{name}: another token");
    }
    for name in ["fnf-StopExecution--basic", "es-DescribeInstance--basic", "drs-StopJob--force-true"] {
        let mut without = Capture::named(name);
        without.token = Some("due".to_owned());
        assert!(without.check().is_err(), "{name}: a temporary key without a token");
    }
}

#[test]
fn what_must_be_signed_must_be_signed() {
    let unsigned = |name: &str, header: &str| {
        let mut capture = Capture::named(name);
        capture.headers.push((header.to_owned(), "1".to_owned()));
        capture.check().map_err(|problem| problem.code)
    };
    assert_eq!(unsigned("es-DescribeInstance--basic", "x-acs-extra"), Err("IncompleteSignature"));
    assert_eq!(unsigned("es-DescribeInstance--basic", "content-type"), Err("IncompleteSignature"));
    assert!(unsigned("es-DescribeInstance--basic", "x-forwarded-for").is_ok());
    assert_eq!(unsigned("drs-StopJob--force-true", "x-security-token"), Err("APIGW.0301"));
    let mut shuffled = Capture::named("es-DescribeInstance--basic");
    *shuffled.header("authorization") = shuffled.header("authorization").replace("accept;host", "host;accept");
    assert_eq!(shuffled.check().unwrap_err().code, "IncompleteSignature");
}

#[test]
fn requests_without_any_signature_are_refused() {
    for (target, code) in [
        ("/", "MissingRequiredParams"),
        ("/openapi/instances/es-1", "IncompleteSignature"),
        ("/v1/p/flows/stop?flow_id=f", "APIGW.0301"),
    ] {
        let request = Request::read(Method::PUT, target, HeaderMap::new(), bytes::Bytes::new()).unwrap();
        let auth = Model::of(&request).unwrap().info().auth;
        let problem = check(auth, &request, &Keyring::default(), DATE.parse().unwrap()).unwrap_err();
        assert_eq!(problem.code, code, "{target}");
    }
}

#[test]
fn dates_are_read_strictly() {
    let format = "%Y-%m-%dT%H:%M:%SZ";
    assert!(date(DATE, format).is_some());
    for wrong in ["", "2026-11-22", "2026-11-22T5:30:00Z", "2026-11-22T05:30:00+00:00", "2026-13-22T05:30:00Z", "now"] {
        assert_eq!(date(wrong, format), None, "{wrong}");
    }
}
