//! The worker that holds a lane is killed or frozen at a random moment.

use std::time::Duration;

use allstop::simulator::Config;

use crate::harness::{Done, Fleet, Pace, Random, Site, Size, Submission, TestPlan, figures, floor};

/// A lane of 40 requests a second, whose service takes twice as many.
fn site(targets: usize) -> Option<Site> {
    let plan = TestPlan::of(targets).limited("{rate: 40/s, burst: 10}");
    Site::new(&Config { speed: 40.0, ..Config::default() }, &plan)
}

/// Draws after how many stops something happens.
fn moment(random: &mut Random, targets: usize) -> u64 {
    random.within(targets as u64 / 10, targets as u64 * 7 / 10)
}

#[track_caller]
fn assert_sound(done: &Done) {
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open, done.judgement.throttled), (0, 0, 0));
}

#[test]
fn another_worker_goes_on_after_a_kill() {
    let (size, targets) = (Size::of_process(), Size::of_process().of(300, 2000));
    let pace = Pace::of(size);
    for number in 0..size.kills {
        let mut random = size.random(number);
        let Some(site) = site(targets) else { return };
        let mut fleet = Fleet::of(&site, 4);
        let submission = Submission::start(&site, pace, "killed", &[]);
        let moment = moment(&mut random, targets);
        site.cloud.wait_for_stops(moment);
        let holder = fleet.holder("a0 ");
        fleet.kill(holder);
        fleet.replace(holder);
        let done = submission.done(size);
        let (least, gap) = (floor(targets, 10, 40.0), done.timeline.longest_gap());
        figures(
            "kill -9",
            format_args!(
                "{targets} targets, killed after {moment} stops (seed {}), took {:.2?}, floor {least:.2?}, gap {gap:.2?} at a \
                 timeout of {:?}, throttled {}, repeated {}, sessions {:?}",
                random.seed,
                done.took,
                pace.timeout,
                done.judgement.throttled,
                done.judgement.repeated.len(),
                fleet.sessions(),
            ),
        );
        assert_sound(&done);
        assert!(gap <= pace.timeout + size.of(Duration::from_secs(8), Duration::from_millis(1500)), "{gap:?}");
        let most = least + pace.timeout + size.of(Duration::from_secs(12), Duration::from_secs(2));
        assert!(done.took <= most, "{:?} instead of {most:?}", done.took);
    }
}

#[test]
fn a_worker_that_was_frozen_repeats_nothing_and_stays_a_worker() {
    let (size, targets) = (Size::of_process(), Size::of_process().of(400, 2000));
    let pace = Pace::of(size);
    for number in 0..size.kills {
        let mut random = size.random(number);
        let Some(site) = site(targets) else { return };
        let mut fleet = Fleet::of(&site, 2);
        let submission = Submission::start(&site, pace, "frozen", &[]);
        // Whoever takes the lane up has to send for 4 more seconds.
        let moment = random.within(targets as u64 / 10, targets as u64 - 200);
        site.cloud.wait_for_stops(moment);
        let holder = fleet.holder("a0 ");
        fleet.worker(holder).freeze();
        site.cloud.wait_for_stops(moment + 160);
        fleet.worker(holder).thaw();
        let lost = fleet.worker(holder).says("has lost the lease of the lane a0 ", size.patience());
        let done = submission.done(size);
        let gap = done.timeline.longest_gap();
        // It is the only one who can serve another run.
        fleet.kill(1 - holder);
        let again = Submission::start(&site, pace, "again", &["--only", "run-1"]).done(size);
        figures(
            "frozen",
            format_args!(
                "{targets} targets, frozen after {moment} stops (seed {}), took {:.2?}, gap {gap:.2?} at a timeout of {:?}, \
                 throttled {}, repeated {}, sessions {:?}",
                random.seed,
                done.took,
                pace.timeout,
                done.judgement.throttled,
                done.judgement.repeated.len(),
                fleet.sessions(),
            ),
        );
        assert_sound(&done);
        // The frozen one may be given the lane once more: it had asked for work before.
        let most = pace.timeout * 2 + size.of(Duration::from_secs(8), Duration::from_millis(1500));
        assert!(gap <= most, "{gap:?} instead of {most:?}");
        assert!(lost.is_some(), "{}", fleet.output());
        assert_eq!(again.code, 0);
    }
}

#[test]
fn after_a_kill_there_is_no_burst() {
    let size = Size::of_process();
    let (rate, burst) = (5, 20);
    let plan = TestPlan::of(50).limited("{rate: 5/s, burst: 20}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let mut fleet = Fleet::of(&site, 1);
    let submission = Submission::start(&site, Pace::of(size), "burst", &[]);
    site.cloud.wait_for_stops(burst as u64 + 2);
    fleet.kill(0);
    fleet.replace(0);
    let done = submission.done(size);
    let most = done.timeline.most_within(Duration::from_secs(1), burst + 2);
    figures("kill -9 with a burst", format_args!("{most} stops within a second after it, at {rate} a second"));
    assert_sound(&done);
    assert!(most <= rate + 2, "{most}");
}
