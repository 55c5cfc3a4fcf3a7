//! A run of six targets in two lanes, and what its parts tell.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use allstop::Timestamp;
use allstop::engine::{
    Attempt, Completed, Effect, InProgress, LaneInfo, LaneStats, Outcome, ResumeState, SkipReason, Status, TargetResult,
};
use allstop::environment::Environment;
use allstop::plan::{PlanCopy, Variables};
use allstop::report::{Destination, Report};
use allstop::session::{BeginOptions, Context, SelectedPlan, SelectionOptions, Session, SessionOptions, SilentUi};
use temporalio_client::Client;
use temporalio_common::protos::temporal::api::common::v1::ActivityType;
use temporalio_common::protos::temporal::api::workflow::v1::PendingActivityInfo;

use super::engine::{Engine, Flow};
use super::events::{Events, json};
use crate::history::{GatheredRun, HistoryError, gather};
use crate::wire::{
    Beat, LaneResult, LaneSpec, LaneState, Pace, Packed, PlanAt, Ranges, Rest, RunInput, RunRef, RunResult, SessionEnd,
    SessionInput, VERSION, Why, lane_id,
};

/// When the run was submitted, in seconds.
pub(super) const START: i64 = 1_800_000_000;

/// The id of its workflow, and the engine's run.
pub(super) const FLOW: &str = "allstop-run/nightly";
pub(super) const RUN: &str = "r1";

pub(super) const PLAN: &str = "version: 1
accounts:
  prod: {cloud: alibaba, region: cn-hangzhou}
defaults: {account: prod}
targets:
  - {kind: fnf_execution, flow_name: etl, execution_name: run-0}
  - {kind: fnf_execution, flow_name: etl, execution_name: run-1}
  - {kind: fnf_execution, flow_name: etl, execution_name: run-2}
  - {kind: fnf_execution, flow_name: etl, execution_name: run-3}
  - {kind: elasticsearch_task, instance_id: es-cn-1}
  - {kind: elasticsearch_task, instance_id: es-cn-2}
";

pub(super) fn context() -> Context {
    Context::new(Environment::default(), Arc::new(SilentUi))
}

/// Returns the input of the run.
pub(super) fn input() -> RunInput {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.yaml");
    std::fs::write(&path, PLAN).unwrap();
    let (loaded, copy) = PlanCopy::take((&*path).into(), &Variables::default()).unwrap();
    let selected = SelectedPlan::new(loaded, SelectionOptions::default(), &context()).unwrap();
    let mut begin = BeginOptions::default();
    begin.report = Some(Destination::File(folder.path().join("report.json")));
    let session = Session::begin(selected, begin, SessionOptions::default(), &context());
    let bundle = session.ready().unwrap().bundle(copy);
    let lane = |number, api: &str, targets| LaneSpec {
        number,
        cloud: "alibaba".to_owned(),
        owner: "prod".to_owned(),
        account: "prod".to_owned(),
        accounts: vec!["prod".to_owned()],
        region: "cn-hangzhou".to_owned(),
        api: api.to_owned(),
        targets,
        queue: None,
    };
    RunInput {
        v: VERSION,
        id: Some("nightly".to_owned()),
        plan: PlanAt::Here(Packed::bytes(&bundle.to_bytes().unwrap()).unwrap()),
        fingerprint: bundle.fingerprint().to_owned(),
        lists: None,
        lanes: vec![lane(0, "fnf:StopExecution", 4), lane(1, "elasticsearch:InterruptElasticsearchTask", 2)],
        max_failures: None,
        max_failures_rule: None,
        deadline_ms: Some(3_600_000),
        priority: 3,
        pace: Pace { checkpoint_ms: 1000, timeout_ms: 10_000 },
    }
}

/// Returns the id of the workflow of a lane.
pub(super) fn lane(number: u32) -> String {
    lane_id(FLOW, number)
}

/// Returns what the run says of itself up to its end, with both lanes begun.
pub(super) fn run() -> Events {
    Events::started(&input()).unknown().began(&lane(0), "l0").began(&lane(1), "l1")
}

/// Returns the run of a workflow that has ended so.
pub(super) fn run_flow(events: Vec<temporalio_common::protos::temporal::api::history::v1::HistoryEvent>) -> Flow {
    Flow { kind: "allstop.run.v1", run: RUN, events, ..Flow::default() }
}

pub(super) fn lane_flow(
    run: &'static str,
    events: Vec<temporalio_common::protos::temporal::api::history::v1::HistoryEvent>,
) -> Flow {
    Flow { kind: "allstop.lane.v1", run, events, ..Flow::default() }
}

/// Returns how a run ended.
pub(super) fn ended(status: Status) -> RunResult {
    RunResult { v: VERSION, status, ended_by: (status != Status::Completed).then(|| "enough".to_owned()) }
}

/// Returns how a lane ended.
pub(super) fn lane_ended(reason: SkipReason) -> LaneResult {
    LaneResult { v: VERSION, state: LaneState::default(), rest: Rest::bare(reason), message: None }
}

pub(super) fn stopped() -> TargetResult {
    TargetResult { outcome: Outcome::Stopped, error: None, ..TargetResult::unknown("") }
}

/// Returns an open target with an attempt that was accepted.
pub(super) fn accepted() -> InProgress {
    let attempt = Attempt { n: 1, at: Timestamp::from_second(START).unwrap(), ..attempt() };
    InProgress { attempts: vec![attempt], effect: Effect::Accepted, sending: None, is_handed_over: true }
}

fn attempt() -> Attempt {
    Attempt {
        n: 1,
        at: Timestamp::default(),
        duration: std::time::Duration::from_millis(20),
        http_status: Some(200),
        code: None,
        message: None,
        request_id: None,
        class: None,
        retry_in: None,
        batch: None,
    }
}

/// Returns what a session brought: rows that are stopped, and open targets with their rows if they are given up.
pub(super) fn end(rows: &[u32], open: &[(u32, TargetResult)]) -> SessionEnd {
    let completed: Completed = rows.iter().map(|target| (*target, stopped())).collect();
    let opened: HashMap<u32, InProgress> = open.iter().map(|(target, _)| (*target, accepted())).collect();
    let given_up: HashMap<u32, TargetResult> = open.iter().cloned().collect();
    let info = LaneInfo {
        account: "prod".to_owned(),
        region: "cn-hangzhou".to_owned(),
        api: "fnf:StopExecution".to_owned(),
        stops: true,
        targets: 4,
        rate: 40.0,
        burst: 2,
        batch: 1,
    };
    SessionEnd {
        v: VERSION,
        done: Ranges::of(rows.iter().map(|target| target % 4)),
        rows: (!rows.is_empty()).then(|| Packed::of(&completed).unwrap()),
        open: (!open.is_empty()).then(|| Packed::of(&opened).unwrap()),
        given_up: (!open.is_empty()).then(|| Packed::of(&given_up).unwrap()),
        memory: Vec::new(),
        stats: vec![(info, LaneStats { requests: rows.len() as u64, ..LaneStats::default() })],
        accounts: Vec::new(),
        counts: BTreeMap::new(),
        failed: 0,
        rest: None,
        why: Why::Slice,
        closed: None,
        worker: "w1".to_owned(),
    }
}

/// Returns what a session is asked.
pub(super) fn session() -> SessionInput {
    let input = input();
    SessionInput {
        v: VERSION,
        run: RunRef {
            workflow_id: FLOW.to_owned(),
            run_id: RUN.to_owned(),
            id: "nightly".to_owned(),
            started_at: Timestamp::from_second(START).unwrap(),
            deadline: None,
            held: None,
        },
        fingerprint: input.fingerprint,
        lane: input.lanes[0].clone(),
        lane_run_id: Some("l0".to_owned()),
        done: Ranges::default(),
        open: None,
        memory: Vec::new(),
        accounts: Vec::new(),
        share: None,
        others: false,
        recovered: None,
        is_lost: false,
        only_settles: false,
        pace: input.pace,
    }
}

/// Returns a session that has not ended, and last told of these rows and open targets.
pub(super) fn pending(activity_id: &str, rows: &[u32], open: &[u32]) -> PendingActivityInfo {
    let state = ResumeState {
        done: rows.iter().map(|target| (*target, stopped())).collect(),
        open: open.iter().map(|target| (*target, InProgress::default())).collect(),
        ..ResumeState::default()
    };
    let beat = Beat {
        v: VERSION,
        state: Packed::of(&state).unwrap(),
        done: rows.len() as u64,
        open: open.len() as u64,
        worker: "w2".to_owned(),
        at: Timestamp::from_second(START + 100).unwrap(),
    };
    let mut pending = PendingActivityInfo {
        activity_id: activity_id.to_owned(),
        activity_type: Some(ActivityType { name: "allstop.session.v1".to_owned() }),
        heartbeat_details: json(&beat),
        attempt: 1,
        ..Default::default()
    };
    pending.last_heartbeat_time.get_or_insert_default().seconds = START + 100;
    pending
}

/// Reads the run.
pub(super) async fn read(engine: Engine) -> Result<GatheredRun, HistoryError> {
    gathered(&engine.client().await).await
}

pub(super) async fn gathered(client: &Client) -> Result<GatheredRun, HistoryError> {
    gather(client, FLOW, None, None, &context()).await
}

/// The report of a run: the outcomes of its targets, its exit status, and the rest.
pub(super) struct Written {
    pub(super) rows: Vec<String>,
    pub(super) exit_code: u8,
    pub(super) report: Report,
    pub(super) notes: Vec<String>,
}

/// Reads the run and writes its report.
pub(super) async fn report(engine: Engine) -> Written {
    let run = read(engine).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let notes = run.notes().to_vec();
    let finished = run.ended(Some(Destination::File(path.clone())), Vec::new()).unwrap().finish(None);
    assert!(finished.unwritten.is_empty());
    let report = Report::read(&path).unwrap();
    let row = |row: &allstop::report::Row| match row.reason {
        Some(reason) => format!("{}: {}", row.outcome.name(), reason.name()),
        None => row.outcome.name().to_owned(),
    };
    Written { rows: report.targets.iter().map(row).collect(), exit_code: finished.exit_code, report, notes }
}
