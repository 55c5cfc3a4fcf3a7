//! What the tests of this folder share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::base::environment::Environment;
use crate::credentials::client::Clients;
use crate::credentials::client::tests::server::{Answer, Received, Server};
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::http::SignedRequest;
use crate::plan::Account;
use crate::provider::{Cloud, Credentials};

/// The account of the captures.
pub(super) const DOMAIN: &str = "d78cbac186b744899480f25bd022f468";

/// The project of the captures.
pub(super) const PROJECT: &str = "054ba152d480d55b2f5dc0069e7ddef0";

/// The OIDC token of the captures.
pub(super) const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6b3BzOmFsbHN0b3AifQ.c2ln";

/// What sources are asked with.
pub(super) struct Around {
    pub(super) account: Account,
    pub(super) session: String,
    environment: Environment,
    clients: Clients,
}

impl Around {
    pub(super) fn new(environment: Environment) -> Self {
        let account = Account::in_region(Cloud::Huawei, "cn-north-4".to_owned());
        Self { account, session: "allstop-run".to_owned(), environment, clients: Clients::default() }
    }

    /// Asks a server in the place of all services.
    pub(super) fn at(server: &Server) -> Self {
        let mut around = Self::default();
        for service in ["iam", "sts", "metadata"] {
            around.account.endpoints.insert(service.to_owned(), server.url(""));
        }
        around
    }

    pub(super) fn lend(&self) -> Surroundings<'_> {
        let Self { account, session, environment, clients } = self;
        Surroundings { account, environment, clients, session, iam_endpoint: None, log: None }
    }
}

impl Default for Around {
    fn default() -> Self {
        Self::new(Environment::default())
    }
}

/// A call of the vendor's SDK, as it went over the wire.
#[derive(Deserialize)]
pub(super) struct Capture {
    inputs: Inputs,
    pub(super) requests: Vec<Sent>,
}

#[derive(Deserialize)]
struct Inputs {
    ak: String,
    sk: String,
    security_token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Sent {
    method: String,
    raw_target: String,
    headers: Vec<(String, String)>,
    body: String,
    response_sent: Told,
    minimal: Option<Minimal>,
}

#[derive(Deserialize)]
struct Told {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

#[derive(Deserialize)]
struct Minimal {
    authorization: String,
}

impl Capture {
    pub(super) fn of(name: &str) -> Self {
        let path = format!("{}/tests/captures/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Returns the key that the SDK was given.
    pub(super) fn key(&self) -> Credentials {
        let Inputs { ak, sk, security_token } = &self.inputs;
        let security_token = security_token.as_deref().map(Into::into);
        Credentials::AccessKey { id: ak.clone(), secret: sk.as_str().into(), security_token }
    }

    /// Starts a server that answers as the vendor did.
    pub(super) async fn server(&self) -> Server {
        let answers: Vec<_> = self.requests.iter().map(Sent::answer).collect();
        in_turn(answers).await
    }

    /// Checks that these requests say what the SDK's say, header by header but for what only a signature needs.
    pub(super) fn check(&self, requests: &[Received]) {
        assert_eq!(requests.len(), self.requests.len());
        for (ours, sent) in requests.iter().zip(&self.requests) {
            assert_eq!((&ours.method, &ours.target), (&sent.method, &sent.raw_target));
            if !sent.body.is_empty() {
                let json = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap();
                assert_eq!(json(&ours.body), json(&sent.body));
                assert!(ours.header("content-type").unwrap().starts_with("application/json"));
            }
            let names = ["x-idp-id", "x-metadata-token", "x-metadata-token-ttl-seconds", "content-length"];
            for name in names.into_iter().chain((!sent.is_signed()).then_some("authorization")) {
                assert_eq!(ours.header(name), sent.header(name), "{name}");
            }
        }
    }
}

impl Sent {
    pub(super) fn body(&self) -> &str {
        &self.body
    }

    /// Returns what the vendor answered.
    pub(super) fn answer(&self) -> Answer {
        self.response_sent.answer()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn is_signed(&self) -> bool {
        self.header("authorization").is_some_and(|value| value.contains("Signature="))
    }

    /// Checks that this request is the SDK's, byte for byte where it is signed.
    pub(super) fn check(&self, signed: &SignedRequest) {
        let header = |name: &str| signed.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(signed.method.as_str(), self.method);
        assert!(signed.url.as_str().ends_with(&self.raw_target), "{}", signed.url);
        assert_eq!(str::from_utf8(&signed.body).unwrap(), self.body);
        assert_eq!(header("authorization"), self.minimal.as_ref().map(|minimal| &*minimal.authorization));
    }
}

impl Told {
    fn answer(&self) -> Answer {
        let plain = Answer::text(self.status, &self.body).header("date", "Sun, 22 Nov 2026 05:30:00 GMT");
        self.headers
            .iter()
            .fold(plain, |answer, (name, value)| answer.header(Box::leak(name.clone().into_boxed_str()), value))
    }
}

/// Starts a server that gives these answers in turn, and the last one again and again.
pub(super) async fn in_turn(answers: Vec<Answer>) -> Server {
    let next = Arc::new(AtomicUsize::new(0));
    Server::start(move |request| {
        // A server asks itself what it would say to a request that is none.
        let at =
            if request.method.is_empty() { next.load(Ordering::Relaxed) } else { next.fetch_add(1, Ordering::Relaxed) };
        answers[at.min(answers.len() - 1)].clone()
    })
    .await
}

/// A permanent key.
pub(super) fn key() -> Credentials {
    Credentials::AccessKey {
        id: "HWOPSACCESSKEY000001".into(),
        secret: "hw-secret-of-ops".into(),
        security_token: None,
    }
}

/// A temporary key.
pub(super) fn temporary() -> Credentials {
    let security_token = Some("hush-security-token".into());
    Credentials::AccessKey { id: "HSTEMPACCESSKEY00001".into(), secret: "hw-secret-of-ops".into(), security_token }
}

/// Checks that these are the keys of the captures.
pub(super) fn check_keys(issued: &Issued) {
    let Credentials::AccessKey { id, secret, security_token } = &issued.credentials else { panic!("a token") };
    assert_eq!((&**id, secret.expose_secret()), ("HSTEMPACCESSKEYEXAMPL", "TempSecretTempSecretTempSecret"));
    let token = security_token.as_ref().map(ExposeSecret::expose_secret);
    assert_eq!(token, Some("CAISexample+token/with=chars%and spaces~end"));
    assert_eq!(issued.expires_at, Some("2026-11-22T06:30:00Z".parse().unwrap()));
    assert_eq!(issued.issued_at, Some("2026-11-22T05:30:00Z".parse().unwrap()));
    assert!(issued.is_renewable);
}

/// Answers that bring nothing, and a word of what is said of each.
pub(super) fn useless() -> Vec<(Answer, &'static str)> {
    vec![
        (Answer::html(200, "<html>captive portal: log in</html>"), "HTML"),
        (Answer::json(200, "\u{0}\u{ff}{not json"), "not JSON"),
        (Answer::json(200, ""), "empty"),
        (Answer::json(200, r#"{"Code": "Success"}"#), "has no "),
        (Answer::json(200, r#"{"credentials": {"access_key_id": "HS"#), "truncated"),
        (Answer::cut(r#"{"credentials": {"access_key_id": "HS"#), "cut off"),
        (Answer::json(302, ""), "redirect"),
        (Answer::json(500, r#"{"error": {"code": 500, "message": "made to fail"}}"#), "made to fail"),
        (Answer::json(503, ""), "503"),
        (Answer::json(429, r#"{"error_code": "APIGW.0308", "error_msg": "over ratelimit"}"#), "over ratelimit"),
    ]
}
