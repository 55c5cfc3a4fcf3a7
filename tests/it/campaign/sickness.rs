//! Five thousand targets where there is nobody, and with a key that nobody knows.

use allstop::engine::{Outcome, Status};
use allstop::error::ErrorClass;
use allstop::simulator::Config;

use super::ground::{Ground, RUN, targets};
use super::judge::judge;
use crate::environment::refusing_port;

const TARGETS: usize = 5000;

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
fn a_wrong_key_costs_one_request() {
    let settings = "limits: {rate: 10000/s, burst: 10000}\n";
    let ground = Ground::new(&Config { quotas: false, ..Config::default() }, settings, targets(TARGETS));
    let mut program = ground.program(&RUN);
    program.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong").env("HUAWEICLOUD_SDK_SK", "wrong");
    let output = program.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(["account ali:", "account hw:"].iter().all(|account| stderr.contains(account)), "{stderr}");
    let ledger = ground.cloud().ledger();
    assert_eq!((ledger.requests.stops, ledger.requests.reads), (0, 0), "nothing was sent");
    let calls = ground.cloud().credential_ledger().calls;
    assert_eq!(calls.values().sum::<u64>(), 2, "one question for each key: {calls:?}");
}
