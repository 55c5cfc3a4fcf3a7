//! Signals that somebody else sends.

use allstop::engine::Status;
use allstop::simulator::Config;

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan};

/// The signals of the workflows of a run, by the ids of those.
const SIGNALS: [(&str, &[&str]); 3] = [
    ("allstop-run/garbage", &["ask", "used"]),
    ("allstop-run/garbage/lane-0", &["granted", "make_way", "share", "end", "close"]),
    ("allstop-quota/alibaba/a0/cn-hangzhou/fnf:StopExecution", &["ask", "release"]),
];

#[test]
fn what_cannot_be_read_keeps_no_workflow() {
    let size = Size::of_process();
    let plan = TestPlan::of(900).limited("{rate: 10/s, burst: 5}").with("guards: {max_failures: 5}");
    let Some(site) = Site::new(&Config { speed: 20.0, ..Config::default() }, &plan) else { return };
    let _fleet = Fleet::of(&site, 1);
    let submission = Submission::start(&site, Pace::of(size), "garbage", &[]);
    submission.is_submitted();
    site.cloud.wait_for_stops(1);
    for (workflow, signals) in SIGNALS {
        for signal in signals {
            let garbage = ["workflow", "signal", "--workflow-id", workflow, "--name", signal];
            site.temporal(garbage.into_iter().chain(["--input", r#"{"oops": []}"#]));
        }
        // Nothing at all, and more than one value.
        let nothing = ["workflow", "signal", "--workflow-id", workflow, "--name", signals[0]];
        site.temporal(nothing);
        site.temporal(nothing.into_iter().chain(["--input", "1", "--input", "2"]));
    }
    let stops = site.cloud.ledger().requests.stops;
    site.cloud.wait_for_stops(stops + 10);
    let ended = site.run(["cancel", "garbage"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let done = submission.done(size);
    assert_eq!((done.code, done.report.run.status), (130, Status::Interrupted));
    done.judgement.assert_sound();
}
