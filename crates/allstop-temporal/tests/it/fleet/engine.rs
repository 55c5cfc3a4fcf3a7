//! The Temporal server is frozen, and killed and started again.

use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::simulator::Config;

use crate::harness::{Fleet, PATIENCE, Pace, Site, Size, Storage, Submission, TestPlan, figures};

fn site(size: Size) -> Option<Site> {
    let plan = TestPlan::of(size.of(300, 2000)).limited("{rate: 40/s, burst: 10}");
    Site::with_own_server(Storage::File, &Config { speed: 40.0, ..Config::default() }, &plan)
}

/// Tries what a server goes through: `disturb` takes it away for a while, and `restore` brings it back.
#[track_caller]
fn disturbed(size: Size, test: &str, disturb: impl FnOnce(&Site), restore: impl FnOnce(&Site)) {
    let pace = Pace::of(size);
    let Some(site) = site(size) else { return };
    let fleet = Fleet::of(&site, 2);
    let submission = Submission::start(&site, pace, "engine", &[]);
    site.cloud.wait_for_stops(size.of(100, 600));
    let begin = SystemClock.now();
    disturb(&site);
    let end = SystemClock.now();
    restore(&site);
    let done = submission.done(size);
    let last = done.timeline.last_within(begin, end);
    figures(
        test,
        format_args!(
            "for {:.2?}: last stop {last:.2?} after it began at a timeout of {:?}, gap {:.2?}, took {:.2?}, lost {}, repeated \
             {}, false {}, throttled {}, sessions {:?}",
            end.duration_since(begin).unsigned_abs(),
            pace.timeout,
            done.timeline.longest_gap(),
            done.took,
            done.judgement.lost.len(),
            done.judgement.repeated.len(),
            done.judgement.false_rows.len(),
            done.judgement.throttled,
            fleet.sessions(),
        ),
    );
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open, done.judgement.throttled), (0, 0, 0));
    assert!(last <= pace.timeout, "{last:?}");
}

/// Waits for so long while nothing may be sent that was not sent before.
fn nothing_is_sent(site: &Site, time: Duration) {
    // The stops of a lease may follow, and no more.
    let most = site.cloud.ledger().requests.stops + 400;
    let is_more = site.cloud.handle().wait_until(time, |requests| requests.stops > most);
    assert!(!is_more, "it sends without the engine");
}

#[test]
fn nothing_is_sent_while_the_server_is_frozen() {
    let size = Size::of_process();
    let frozen = |site: &Site| {
        site.server.freeze();
        nothing_is_sent(site, Duration::from_secs(size.of(6, 12)));
    };
    disturbed(size, "server frozen", frozen, |site| site.server.thaw());
}

#[test]
fn a_run_goes_on_where_a_server_was_that_is_started_again() {
    let size = Size::of_process();
    let killed = |site: &Site| {
        site.server.kill();
        nothing_is_sent(site, Duration::from_secs(size.of(1, 4)));
    };
    disturbed(size, "server killed", killed, |site| site.server.restart());
}

#[test]
fn who_waits_and_who_holds_a_lane_say_that_the_server_does_not_respond() {
    let size = Size::of_process();
    let Some(site) = site(size) else { return };
    let fleet = Fleet::of(&site, 1);
    let submission = Submission::start(&site, Pace::of(size), "away", &[]);
    site.cloud.wait_for_stops(20);
    submission.is_submitted();
    let processes = [&submission.process, fleet.worker(0)];
    site.server.freeze();
    for process in processes {
        assert!(process.says("the Temporal server has not responded for ", PATIENCE).is_some(), "{}", process.output());
    }
    site.server.thaw();
    for process in processes {
        assert!(process.says("the Temporal server responds again", PATIENCE).is_some(), "{}", process.output());
    }
    submission.done(size).judgement.assert_sound();
}
