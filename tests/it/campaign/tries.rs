//! One attempt, and three, in a storm: without a response, a stale read must not decide.

use allstop::engine::Outcome;
use allstop::simulator::{Config, Faults};

use super::ground::{Ground, RUN, targets};
use super::judge::judge;

const TARGETS: usize = 200;

#[test]
fn a_storm_that_leaves_no_try_makes_no_row_false() {
    let failed: usize = std::thread::scope(|scope| {
        let storms = (1..=3).flat_map(|seed| [(seed, 1), (seed, 3)]);
        let storms: Vec<_> = storms.map(|(seed, tries)| scope.spawn(move || storm(seed, tries))).collect();
        storms.into_iter().map(|storm| storm.join().unwrap()).sum()
    });
    assert!(failed > 20, "only {failed} failed");
}

/// Runs through a storm, checks every row, and returns how many are `failed`.
fn storm(seed: u64, tries: u32) -> usize {
    let settings = format!(
        "limits: {{rate: 2000/s, burst: 2000, adaptive: false}}\nretry: {{max_attempts: {tries}, request_timeout: 2s}}\n"
    );
    let config = Config { faults: Faults::Storm, seed, speed: 20.0, quotas: false, ..Config::default() };
    let ground = Ground::new(&config, &settings, targets(TARGETS));
    let output = ground.start(&RUN).output();
    let report = ground.report();
    assert_eq!(judge(&ground, &report, output.status.code(), None), [], "seed {seed}, {tries} tries");
    report.targets.iter().filter(|row| row.outcome == Outcome::Failed).count()
}
