//! `max_failures` over several lanes.

use allstop::engine::{Outcome, Status};
use allstop::simulator::{Config, Faults};

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan, figures};

/// How many lanes there are. With one concurrent request each, so many may be in flight when the run ends.
const LANES: u16 = 4;

#[test]
fn failures_of_all_lanes_count_together() {
    let size = Size::of_process();
    for most in size.of(vec![1, 5], vec![1, 5, 20]) {
        // About one stop in twenty fails for good, as it is tried once.
        let plan = TestPlan::of(1200).over(LANES).limited("{rate: 100/s, burst: 10, concurrency: 1}");
        let plan = plan.with("retry: {max_attempts: 1}");
        let config = Config { speed: 200.0, faults: Faults::Some, seed: 3, ..Config::default() };
        let Some(site) = Site::new(&config, &plan) else { return };
        let fleet = Fleet::of(&site, 3);
        let limit = most.to_string();
        let done = Submission::start(&site, Pace::of(size), "failures", &["--max-failures", &limit]).done(size);
        let count = |outcome| done.report.targets.iter().filter(|row| row.outcome == outcome).count();
        let failed = count(Outcome::Failed);
        figures(
            "max_failures",
            format_args!(
                "{most} over {LANES} lanes: {failed} failed, {} in progress at the end, {} applied, took {:.2?}, sessions {:?}",
                count(Outcome::Unknown),
                done.timeline.len(),
                done.took,
                fleet.sessions(),
            ),
        );
        assert!(done.judgement.lost.is_empty() && done.judgement.false_rows.is_empty(), "{:#?}", done.judgement);
        assert_eq!((done.report.run.status, done.code), (Status::Aborted, 3));
        assert!(failed + count(Outcome::Unknown) >= most, "{failed} of {most}");
        assert!(failed <= most + usize::from(LANES), "{failed} instead of {most}");
    }
}
