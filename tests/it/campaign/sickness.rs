//! Five thousand targets where there is nobody, and with a key that nobody knows.

use allstop::engine::{Outcome, SkipReason, Status};
use allstop::error::ErrorClass;
use allstop::report::Row;
use allstop::simulator::Config;

use super::ground::{Ground, RUN, targets};
use super::judge::judge;
use crate::environment::refusing_port;

const TARGETS: usize = 5000;

/// The maximum of concurrent requests where the plan sets none.
const CONCURRENCY: usize = 64;

#[test]
fn a_port_that_refuses_connections_costs_few_of_them() {
    // The pauses of the default policy add up to 104 seconds.
    let settings = "limits: {rate: 10000/s, burst: 10000}\nretry: {initial_delay: 1ms, max_delay: 20ms}\n";
    let fnf = (0..TARGETS).map(|n| format!("kind: fnf_execution, flow_name: flow, execution_name: e-{n}"));
    let ground = Ground::new(&Config::default(), settings, fnf);
    let (_socket, port) = refusing_port();
    let mut program = ground.program(&RUN);
    let output = program.env("CLOUD", format!("http://127.0.0.1:{port}")).output().unwrap();
    let report = ground.report();
    assert_eq!(judge(&ground, &report, output.status.code(), None), []);
    assert_eq!((output.status.code(), report.run.status), (Some(1), Status::Completed));
    let attempts = report.targets.iter().map(|row| row.attempts.len()).sum::<usize>();
    assert!((1..=500).contains(&attempts), "{attempts} connections");
    for row in &report.targets {
        assert!(matches!(row.outcome, Outcome::Failed | Outcome::Skipped), "{row:?}");
        assert_eq!(row.error.as_ref().map(|error| error.class), Some(ErrorClass::Network), "{row:?}");
    }
    println!("{TARGETS} targets at a port that refuses: {attempts} connections, {} ms", report.run.duration_ms);
}

#[test]
fn a_wrong_key_costs_no_more_requests_than_are_in_flight() {
    let settings = "limits: {rate: 10000/s, burst: 10000}\n";
    let ground = Ground::new(&Config { quotas: false, ..Config::default() }, settings, targets(TARGETS));
    let mut program = ground.program(&RUN);
    program.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong").env("HUAWEICLOUD_SDK_SK", "wrong");
    let output = program.output().unwrap();
    let report = ground.report();
    assert_eq!(judge(&ground, &report, output.status.code(), None), []);
    assert_eq!(output.status.code(), Some(1));
    let ledger = ground.cloud().ledger();
    assert_eq!((ledger.requests.stops, ledger.requests.reads), (0, 0), "nothing got in");
    let mut refused = 0;
    for account in ["ali", "hw"] {
        let rows = || report.targets.iter().filter(|row| row.account == account);
        let failed = rows().filter(|row| row.outcome == Outcome::Failed && is_auth(row)).count();
        assert!((1..=CONCURRENCY).contains(&failed), "{account}: {failed} requests with a wrong key");
        let skipped = rows().filter(|row| row.reason == Some(SkipReason::Credentials)).count();
        assert_eq!(failed + skipped, rows().count(), "{account}");
        refused += failed;
    }
    assert_eq!(ledger.requests.bad_auth, refused as u64);
    println!("{TARGETS} targets with wrong keys of two accounts: {refused} requests were refused");
}

fn is_auth(row: &Row) -> bool {
    row.error.as_ref().is_some_and(|error| error.class == ErrorClass::Auth)
}
