//! Many lanes at a time.

use std::time::Duration;

use allstop::simulator::Config;

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan, figures, floor};

#[test]
fn lanes_are_spread_over_the_workers() {
    let size = Size::of_process();
    let lanes = size.of(20, 100);
    let each = size.of(8, 62);
    let plan = TestPlan::of(usize::from(lanes) * each).over(lanes).limited("{rate: 2/s, burst: 2}");
    let Some(site) = Site::new(&Config { speed: 4.0, ..Config::default() }, &plan) else { return };
    let fleet = Fleet::of(&site, 2);
    let pace = Pace { checkpoint: Duration::from_secs(1), ..Pace::of(size) };
    let done = Submission::start(&site, pace, "lanes", &[]).done(size);
    let least = floor(each, 2, 2.0);
    let shares = fleet.said("holds the lane ");
    figures(
        "row 13, many lanes",
        format_args!(
            "{lanes} lanes of {each} targets at 2/s took {:.2?}, floor {least:.2?}, sessions of the workers {shares:?}, throttled \
             {}, repeated {}",
            done.took,
            done.judgement.throttled,
            done.judgement.repeated.len(),
        ),
    );
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open, done.judgement.throttled), (0, 0, 0));
    assert_eq!(shares.iter().sum::<usize>(), usize::from(lanes));
    // Of a few lanes, one worker may get most.
    let fewest = *shares.iter().min().unwrap() * 100 / usize::from(lanes);
    assert!(fewest >= size.of(1, 40), "{shares:?}");
    let most = least.mul_f64(1.05) + size.of(Duration::from_secs(12), Duration::from_secs(2));
    assert!(done.took <= most, "{:?} instead of {most:?}", done.took);
}
