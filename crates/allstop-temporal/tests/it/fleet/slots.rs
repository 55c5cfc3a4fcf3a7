//! What a worker does while all its lanes are in use.

use std::time::Duration;

use allstop::simulator::Config;

use crate::harness::{Pace, Site, Size, Submission, TestPlan, figures};

#[test]
fn the_report_of_a_run_does_not_wait_for_the_lane_of_another_one() {
    let size = Size::of_process();
    let plan = TestPlan::of(200).over(2).limited("{rate: 2/s, burst: 1}").in_parts(2);
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let worker = site.worker(["--lanes", "1", "--reports", "reports"]);
    let short = Submission::start(
        &site,
        Pace::of(size),
        "short",
        &["--label", "part=p0", "--only", "run-1?", "--only", "run-?"],
    );
    site.cloud.wait_for_stops(1);
    let long = Submission::start(&site, Pace::of(size), "long", &["--label", "part=p1"]);
    long.is_submitted();
    let done = short.done(size);
    figures("one lane, two runs", format_args!("the first one took {:.2?}", done.took));
    // The other one keeps the lane for 50 seconds.
    assert!(done.took < Duration::from_secs(30), "{:?}: {}", done.took, worker.output());
    assert_eq!(done.code, 0, "{}", worker.output());
    assert!(site.path("reports/short.report.json").exists(), "{}", worker.output());
    long.process.interrupt();
    assert_eq!(long.done(size).code, 130, "{}", worker.output());
}
