//! A run that nobody disturbs.

use std::time::Duration;

use allstop::simulator::Config;

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan, figures, floor};

#[test]
fn four_workers_keep_to_the_rate_of_a_lane() {
    let size = Size::of_process();
    let targets = size.of(300, 2000);
    let plan = TestPlan::of(targets).limited("{rate: 40/s, burst: 10}");
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    let mut fleet = Fleet::of(&site, 4);
    let done = Submission::start(&site, Pace::of(size), "undisturbed", &[]).done(size);
    let least = floor(targets, 10, 40.0);
    let (second, ten) =
        (done.timeline.most_within(Duration::from_secs(1), 10), done.timeline.most_within(Duration::from_secs(10), 10));
    let (ended, ending) = fleet.end();
    figures(
        "undisturbed",
        format_args!(
            "{targets} targets, took {:.2?}, floor {least:.2?}, at most {second} in a second and {ten} in ten, throttled {}, \
             repeated {}, sessions {:?}, workers ended in {ending:.2?}",
            done.took,
            done.judgement.throttled,
            done.judgement.repeated.len(),
            fleet.sessions(),
        ),
    );
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open, done.judgement.throttled), (0, 0, 0));
    assert!(ended.iter().all(std::process::ExitStatus::success), "{ended:?}");
    // A loaded machine delays requests, and those that were delayed go at once. Four workers that do not share a rate send 160.
    assert!(second <= size.of(80, 42), "{second} in a second");
    assert!(ten <= size.of(420, 420), "{ten} in ten seconds");
    let most = least.mul_f64(1.03) + size.of(Duration::from_secs(8), Duration::from_secs(1));
    assert!(done.took <= most, "{:?} instead of {most:?}", done.took);
}
