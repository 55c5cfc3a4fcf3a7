//! Writing the report of a run, and reading it back.

use std::io;
use std::time::Duration;

use allstop::engine::{Attempt, Evidence, Outcome, Record, SkipReason, Status, TargetResult};
use allstop::plan::Plan;
use allstop::report::{About, Report};
use criterion::{Criterion, Throughput};
use jiff::Timestamp;

use crate::world::{parsed, yaml};

const ROWS: usize = 20_000;

pub(crate) fn bench(criterion: &mut Criterion) {
    let plan = parsed(&yaml(ROWS));
    let record = record();
    let mut json = Vec::new();
    report(&plan, &record).write_json(&mut json).expect("a Vec takes everything");
    let mut group = criterion.benchmark_group("report");
    group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("writing", |bencher| {
        bencher.iter(|| report(&plan, &record).write_json(&mut io::sink()).expect("a sink takes everything"));
    });
    group.bench_function("reading", |bencher| {
        bencher.iter(|| Report::parse(&json, "report.json".as_ref()).expect("a good report").targets.len());
    });
    group.finish();
}

fn report<'a>(plan: &'a Plan, record: &'a Record) -> Report<allstop::report::Rows<'a>> {
    Report::new(plan, record, &About::default())
}

/// The record of a run that stopped each target with one request.
fn record() -> Record {
    let at = Timestamp::UNIX_EPOCH;
    let attempt = Attempt {
        n: 1,
        at,
        duration: Duration::from_millis(20),
        http_status: Some(200),
        code: None,
        message: None,
        request_id: Some("5A8C1B0E-3D7F-4C2A-9E61-0F1D2C3B4A59".into()),
        class: None,
        retry_in: None,
        batch: None,
    };
    let stopped = TargetResult {
        outcome: Outcome::Stopped,
        evidence: Some(Evidence::Answer),
        reason: None,
        state: Some("Stopped".into()),
        started_at: Some(at),
        finished_at: Some(at),
        attempts: vec![attempt],
        ..TargetResult::skipped(SkipReason::Filtered)
    };
    Record {
        id: "019ab0c3-0042-713a-878c-54f6f23eac45".to_owned(),
        reason: None,
        started_at: at,
        finished_at: at,
        duration: Duration::from_secs(1),
        status: Status::Completed,
        ended_by: None,
        unrecorded: None,
        lanes: Vec::new(),
        results: std::iter::repeat_n(stopped, ROWS).collect(),
        ..Record::default()
    }
}
