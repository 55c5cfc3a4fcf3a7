//! Keys that are refused, and an identity service that is away.

use std::time::Duration;

use allstop::engine::{Outcome, SkipReason};
use allstop::simulator::Config;
use serde_json::json;

use crate::harness::{Fleet, Pace, Process, Site, Size, Submission, TestPlan, figures};

#[test]
fn a_refused_key_costs_each_lane_no_more_than_its_concurrency() {
    let size = Size::of_process();
    // A lane tries three times to sign in.
    let (lanes, concurrency) = (10, 2);
    let plan = TestPlan::of(size.of(200, 1000)).over(lanes).limited("{rate: 40/s, burst: 10}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let mut command = site.command(["worker"]);
    command.envs(site.keys().iter().map(|(name, value)| (name, value.chars().rev().collect::<String>())));
    // The ids are right, and the secrets are not.
    command.envs(site.keys().iter().filter(|(name, _)| name.ends_with("_ID")));
    let workers = [Process::start(&mut command), Process::start(&mut command)];
    let done =
        Submission::start(&site, Pace::of(size), "refused", &["--concurrency", &concurrency.to_string()]).done(size);
    let requests = site.cloud.ledger().requests;
    let reached: Vec<_> = done.report.targets.iter().filter(|row| row.outcome != Outcome::Skipped).collect();
    figures(
        "wrong keys",
        format_args!(
            "{lanes} lanes, concurrency {concurrency}: {} requests, {} targets, {} rows besides skipped, took {:.2?}",
            requests.bad_auth,
            done.report.targets.len(),
            reached.len(),
            done.took,
        ),
    );
    assert_eq!((done.code, requests.stops), (1, 0), "{}", workers.each_ref().map(Process::output).join("\n"));
    assert!(requests.bad_auth <= u64::from(lanes) * concurrency, "{}", requests.bad_auth);
    done.judgement.assert_sound();
    for row in done.report.targets.iter().filter(|row| row.outcome == Outcome::Skipped) {
        assert_eq!(row.reason, Some(SkipReason::Credentials), "{row:?}");
    }
    assert!(reached.len() as u64 <= requests.bad_auth, "{} rows", reached.len());
}

#[test]
fn without_keys_every_row_says_so() {
    let size = Size::of_process();
    let plan = TestPlan::of(20).over(2).limited("{rate: 40/s, burst: 10}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let worker = site.start(["worker"]);
    let done = Submission::start(&site, Pace::of(size), "keyless", &[]).done(size);
    figures("without keys", format_args!("took {:.2?}", done.took));
    assert_eq!((done.code, site.cloud.ledger().requests.bad_auth), (1, 0), "{}", worker.output());
    let reasons = done.report.targets.iter().map(|row| row.reason);
    assert!(reasons.into_iter().all(|reason| reason == Some(SkipReason::Credentials)), "{}", worker.output());
}

/// Has the service fail that says whose keys are, so many times.
fn fail_identities(site: &Site, times: i32) {
    let fault = json!({"fail": times, "status": 503, "code": "ServiceUnavailable", "message": "out of order"});
    site.cloud.handle().set_credential_faults(&json!({ "ali:GetCallerIdentity": fault })).unwrap();
}

/// Starts a run, and has the only worker replaced by one that cannot learn whose its keys are; waits until that has said so
/// as often as a lane takes sessions that fail for their own reasons.
fn away<'s>(site: &'s Site, fleet: &mut Fleet<'_>, size: Size) -> Submission<'s> {
    let submission = Submission::start(site, Pace::of(size), "away", &[]);
    site.cloud.wait_for_stops(5);
    fail_identities(site, -1);
    fleet.kill(0);
    fleet.replace(0);
    fleet.who_says("cannot hold the lane", &[2]);
    submission
}

#[test]
fn a_run_waits_while_the_service_is_away_that_says_whose_keys_are() {
    let size = Size::of_process();
    let plan = TestPlan::of(40).limited("{rate: 10/s, burst: 1}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let mut fleet = Fleet::of(&site, 1);
    let submission = away(&site, &mut fleet, size);
    let status = site.run(["status", "away"]).stdout;
    assert!(status.contains("out of order"), "{status}");
    fail_identities(&site, 0);
    let done = submission.done(size);
    figures("identities away", format_args!("took {:.2?}", done.took));
    assert_eq!((done.code, done.judgement.open), (0, 0), "{}", fleet.output());
    done.judgement.assert_sound();
}

#[test]
fn a_run_is_cancelled_while_it_waits_for_the_service_that_says_whose_keys_are() {
    let size = Size::of_process();
    let plan = TestPlan::of(40).limited("{rate: 10/s, burst: 1}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let mut fleet = Fleet::of(&site, 1);
    let submission = away(&site, &mut fleet, size);
    submission.process.interrupt();
    let done = submission.done(size);
    assert_eq!(done.code, 130, "{}", fleet.output());
    done.judgement.assert_sound();
    // What the lost worker had announced is in doubt, and nothing else.
    let is_unsent = |outcome| outcome == Outcome::Skipped;
    assert!(done.report.targets.iter().filter(|row| is_unsent(row.outcome)).count() >= 10, "{}", fleet.output());
}

#[test]
fn a_worker_asks_once_whose_a_key_is_and_turns_go_on_while_that_cannot_be_asked() {
    let size = Size::of_process();
    let plan = TestPlan::of(160).limited("{rate: 10/s, burst: 1}").in_parts(2);
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let fleet = Fleet::of(&site, 1);
    let runs =
        ["p0", "p1"].map(|part| Submission::start(&site, Pace::of(size), part, &["--label", &format!("part={part}")]));
    // Both have had a turn.
    fleet.who_says("of the run p0", &[0]);
    fleet.who_says("of the run p1", &[0]);
    site.cloud.wait_for_stops(60);
    fail_identities(&site, -1);
    for done in runs.map(|run| run.done(size)) {
        assert_eq!(done.code, 0, "{}", fleet.output());
        assert!(done.took > Duration::from_secs(10), "they did not share the quota");
    }
    assert_eq!(fleet.said("cannot"), [0], "{}", fleet.output());
}
