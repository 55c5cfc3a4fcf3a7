//! What the tests of this folder share.

use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::base::environment::Environment;
use crate::credentials::client::Clients;
use crate::credentials::client::tests::server::{Answer, Received, Server};
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::plan::Account;
use crate::provider::{Cloud, Credentials};

/// The role of the captures.
pub(in crate::credentials) const ROLE: &str = "acs:ram::1865410598556969:role/stopper";

/// What sources are asked with.
pub(in crate::credentials) struct Around {
    account: Account,
    environment: Environment,
    clients: Clients,
}

impl Around {
    /// Asks a server in the place of all services.
    pub(in crate::credentials) fn at(server: &Server) -> Self {
        Self::with(server, &[])
    }

    pub(in crate::credentials) fn with(server: &Server, variables: &[(&str, &str)]) -> Self {
        Self::of(&["sts", "metadata", "oauth"].map(|service| (service, server.url(""))), variables)
    }

    /// Asks at these endpoints, and at the vendor's for what is not among them.
    pub(in crate::credentials) fn of(endpoints: &[(&str, String)], variables: &[(&str, &str)]) -> Self {
        let mut account = Account::in_region(Cloud::Alibaba, "cn-hangzhou".to_owned());
        account.endpoints.extend(endpoints.iter().map(|(name, url)| ((*name).to_owned(), url.clone())));
        Self { account, environment: variables.iter().copied().collect(), clients: Clients::default() }
    }

    pub(in crate::credentials) fn lend(&self) -> Surroundings<'_> {
        let Self { account, environment, clients } = self;
        Surroundings { account, environment, clients, session: "allstop", iam_endpoint: None, log: None }
    }
}

/// A call of the vendor's SDK, as it went over the wire.
pub(in crate::credentials) struct Capture(Value);

impl Capture {
    pub(in crate::credentials) fn of(name: &str) -> Self {
        let path = format!("{}/tests/captures/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self(serde_json::from_str(&text).unwrap())
    }

    /// Returns the key that the SDK was given.
    pub(in crate::credentials) fn key(&self) -> Credentials {
        let field = |name: &str| self.0["inputs"][name].as_str();
        let security_token = field("security_token").map(Into::into);
        Credentials::AccessKey { id: field("ak").unwrap().into(), secret: field("sk").unwrap().into(), security_token }
    }

    /// Returns the parameters of the first request's query, in an order of their own.
    pub(in crate::credentials) fn parameters(&self) -> Vec<String> {
        // The SDK writes a space as `+`.
        sorted(&self.0["requests"][0]["raw_query"].as_str().unwrap().replace('+', "%20"))
    }

    /// Returns a header of a request.
    pub(in crate::credentials) fn header(&self, request: usize, name: &str) -> Option<&str> {
        let headers = self.0["requests"][request]["headers"].as_array().unwrap();
        let found = headers.iter().find(|header| header[0].as_str().unwrap().eq_ignore_ascii_case(name))?;
        found[1].as_str()
    }

    pub(in crate::credentials) fn body(&self, request: usize) -> &str {
        self.0["requests"][request]["body"].as_str().unwrap()
    }

    /// Returns method and path of each request; one that the SDK sends for nothing is left out.
    pub(in crate::credentials) fn calls(&self) -> Vec<String> {
        let mut calls = Vec::new();
        for request in self.0["requests"].as_array().unwrap() {
            let call = format!("{} {}", request["method"].as_str().unwrap(), request["raw_path"].as_str().unwrap());
            if !calls.contains(&call) {
                calls.push(call);
            }
        }
        calls
    }

    /// Starts a server that answers as the vendor did.
    pub(in crate::credentials) async fn server(&self) -> Server {
        let answer = |request: &Value| {
            let (path, told) = (request["raw_target"].as_str().unwrap().to_owned(), &request["response_sent"]);
            let status = u16::try_from(told["status"].as_u64().unwrap()).unwrap();
            let answer = Answer::text(status, told["body"].as_str().unwrap());
            (path, answer.header("date", "Sun, 22 Nov 2026 05:30:00 GMT"))
        };
        let answers: Vec<_> = self.0["requests"].as_array().unwrap().iter().map(answer).collect();
        Server::start(move |request| {
            let path = |target: &str| target.split('?').next().unwrap().to_owned();
            let found = answers.iter().find(|(target, _)| path(target) == path(&request.target));
            found.map_or_else(|| Answer::text(404, ""), |(_, answer)| answer.clone())
        })
        .await
    }
}

/// Returns the parameters of a query in an order of their own.
pub(in crate::credentials) fn sorted(query: &str) -> Vec<String> {
    let mut parameters: Vec<_> = query.split('&').map(str::to_owned).collect();
    parameters.sort_unstable();
    parameters
}

/// Starts a server that gives these answers in turn, and the last one again and again.
pub(in crate::credentials) async fn in_turn(answers: Vec<Answer>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |request: &Received| {
        // A server asks itself what it would say to a request that is none.
        let step = usize::from(!request.method.is_empty());
        answers[next.fetch_add(step, Ordering::Relaxed).min(answers.len() - 1)].clone()
    })
    .await
}

/// Temporary keys as a service writes them.
pub(in crate::credentials) fn keys(id: &str, expiration: &str) -> String {
    format!(
        r#""AccessKeyId": "{id}", "AccessKeySecret": "hush-secret", "SecurityToken": "hush+token/==", "Expiration": "{expiration}""#
    )
}

/// An answer of AssumeRole.
pub(in crate::credentials) fn role_answer(id: &str, expiration: &str) -> Answer {
    let user = r#""AssumedRoleUser": {"Arn": "acs:ram::1865410598556969:role/stopper/allstop"}"#;
    Answer::json(200, &format!(r#"{{{user}, "Credentials": {{{}}}}}"#, keys(id, expiration)))
}

/// A permanent key.
pub(in crate::credentials) fn key() -> Credentials {
    Credentials::AccessKey { id: "LTAI5tOpsOpsOpsOps".into(), secret: "hush-of-ops-hush".into(), security_token: None }
}

/// Checks that these are the keys of the captures.
pub(super) fn check_keys(issued: &Issued) {
    let Credentials::AccessKey { id, secret, security_token } = &issued.credentials else { panic!("a token") };
    assert_eq!((&**id, secret.expose_secret()), ("STS.NUexampleexampleexample", "TempSecretTempSecretTempSecret"));
    assert_eq!(security_token.as_ref().unwrap().expose_secret(), "CAISexample+token/with=chars%~end");
    assert_eq!(issued.expires_at, Some("2026-11-22T06:30:00Z".parse().unwrap()));
    assert_eq!(issued.issued_at, Some("2026-11-22T05:30:00Z".parse().unwrap()));
    assert!(issued.is_renewable);
}

/// Answers that bring nothing, and a word of what is said of each.
pub(in crate::credentials) fn useless() -> Vec<(Answer, &'static str)> {
    vec![
        (Answer::html(200, "<html>captive portal: log in</html>"), "HTML"),
        (Answer::json(200, "\0\u{ff}{not json"), "not JSON"),
        (Answer::json(200, ""), "empty"),
        (Answer::json(200, r#"{"Code": "Success"}"#), "no "),
        (Answer::json(200, r#"{"Credentials": {"AccessKeyId": "STS."#), "truncated"),
        (Answer::cut(r#"{"Credentials": {"AccessKeyId": "STS."#), "cut off"),
        (Answer::json(200, &format!("{{\"x\": \"{}\"}}", "x".repeat(65 << 10))), "64 KiB"),
        (Answer::json(302, ""), "redirect"),
        (Answer::json(503, r#"{"Code": "ServiceUnavailable", "Message": "made to fail"}"#), "made to fail"),
        (Answer::json(429, r#"{"Code": "Throttling.User", "Message": "too many"}"#), "Throttling.User"),
    ]
}
