//! Plans, records and events to report on.

use std::collections::BTreeMap;
use std::time::Duration;

use allstop::engine::{
    AccountCount, Attempt, Evidence, LaneInfo, LaneStats, LeftOut, Missing, Outcome, Record, SelectionRecord,
    SkipReason, Status, TargetError, TargetResult,
};
use allstop::error::ErrorClass;
use allstop::plan::{Account, CredentialSource, Guards, Labels, Limits, Plan, Retry, Seen, Target, Verify};
use allstop::provider::{Cloud, Network};
use allstop::service::{Kind, Params, Value};
use jiff::Timestamp;

/// A plan of the given targets over one account of each cloud.
pub(crate) fn plan(targets: Vec<Target>) -> Plan {
    Plan {
        name: "incident-4711".to_owned(),
        path: "plans/incident.yaml".into(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        accounts: vec![
            account("ali-prod", Cloud::Alibaba, "cn-hangzhou"),
            account("hw-prod", Cloud::Huawei, "cn-north-4"),
        ],
        limits: Limits::default(),
        retry: Retry::default(),
        verify: Verify::default(),
        guards: Guards::default(),
        stages: Vec::new(),
        targets,
        selects: Vec::new(),
        notify: Vec::new(),
        reviewed: None,
        shard: None,
    }
}

fn account(name: &str, cloud: Cloud, region: &str) -> Account {
    Account {
        name: name.to_owned(),
        base: None,
        cloud,
        region: region.to_owned(),
        account_id: None,
        project_id: None,
        found_project: None,
        credentials: CredentialSource::Default,
        network: Network::Public,
        endpoints: std::collections::BTreeMap::new(),
        signatures: BTreeMap::new(),
    }
}

/// A target with these values for the first parameters of its kind.
pub(crate) fn target(kind: &str, values: &[Value<'_>]) -> Target {
    let kind = Kind::named(kind).expect("the kind exists");
    let names: Vec<&str> = values.iter().filter_map(|value| value.text()).collect();
    Target {
        own_id: Some(format!("{}:{}", kind.name, names.join("/")).into()),
        kind,
        account: u16::from(kind.cloud == Cloud::Huawei),
        params: Params::new(kind.params.iter().zip(0..).map(|(_, index)| values.get(index).copied())),
        labels: Labels::default(),
        stage: None,
        duplicate_of: None,
        selection: None,
        seen: None,
    }
}

/// An execution of the flow `etl`.
pub(crate) fn execution(name: &str) -> Target {
    target("fnf_execution", &[Value::Text("etl"), Value::Text(name)])
}

/// Many executions of the flow `etl`, named by number.
pub(crate) fn executions(number: usize) -> Vec<Target> {
    (0..number).map(|index| execution(&format!("run-{index:04}"))).collect()
}

/// A moment `millis` milliseconds into the run.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_795_323_600_000 + millis).expect("a moment of our time")
}

/// A row with an outcome and nothing else.
pub(crate) fn row(outcome: Outcome) -> TargetResult {
    TargetResult { outcome, reason: None, ..TargetResult::skipped(SkipReason::Filtered) }
}

/// A row of a target that one request stopped.
pub(crate) fn stopped() -> TargetResult {
    TargetResult {
        evidence: Some(Evidence::Answer),
        state: Some("Stopped".into()),
        started_at: Some(at(5)),
        finished_at: Some(at(46)),
        attempts: vec![attempt(1, None, None)],
        ..row(Outcome::Stopped)
    }
}

/// A row of a target that failed with this error.
pub(crate) fn failed(class: ErrorClass, code: &str, message: &str) -> TargetResult {
    let error = TargetError {
        class,
        code: Some(code).filter(|code| !code.is_empty()).map(Into::into),
        message: message.into(),
        request_id: Some("REQ-1".into()),
        hint: Some(format!("the hint for {class}").into()),
    };
    TargetResult {
        started_at: Some(at(5)),
        finished_at: Some(at(46)),
        error: Some(Box::new(error)),
        attempts: vec![attempt(1, Some(class), None)],
        ..row(Outcome::Failed)
    }
}

/// A stop request with a response after 41 ms.
pub(crate) fn attempt(n: u32, class: Option<ErrorClass>, retry_in: Option<u64>) -> Attempt {
    Attempt {
        n,
        at: at(5 + i64::from(n) * 100),
        duration: Duration::from_micros(41_700),
        http_status: Some(if class.is_some() { 429 } else { 200 }),
        code: class.map(|_| "ResourceThrottled".into()),
        message: class.map(|_| "Too many requests.".into()),
        request_id: Some(format!("REQ-{n}").into()),
        class,
        retry_in: retry_in.map(Duration::from_millis),
        batch: None,
    }
}

/// A lane that stops executions.
pub(crate) fn lane(targets: usize) -> LaneInfo {
    LaneInfo {
        account: "ali-prod".to_owned(),
        region: "cn-hangzhou".to_owned(),
        api: "fnf:StopExecution".to_owned(),
        stops: true,
        targets,
        rate: 2.0,
        burst: 10,
        batch: 1,
    }
}

/// The record of a run that took a bit more than two minutes.
pub(crate) fn record(status: Status, results: Vec<TargetResult>) -> Record {
    let requests = results.iter().map(|result| result.attempts.len() as u64).sum();
    let stats = LaneStats { requests, throttled: 0, duration: Duration::from_millis(900) };
    Record {
        id: "019ab0c2-7e5f-7000-8000-000000000001".to_owned(),
        reason: None,
        started_at: at(0),
        finished_at: at(125_400),
        duration: Duration::from_millis(125_400),
        status,
        ended_by: (status == Status::Aborted).then(|| "3 targets have failed".to_owned()),
        unrecorded: None,
        lanes: vec![(lane(results.len()), stats)],
        results: results.into_iter().collect(),
        ..Record::default()
    }
}

/// A target as the selection `old-etl` finds it.
pub(crate) fn found(name: &str) -> Target {
    let seen = Seen {
        state: Some("Running".into()),
        name: Some(name.into()),
        since: Some("2026-11-22T01:02:03.004Z".into()),
        at: Some(at(-1)),
    };
    Target { selection: Some("old-etl".into()), seen: Some(Box::new(seen)), ..execution(name) }
}

/// A selection of executions that saw a lot, of which so many match.
pub(crate) fn selection(id: &str, matched: u64) -> SelectionRecord {
    let left_out = LeftOut { other: 460, not_running: 6, ..LeftOut::default() };
    let seen = matched + left_out.total();
    SelectionRecord {
        id: id.to_owned(),
        kind: "fnf_execution".to_owned(),
        select: serde_json::json!({"flow_name": "etl-*", "older_than": "2h"}),
        started_at: at(-90_000),
        finished_at: at(-1),
        requests: 83,
        seen,
        matched,
        left_out,
        unclear: BTreeMap::new(),
        unusable: Vec::new(),
        accounts: vec![AccountCount {
            account: "ali-prod".to_owned(),
            region: "cn-hangzhou".to_owned(),
            seen,
            matched,
            requests: 0,
        }],
        missing: Vec::new(),
        warnings: Vec::new(),
    }
}

/// A flow that could not be listed.
pub(crate) fn missing(flow: &str) -> Missing {
    Missing {
        account: "ali-prod".to_owned(),
        region: "cn-hangzhou".to_owned(),
        what: format!("flow {flow}"),
        error: TargetError {
            class: ErrorClass::Denied,
            code: Some("NoPermission".into()),
            message: "you may not list it".into(),
            request_id: Some("REQ-9".into()),
            hint: Some("grant fnf:ListExecutions on *".into()),
        },
    }
}
