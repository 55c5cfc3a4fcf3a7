//! One request that stops several targets: whose result is whose, and what goes on alone.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::world::{Answer, Call, Calls, code, in_batches, lost, ok, plan, prepare, run, status, with};
use crate::base::rate::Rate;
use crate::engine::{Event, Evidence, Observer, Outcome, Record, SkipReason, Status};
use crate::error::ErrorClass;
use crate::plan::{KindLimits, MaxFailures, Plan};

const BATCH: &str = "BatchStopJobsAction";

/// So many jobs, stopped ten at a time and one request after another.
fn jobs(count: usize) -> Plan {
    let mut plan = in_batches(plan("drs_job", count));
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    plan
}

fn id(target: usize) -> String {
    format!("job-n{target}x")
}

/// The entry of a job in a response.
fn entry(target: usize, rest: &str) -> String {
    format!(r#"{{"id":"{}",{rest}}}"#, id(target))
}

fn list(entries: impl IntoIterator<Item = String>) -> Answer {
    let entries: Vec<_> = entries.into_iter().collect();
    with(ok(&format!(r#"{{"jobs":[{}]}}"#, entries.join(","))), "x-request-id", "r-of-all")
}

const DONE: &str = r#""status":"success""#;

/// The response that all jobs of a request are stopped.
fn all(call: &Call) -> Answer {
    list(call.targets.iter().map(|target| entry(*target, DONE)))
}

/// The states of the jobs of a read, by whether they are stopped.
fn states(call: &Call, is_stopped: impl Fn(usize) -> bool) -> Answer {
    let word = |target| if is_stopped(target) { "RELEASE_RESOURCE_COMPLETE" } else { "INCRE_TRANSFER_STARTED" };
    let entries = call.targets.iter().map(|target| entry(*target, &format!(r#""status":"{}""#, word(*target))));
    ok(&format!(r#"{{"results":[{}]}}"#, entries.collect::<Vec<_>>().join(",")))
}

/// Answers all but stops of several: a stop of one takes effect at once, and reads show what any stop has done.
#[derive(Clone, Default)]
struct Jobs(Arc<Mutex<HashSet<usize>>>);

impl Jobs {
    fn stop(&self, targets: &[usize]) {
        self.0.lock().unwrap().extend(targets);
    }

    fn answer(&self, call: &Call) -> Answer {
        match call.api {
            "StopJob" => {
                self.stop(&call.targets);
                ok(r#"{"status":"success"}"#)
            }
            BATCH => {
                self.stop(&call.targets);
                all(call)
            }
            _ => states(call, |target| self.0.lock().unwrap().contains(&target)),
        }
    }
}

fn stops(calls: &[Call]) -> Vec<(&'static str, Vec<usize>)> {
    let stops = calls.iter().filter(|call| matches!(call.api, BATCH | "StopJob"));
    stops.map(|call| (call.api, call.targets.clone())).collect()
}

fn sizes(calls: &[Call]) -> Vec<usize> {
    stops(calls).into_iter().map(|(_, targets)| targets.len()).collect()
}

fn outcomes(record: &Record, outcome: Outcome) -> usize {
    record.results.iter().filter(|result| result.outcome == outcome).count()
}

fn lane(record: &Record) -> (u64, u64) {
    let stats = &record.lanes.iter().find(|(lane, _)| lane.stops).unwrap().1;
    (stats.requests, stats.throttled)
}

#[tokio::test(start_paused = true)]
async fn ten_share_a_request_and_each_row_says_so() {
    let world = Jobs::default();
    let (record, calls) = run(jobs(25), move |call| world.answer(call)).await;
    assert_eq!(sizes(&calls), [10, 10, 5]);
    assert_eq!((outcomes(&record, Outcome::Stopped), lane(&record)), (25, (3, 0)));
    for (number, result) in record.results.iter().enumerate() {
        let [attempt] = &result.attempts[..] else { panic!("{result:?}") };
        assert_eq!(attempt.batch, Some(if number < 20 { 10 } else { 5 }));
        assert_eq!((attempt.request_id.as_deref(), attempt.n), (Some("r-of-all"), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_alone_is_stopped_as_ever() {
    let world = Jobs::default();
    let (record, calls) = run(jobs(11), move |call| world.answer(call)).await;
    assert_eq!(stops(&calls)[1], ("StopJob", vec![10]));
    assert_eq!(record.results.get(10).unwrap().attempts[0].batch, None);
}

#[tokio::test(start_paused = true)]
async fn the_plan_says_how_many_share_a_request() {
    for (own, concurrency, wanted) in [
        (None, 64, vec![10, 2]),
        (Some(5), 64, vec![5, 5, 2]),
        (None, 4, vec![4, 4, 4]),
        (Some(1), 64, vec![1; 12]),
        (None, 1, vec![1; 12]),
    ] {
        let (mut plan, world) = (jobs(12), Jobs::default());
        plan.limits.per_kind.insert("drs_job".into(), KindLimits { batch: own, ..KindLimits::default() });
        plan.limits.concurrency = concurrency;
        let (_, calls) = run(plan, move |call| world.answer(call)).await;
        assert_eq!(sizes(&calls), wanted, "{own:?} {concurrency}");
    }
}

#[tokio::test(start_paused = true)]
async fn accounts_do_not_share_a_request() {
    let (mut plan, world) = (jobs(8), Jobs::default());
    let mut other = plan.accounts[1].clone();
    other.name = "hw2".into();
    plan.accounts.push(other);
    plan.targets.iter_mut().step_by(2).for_each(|target| target.account = 2);
    let (record, calls) = run(plan, move |call| world.answer(call)).await;
    let mut shared: Vec<_> = stops(&calls).into_iter().map(|(_, targets)| targets).collect();
    shared.sort_unstable();
    assert_eq!(shared, [[0, 2, 4, 6], [1, 3, 5, 7]]);
    assert_eq!(outcomes(&record, Outcome::Stopped), 8);
}

/// Each is as its own entry says, and a code means what it means in a single response.
#[tokio::test(start_paused = true)]
async fn every_row_comes_from_its_own_entry() {
    let world = Jobs::default();
    let (record, calls) = run(jobs(5), move |call| match (call.api, call.before) {
        (BATCH, 0) => {
            world.stop(&[0]);
            let failed = |code: &str| format!(r#""status":"failed","error_code":"{code}""#);
            list([
                entry(3, &failed("DRS.M00102")),
                entry(2, &failed("DRS.M01504")),
                entry(9, &failed("DRS.M00102")),
                entry(0, DONE),
                entry(1, &failed("DRS.10000010")),
                entry(4, &failed("DRS.M05004")),
            ])
        }
        _ => world.answer(call),
    })
    .await;
    let is: Vec<_> = record.results.iter().map(|result| result.outcome).collect();
    use Outcome::{AlreadyStopped, Failed, NotFound, Stopped};
    assert_eq!(is, [Stopped, NotFound, Stopped, Failed, AlreadyStopped]);
    assert_eq!(stops(&calls), [(BATCH, vec![0, 1, 2, 3, 4]), ("StopJob", vec![2])]);
    let denied = record.results.get(3).unwrap();
    assert_eq!((denied.error.unwrap().class, denied.evidence), (ErrorClass::Denied, Some(Evidence::Answer)));
}

/// A job that the list leaves out, or tells two things of, is read before anything else, and then goes alone.
#[tokio::test(start_paused = true)]
async fn what_the_list_does_not_tell_is_in_doubt_and_read_first() {
    let world = Jobs::default();
    let (record, calls) = run(jobs(4), move |call| match (call.api, call.before) {
        (BATCH, _) => {
            // 1 is stopped, 2 is not, and the list does not say so.
            world.stop(&[0, 1, 3]);
            let twice = [entry(3, DONE), entry(3, r#""status":"failed","error_code":"DRS.10000010""#)];
            list([entry(0, DONE)].into_iter().chain(twice))
        }
        _ => world.answer(call),
    })
    .await;
    assert_eq!(outcomes(&record, Outcome::Stopped), 4);
    assert_eq!(stops(&calls), [(BATCH, vec![0, 1, 2, 3]), ("StopJob", vec![2])]);
    let reads = calls.iter().position(|call| call.api == "BatchListJobStatus" && call.targets.contains(&2)).unwrap();
    let alone = calls.iter().position(|call| call.api == "StopJob").unwrap();
    assert!(reads < alone, "{calls:?}");
    for number in [1, 3] {
        let result = record.results.get(number).unwrap();
        assert_eq!((result.attempts.len(), result.evidence), (1, Some(Evidence::ReadBack)), "{result:?}");
        assert_eq!(result.attempts[0].class, Some(ErrorClass::Protocol));
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_request_counts_once_and_its_targets_share_the_next_one() {
    let world = Jobs::default();
    let (record, calls) = run(jobs(10), move |call| match (call.api, call.before) {
        (BATCH, 0) => code(429, "APIGW.0308"),
        _ => world.answer(call),
    })
    .await;
    assert_eq!((sizes(&calls), lane(&record)), (vec![10, 10], (2, 1)));
    assert_eq!(outcomes(&record, Outcome::Stopped), 10);
}

#[tokio::test(start_paused = true)]
async fn one_entry_that_is_throttled_slows_no_lane() {
    let world = Jobs::default();
    let (record, calls) = run(jobs(10), move |call| match (call.api, call.before) {
        (BATCH, 0) => {
            world.stop(&(0..9).collect::<Vec<_>>());
            let throttled = entry(9, r#""status":"failed","error_code":"DRS.M01503""#);
            list((0..9).map(|target| entry(target, DONE)).chain([throttled]))
        }
        _ => world.answer(call),
    })
    .await;
    assert_eq!((sizes(&calls), lane(&record)), (vec![10, 1], (2, 0)));
    assert_eq!(outcomes(&record, Outcome::Stopped), 10);
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_leaves_all_in_doubt_and_they_are_read_together() {
    for takes_effect in [true, false] {
        let world = Jobs::default();
        let (record, calls) = run(jobs(10), move |call| match (call.api, call.before) {
            (BATCH, 0) => {
                if takes_effect {
                    world.stop(&call.targets);
                }
                lost()
            }
            _ => world.answer(call),
        })
        .await;
        assert_eq!(outcomes(&record, Outcome::Stopped), 10);
        assert_eq!(sizes(&calls), if takes_effect { vec![10] } else { vec![10, 10] });
        assert_eq!(calls[1].api, "BatchListJobStatus", "they are read before any other attempt");
        assert!(record.results.iter().all(|result| result.evidence == Some(Evidence::ReadBack)));
    }
}

/// Hears of lanes that stop fewer targets at once.
#[derive(Clone, Default)]
struct Smaller(Arc<Mutex<Vec<(usize, ErrorClass)>>>);

impl Observer for Smaller {
    fn on_event(&mut self, event: &Event<'_>) {
        if let Event::SmallerBatches { most, class, .. } = *event {
            self.0.lock().unwrap().push((most, class));
        }
    }
}

/// Where the API is not there or not allowed, all go alone: nothing is lost, used up, or stopped twice.
#[tokio::test(start_paused = true)]
async fn without_the_api_all_go_alone() {
    for (refusal, class) in [
        ((404, "APIGW.0101"), ErrorClass::Rejected),
        ((403, "APIGW.0302"), ErrorClass::Denied),
        ((405, "APIGW.0501"), ErrorClass::Rejected),
    ] {
        let (mut plan, world, heard) = (jobs(24), Jobs::default(), Smaller::default());
        plan.retry.max_attempts = 1;
        plan.guards.max_failures = Some(MaxFailures::Count(11));
        let calls = Calls::default();
        let script = move |call: &Call| if call.api == BATCH { code(refusal.0, refusal.1) } else { world.answer(call) };
        let record = prepare(plan, script, &calls).observer(heard.clone()).execute().await.unwrap();
        let calls = calls.lock().unwrap();
        assert_eq!((record.status, outcomes(&record, Outcome::Stopped)), (Status::Completed, 24));
        assert_eq!(*heard.0.lock().unwrap(), [(1, class)]);
        assert_eq!(sizes(&calls), [&[10][..], &[1; 24]].concat());
        assert!(calls.iter().all(|call| call.api != "StopJob" || call.before == 0), "none is stopped twice");
        let attempts: Vec<_> = record.results.iter().map(|result| result.attempts.len()).collect();
        assert_eq!(attempts, [&[2; 10][..], &[1; 14]].concat());
        let first = &record.results.get(0).unwrap().attempts;
        assert_eq!(
            (first[0].batch, first[0].class, first[1].batch, first[1].class),
            (Some(10), Some(class), None, None)
        );
    }
}

/// A response that nobody understands may be that of a proxy behind which the stops took effect.
#[tokio::test(start_paused = true)]
async fn an_unknown_404_is_settled_by_a_read_before_they_go_alone() {
    let (mut plan, world) = (jobs(4), Jobs::default());
    plan.retry.max_attempts = 1;
    let (record, calls) = run(plan, move |call| match call.api {
        BATCH => {
            world.stop(&[1]);
            status(404, "<html>not found</html>")
        }
        _ => world.answer(call),
    })
    .await;
    assert_eq!(outcomes(&record, Outcome::Stopped), 4);
    assert_eq!(sizes(&calls), [4, 1, 1, 1]);
    assert!(stops(&calls).iter().skip(1).all(|(_, targets)| targets != &[1]));
    assert_eq!(calls[1].api, "BatchListJobStatus");
}

/// Nobody states how many jobs a request takes: where it takes fewer, smaller ones are tried.
#[tokio::test(start_paused = true)]
async fn a_batch_that_is_too_large_makes_the_next_ones_smaller() {
    for (most, wanted) in [(7, vec![5, 5]), (3, vec![5, 2, 2, 2, 2]), (0, vec![5, 2])] {
        let (mut plan, world, heard) = (jobs(30), Jobs::default(), Smaller::default());
        (plan.retry.max_attempts, plan.limits.burst) = (1, Some(1));
        let calls = Calls::default();
        let script = move |call: &Call| match call.api {
            BATCH if call.targets.len() > most => code(400, "DRS.M00202"),
            _ => world.answer(call),
        };
        let record = prepare(plan, script, &calls).observer(heard.clone()).execute().await.unwrap();
        let calls = calls.lock().unwrap();
        assert_eq!(outcomes(&record, Outcome::Stopped), 30, "{most}");
        let sizes: Vec<_> = sizes(&calls).into_iter().filter(|size| *size > 1).collect();
        assert_eq!(sizes[0], 10, "{most}");
        assert_eq!(sizes[1..=wanted.len().min(sizes.len() - 1)], wanted[..], "{most}: {sizes:?}");
        assert!(calls.iter().all(|call| call.api != "StopJob" || call.before == 0), "none is stopped twice");
        assert!(heard.0.lock().unwrap().iter().map(|(most, _)| *most).eq([5, 2, 1].into_iter().take(if most == 7 {
            1
        } else if most == 3 {
            2
        } else {
            3
        })));
    }
}

/// One that makes every request fail that it is in holds no other up.
#[tokio::test(start_paused = true)]
async fn one_that_spoils_its_requests_is_left_alone() {
    let (plan, world) = (jobs(10), Jobs::default());
    let (record, _) = run(plan, move |call| match call.api {
        BATCH | "StopJob" if call.targets.contains(&3) => code(500, "DRS.M00004"),
        _ => world.answer(call),
    })
    .await;
    assert_eq!(outcomes(&record, Outcome::Stopped), 9);
    assert!(matches!(record.results.get(3).unwrap().outcome, Outcome::Failed | Outcome::Unknown));
}

/// A request never puts more targets at stake than may fail.
#[tokio::test(start_paused = true)]
async fn a_batch_is_no_larger_than_the_failures_that_may_be() {
    let mut plan = jobs(40);
    plan.guards.max_failures = Some(MaxFailures::Count(4));
    let (record, calls) = run(plan, |call| match call.api {
        BATCH if call.targets.contains(&0) => {
            let entries = call.targets.iter().map(|target| match target {
                0 | 1 => entry(*target, r#""status":"failed","error_code":"DRS.M00102""#),
                _ => entry(*target, DONE),
            });
            list(entries)
        }
        BATCH | "StopJob" => {
            list(call.targets.iter().map(|target| entry(*target, r#""status":"failed","error_code":"DRS.M00102""#)))
        }
        _ => states(call, |_| true),
    })
    .await;
    assert_eq!(record.status, Status::Aborted);
    assert_eq!(sizes(&calls), [4, 2]);
    assert_eq!((outcomes(&record, Outcome::Failed), outcomes(&record, Outcome::Accepted)), (4, 2));
}

/// All requests in flight put no more targets at stake than as many single stops would.
#[tokio::test(start_paused = true)]
async fn where_failures_are_limited_requests_in_flight_share_the_concurrency() {
    let (flying, most) = (Arc::new(Mutex::new(0_usize)), Arc::new(Mutex::new(0_usize)));
    let mut plan = in_batches(plan("drs_job", 60));
    (plan.limits.rate, plan.limits.burst, plan.limits.concurrency) = (Some(Rate::per_second(100)), Some(100), 16);
    plan.guards.max_failures = Some(MaxFailures::Count(5));
    struct Flight(Arc<Mutex<usize>>, Arc<Mutex<usize>>);
    impl Observer for Flight {
        fn on_event(&mut self, event: &Event<'_>) {
            let mut flying = self.0.lock().unwrap();
            if matches!(event, Event::Sending { .. }) {
                *flying += 1;
            } else if matches!(event, Event::Attempted { .. }) {
                *flying -= 1;
            }
            let mut most = self.1.lock().unwrap();
            *most = (*most).max(*flying);
        }
    }
    let calls = Calls::default();
    let script = |call: &Call| {
        let answer = match call.api {
            "StopJob" => ok(r#"{"status":"success"}"#),
            BATCH => all(call),
            _ => states(call, |_| true),
        };
        Answer(Duration::from_secs(1), answer.1)
    };
    let observer = Flight(Arc::clone(&flying), Arc::clone(&most));
    let record = prepare(plan, script, &calls).observer(observer).execute().await.unwrap();
    assert_eq!(outcomes(&record, Outcome::Stopped), 60);
    assert!(sizes(&calls.lock().unwrap()).contains(&5), "{:?}", sizes(&calls.lock().unwrap()));
    assert!(*most.lock().unwrap() <= 16, "{}", most.lock().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_tried_with_few_targets() {
    let (record, calls) = run(jobs(40), |_| code(401, "APIGW.0301")).await;
    assert_eq!(sizes(&calls), [10, 1], "what a doubted key is tried with is one target");
    let skipped = record.results.iter().filter(|result| result.reason == Some(SkipReason::Credentials)).count();
    assert_eq!((outcomes(&record, Outcome::Failed), skipped), (11, 29));
}

/// Whoever goes on with a run knows of every target of a request whose response nobody waits for.
#[tokio::test(start_paused = true)]
async fn a_request_in_flight_is_handed_over_with_all_its_targets() {
    let (calls, token, world) = (Calls::default(), CancellationToken::new(), Jobs::default());
    let (cancel, first) = (token.clone(), world.clone());
    let script = move |call: &Call| {
        cancel.cancel();
        Answer(Duration::from_secs(9), first.answer(call).1)
    };
    let run = prepare(jobs(12), script, &calls).id("run-1").hand_over_on(token, Duration::from_secs(1));
    let record = run.execute().await.unwrap();
    assert_eq!((record.open.len(), sizes(&calls.lock().unwrap())), (10, vec![10]));
    assert!(record.open.values().all(|open| open.is_in_doubt() && open.sending.is_some()));
    let later = Calls::default();
    let run = prepare(jobs(12), move |call| world.answer(call), &later).resume(record.resume_state());
    let record = run.execute().await.unwrap();
    assert_eq!(outcomes(&record, Outcome::Stopped), 12);
    assert_eq!(stops(&later.lock().unwrap()), [(BATCH, vec![10, 11])], "what was in doubt is read");
}
