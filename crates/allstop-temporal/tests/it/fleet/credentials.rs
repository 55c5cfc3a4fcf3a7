//! Keys that are refused.

use allstop::engine::{Outcome, SkipReason};
use allstop::simulator::Config;

use crate::harness::{Pace, Process, Site, Size, Submission, TestPlan, figures};

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
