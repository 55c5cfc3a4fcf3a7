//! Workers are killed around the end of a session: what is in doubt stays so until somebody has read it.

use std::time::Duration;

use allstop::simulator::Config;

use crate::harness::{Fleet, Pace, Site, Size, Submission, TestPlan, figures, merged};

fn config() -> Config {
    Config { speed: 40.0, ..Config::default() }
}

#[test]
fn doubt_outlives_a_hand_over() {
    let (size, targets) = (Size::of_process(), Size::of_process().of(400, 1000));
    let pace = Pace::of(size);
    for number in 0..size.kills {
        let mut random = size.random(number);
        let plan = TestPlan::of(targets).limited("{rate: 40/s, burst: 10}");
        let Some(site) = Site::new(&config(), &plan) else { return };
        let mut fleet = Fleet::of(&site, 3);
        let submission = Submission::start(&site, pace, "doubt", &[]);
        let killed = random.within(20, targets as u64 / 2);
        site.cloud.wait_for_stops(killed);
        let first = fleet.holder("a0 ");
        let taken_up = fleet.said(LOST);
        fleet.kill(first);
        // Another one takes the lane up, and hands it over before it has read everything that is in doubt, or soon after.
        let second = fleet.who_says(LOST, &taken_up);
        let handed = site.cloud.ledger().requests.stops + random.within(0, 12);
        site.cloud.wait_for_stops(handed);
        fleet.worker(second).terminate();
        assert!(fleet.worker(second).says("hands the lane a0 ", size.patience()).is_some(), "{}", fleet.output());
        let third = 3 - first - second;
        assert!(fleet.worker(third).says("holds the lane a0 ", size.patience()).is_some(), "{}", fleet.output());
        fleet.replace(first);
        let again = site.cloud.ledger().requests.stops + random.within(0, 30);
        site.cloud.wait_for_stops(again.min(targets as u64 - 20));
        fleet.kill(third);
        let done = submission.done(size);
        let read_back = done.report.targets.iter().filter(|row| row.attempts.is_empty()).count();
        figures(
            "kill, hand-over, kill",
            format_args!(
                "{targets} targets, killed after {killed}, handed over after {handed}, killed after {again} stops (seed {}), took \
                 {:.2?}, gap {:.2?}, throttled {}, repeated {}, {read_back} rows without an attempt, sessions {:?}",
                random.seed,
                done.took,
                done.timeline.longest_gap(),
                done.judgement.throttled,
                done.judgement.repeated.len(),
                fleet.sessions(),
            ),
        );
        done.judgement.assert_sound();
        assert_eq!((done.code, done.judgement.open, done.judgement.throttled), (0, 0, 0));
    }
}

/// What a worker says when it takes a lane up that another has lost.
const LOST: &str = " has lost";

#[test]
fn a_kill_within_a_second_of_a_hand_over_loses_nothing() {
    let (size, targets) = (Size::of_process(), Size::of_process().of(480, 1200));
    let pace = Pace::of(size);
    for number in 0..size.kills {
        let mut random = size.random(number);
        let plan = TestPlan::of(targets).limited("{rate: 40/s, burst: 10}").in_parts(2);
        let Some(site) = Site::new(&config(), &plan) else { return };
        let mut fleet = Fleet::of(&site, 3);
        // Two runs hand the lane over to each other.
        let runs = [("first", "p0"), ("second", "p1")];
        let runs = runs.map(|(id, part)| Submission::start(&site, pace, id, &["--label", &format!("part={part}")]));
        site.cloud.wait_for_stops(10);
        fleet.who_says("hands the lane a0 ", &[0; 3]);
        let moment = site.cloud.ledger().requests.stops + random.within(0, 40);
        site.cloud.wait_for_stops(moment);
        let holder = fleet.holder("a0 ");
        fleet.kill(holder);
        fleet.replace(holder);
        let [first, second] = runs.map(|run| run.done(size));
        let judgement = site.judge(&merged([&first.report, &second.report]));
        let timeline = site.timeline();
        figures(
            "kill after a hand-over",
            format_args!(
                "{targets} targets, killed after {moment} stops (seed {}), took {:.2?} and {:.2?}, gap {:.2?} at a timeout of \
                 {:?}, throttled {}, repeated {}, sessions {:?}",
                random.seed,
                first.took,
                second.took,
                timeline.longest_gap(),
                pace.timeout,
                judgement.throttled,
                judgement.repeated.len(),
                fleet.sessions(),
            ),
        );
        judgement.assert_sound();
        assert_eq!((first.code, second.code, judgement.open, judgement.throttled), (0, 0, 0, 0));
        assert!(timeline.longest_gap() <= pace.timeout + size.of(Duration::from_secs(8), Duration::from_millis(1500)));
    }
}
