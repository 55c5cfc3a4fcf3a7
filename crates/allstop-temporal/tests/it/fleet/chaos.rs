//! Workers are killed and frozen at random, again and again.

use allstop::simulator::{Config, Faults};

use crate::harness::{Done, Fleet, Pace, Site, Size, Submission, TestPlan, figures};

/// What was done to the workers of a run.
#[derive(Debug, Default)]
struct Chaos {
    kills: usize,
    freezes: usize,
}

/// Runs a plan over two lanes while three workers are killed and frozen.
fn run(size: Size, faults: Faults, number: u64) -> Option<Done> {
    // A lane that learns its rate from a service that throttles half of all requests takes minutes for a few hundred.
    let (targets, limits) = match faults {
        Faults::None => (size.of(480, 4000), "{rate: 40/s, burst: 10}"),
        Faults::Some | Faults::Storm => (size.of(200, 800), "{rate: 40/s, burst: 10, adaptive: false}"),
    };
    // A run without disturbances shows nothing. So often at least is it disturbed.
    let least: u64 = size.of(2, 15);
    let mut random = size.random(number);
    let pace = Pace::of(size);
    let plan = TestPlan::of(targets).over(2).limited(limits);
    let config = Config { speed: 40.0, faults, seed: random.seed, ..Config::default() };
    let site = Site::new(&config, &plan)?;
    let (mut fleet, mut chaos, mut frozen) = (Fleet::of(&site, 3), Chaos::default(), None);
    let submission = Submission::start(&site, pace, "chaos", &[]);
    // Each target needs a stop at least.
    let last = targets as u64 * 17 / 20;
    loop {
        let moment = site.cloud.ledger().requests.stops + random.within(10, last / (least + 1));
        if moment >= last {
            break;
        }
        site.cloud.wait_for_stops(moment);
        // One worker at most is frozen; each for another time.
        let was_frozen = frozen.take();
        if let Some(worker) = was_frozen {
            fleet.worker(worker).thaw();
        }
        let worker = random.below(fleet.len());
        if random.below(2) == 0 {
            fleet.kill(worker);
            fleet.replace(worker);
            chaos.kills += 1;
        } else {
            fleet.worker(worker).freeze();
            chaos.freezes += 1;
            frozen = Some(worker);
        }
    }
    if let Some(worker) = frozen {
        fleet.worker(worker).thaw();
    }
    let done = submission.done(size);
    figures(
        &format!("chaos, faults {faults}"),
        format_args!(
            "{targets} targets in 2 lanes, {chaos:?} (seed {}), took {:.2?}, gap {:.2?}, lost {}, false {}, throttled {}, \
             repeated {}, sessions {:?}",
            random.seed,
            done.took,
            done.timeline.longest_gap(),
            done.judgement.lost.len(),
            done.judgement.false_rows.len(),
            done.judgement.throttled,
            done.judgement.repeated.len(),
            fleet.sessions(),
        ),
    );
    let disturbed = chaos.kills + chaos.freezes;
    assert!(disturbed as u64 >= least, "{chaos:?} (seed {})", random.seed);
    Some(done)
}

#[test]
fn nothing_is_lost_or_repeated() {
    let size = Size::of_process();
    for number in 0..size.seeds {
        let Some(done) = run(size, Faults::None, number) else { return };
        done.judgement.assert_sound();
        assert_eq!((done.code, done.judgement.open), (0, 0));
    }
}

#[test]
fn no_row_is_lost_or_false_when_the_service_fails_too() {
    let size = Size::of_process();
    for number in 0..size.seeds {
        let Some(done) = run(size, Faults::Storm, number) else { return };
        assert!(done.judgement.lost.is_empty() && done.judgement.false_rows.is_empty(), "{:#?}", done.judgement);
    }
}
