//! Runs that share a quota.

use std::time::Duration;

use allstop::Timestamp;
use allstop::clock::{Clock, SystemClock};
use allstop::engine::Status;
use allstop::simulator::Config;

use crate::harness::{Fleet, PATIENCE, Pace, Site, Size, Submission, TestPlan, Timeline, figures, floor, merged};

/// A lane of 40 requests a second and targets in parts, for a run each.
fn site(targets: usize, parts: usize) -> Option<Site> {
    let plan = TestPlan::of(targets).limited("{rate: 40/s, burst: 10}").in_parts(parts);
    Site::new(&Config { speed: 40.0, ..Config::default() }, &plan)
}

fn submit<'s>(site: &'s Site, size: Size, part: usize, options: &[&str]) -> Submission<'s> {
    submit_at(site, Pace::of(size), part, options)
}

fn submit_at<'s>(site: &'s Site, pace: Pace, part: usize, options: &[&str]) -> Submission<'s> {
    let label = format!("part=p{part}");
    let options = [options, &["--label", &label]].concat();
    let submission = Submission::start(site, pace, &format!("part-{part}"), &options);
    submission.is_submitted();
    submission
}

/// Returns when stops of a part took effect.
fn timeline(site: &Site, parts: usize, part: usize) -> Timeline {
    let number = |name: &str| name.rsplit_once('-').and_then(|(_, number)| number.parse::<usize>().ok());
    Timeline::of_those(&site.cloud.ledger(), |name| number(name).is_some_and(|number| number % parts == part))
}

/// Returns how often runs have sent one after another.
fn turns(runs: [Timeline; 2]) -> usize {
    let of = |number: usize| runs[number].moments().iter().map(move |at| (*at, number));
    let mut stops: Vec<_> = of(0).chain(of(1)).collect();
    stops.sort_unstable();
    stops.chunk_by(|one, next| one.1 == next.1).count()
}

#[test]
fn two_runs_take_turns_within_one_rate() {
    let (size, parts) = (Size::of_process(), 2);
    let targets = size.of(480, 1200);
    let Some(site) = site(targets, parts) else { return };
    let fleet = Fleet::of(&site, 2);
    let first = submit(&site, size, 0, &[]);
    site.cloud.wait_for_stops(20);
    let second = submit(&site, size, 1, &[]);
    let submitted = SystemClock.now();
    let [first, second] = [first, second].map(|run| run.done(size));
    let (judgement, all) = (site.judge(&merged([&first.report, &second.report])), site.timeline());
    let least = floor(targets, 10, 40.0);
    let begun = timeline(&site, parts, 1).moments()[0].duration_since(submitted).unsigned_abs();
    let (one, ten) = (all.most_within(Duration::from_secs(1), 10), all.most_within(Duration::from_secs(10), 10));
    figures(
        "two runs",
        format_args!(
            "{targets} targets in {:.2?}, floor {least:.2?}, at most {one} in a second and {ten} in ten, the second began \
             {begun:.2?} after its submission, throttled {}, repeated {}, sessions {:?}",
            all.span(),
            judgement.throttled,
            judgement.repeated.len(),
            fleet.sessions(),
        ),
    );
    judgement.assert_sound();
    assert_eq!((first.code, second.code, judgement.open, judgement.throttled), (0, 0, 0, 0));
    assert!(ten <= 420, "{ten} in ten seconds");
    assert!(begun <= size.of(Duration::from_secs(6), Duration::from_secs(2)), "{begun:?}");
    let most = least.mul_f64(1.03) + size.of(Duration::from_secs(8), Duration::from_secs(1));
    assert!(all.span() <= most, "{:?} instead of {most:?}", all.span());
}

#[test]
fn a_higher_priority_comes_first() {
    let (size, parts) = (Size::of_process(), 3);
    // The first run is still there when the others are.
    let Some(site) = site(size.of(1440, 1440), parts) else { return };
    let _fleet = Fleet::of(&site, 2);
    let usual = submit(&site, size, 0, &[]);
    site.cloud.wait_for_stops(20);
    let low = submit(&site, size, 1, &["--priority", "5"]);
    let high = submit(&site, size, 2, &["--priority", "1"]);
    let done = [usual, low, high].map(|run| run.done(size));
    let judgement = site.judge(&merged(done.iter().map(|done| &done.report)));
    let [usual, low, high] = [0, 1, 2].map(|part| timeline(&site, parts, part));
    let ends = [&high, &usual, &low].map(|one| *one.moments().last().unwrap());
    figures(
        "priorities",
        format_args!(
            "1, 3 and 5 took {:.2?}, {:.2?} and {:.2?}; all {:.2?}, throttled {}, repeated {}",
            high.span(),
            usual.span(),
            low.span(),
            site.timeline().span(),
            judgement.throttled,
            judgement.repeated.len(),
        ),
    );
    judgement.assert_sound();
    assert_eq!((done.map(|done| done.code), judgement.open, judgement.throttled), ([0; 3], 0, 0));
    assert!(ends.is_sorted(), "{ends:?}");
    // The lowest one waits for as long as another one needs the quota.
    assert!(low.moments()[0] > ends[1], "{:?} and {ends:?}", low.moments()[0]);
}

#[test]
fn a_run_that_is_terminated_gives_way() {
    let (size, parts) = (Size::of_process(), 2);
    let pace = Pace::of(size);
    let Some(site) = site(size.of(600, 1200), parts) else { return };
    let fleet = Fleet::of(&site, 2);
    let first = submit(&site, size, 0, &[]);
    site.cloud.wait_for_stops(20);
    // This one waits for as long as the first is there.
    let second = submit(&site, size, 1, &["--priority", "5"]);
    let stops = site.cloud.ledger().requests.stops;
    site.cloud.wait_for_stops(stops + 40);
    site.temporal(["workflow", "terminate", "--workflow-id", "allstop-run/part-0", "--reason", "test"]);
    let terminated = SystemClock.now();
    let [first, second] = [first, second].map(|run| run.done(size));
    let judgement = site.judge(&merged([&first.report, &second.report]));
    let last = timeline(&site, parts, 0).last_within(terminated, Timestamp::MAX);
    let begun = timeline(&site, parts, 1).moments()[0].duration_since(terminated).unsigned_abs();
    figures(
        "terminated",
        format_args!(
            "last stop {last:.2?} after it at a checkpoint of {:?}, the other one's first {begun:.2?} after it at a timeout of \
             {:?}, false {}, repeated {}, sessions {:?}",
            pace.checkpoint,
            pace.timeout,
            judgement.false_rows.len(),
            judgement.repeated.len(),
            fleet.sessions(),
        ),
    );
    judgement.assert_sound();
    assert_eq!((first.report.run.status, second.code), (Status::Interrupted, 0));
    let slack = size.of(Duration::from_secs(3), Duration::from_millis(500));
    assert!(last <= pace.checkpoint + slack, "{last:?}");
    let most = pace.timeout * 2 + size.of(Duration::from_secs(8), Duration::from_secs(3));
    assert!(begun <= most, "{begun:?} instead of {most:?}");
}

#[test]
fn a_run_of_another_queue_has_the_quota_when_the_workers_of_the_first_queue_have_left() {
    let (size, parts) = (Size::of_process(), 2);
    let Some(site) = site(40, parts) else { return };
    let mut fleet = Fleet::of_queue(&site, 1, "other");
    let first = submit(&site, size, 0, &["--queue", "other"]).done(size);
    fleet.end();
    let _fleet = Fleet::of(&site, 1);
    let second = submit(&site, size, 1, &[]).done(size);
    let judgement = site.judge(&merged([&first.report, &second.report]));
    figures("another queue", format_args!("the second run took {:.2?}", second.took));
    judgement.assert_sound();
    assert_eq!((first.code, second.code, judgement.open, judgement.throttled), (0, 0, 0, 0));
}

#[test]
fn a_run_that_no_worker_serves_gives_the_quota_on_and_returns_in_its_turn() {
    let (size, parts) = (Size::of_process(), 2);
    let pace = Pace::of(size);
    for is_killed in [true, false] {
        let Some(site) = site(720, parts) else { return };
        let mut others = Fleet::of_queue(&site, 1, "other");
        let first = submit(&site, size, 0, &["--queue", "other"]);
        site.cloud.wait_for_stops(40);
        if is_killed {
            others.kill(0);
        } else {
            others.leave(0);
        }
        let (stops, left) = (site.cloud.ledger().requests.stops, SystemClock.now());
        let _fleet = Fleet::of(&site, 1);
        let second = submit(&site, size, 1, &[]);
        site.cloud.wait_for_stops(stops + 60);
        others.replace(0);
        let [first, second] = [first, second].map(|run| run.done(size));
        let (judgement, all) = (site.judge(&merged([&first.report, &second.report])), site.timeline());
        let begun = timeline(&site, parts, 1).moments()[0].duration_since(left).unsigned_abs();
        let ten = all.most_within(Duration::from_secs(10), 10);
        let turns = turns([0, 1].map(|part| timeline(&site, parts, part)));
        figures(
            "nobody serves the holder",
            format_args!(
                "killed {is_killed}: the second run began {begun:.2?} after it at a timeout of {:?}, {turns} turns, at most \
                 {ten} in ten seconds, repeated {}, throttled {}",
                pace.timeout,
                judgement.repeated.len(),
                judgement.throttled,
            ),
        );
        judgement.assert_sound();
        assert_eq!((first.code, second.code, judgement.open, judgement.throttled), (0, 0, 0, 0));
        assert!(ten <= 420, "{ten} in ten seconds");
        // Each has what its turns allow, and nobody sends in the turn of another one.
        assert!(turns <= 8, "{turns} turns");
        let most = pace.timeout * 3 + size.of(Duration::from_secs(12), Duration::from_secs(5));
        assert!(begun <= most, "{begun:?} instead of {most:?}");
    }
}

#[test]
fn a_session_that_begins_late_sends_nothing_when_its_lane_has_lost_the_quota() {
    let (size, parts) = (Size::of_process(), 2);
    let Some(site) = site(720, parts) else { return };
    let mut others = Fleet::of_queue(&site, 1, "other");
    // Workers that hold lanes, and do not decide for them.
    let holder = || {
        let holder = site.worker(["--queue", "other.a0"]);
        assert!(holder.says("serves runs", PATIENCE).is_some(), "{}", holder.output());
        holder
    };
    let mut lost = holder();
    let first = submit(&site, size, 0, &["--queue", "other", "--route", "a0=other.a0"]);
    site.cloud.wait_for_stops(40);
    others.kill(0);
    lost.kill();
    let stops = site.cloud.ledger().requests.stops;
    let _fleet = Fleet::of(&site, 1);
    let second = submit(&site, size, 1, &[]);
    site.cloud.wait_for_stops(stops + 60);
    let before = timeline(&site, parts, 0).len();
    let late = holder();
    assert!(late.says("hands the lane", PATIENCE).is_some(), "{}", late.output());
    assert_eq!(timeline(&site, parts, 0).len(), before, "{}", late.output());
    others.replace(0);
    let [first, second] = [first, second].map(|run| run.done(size));
    let judgement = site.judge(&merged([&first.report, &second.report]));
    judgement.assert_sound();
    assert_eq!((first.code, second.code, judgement.open, judgement.throttled), (0, 0, 0, 0));
}

#[test]
fn the_lease_of_the_holder_counts_and_not_that_of_whoever_came_first() {
    let (size, parts) = (Size::of_process(), 3);
    let Some(site) = site(720, parts) else { return };
    let _fleet = Fleet::of(&site, 2);
    let timeout = Duration::from_secs(12);
    let [short, long] = [Duration::from_secs(2), timeout].map(|timeout| Pace { timeout, ..Pace::of(size) });
    let first = submit_at(&site, short, 0, &[]).done(size);
    let second = submit_at(&site, long, 1, &[]);
    let stops = site.cloud.ledger().requests.stops;
    site.cloud.wait_for_stops(stops + 20);
    let third = submit_at(&site, short, 2, &["--priority", "5"]);
    site.temporal(["workflow", "terminate", "--workflow-id", "allstop-run/part-1", "--reason", "test"]);
    let terminated = SystemClock.now();
    let [second, third] = [second, third].map(|run| run.done(size));
    let begun = timeline(&site, parts, 2).moments()[0].duration_since(terminated).unsigned_abs();
    figures("the lease of a holder", format_args!("the next one began {begun:.2?} after the end of the holder"));
    let judgement = site.judge(&merged([&first.report, &second.report, &third.report]));
    judgement.assert_sound();
    assert_eq!((first.code, third.code, judgement.throttled), (0, 0, 0));
    assert!(begun >= timeout, "{begun:?}");
}

#[test]
fn what_was_learnt_of_a_quota_outlives_a_turn() {
    let (size, parts) = (Size::of_process(), 2);
    let targets = size.of(200, 600);
    // The plan states five times the service's rate.
    let plan = TestPlan::of(targets).limited("{rate: 100/s, burst: 10}").in_parts(parts);
    let config = Config { speed: 10.0, ..Config::default() };
    let Some(alone) = Site::new(&config, &plan) else { return };
    let local = alone.judge(&alone.run_locally());
    let Some(site) = Site::new(&config, &plan) else { return };
    let fleet = Fleet::of(&site, 2);
    let runs = [0, 1].map(|part| submit(&site, size, part, &[])).map(|run| run.done(size));
    let judgement = site.judge(&merged(runs.iter().map(|done| &done.report)));
    let (least, took) = (floor(targets, 10, 20.0), site.timeline().span());
    figures(
        "quota overstated 5 times",
        format_args!(
            "{targets} targets in {took:.2?}, locally {:.2?}, floor {least:.2?}, throttled {}, locally {}, sessions {:?}",
            alone.timeline().span(),
            judgement.throttled,
            local.throttled,
            fleet.sessions(),
        ),
    );
    assert!(judgement.lost.is_empty() && judgement.false_rows.is_empty(), "{judgement:#?}");
    assert_eq!(judgement.open, 0);
    assert!(
        judgement.throttled <= local.throttled * 2 + size.of(20, 0),
        "{} and {}",
        judgement.throttled,
        local.throttled
    );
    let most = least.mul_f64(1.05) + size.of(Duration::from_secs(12), Duration::from_secs(1));
    assert!(took <= most, "{took:?} instead of {most:?}");
}
