//! What people do to a run with commands: cancel it, take it out and resume it on one machine, lead a lane to some workers.

use allstop::engine::{Outcome, Status};
use allstop::report::Unended;
use allstop::session::{Input, ResumeOptions, Session, SessionOptions};
use allstop::simulator::Config;

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan};

#[test]
fn a_run_is_cancelled_taken_out_and_resumed() {
    let size = Size::of_process();
    let plan = TestPlan::of(200).limited("{rate: 40/s, burst: 10}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let fleet = Fleet::of(&site, 1);
    let submission = Submission::start(&site, Pace::of(size), "cut", &[]);
    site.cloud.wait_for_stops(30);

    // Its workers and a resume would both send, and so would its workers and a retry.
    assert_eq!(site.run(["takeout", "cut", "--output", "early.journal"]).code, 3);
    assert_eq!(site.run(["report", "cut", "--report", "early.json"]).code, 1);
    assert_eq!(site.report("early.json").run.unended, Some(Unended::GoesOn));

    let cancelled = site.run(["cancel", "cut", "--reason", "too hot"]);
    assert_eq!(cancelled.code, 0, "{}", cancelled.stderr);
    let done = submission.done(size);
    assert_eq!((done.code, done.report.run.status), (130, Status::Interrupted));
    assert!(done.report.run.ended_by.as_deref().is_some_and(|by| by.contains("too hot")), "{:?}", done.report.run);
    assert_eq!(done.report.run.unended, None);
    done.judgement.assert_sound();
    let again = site.run(["cancel", "cut"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    drop(fleet);

    let taken_out = site.run(["takeout", "cut", "--output", "cut.journal"]);
    assert_eq!(taken_out.code, 0, "{}", taken_out.stderr);
    let (journal, plan) = (site.path("cut.journal"), Some(Input::File(site.path("plan.yaml"))));
    let resumed = ResumeOptions { journal, plan, set: Vec::new(), report: None };
    let mut options = SessionOptions::default();
    options.yes = true;
    let ready = Session::resume(resumed, options, &site.context()).unwrap().ready().unwrap();
    ready.confirm().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let finished = runtime.block_on(ready.run(|run| run.speed(40.0))).unwrap().finish(None);
    assert_eq!(finished.exit_code, 0);
    let ledger = site.cloud.ledger();
    assert_eq!(site.timeline().len(), 200, "{:?}", ledger.requests);
}

#[test]
fn a_lane_with_a_route_goes_to_the_workers_for_its_account() {
    let size = Size::of_process();
    let plan = TestPlan::of(20).over(2).limited("{rate: 40/s, burst: 10}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let (any, own) = (site.worker([]), site.worker(["--for", "a1"]));
    let submission = Submission::start(&site, Pace::of(size), "routed", &["--route", "a1=allstop.a1"]);
    assert!(own.says("holds the lane a1 ", size.patience()).is_some(), "{}", own.output());
    let done = submission.done(size);
    assert_eq!((done.code, done.judgement.open), (0, 0));
    done.judgement.assert_sound();
    assert!(done.report.targets.iter().all(|row| row.outcome == Outcome::Stopped));
    assert!(!any.output().contains("holds the lane a1 "), "{}", any.output());
}
