//! Stages: their order, canaries, pauses and thresholds.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use super::cloud::{Cloud, is_stop};
use super::world::{Answer, Call, Calls, add, code, execution, lost, ok, plan, prepare, run};
use crate::engine::{AtPause, Event, Observer, Outcome, Record, ResumeState, SkipReason, StageStatus, Status};
use crate::plan::{Canary, MaxFailures, NotFound, Pause, Plan, Stage, VerifyMode};

const SECOND: Duration = Duration::from_secs(1);

/// A stage that only states an order.
fn stage(name: &str) -> Stage {
    Stage { name: name.to_owned(), canary: None, pause: None, max_failures: None }
}

fn canary(count: u64) -> Option<Canary> {
    Some(Canary::new(MaxFailures::Count(count)))
}

/// Builds a plan of executions in stages, each with so many.
fn staged(stages: impl IntoIterator<Item = (Stage, usize)>) -> Plan {
    let mut plan = plan("fnf_execution", 0);
    for (stage, count) in stages {
        let number = u16::try_from(plan.stages.len()).unwrap();
        let from = plan.targets.len();
        add(&mut plan, "fnf_execution", count);
        plan.targets[from..].iter_mut().for_each(|target| target.stage = Some(number));
        plan.stages.push(stage);
    }
    plan
}

fn stopped(_: &Call) -> Answer {
    execution("Stopped")
}

/// Returns when each stop was sent, by target; the first one of each.
fn sent(calls: &[Call]) -> Vec<(usize, Duration)> {
    calls.iter().filter(|call| is_stop(call) && call.before == 0).map(|call| (call.target, call.at)).collect()
}

fn outcomes(record: &Record) -> Vec<Outcome> {
    record.results.iter().map(|result| result.outcome).collect()
}

fn statuses(record: &Record) -> Vec<StageStatus> {
    record.stages.iter().map(|stage| stage.status).collect()
}

/// Returns how many targets were skipped for a reason.
fn skipped(record: &Record, reason: SkipReason) -> usize {
    record.results.iter().filter(|result| result.reason == Some(reason)).count()
}

#[tokio::test(start_paused = true)]
async fn a_stage_begins_when_the_one_before_is_done_and_pauses_last() {
    let pilot = Stage { canary: canary(2), pause: Some(Pause::For(SECOND)), ..stage("pilot") };
    let last = Stage { pause: Some(Pause::For(60 * SECOND)), ..stage("rest") };
    let (record, calls) = run(staged([(pilot, 6), (last, 5)]), stopped).await;
    assert_eq!(record.status, Status::Completed);
    assert!(outcomes(&record).iter().all(|outcome| *outcome == Outcome::Stopped));
    let sent = sent(&calls);
    assert_eq!(sent.iter().map(|(target, _)| *target).collect::<Vec<_>>(), (0..11).collect::<Vec<_>>());
    let gap = |target: usize| sent[target].1 - sent[target - 1].1;
    assert!(gap(2) >= SECOND && gap(2) < 2 * SECOND, "{:?}", gap(2));
    assert!(gap(6) >= SECOND && gap(6) < 2 * SECOND, "{:?}", gap(6));
    // Each response takes 10 ms, and nothing waits after the last stage.
    let rest: Duration = [1, 3, 4, 5, 7, 8, 9, 10].map(gap).iter().sum();
    assert_eq!(rest, Duration::ZERO);
    assert_eq!(statuses(&record), [StageStatus::Done, StageStatus::Done]);
    assert!(record.stages[0].started_at.is_some() && record.stages[1].finished_at.is_some());
}

#[tokio::test(start_paused = true)]
async fn verification_is_part_of_an_outcome() {
    // The stop of a job is accepted at once, and the job ends three seconds later.
    let mut plan = staged([(stage("one"), 0), (stage("two"), 1)]);
    plan.targets.clear();
    add(&mut plan, "drs_job", 2);
    plan.targets.iter_mut().zip(0..).for_each(|(target, number)| target.stage = Some(number));
    let (record, calls) = run(plan, |call| match call.api {
        "StopJob" => ok(r#"{"status":"success"}"#),
        _ if call.at < 3 * SECOND => ok(r#"{"results":[{"id":"job-n0x","status":"RELEASE_RESOURCE_STARTED"}],"job":{"status":"RELEASE_RESOURCE_STARTED"}}"#),
        _ => ok(r#"{"results":[{"id":"job-n0x","status":"RELEASE_RESOURCE_COMPLETE"},{"id":"job-n1x","status":"RELEASE_RESOURCE_COMPLETE"}],"job":{"status":"RELEASE_RESOURCE_COMPLETE"}}"#),
    })
    .await;
    assert_eq!(outcomes(&record), [Outcome::Stopped; 2]);
    let sent = sent(&calls);
    assert!(sent[1].1 >= 3 * SECOND, "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_fails_ends_the_run() {
    type Script = fn(&Call) -> Answer;
    let table: [(Script, Outcome); 3] = [
        (|_| code(403, "AccessDenied"), Outcome::Failed),
        (|call| if is_stop(call) { lost() } else { code(500, "InternalServerError") }, Outcome::Unknown),
        (|_| code(404, "ExecutionNotExists"), Outcome::NotFound),
    ];
    for (bad, outcome) in table {
        let pilot = Stage { canary: canary(3), ..stage("pilot") };
        let script = move |call: &Call| if call.target == 1 { bad(call) } else { stopped(call) };
        let (record, calls) = run(staged([(pilot, 10), (stage("rest"), 10)]), script).await;
        assert_eq!(record.status, Status::Aborted);
        assert!(calls.iter().all(|call| call.target < 3), "{outcome:?}");
        let words = record.ended_by.clone().unwrap();
        assert_eq!(words, format!("the canary of the stage `pilot` failed: job-n1x is {}", outcome.name()));
        assert_eq!(record.results.get(1).unwrap().outcome, outcome);
        assert_eq!(skipped(&record, SkipReason::Aborted), 17);
        assert_eq!(statuses(&record), [StageStatus::Failed, StageStatus::NotBegun]);
        assert_eq!((record.stages[1].started_at, record.stages[1].finished_at), (None, None));
    }
}

#[tokio::test(start_paused = true)]
async fn what_proves_nothing_is_replaced_in_a_canary() {
    let pilot = Stage { canary: canary(3), pause: Some(Pause::For(SECOND)), ..stage("pilot") };
    let (record, calls) = run(staged([(pilot, 10)]), |call| match call.target {
        0 | 3 => code(400, "ExecutionAlreadyCompleted"),
        _ => execution("Stopped"),
    })
    .await;
    assert_eq!(record.status, Status::Completed);
    let early = sent(&calls).into_iter().filter(|(_, at)| *at < SECOND).map(|(target, _)| target);
    assert_eq!(early.collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    // Of the whole stage nothing is left that could prove anything: it is the stage.
    let pilot = Stage { canary: canary(3), pause: Some(Pause::For(SECOND)), ..stage("pilot") };
    let (record, calls) = run(staged([(pilot, 5), (stage("rest"), 1)]), |call| match call.target {
        0..5 => code(400, "ExecutionAlreadyCompleted"),
        _ => execution("Stopped"),
    })
    .await;
    assert_eq!((record.status, statuses(&record)), (Status::Completed, vec![StageStatus::Done; 2]));
    assert_eq!(sent(&calls).iter().filter(|(_, at)| *at < SECOND).count(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_canary_as_large_as_the_stage_is_the_stage() {
    for size in [canary(4), canary(100), Some(Canary::new(MaxFailures::Percent(10_000)))] {
        let pilot = Stage { canary: size, pause: Some(Pause::For(SECOND)), ..stage("pilot") };
        let (_, calls) = run(staged([(pilot, 4), (stage("rest"), 1)]), stopped).await;
        let sent = sent(&calls);
        assert!(sent[3].1 < SECOND && sent[4].1 >= SECOND && sent[4].1 < 2 * SECOND, "one pause: {sent:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_plan_accepts_passes_a_canary() {
    let pilot = || Stage { canary: canary(1), ..stage("pilot") };
    let mut accepting = staged([(pilot(), 3)]);
    accepting.verify.mode = VerifyMode::Off;
    let (record, _) = run(accepting, |_| execution("Running")).await;
    assert_eq!((record.status, outcomes(&record)), (Status::Completed, vec![Outcome::Accepted; 3]));
    let mut absent = staged([(pilot(), 3)]);
    absent.guards.not_found = NotFound::Ok;
    let (record, _) = run(absent, |_| code(404, "ExecutionNotExists")).await;
    assert_eq!((record.status, outcomes(&record)), (Status::Completed, vec![Outcome::NotFound; 3]));
}

#[tokio::test(start_paused = true)]
async fn a_stage_over_its_threshold_ends_the_run() {
    let bad = |call: &Call| if [1, 2].contains(&call.target) { code(403, "AccessDenied") } else { stopped(call) };
    let pilot = |most| Stage { max_failures: Some(MaxFailures::Count(most)), ..stage("pilot") };
    let mut tight = staged([(pilot(2), 10), (stage("rest"), 10)]);
    tight.limits.concurrency = 1;
    let (record, calls) = run(tight, bad).await;
    assert_eq!(record.status, Status::Aborted);
    assert_eq!(sent(&calls).len(), 3);
    let words = "in the stage `pilot`, 2 targets are failed or unknown, and max_failures is 2";
    assert_eq!(record.ended_by.as_deref(), Some(words));
    assert_eq!(statuses(&record), [StageStatus::Failed, StageStatus::NotBegun]);

    let (record, calls) = run(staged([(pilot(3), 10), (stage("rest"), 10)]), bad).await;
    assert_eq!((record.status, sent(&calls).len()), (Status::Completed, 20));
    assert_eq!(statuses(&record), [StageStatus::Done, StageStatus::Done], "failures do not keep it from being done");
}

#[tokio::test(start_paused = true)]
async fn thresholds_count_over_their_stage_and_over_all() {
    // One failure in each of three stages.
    let bad = |call: &Call| if call.target.is_multiple_of(10) { code(403, "AccessDenied") } else { stopped(call) };
    let half = |name: &str| Stage { max_failures: Some(MaxFailures::Percent(2000)), ..stage(name) };
    let plan = || staged(["a", "b", "c"].map(|name| (half(name), 10)));
    let (record, _) = run(plan(), bad).await;
    assert_eq!(record.status, Status::Completed, "20 % of a stage are two");
    let mut all = plan();
    all.guards.max_failures = Some(MaxFailures::Count(3));
    let (record, _) = run(all, bad).await;
    assert_eq!(statuses(&record), [StageStatus::Done, StageStatus::Done, StageStatus::Failed]);
    assert_eq!(record.ended_by.as_deref(), Some("3 targets are failed or unknown, and max_failures is 3"));
}

#[tokio::test(start_paused = true)]
async fn a_pause_ends_at_once_with_a_signal_or_the_deadline() {
    let pilot = || Stage { pause: Some(Pause::For(3600 * SECOND)), ..stage("pilot") };
    let began = tokio::time::Instant::now();
    let run = prepare(staged([(pilot(), 2), (stage("rest"), 3)]), stopped, &Calls::default());
    let record = run.deadline(Some(5 * SECOND)).execute().await.unwrap();
    assert_eq!((record.status, skipped(&record, SkipReason::Deadline)), (Status::Deadline, 3));
    assert_eq!(statuses(&record), [StageStatus::Done, StageStatus::NotBegun]);
    assert_eq!(began.elapsed(), 5 * SECOND);

    let token = CancellationToken::new();
    let run = prepare(staged([(pilot(), 2), (stage("rest"), 3)]), stopped, &Calls::default());
    let run = run.drain_on(token.clone()).execute();
    let (record, ()) = tokio::join!(run, async {
        tokio::time::sleep(7 * SECOND).await;
        token.cancel();
    });
    let record = record.unwrap();
    assert_eq!((record.status, skipped(&record, SkipReason::Interrupted)), (Status::Interrupted, 3));
    assert_eq!(began.elapsed(), 12 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_cannot_ask_ends_as_paused_and_goes_on_when_it_is_resumed() {
    let plan = || {
        let pilot = Stage { canary: canary(1), pause: Some(Pause::Ask), ..stage("pilot") };
        staged([(pilot, 3), (stage("rest"), 2)])
    };
    let (first, calls) = run(plan(), stopped).await;
    assert_eq!((first.status, calls.len()), (Status::Paused, 1));
    assert_eq!(skipped(&first, SkipReason::Paused), 4);
    assert_eq!(statuses(&first), [StageStatus::Failed, StageStatus::NotBegun]);
    let past = first.resume_state();
    assert!(past.is_confirmed);

    // Going on is the yes to the pause after the canary, and to no other.
    let calls = Calls::default();
    let second = prepare(plan(), stopped, &calls).resume(past).execute().await.unwrap();
    assert_eq!((second.status, calls.lock().unwrap().len()), (Status::Paused, 2));
    assert_eq!(statuses(&second), [StageStatus::Done, StageStatus::NotBegun]);
    assert_eq!(second.stages[0].started_at, first.stages[0].started_at);

    let calls = Calls::default();
    let third = prepare(plan(), stopped, &calls).resume(second.resume_state()).execute().await.unwrap();
    assert_eq!((third.status, calls.lock().unwrap().len()), (Status::Completed, 2));
    assert_eq!(statuses(&third), [StageStatus::Done; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_question_has_the_figures_and_its_answer_blocks_nothing() {
    let plan = || {
        let pilot = Stage { canary: canary(2), pause: Some(Pause::Ask), ..stage("pilot") };
        staged([(pilot, 4), (stage("rest"), 2)])
    };
    let asked = Arc::new(Mutex::new(Vec::new()));
    let run = |answers: [bool; 2]| {
        let asked = Arc::clone(&asked);
        asked.lock().unwrap().clear();
        prepare(plan(), stopped, &Calls::default()).ask(move |at: AtPause| {
            let mut asked = asked.lock().unwrap();
            let answer = answers[asked.len()];
            asked.push(at);
            tokio::time::sleep(60 * SECOND).map(move |()| answer).boxed()
        })
    };
    let record = run([true, true]).execute().await.unwrap();
    assert_eq!(record.status, Status::Completed);
    let figures = |after_canary, stopped, open| {
        let outcomes = vec![(Outcome::Stopped, stopped)];
        AtPause { stage: "pilot".to_owned(), after_canary, outcomes, open }
    };
    assert_eq!(*asked.lock().unwrap(), [figures(true, 2, 4), figures(false, 4, 2)]);

    let record = run([true, false]).execute().await.unwrap();
    assert_eq!((record.status, skipped(&record, SkipReason::Paused)), (Status::Paused, 2));
    let began = tokio::time::Instant::now();
    let record = run([true, true]).deadline(Some(SECOND)).execute().await.unwrap();
    assert_eq!((record.status, began.elapsed()), (Status::Deadline, SECOND));
}

/// Ends a run after so long, and returns what another process goes on from.
async fn cut(plan: Plan, after: Duration, past: Option<ResumeState>) -> (Record, Vec<Call>) {
    let calls = Calls::default();
    let mut run = prepare(plan, stopped, &calls).deadline(Some(after));
    if let Some(past) = past {
        run = run.resume(past);
    }
    let record = run.execute().await.unwrap();
    let calls = calls.lock().unwrap().clone();
    (record, calls)
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_was_cut_is_waited_again_from_its_beginning() {
    let plan = || {
        let pilot = Stage { canary: canary(1), pause: Some(Pause::For(10 * SECOND)), ..stage("pilot") };
        staged([(pilot, 3), (stage("rest"), 2)])
    };
    let (first, calls) = cut(plan(), 8 * SECOND, None).await;
    assert_eq!((first.status, calls.len()), (Status::Deadline, 1));
    assert_eq!(statuses(&first), [StageStatus::Failed, StageStatus::NotBegun]);
    // In the pause after the canary again, and cut in the one after the stage.
    let (second, calls) = cut(plan(), 15 * SECOND, Some(first.resume_state())).await;
    assert!(sent(&calls).iter().map(|(target, _)| *target).eq([1, 2]) && calls[0].at >= 10 * SECOND, "{calls:?}");
    assert_eq!(statuses(&second), [StageStatus::Done, StageStatus::NotBegun]);
    let (third, calls) = cut(plan(), 3600 * SECOND, Some(second.resume_state())).await;
    assert!(sent(&calls).iter().map(|(target, _)| *target).eq([3, 4]) && calls[0].at >= 10 * SECOND, "{calls:?}");
    assert_eq!((third.status, statuses(&third)), (Status::Completed, vec![StageStatus::Done; 2]));
    assert_eq!(third.stages[0].started_at, first.stages[0].started_at);
}

#[tokio::test(start_paused = true)]
async fn finished_targets_count_for_the_canary_and_the_thresholds_when_a_run_goes_on() {
    // Three of ten are stopped one after the other, each in a second; the run is cut after two.
    let slow = |call: &Call| match call.target {
        1 => code(403, "AccessDenied"),
        _ => Answer(SECOND, stopped(call).1),
    };
    let plan = |size| {
        let pilot = Stage { canary: size, max_failures: Some(MaxFailures::Count(2)), ..stage("pilot") };
        let mut plan = staged([(pilot, 10)]);
        plan.limits.concurrency = 1;
        plan
    };
    let calls = Calls::default();
    let first = prepare(plan(None), slow, &calls).deadline(Some(SECOND * 3 / 2)).execute().await.unwrap();
    assert_eq!(outcomes(&first)[..3], [Outcome::Stopped, Outcome::Failed, Outcome::Stopped]);
    // One more failure is one too many.
    let calls = Calls::default();
    let fails = |call: &Call| if call.target == 5 { code(403, "AccessDenied") } else { stopped(call) };
    let second = prepare(plan(None), fails, &calls).resume(first.resume_state()).execute().await.unwrap();
    assert_eq!((second.status, calls.lock().unwrap().len()), (Status::Aborted, 3));
    // A canary whose targets are known to be stopped is not tried again.
    let calls = Calls::default();
    let third = prepare(plan(canary(1)), stopped, &calls).resume(first.resume_state()).execute().await.unwrap();
    assert_eq!((third.status, calls.lock().unwrap().len()), (Status::Completed, 7));
    // One that failed is known to have failed.
    let calls = Calls::default();
    let fourth = prepare(plan(canary(2)), stopped, &calls).resume(first.resume_state()).execute().await.unwrap();
    assert_eq!((fourth.status, calls.lock().unwrap().len()), (Status::Aborted, 0));
}

#[tokio::test(start_paused = true)]
async fn pauses_are_between_stages_that_have_something_to_stop() {
    let pause = |name: &str| Stage { pause: Some(Pause::For(10 * SECOND)), ..stage(name) };
    let plan = staged([(pause("a"), 2), (pause("b"), 2), (pause("c"), 2)]);
    let calls = Calls::default();
    let run = prepare(plan, stopped, &calls).leave_out(vec![(2, SkipReason::Filtered), (3, SkipReason::Filtered)]);
    let record = run.execute().await.unwrap();
    assert_eq!(statuses(&record), [StageStatus::Done, StageStatus::NotBegun, StageStatus::Done]);
    let calls = calls.lock().unwrap().clone();
    assert!(sent(&calls)[2].1 < 11 * SECOND, "one pause");
}

#[tokio::test(start_paused = true)]
async fn a_rehearsal_pauses_as_fast_as_its_time_passes_and_a_dry_run_not_at_all() {
    let plan = || {
        let pilot = Stage { canary: canary(1), pause: Some(Pause::For(100 * SECOND)), ..stage("pilot") };
        staged([(pilot, 2), (Stage { pause: Some(Pause::Ask), ..stage("rest") }, 2), (stage("last"), 1)])
    };
    let calls = Calls::default();
    let record = prepare(plan(), stopped, &calls).speed(100.0).execute().await.unwrap();
    assert_eq!(record.status, Status::Paused);
    let at = sent(&calls.lock().unwrap())[1].1;
    assert!(at >= SECOND && at < 2 * SECOND, "{at:?}");

    let began = tokio::time::Instant::now();
    let running = |_: &Call| execution("Running");
    let record = prepare(plan(), running, &Calls::default()).dry_run(true).execute().await.unwrap();
    assert_eq!((record.status, outcomes(&record)), (Status::Completed, vec![Outcome::WouldStop; 5]));
    assert!(began.elapsed() < SECOND && record.stages.is_empty());
}

/// Returns a stage by chance.
fn any_stage() -> impl Strategy<Value = (Stage, usize)> {
    let canary = prop::option::of(prop_oneof![
        (1_u64..8).prop_map(MaxFailures::Count),
        (1_u32..10_000).prop_map(MaxFailures::Percent)
    ]);
    let pause = prop::option::of((1_u64..20).prop_map(|seconds| Pause::For(Duration::from_secs(seconds))));
    let most = prop::option::of((1_u64..6).prop_map(MaxFailures::Count));
    (canary, pause, most, 0_usize..12).prop_map(|(canary, pause, max_failures, count)| {
        (Stage { name: "s".to_owned(), canary: canary.map(Canary::new), pause, max_failures }, count)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_stop_of_a_stage_is_sent_before_the_last_outcome_of_the_one_before(
        stages in prop::collection::vec(any_stage(), 1..5),
        seed in any::<u64>(),
        cuts in prop::collection::vec(1_u64..30, 0..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let plan = staged(stages);
            let of: Vec<usize> = plan.targets.iter().map(|target| usize::from(target.stage.unwrap())).collect();
            let cloud = Arc::new(Mutex::new(Cloud::new(seed, of.len())));
            let (mut past, mut is_over) = (None, vec![false; of.len()]);
            // The last part is not cut.
            for cut in cuts.into_iter().map(|cut| Some(Duration::from_secs(cut))).chain([None]) {
                let calls = Calls::default();
                let answering = Arc::clone(&cloud);
                let script = move |call: &Call| answering.lock().unwrap().answer(call);
                let mut run = prepare(plan.clone(), script, &calls).deadline(cut);
                if let Some(past) = past.take() {
                    run = run.resume(past);
                }
                let events = Arc::new(Mutex::new(is_over.clone()));
                let watched = (Arc::clone(&events), of.clone());
                let record = run.observer(Watch(watched)).execute().await.unwrap();
                is_over.clone_from(&events.lock().unwrap());
                past = Some(record.resume_state());
                if record.status == Status::Completed || record.status == Status::Aborted {
                    break;
                }
                // What was skipped because this part ended is still to be done.
                for (over, result) in is_over.iter_mut().zip(record.results.iter()) {
                    *over &= result.is_final();
                }
            }
        });
    }
}

/// Asserts at each stop that the stages before are over.
struct Watch((Arc<Mutex<Vec<bool>>>, Vec<usize>));

impl Observer for Watch {
    fn on_event(&mut self, event: &Event<'_>) {
        let Self((is_over, of)) = self;
        let mut is_over = is_over.lock().unwrap();
        if let Event::Sending { target, .. } = *event {
            let early = (0..of.len()).find(|other| of[*other] < of[target] && !is_over[*other]);
            assert_eq!(early, None, "target {target} of stage {} was sent", of[target]);
        } else if let Event::Finished { target, .. } = *event {
            is_over[target] = true;
        }
    }
}
