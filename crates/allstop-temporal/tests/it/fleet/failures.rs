//! `max_failures` over several lanes.

use allstop::engine::{Outcome, Status};
use allstop::simulator::{Config, Faults};

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan, figures};

#[test]
fn failures_of_all_lanes_count_together() {
    let size = Size::of_process();
    for most in [1, 5, 20] {
        // About one stop in twenty fails for good, as it is tried once.
        let plan = TestPlan::of(1200).over(4).limited("{rate: 100/s, burst: 10, concurrency: 1}").with("retry: {max_attempts: 1}");
        let config = Config { speed: 200.0, faults: Faults::Some, seed: 3, ..Config::default() };
        let Some(site) = Site::new(&config, &plan) else { return };
        let fleet = Fleet::of(&site, 3);
        let done = Submission::start(&site, Pace::of(size), "failures", &["--max-failures", &most.to_string()]).done(size);
        let is_failed = |outcome| matches!(outcome, Outcome::Failed | Outcome::Unknown);
        let failed = done.report.targets.iter().filter(|row| is_failed(row.outcome)).count();
        figures(
            "row 8, max_failures",
            format_args!(
                "{most} of 4 lanes: {failed} failed or unknown, {} applied, took {:.2?}, sessions {:?}",
                done.timeline.len(),
                done.took,
                fleet.sessions(),
            ),
        );
        assert!(done.judgement.lost.is_empty() && done.judgement.false_rows.is_empty(), "{:#?}", done.judgement);
        assert_eq!((done.report.run.status, done.code), (Status::Aborted, 3));
        assert_eq!(failed, most);
    }
}
