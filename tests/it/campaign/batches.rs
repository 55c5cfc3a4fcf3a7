//! A thousand jobs that are stopped ten at a time: in calm, in storms, without the API, and killed in between.

use allstop::engine::Outcome;
use allstop::report::Report;
use allstop::simulator::{BatchStops, Config, Faults, Quirks};

use super::ground::{FAST, Ground, RESUME, RUN};
use super::judge::{judge, open, outcome, unread};

const TARGETS: usize = 1_000;

const BATCH: &str = "drs:BatchStopJobsAction";
const SINGLE: &str = "drs:StopJob";

fn jobs(count: usize) -> impl Iterator<Item = String> {
    (0..count)
        .map(|number| format!("kind: drs_job, account: hw, job_id: job-{number}, is_force_stop: {}", number % 3 == 0))
}

fn ground(config: &Config, settings: &str, count: usize) -> Ground {
    let config = Config { speed: 50.0, quotas: false, ..config.clone() };
    Ground::new(&config, settings, jobs(count))
}

fn requests(ground: &Ground, api: &str) -> u64 {
    ground.cloud().ledger().requests.by_api.get(api).copied().unwrap_or_default()
}

/// Runs the plan, and checks every row against the simulator's ledger.
#[track_caller]
fn run(ground: &Ground) -> Report {
    let output = ground.program(&RUN).output().unwrap();
    let report = ground.report();
    let false_rows = judge(ground, &report, output.status.code(), None);
    assert!(false_rows.is_empty(), "{false_rows:?}");
    report
}

fn sent(report: &Report) -> u64 {
    report.lanes.iter().filter(|lane| lane.api == SINGLE).map(|lane| lane.requests).sum()
}

#[test]
fn a_thousand_jobs_take_a_hundred_requests() {
    // However busy this machine is, no response is lost.
    let ground = ground(&Config::default(), &FAST.replace("request_timeout: 1s", "request_timeout: 60s"), TARGETS);
    let report = run(&ground);
    assert_eq!((open(&report), report.summary.stopped), (0, TARGETS as u64));
    // Nobody has accepted the key before the first request: that one is for one job.
    let (batches, singles) = (requests(&ground, BATCH), requests(&ground, SINGLE));
    assert!(batches <= 100 && singles <= 2, "{batches} requests for several, {singles} for one");
    assert_eq!(sent(&report), batches + singles, "the lane counts requests");
    let shared = report.targets.iter().filter(|row| row.attempts[0].batch == Some(10)).count();
    assert!(shared >= TARGETS - 20, "{shared} rows say that they shared a request with nine others");
    for row in &report.targets {
        let shares = |other: &&allstop::report::Row| other.attempts[0].request_id == row.attempts[0].request_id;
        let count = report.targets.iter().filter(shares).count() as u32;
        assert_eq!(row.attempts[0].batch.unwrap_or(1), count, "{}", row.id);
    }
    let said =
        ground.cloud().ledger().resources.iter().filter(|one| *one.said == [Box::from("is_force_stop: true")]).count();
    assert_eq!(said, TARGETS.div_ceil(3), "each job is stopped as the plan says");
}

#[test]
fn every_row_of_a_storm_is_true() {
    for seed in 1..=4 {
        let ground = ground(&Config { faults: Faults::Storm, seed, ..Config::default() }, FAST, TARGETS / 2);
        let report = run(&ground);
        assert_eq!(open(&report), unread(&report), "seed {seed}: only what nobody could read is open");
        assert!(unread(&report) < 50, "seed {seed}");
        let attempts = report.targets.iter().map(|row| row.attempts.len() as u64).sum::<u64>();
        assert!(sent(&report) * 3 < attempts * 2, "seed {seed}: {} requests, {attempts} attempts", sent(&report));
    }
}

/// Where the API is missing, not allowed, or takes fewer, each job is stopped once, and no attempt is used up.
#[test]
fn without_the_api_every_job_is_stopped_by_a_request_of_its_own() {
    for (batch_stops, most) in
        [(BatchStops::Missing, 20), (BatchStops::Denied, 20), (BatchStops::AtMost(3), 30), (BatchStops::AtMost(1), 40)]
    {
        let config = Config { quirks: Quirks { batch_stops, ..Quirks::default() }, ..Config::default() };
        let config = Config { speed: 50.0, quotas: false, ..config };
        // One request after another, so that no second one is under way when the first is refused.
        let settings =
            "limits: {concurrency: 10, rate: 40/s, burst: 1}\nretry: {max_attempts: 1, request_timeout: 30s}\n";
        let ground = Ground::new(&config, settings, jobs(60));
        let report = run(&ground);
        assert_eq!((open(&report), report.summary.stopped), (0, 60), "{batch_stops:?}");
        let ledger = ground.cloud().ledger();
        assert!(ledger.resources.iter().all(|one| one.counts.requests == 1), "{batch_stops:?}: none is stopped twice");
        let refused = report.targets.iter().filter(|row| row.attempts.len() > 1).count();
        assert!((1..=most).contains(&refused), "{batch_stops:?}: {refused}");
        assert!(report.targets.iter().all(|row| row.outcome == Outcome::Stopped && row.attempts.len() <= 4));
    }
}

/// A run that is killed and goes on repeats nothing that is known, and its rows are true.
#[test]
fn killed_runs_go_on_where_batches_were() {
    for seed in 1..=4 {
        let faults = if seed % 2 == 0 { Faults::Storm } else { Faults::Some };
        let ground = ground(&Config { faults, seed, ..Config::default() }, FAST, TARGETS / 2);
        let running = ground.start(&RUN);
        ground.wait_until(|requests| requests.stops >= 5 * seed);
        assert!(running.killed().code().is_none(), "seed {seed}: it was quicker");
        let replay = allstop::journal::read(&ground.journal()).unwrap();
        ground.remember(&replay.past);
        let ledger = ground.cloud().ledger();
        let known: Vec<_> = replay
            .past
            .done
            .iter()
            .map(|(target, fact)| (target, ground.stops(&ledger, target), fact.outcome))
            .collect();
        let output = ground.program(&RESUME).output().unwrap();
        let report = ground.report();
        let false_rows = judge(&ground, &report, output.status.code(), None);
        assert!(false_rows.is_empty(), "seed {seed}: {false_rows:?}");
        let ledger = ground.cloud().ledger();
        for (target, stops, fact) in known {
            assert_eq!((ground.stops(&ledger, target), outcome(&report, target)), (stops, fact), "seed {seed}");
        }
    }
}
