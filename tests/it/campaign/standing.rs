//! Jobs that stood still before the run: each stop is refused for their state, and only a read tells what that means.
//!
//! Where no read does, because all are refused or the run ends before, nobody knows, and no row may say more.

use allstop::engine::Outcome;
use allstop::report::Report;
use allstop::simulator::{Config, Faults};

use super::ground::{FAST, Ground, RUN, Running};
use super::judge::{judge, open};

const TARGETS: usize = 200;

/// How long the program waits before it reads many jobs at once: longer than any of these runs.
const LATE_READS: &str = "initial_delay: 1m, max_delay: 1m";

fn ground(config: &Config, settings: &str) -> Ground {
    let config = Config { standing: Some(1.0), speed: 50.0, quotas: false, ..config.clone() };
    Ground::new(&config, settings, (0..TARGETS).map(|n| format!("kind: drs_job, account: hw, job_id: job-{n}")))
}

fn late() -> String {
    // Each job has a request of its own, so that the simulator can tell when all were asked for.
    let settings = FAST.replace("adaptive: false", "adaptive: false, per_kind: {drs_job: {batch: 1}}");
    settings.replace("initial_delay: 2ms, max_delay: 50ms", LATE_READS)
}

/// Waits for the end of a run, and checks that no row is false; `cut` is the exit status that a signal gives.
#[track_caller]
fn judged(ground: &Ground, running: Running, cut: Option<i32>) -> Report {
    let output = running.output();
    let report = ground.report();
    assert_eq!(judge(ground, &report, output.status.code(), cut), [], "{}", String::from_utf8_lossy(&output.stderr));
    report
}

/// Counts the rows by what they came to.
fn count(report: &Report, outcome: Outcome) -> usize {
    report.targets.iter().filter(|row| row.outcome == outcome).count()
}

#[test]
fn jobs_that_can_be_read_were_already_stopped() {
    let ground = ground(&Config::default(), FAST);
    let report = judged(&ground, ground.start(&RUN), None);
    assert_eq!((count(&report, Outcome::AlreadyStopped), open(&report)), (TARGETS, 0));
}

#[test]
fn jobs_whose_reads_are_refused_are_unknown_and_say_why() {
    let ground = ground(&Config { unreadable: Some(1.0), ..Config::default() }, FAST);
    let report = judged(&ground, ground.start(&RUN), None);
    assert_eq!(count(&report, Outcome::Unknown), TARGETS);
    for row in &report.targets {
        let error = row.error.as_ref().unwrap();
        let said = format!("{:?} {}", error.code, error.message);
        assert!(said.contains("APIGW.0302") || said.contains("not authorized"), "{row:?}");
    }
}

#[test]
fn jobs_that_nobody_read_before_the_deadline_are_unknown() {
    let ground = ground(&Config::default(), &late());
    let report = judged(&ground, ground.start(&[&RUN[..], &["--deadline", "3s"]].concat()), None);
    assert_eq!(count(&report, Outcome::Unknown) + count(&report, Outcome::Skipped), TARGETS);
    assert!(count(&report, Outcome::Unknown) > 0);
}

#[test]
fn jobs_that_nobody_read_before_a_signal_are_unknown_and_settled_by_a_resumed_run() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let ground = ground(&Config::default(), &late());
        let running = ground.start(&RUN);
        ground.wait_until(|requests| requests.stops >= TARGETS as u64);
        running.signal(name);
        let report = judged(&ground, running, Some(code));
        assert_eq!(count(&report, Outcome::Unknown), TARGETS, "{name}");
        // The resumed run reads at once.
        let output = ground.resume();
        let report = ground.report();
        assert_eq!(judge(&ground, &report, output.status.code(), None), [], "{name}");
        assert_eq!(open(&report), 0, "{name}");
    }
}

#[test]
fn no_storm_makes_a_row_of_them_false() {
    for (seed, tries) in [(1, 1), (2, 1), (3, 3), (4, 8)] {
        let settings = FAST.replace("max_attempts: 30", &format!("max_attempts: {tries}"));
        let ground = ground(&Config { faults: Faults::Storm, seed, ..Config::default() }, &settings);
        let report = judged(&ground, ground.start(&RUN), None);
        assert_eq!(count(&report, Outcome::Accepted), 0, "seed {seed}: no stop can be taken");
    }
}
