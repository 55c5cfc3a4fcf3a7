//! Tests of what the tests rely on: the judge sees what is wrong, and servers come and go as they are told.

use std::time::Duration;

use allstop::engine::Outcome;
use allstop::simulator::Config;

use super::{PATIENCE, Server, Site, Storage, TestPlan};

fn fast() -> Config {
    Config { speed: 1000.0, ..Config::default() }
}

#[test]
fn a_local_run_is_sound_and_what_is_forged_is_seen() {
    let plan = TestPlan::of(40).over(2).limited("{rate: 2000/s, burst: 100}");
    let Some(site) = Site::new(&fast(), &plan) else { return };
    let mut report = site.run_locally();
    let judgement = site.judge(&report);
    judgement.assert_sound();
    assert_eq!((judgement.open, judgement.throttled, site.timeline().len()), (0, 0, 40));

    report.targets.swap(0, 1);
    assert_eq!(site.judge(&report).false_rows, ["the rows are not in the plan's order"]);
    report.targets.swap(0, 1);
    let lost = report.targets.remove(7);
    assert_eq!(site.judge(&report).lost, std::slice::from_ref(&lost.id));
    report.targets.insert(7, lost.clone());
    report.targets.push(lost);
    assert_eq!(site.judge(&report).false_rows.len(), 1);
    report.targets.pop();
    report.targets[3].outcome = Outcome::AlreadyStopped;
    let judgement = site.judge(&report);
    assert!(judgement.false_rows[0].contains("it was this run that stopped it"), "{judgement:?}");
    // A second run of the same plan repeats every stop.
    site.run_locally();
    assert_eq!(site.judge(&report).repeated.len(), 40);
}

#[test]
fn the_timeline_measures_gaps_and_rates() {
    let plan = TestPlan::of(60).limited("{rate: 40/s, burst: 10}");
    let Some(site) = Site::new(&Config { speed: 20.0, ..Config::default() }, &plan) else { return };
    let report = site.run_locally();
    let (judgement, timeline) = (site.judge(&report), site.timeline());
    judgement.assert_sound();
    assert!(timeline.span() >= Duration::from_millis(1200), "{timeline:?}");
    assert!((20..=50).contains(&timeline.most_within(Duration::from_secs(1), 10)), "{timeline:?}");
    assert!(timeline.longest_gap() >= Duration::from_millis(20), "{timeline:?}");
}

#[test]
fn a_server_with_a_file_remembers_after_a_kill() {
    let Some(server) = Server::own(Storage::File) else { return };
    let namespace = server.namespace();
    let describe =
        || super::process::Ended::of(&mut server.temporal(["operator", "namespace", "describe", &namespace]));
    assert_eq!(describe().code, 0);
    server.kill();
    assert_ne!(describe().code, 0);
    server.restart();
    let described = describe();
    assert_eq!(described.code, 0, "{}", described.stderr);
    assert!(server.database().exists());
}

#[test]
fn a_program_is_frozen_and_terminated() {
    let mut process = super::process::Process::start(
        std::process::Command::new("sh").args(["-c", "trap 'echo bye; exit 3' TERM; echo ready; while :; do :; done"]),
    );
    assert_eq!(process.says("ready", PATIENCE).as_deref(), Some("ready"));
    process.freeze();
    process.terminate();
    assert_eq!(process.says("bye", Duration::ZERO), None, "who is frozen does nothing");
    process.thaw();
    assert_eq!(process.ended(PATIENCE).code(), Some(3));
    assert_eq!(process.output(), "ready\nbye");
}
