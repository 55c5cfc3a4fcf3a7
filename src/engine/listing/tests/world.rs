//! A scripted world for paused time: every answer is a function of the request.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::HeaderMap;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::base::clock::Clock;
use crate::credentials::{CredentialError, CredentialProvider};
use crate::engine::listing::{ListingRecord, Listings};
use crate::error::ErrorClass;
use crate::http::{Response, SignedRequest};
use crate::plan::{Account, Plan, Variables};
use crate::provider::Credentials;
use crate::transport::{Blame, SendError, Transport};

/// One request as the script sees it.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The URL and the body.
    pub(super) text: String,
    /// How many requests with the same parameters came before; those that make each request another one do not count.
    pub(super) before: usize,
    /// Since the world began.
    pub(super) at: Duration,
}

impl Call {
    /// Tells whether it has a parameter, such as `offset=100`.
    pub(super) fn has(&self, part: &str) -> bool {
        self.text.split(['?', '&']).any(|pair| pair == part)
    }

    /// Tells whether it asks for an API of fnf.
    pub(super) fn is(&self, action: &str) -> bool {
        self.has(&format!("Action={action}"))
    }

    /// Returns a parameter, or an empty text.
    pub(super) fn parameter(&self, name: &str) -> &str {
        let mut pairs = self.text.split(['?', '&']).filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }
}

pub(super) type Answer = Result<Response, SendError>;

#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    /// Returns the requests that came in.
    pub(super) fn all(&self) -> Vec<Call> {
        self.0.lock().unwrap().clone()
    }
}

struct World<F> {
    script: F,
    calls: Calls,
    began: Instant,
}

/// What makes each request another one.
const OF_THE_MOMENT: [&str; 5] = ["Signature=", "SignatureNonce=", "Timestamp=", "SignatureMethod=", "StartedTime"];

impl<F: Fn(&Call) -> Answer + Send + Sync> Transport for World<F> {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        let all = format!("{}&{}", request.url, String::from_utf8_lossy(&request.body));
        let lasting = all.split('&').filter(|pair| !OF_THE_MOMENT.iter().any(|name| pair.starts_with(name)));
        let text = lasting.collect::<Vec<_>>().join("&");
        let call = {
            let mut calls = self.calls.0.lock().unwrap();
            let before = calls.iter().filter(|call| call.text == text).count();
            calls.push(Call { text, before, at: self.began.elapsed() });
            calls.last().unwrap().clone()
        };
        let answer = (self.script)(&call);
        async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            answer
        }
        .boxed()
    }
}

/// A clock that stands still in wall time; elapsed time is tokio's.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }
}

struct Keys;

impl CredentialProvider for Keys {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        let id = format!("key-of-{}", account.name);
        async move { Ok(Credentials::AccessKey { id, secret: "secret".into(), security_token: None }) }.boxed()
    }
}

/// Reads a plan; `rest` is all of it but the version and the accounts.
pub(super) fn plan(rest: &str) -> Plan {
    let text = format!(
        "version: 1\naccounts:\n  ali: {{cloud: alibaba, region: cn-hangzhou}}\n  \
         hw: {{cloud: huawei, region: cn-north-4, project_id: p}}\n{rest}"
    );
    Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan
}

/// Prepares the listings of a plan in a scripted world.
pub(super) fn prepare(plan: Plan, script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> (Listings, Calls) {
    let calls = Calls::default();
    let world = World { script, calls: calls.clone(), began: Instant::now() };
    (Listings::new(plan).transport(world).clock(Noon).credentials(Keys), calls)
}

/// Lists what a plan selects.
pub(super) async fn list(
    plan: Plan,
    script: impl Fn(&Call) -> Answer + Send + Sync + 'static,
) -> (ListingRecord, Vec<Call>) {
    let (listings, calls) = prepare(plan, script);
    let record = listings.execute().await.unwrap();
    (record, calls.all())
}

pub(super) fn ok(body: &str) -> Answer {
    status(200, body)
}

pub(super) fn status(status: u16, body: &str) -> Answer {
    Ok(Response { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) })
}

pub(super) fn code(http: u16, code: &str) -> Answer {
    status(http, &format!(r#"{{"RequestId":"r","Code":"{code}","Message":"m","error_code":"{code}","error_msg":"m"}}"#))
}

/// The failure of a response that is longer than what is read of one.
pub(super) fn too_long() -> Answer {
    Err(SendError {
        class: ErrorClass::Protocol,
        surely_not_sent: false,
        http_status: Some(200),
        message: "the response is longer than 32 MiB".into(),
        blame: Blame::Length,
    })
}

/// Answers as a Live service with these flows and this total.
pub(super) fn flows(total: usize, ids: impl IntoIterator<Item = usize>) -> Answer {
    let flow = |id: usize| format!(r#"{{"flow_id":"f{id:05}","name":"n","status":"ACTIVE"}}"#);
    let flows: Vec<_> = ids.into_iter().map(flow).collect();
    ok(&format!(r#"{{"total":{total},"flows":[{}]}}"#, flows.join(",")))
}

/// Answers as fnf with executions of a flow and the token of the next page.
pub(super) fn executions(ids: impl IntoIterator<Item = usize>, next: Option<&str>) -> Answer {
    let one = |id: usize| format!(r#"{{"Name":"r{id:05}","Status":"Running","StartedTime":"2026-11-22T01:02:03Z"}}"#);
    let executions: Vec<_> = ids.into_iter().map(one).collect();
    let next = next.map(|token| format!(r#","NextToken":"{token}""#)).unwrap_or_default();
    ok(&format!(r#"{{"RequestId":"r","Executions":[{}]{next}}}"#, executions.join(",")))
}

/// Returns how many a record's only selection matches, and the errors of its units.
pub(super) fn outcome(record: &ListingRecord) -> (u64, Vec<(ErrorClass, String)>) {
    let selection = &record.selections[0];
    let errors = selection.missing.iter().map(|unit| (unit.error.class, unit.error.message.to_string()));
    (selection.matched, errors.collect())
}
