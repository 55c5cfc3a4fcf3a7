//! A terminal that was stopped, a dead line, a pager that does not read: nobody takes what the program says.

use allstop::engine::Status;
use allstop::report::Report;
use allstop::simulator::{Config, Faults};

use super::ground::{FAST, Ground, Running, targets};
use super::judge::{judge, open};

/// Enough lines with `-v` to fill a pipe several times.
const TARGETS: usize = 1_500;

const VERBOSE: [&str; 4] = ["run", "plan.yaml", "--yes", "-vv"];

fn ground(settings: &str) -> Ground {
    let config = Config { faults: Faults::None, speed: 50.0, quotas: false, ..Config::default() };
    Ground::new(&config, settings, targets(TARGETS))
}

/// Waits for the program's end while nobody reads; returns its exit status, and then what it had said.
fn unread(running: Running) -> (Option<i32>, String) {
    let (status, running) = running.ended_unread();
    (status.code(), String::from_utf8_lossy(&running.output().stderr).into_owned())
}

fn judged(ground: &Ground, code: Option<i32>, signal: Option<i32>) -> Report {
    let report = ground.report();
    assert_eq!(judge(ground, &report, code, signal), []);
    report
}

#[test]
fn a_run_that_nobody_listens_to_stops_everything_and_ends() {
    for format in [&[][..], &["--progress", "json"]] {
        let ground = ground(FAST);
        let (code, said) = unread(ground.start(&[&VERBOSE[..], format].concat()));
        assert!(said.len() > 1 << 14, "the pipe was full: {} bytes", said.len());
        assert!(!said.contains("NOT") && !said.contains(r#""ended""#), "the last words found no room either");
        assert_eq!(code, Some(0));
        assert_eq!(open(&judged(&ground, code, None)), 0);
    }
}

#[test]
fn signals_and_the_deadline_end_a_run_that_nobody_listens_to() {
    // All but the last hundreds would take hours.
    let slow = FAST.replace("rate: 2000/s, burst: 2000", "rate: 1/min, burst: 240");
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let ground = ground(&slow);
        let running = ground.start(&VERBOSE);
        // The bursts of four kinds; one of jobs stops all of them.
        ground.wait_until(|requests| requests.stops >= 4 * 240);
        running.signal(name);
        let (status, _) = unread(running);
        assert_eq!(status, Some(code), "{name}");
        assert_eq!(judged(&ground, status, Some(code)).run.status, Status::Interrupted);
    }
    let ground = ground(&slow);
    let (status, _) = unread(ground.start(&[&VERBOSE[..], &["--deadline", "3s"]].concat()));
    assert_eq!(status, Some(1));
    assert_eq!(judged(&ground, status, None).run.status, Status::Deadline);
}

#[test]
fn a_second_signal_ends_a_program_whose_report_nobody_reads() {
    let ground = ground(FAST);
    let mut running = ground.start(&["run", "plan.yaml", "--yes", "--progress", "off", "--report", "-"]);
    running.prints();
    running.signal("INT");
    assert!(running.says().contains("writing the report"));
    // A terminal that is closed says so more than once, and means no haste.
    running.signal("HUP");
    running.signal("TERM");
    let (status, _) = unread(running);
    assert_eq!(status, Some(143));
}
