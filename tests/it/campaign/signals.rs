//! SIGINT and SIGTERM at random moments, and a second one; SIGHUP, which comes twice or is ignored.

use std::process::Command;

use allstop::engine::{Outcome, SkipReason, Status};
use allstop::environment::Environment;
use allstop::simulator::{Config, Faults};
use fastrand::Rng;

use super::ground::{FAST, Ground, RUN, Running, targets};
use super::judge::{judge, open, unread};

use crate::environment::program;

/// How many runs are interrupted, unless `ALLSTOP_SIGNALS` says otherwise.
const RUNS: u64 = 6;

const TARGETS: usize = 200;

fn ground(seed: u64, faults: Faults, settings: &str) -> Ground {
    let config = Config { faults, seed, speed: 50.0, quotas: false, ..Config::default() };
    Ground::new(&config, settings, targets(TARGETS))
}

#[test]
fn a_signal_drains_the_run_and_its_journal_goes_on() {
    let runs = Environment::of_process().get("ALLSTOP_SIGNALS").map_or(RUNS, |runs| runs.parse().unwrap());
    let mut left = 0;
    for seed in 1..=runs {
        left += interrupted(seed);
    }
    println!("{runs} signals in runs of {TARGETS} targets: {left} were skipped, and then stopped by a resumed run");
}

/// Interrupts a run and goes on with it; returns how many targets it had not begun.
fn interrupted(seed: u64) -> usize {
    let (name, code) = if seed.is_multiple_of(2) { ("INT", 130) } else { ("TERM", 143) };
    // Every third run is one through a storm, where reads are refused, too.
    let faults = if seed.is_multiple_of(3) { Faults::Storm } else { Faults::Some };
    let ground = ground(seed, faults, FAST);
    let at = Rng::with_seed(seed).u64(1..=TARGETS as u64 / 2);
    let running = ground.start(&RUN);
    // The simulator is paused while the condition is checked: the signal arrives before the response.
    ground.wait_until(|requests| {
        let is_now = requests.stops >= at;
        if is_now {
            running.signal(name);
        }
        is_now
    });
    let output = running.output();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "seed {seed}: {stderr}");
    let report = ground.report();
    assert_eq!(report.run.status, Status::Interrupted);
    assert!(stderr.contains("allstop resume plan.report.json.journal"), "{stderr}");
    assert_eq!(judge(&ground, &report, output.status.code(), Some(code)), [], "seed {seed}");
    let skipped = report.targets.iter().filter(|row| row.outcome == Outcome::Skipped);
    assert!(skipped.clone().all(|row| row.reason == Some(SkipReason::Interrupted)));
    let skipped = skipped.count();
    assert!(skipped > 0, "seed {seed}: {stderr}");

    let replay = allstop::journal::read(&ground.journal()).unwrap();
    let before = ground.cloud().ledger();
    resumed(&ground, seed, faults);
    let after = ground.cloud().ledger();
    for (target, _) in replay.past.done.iter() {
        assert_eq!(ground.stops(&after, target), ground.stops(&before, target), "seed {seed}: target {target}");
    }
    skipped
}

fn resumed(ground: &Ground, seed: u64, faults: Faults) {
    let output = ground.resume();
    let report = ground.report();
    assert_eq!(judge(ground, &report, output.status.code(), None), [], "seed {seed}");
    let left = if faults == Faults::Storm { unread(&report) } else { 0 };
    assert_eq!(open(&report), left, "seed {seed}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(report.run.resumed_from.as_deref(), Some("plan.report.json.journal"));
}

#[test]
fn a_second_signal_leaves_at_once_and_its_journal_goes_on() {
    for (first, second, code) in [("INT", "INT", 130), ("TERM", "INT", 130), ("INT", "TERM", 143)] {
        // No request in flight ends by itself during this test; a simulator that hangs would make it wait.
        let ground = ground(code, Faults::None, &FAST.replace("request_timeout: 1s", "request_timeout: 10m"));
        let running = std::cell::RefCell::new(Some(ground.start(&RUN)));
        ground.wait_until(|requests| {
            let Some(mut running) = (requests.stops >= 40).then(|| running.take().unwrap()) else { return false };
            running.signal(first);
            assert!(running.says().contains("no new requests are sent"));
            running.signal(second);
            let output = running.output();
            assert_eq!(output.status.code(), i32::try_from(code).ok());
            true
        });
        assert!(!ground.path("plan.report.json").exists(), "it left at once");
        resumed(&ground, code, Faults::None);
    }
}

/// Returns the program in the way that a terminal (or `nohup`) starts it, whatever started these tests.
#[cfg(target_os = "linux")]
fn at_a_terminal(ground: &Ground, is_ignored: bool) -> Command {
    let trap = if is_ignored { "--ignore-signal=HUP" } else { "--default-signal=HUP" };
    let mut command = Command::new("env");
    command.arg(trap).arg(program());
    ground.led_to(command, &RUN)
}

#[test]
#[cfg(target_os = "linux")]
fn a_lost_terminal_drains_the_run_however_often_it_says_so() {
    let ground = ground(3, Faults::Some, FAST);
    let mut running = Running::of(at_a_terminal(&ground, false).spawn().unwrap());
    ground.wait_until(|requests| {
        let is_now = requests.stops >= 40;
        if is_now {
            running.signal("HUP");
        }
        is_now
    });
    let said = running.says();
    assert!(said.contains("SIGHUP (the terminal or connection was closed): waiting for requests in flight"), "{said}");
    assert!(said.contains(". Press Ctrl-C or send SIGTERM to exit immediately"), "a second SIGHUP does not: {said}");
    running.signal("HUP");
    let output = running.output();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(129), "{stderr}");
    assert!(stderr.contains("The run ended early: ended by SIGHUP"), "{stderr}");
    let report = ground.report();
    assert_eq!((report.run.status, report.run.exit_code), (Status::Interrupted, 129));
    assert_eq!(judge(&ground, &report, output.status.code(), Some(129)), []);
    resumed(&ground, 3, Faults::Some);
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_under_nohup_goes_on() {
    let ground = ground(5, Faults::None, FAST);
    let running = Running::of(at_a_terminal(&ground, true).spawn().unwrap());
    ground.wait_until(|requests| {
        let is_now = requests.stops >= 40;
        if is_now {
            running.signal("HUP");
        }
        is_now
    });
    let output = running.output();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(judge(&ground, &ground.report(), output.status.code(), None), []);
}
