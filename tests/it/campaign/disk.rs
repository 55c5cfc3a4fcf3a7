//! Disks that are full: before a run, and in the middle of it.

use std::path::Path;
use std::process::Command;

use allstop::engine::Status;
use allstop::report::Report;
use allstop::simulator::{Config, Faults};

use super::ground::{FAST, Ground, RUN, targets};
use super::judge::{judge, open};

use crate::environment::program;

const TARGETS: usize = 300;

fn ground() -> Ground {
    let config = Config { faults: Faults::Some, seed: 5, speed: 50.0, quotas: false, ..Config::default() };
    Ground::new(&config, FAST, targets(TARGETS))
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_before_the_run_lets_nothing_out() {
    let ground = ground();
    let output = ground.program(&[&RUN[..], &["--journal", "/dev/full"]].concat()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(stderr.contains("No space left on device"), "{stderr}");
    let requests = ground.cloud().ledger().requests;
    assert_eq!((requests.stops, requests.reads, requests.bad_auth), (0, 0, 0));
}

/// The shell's bounds of what a file may hold, in blocks; a block has 512 or 1024 bytes.
const BOUNDS: [u32; 4] = [5, 13, 40, 77];

#[test]
fn a_disk_that_fills_up_ends_the_sending_and_its_journal_goes_on() {
    for blocks in BOUNDS {
        let ground = ground();
        // Without the trap, a signal would end the program, as no full disk does.
        let bounded = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &bounded]).arg(program());
        // The report goes through a pipe, which has no such bound.
        let output = ground.led_to(shell, &[&RUN[..], &["--report", "-", "--journal", "run.journal"]].concat());
        let output = { output }.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{blocks} blocks: {stderr}");
        assert!(stderr.contains("cannot write the journal"), "{stderr}");
        let report = Report::parse(&output.stdout, Path::new("-")).unwrap();
        assert_eq!(report.run.status, Status::Aborted);
        assert_eq!(judge(&ground, &report, output.status.code(), Some(5)), [], "{blocks} blocks");
        goes_on(&ground, blocks);
    }
}

/// Checks that nothing was sent which the journal does not know of, and goes on where there is space.
fn goes_on(ground: &Ground, blocks: u32) {
    let path = ground.path("run.journal");
    let past = allstop::journal::read(&path).unwrap().past;
    ground.remember(&past);
    let before = ground.cloud().ledger();
    for target in 0..TARGETS as u32 {
        let is_known = past.done.contains(target) || past.open.contains_key(&target);
        assert!(is_known || ground.stops(&before, target) == 0, "{blocks} blocks: target {target}");
    }
    let args = ["resume", "run.journal", "--yes", "--progress", "off", "--report", "plan.report.json"];
    let output = ground.program(&args).output().unwrap();
    let report = ground.report();
    assert_eq!(judge(ground, &report, output.status.code(), None), [], "{blocks} blocks");
    assert_eq!(open(&report), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let after = ground.cloud().ledger();
    for (target, _) in past.done.iter() {
        assert_eq!(ground.stops(&after, target), ground.stops(&before, target), "{blocks} blocks: target {target}");
    }
}

#[test]
fn a_journal_that_is_removed_in_mid_run_ends_the_sending() {
    let ground = ground();
    let running = ground.start(&RUN);
    // The simulator is paused while the condition is checked.
    ground.wait_until(|requests| requests.stops >= 40 && std::fs::remove_file(ground.journal()).is_ok());
    let output = running.output();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(stderr.contains("it was removed or replaced"), "{stderr}");
    let report = ground.report();
    assert_eq!(report.run.status, Status::Aborted);
    assert_eq!(judge(&ground, &report, output.status.code(), Some(5)), [], "{stderr}");
    assert!(report.summary.skipped > 0, "{stderr}");
}
