//! A scripted world for paused time: every answer is a function of the call.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::HeaderMap;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::base::clock::Clock;
use crate::base::rate::Rate;
use crate::credentials::{CredentialError, CredentialProvider, Identity};
use crate::engine::{Record, Run};
use crate::error::ErrorClass;
use crate::http::{Response, SignedRequest};
use crate::plan::{Account, CredentialSource, Guards, Limits, Plan, Retry, Target, Verify};
use crate::provider::{Cloud, Credentials, Network};
use crate::service::{Kind, Params, Value};
use crate::transport::{Blame, SendError, Transport};

/// One request as the script sees it.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// `StopExecution`, `UpdateFlowStatusStop`, …
    pub(super) api: &'static str,
    /// The target's number, from its name.
    pub(super) target: usize,
    /// How many requests to this API for this target came before.
    pub(super) before: usize,
    /// Since the world began.
    pub(super) at: Duration,
}

/// What the script answers, and after how long.
pub(super) struct Answer(pub(super) Duration, pub(super) Result<Response, SendError>);

pub(super) type Calls = Arc<Mutex<Vec<Call>>>;

pub(super) struct World<F> {
    pub(super) script: F,
    pub(super) calls: Calls,
    pub(super) began: Instant,
}

impl<F: Fn(&Call) -> Answer + Send + Sync> Transport for World<F> {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        let text = format!("{} {}", request.url, String::from_utf8_lossy(&request.body));
        let api = APIS.iter().find(|(_, mark)| text.contains(mark)).map_or("?", |(api, _)| api);
        let digits = text.split("job-n").nth(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect());
        let target = digits.and_then(|digits: String| digits.parse().ok()).unwrap_or(usize::MAX);
        let call = {
            let mut calls = self.calls.lock().unwrap();
            let before = calls.iter().filter(|call| call.api == api && call.target == target).count();
            calls.push(Call { api, target, before, at: self.began.elapsed() });
            calls.last().unwrap().clone()
        };
        let Answer(after, result) = (self.script)(&call);
        async move {
            tokio::time::sleep(after).await;
            result
        }
        .boxed()
    }
}

const APIS: [(&str, &str); 11] = [
    ("StopExecution", "Action=StopExecution"),
    ("DescribeExecution", "Action=DescribeExecution"),
    ("UpdateFlowStatusStop", "/flows/stop"),
    ("ShowFlowDetail", "/flows/detail"),
    ("StopTask", "/stop-task/"),
    ("StopJob", "/stop"),
    ("BatchListJobStatus", "/jobs/batch-status"),
    ("ShowJobDetail", "/jobs/"),
    ("InterruptElasticsearchTask", "/actions/interrupt"),
    ("ListClusterTasks", "/cluster-tasks"),
    ("DescribeInstance", "/openapi/instances/"),
];

/// A clock that stands still in wall time; elapsed time is tokio's.
pub(super) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }
}

pub(super) struct Keys;

impl CredentialProvider for Keys {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        let id = format!("key-of-{}", account.name);
        async move { Ok(Credentials::AccessKey { id, secret: "secret".into(), security_token: None }) }.boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        _: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        let id = account.account_id.clone().unwrap_or_else(|| format!("id-of-{}", account.base_name()));
        async move { Ok(Some(Identity::new(id, "user test"))) }.boxed()
    }
}

/// Builds a plan of `count` targets of one kind; their names end in their numbers.
pub(super) fn plan(kind: &str, count: usize) -> Plan {
    let mut plan = Plan {
        name: "test".into(),
        path: "test.yaml".into(),
        sha256: "0".repeat(64),
        accounts: vec![account("ali", Cloud::Alibaba), account("hw", Cloud::Huawei)],
        limits: Limits { rate: Some(Rate::per_second(1000)), burst: Some(1000), ..Limits::default() },
        retry: Retry::default(),
        verify: Verify::default(),
        guards: Guards { max_targets: 100_000, ..Guards::default() },
        stages: Vec::new(),
        targets: Vec::new(),
        selects: Vec::new(),
        notify: Vec::new(),
        reviewed: None,
        shard: None,
    };
    add(&mut plan, kind, count);
    plan
}

/// Adds `count` targets of one kind to a plan.
pub(super) fn add(plan: &mut Plan, kind: &str, count: usize) {
    let kind = Kind::named(kind).unwrap();
    let account = u16::from(kind.cloud == Cloud::Huawei);
    for _ in 0..count {
        let name = format!("job-n{}x", plan.targets.len());
        let texts = kind.params.iter().map(|p| p.identifying.then(|| Value::Text(&name)));
        plan.targets.push(Target {
            own_id: Some(name.as_str().into()),
            kind,
            account,
            params: Params::new(texts),
            labels: Arc::default(),
            stage: None,
            duplicate_of: None,
            selection: None,
            seen: None,
        });
    }
}

/// Makes both accounts of a plan regions of one account of Alibaba Cloud; every second target is in the other region.
pub(super) fn in_two_regions(mut plan: Plan) -> Plan {
    for (account, region) in plan.accounts.iter_mut().zip(["cn-hangzhou", "cn-shanghai"]) {
        let (name, base) = (format!("ali@{region}"), Some("ali".to_owned()));
        *account = Account { name, base, region: region.into(), ..self::account("ali", Cloud::Alibaba) };
    }
    plan.targets.iter_mut().zip([0, 1].into_iter().cycle()).for_each(|(target, account)| target.account = account);
    plan
}

fn account(name: &str, cloud: Cloud) -> Account {
    Account {
        name: name.into(),
        base: None,
        cloud,
        region: "cn-north-4".into(),
        account_id: None,
        project_id: Some("project".into()),
        found_project: None,
        credentials: CredentialSource::Default,
        network: Network::Public,
        endpoints: BTreeMap::new(),
        signatures: BTreeMap::new(),
    }
}

/// Runs a plan in a scripted world; returns the record and every call.
pub(super) async fn run(plan: Plan, script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> (Record, Vec<Call>) {
    let calls = Calls::default();
    let record = prepare(plan, script, &calls).execute().await.unwrap();
    let calls = calls.lock().unwrap().clone();
    (record, calls)
}

/// Prepares a run of a plan in a scripted world.
pub(super) fn prepare(plan: Plan, script: impl Fn(&Call) -> Answer + Send + Sync + 'static, calls: &Calls) -> Run {
    let world = World { script, calls: Arc::clone(calls), began: Instant::now() };
    Run::new(plan).transport(world).clock(Noon).credentials(Keys).seed(7)
}

pub(super) fn ok(body: &str) -> Answer {
    status(200, body)
}

pub(super) fn status(status: u16, body: &str) -> Answer {
    let response = Response { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) };
    Answer(Duration::from_millis(10), Ok(response))
}

/// Adds a header to an answer.
pub(super) fn with(mut answer: Answer, name: &'static str, value: &str) -> Answer {
    if let Ok(response) = &mut answer.1 {
        response.headers.insert(name, value.parse().unwrap());
    }
    answer
}

pub(super) fn code(http: u16, code: &str) -> Answer {
    status(http, &format!(r#"{{"RequestId":"r","Code":"{code}","Message":"m","error_code":"{code}","error_msg":"m"}}"#))
}

/// The answer of a connection that broke after the request had left.
pub(super) fn lost() -> Answer {
    failure(ErrorClass::Network, false)
}

/// The answer of a connection that was never made.
pub(super) fn refused() -> Answer {
    failure(ErrorClass::Network, true)
}

pub(super) fn failure(class: ErrorClass, surely_not_sent: bool) -> Answer {
    let error =
        SendError { class, surely_not_sent, http_status: None, message: "broken".into(), blame: Blame::default() };
    Answer(Duration::from_millis(10), Err(error))
}

/// The answer of fnf with this state.
pub(super) fn execution(state: &str) -> Answer {
    ok(&format!(r#"{{"RequestId":"r","Status":"{state}"}}"#))
}
