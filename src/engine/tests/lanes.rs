//! Pace, order, bounds and independence of lanes.

use std::time::Duration;

use super::world::{Answer, Call, add, code, execution, ok, plan, run, with};
use crate::base::rate::Rate;
use crate::engine::Outcome;
use crate::error::ErrorClass;

fn at(calls: &[Call], api: &str) -> Vec<Duration> {
    calls.iter().filter(|call| call.api == api).map(|call| call.at).collect()
}

#[tokio::test(start_paused = true)]
async fn the_documented_quota_is_the_default_and_never_exceeded() {
    let mut plan = plan("fnf_execution", 50);
    (plan.limits.rate, plan.limits.burst) = (None, None);
    let (record, calls) = run(plan, |_| execution("Stopped")).await;
    let times = at(&calls, "StopExecution");
    assert_eq!(times.len(), 50);
    for (i, from) in times.iter().enumerate() {
        let within = times.iter().skip(i).take_while(|at| **at < *from + Duration::from_secs(1)).count();
        assert!(within <= 12, "{within} in the second from {from:?}");
    }
    assert!((20..=21).contains(&record.duration.as_secs()), "10 at once, 40 at 2/s: {:?}", record.duration);
}

#[tokio::test(start_paused = true)]
async fn targets_leave_in_plan_order() {
    let (_, calls) = run(plan("fnf_execution", 200), |_| execution("Stopped")).await;
    assert!(calls.iter().map(|call| call.target).eq(0..200));
}

#[tokio::test(start_paused = true)]
async fn a_target_that_waits_holds_no_slot() {
    let mut plan = plan("fnf_execution", 20);
    plan.limits.concurrency = 1;
    let (record, calls) = run(plan, |call| match (call.target, call.before) {
        (0, 0) => with(code(500, "InternalServerError"), "retry-after", "30"),
        _ => execution("Stopped"),
    })
    .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(calls.last().map(|call| (call.target, call.before)), Some((0, 1)), "the others went on meanwhile");
    assert!(calls.iter().rev().nth(1).unwrap().at < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn concurrency_is_a_bound_over_the_whole_run() {
    let mut plan = plan("fnf_execution", 30);
    add(&mut plan, "live_flow", 30);
    plan.limits.concurrency = 5;
    let (_, calls) = run(plan, |call| {
        let answer = if call.api == "StopExecution" { execution("Stopped") } else { ok(r#"{"status":"STANDBY"}"#) };
        Answer(Duration::from_millis(100), answer.1)
    })
    .await;
    for call in &calls {
        let open = calls.iter().filter(|c| c.at <= call.at && c.at + Duration::from_millis(100) > call.at).count();
        assert!(open <= 5, "{open} in flight at {:?}", call.at);
    }
    let first: Vec<_> = calls.iter().take(4).map(|call| call.api).collect();
    assert!(first.contains(&"UpdateFlowStatusStop"), "lanes take turns: {first:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_lane_holds_up_no_other() {
    let mut plan = plan("live_flow", 100);
    add(&mut plan, "fnf_execution", 100);
    plan.limits.per_kind.insert(
        "live_flow".to_owned(),
        crate::plan::KindLimits { rate: Some(Rate::per_minute(60)), burst: Some(1), concurrency: None, batch: None },
    );
    let (record, calls) = run(plan, |call| match call.api {
        "StopExecution" => execution("Stopped"),
        _ => ok(r#"{"status":"STANDBY"}"#),
    })
    .await;
    assert!(at(&calls, "StopExecution").iter().all(|at| *at < Duration::from_secs(1)));
    assert!((99..=100).contains(&record.duration.as_secs()), "{:?}", record.duration);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_answer_holds_the_whole_lane_back() {
    let mut plan = plan("fnf_execution", 40);
    plan.limits.concurrency = 4;
    let (_, calls) = run(plan, |call| match (call.target, call.before) {
        (5, 0) => with(code(429, "ResourceThrottled"), "x-acs-retry-after", "9000"),
        _ => execution("Stopped"),
    })
    .await;
    let throttled_at = calls.iter().find(|call| call.target == 5).unwrap().at + Duration::from_millis(10);
    let quiet = throttled_at + Duration::from_millis(1)..throttled_at + Duration::from_secs(9);
    assert_eq!(calls.iter().filter(|call| quiet.contains(&call.at)).count(), 0);
}

#[tokio::test(start_paused = true)]
async fn accounts_with_one_key_share_their_lanes() {
    let mut plan = plan("fnf_execution", 4);
    let mut twin = plan.accounts.first().unwrap().clone();
    twin.project_id = None;
    plan.accounts.push(twin);
    for target in plan.targets.iter_mut().skip(2) {
        target.account = 2;
    }
    let (record, _) = run(plan, |_| execution("Stopped")).await;
    let stops: Vec<_> = record.lanes.iter().filter(|(info, _)| info.stops).collect();
    assert_eq!(stops.len(), 1);
    assert_eq!(stops.first().map(|(info, stats)| (info.targets, stats.requests)), Some((4, 4)));
}

#[tokio::test(start_paused = true)]
async fn one_read_serves_ten_jobs() {
    let (record, calls) = run(plan("drs_job", 30), |call| match call.api {
        "StopJob" => ok(r#"{"status":"success"}"#),
        _ => {
            let job = |n| format!(r#"{{"id":"job-n{n}x","status":"RELEASE_RESOURCE_COMPLETE"}}"#);
            ok(&format!(r#"{{"results":[{}]}}"#, (0..30).map(job).collect::<Vec<_>>().join(",")))
        }
    })
    .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    let reads = at(&calls, "BatchListJobStatus").len();
    assert!(reads <= 6, "{reads} reads for 30 jobs");
}

/// A service's bucket: whether a request at this moment is granted.
struct Bucket(std::sync::Mutex<(f64, Duration)>);

impl Bucket {
    fn full(burst: f64) -> Self {
        Self(std::sync::Mutex::new((burst, Duration::ZERO)))
    }

    fn take(&self, rate: f64, burst: f64, at: Duration) -> bool {
        let mut bucket = self.0.lock().unwrap();
        let tokens = (bucket.0 + (at - bucket.1).as_secs_f64() * rate).min(burst);
        let granted = tokens >= 1.0;
        *bucket = (tokens - f64::from(u8::from(granted)), at);
        granted
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_the_plan_overstates_is_learnt() {
    let mut plan = plan("fnf_execution", 1000);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(2000)), Some(200));
    let bucket = Bucket::full(20.0);
    let (record, calls) = run(plan, move |call| {
        if bucket.take(100.0, 20.0, call.at) { execution("Stopped") } else { code(429, "ResourceThrottled") }
    })
    .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert!(record.duration.as_secs_f64() <= 9.8 * 1.10, "{:?}", record.duration);
    let throttled = calls.len() - 1000;
    assert!(throttled <= 150, "{throttled} throttled");
}

#[tokio::test(start_paused = true)]
async fn a_rate_that_is_not_adaptive_is_kept() {
    let mut plan = plan("fnf_execution", 100);
    plan.limits.adaptive = false;
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    let (_, calls) = run(plan, |_| execution("Stopped")).await;
    for pair in calls.windows(2) {
        let [first, second] = pair else { unreachable!() };
        let gap = (second.at - first.at).as_millis();
        assert!((99..=102).contains(&gap), "{gap} ms between two requests");
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_counted_by_the_minute_is_waited_out() {
    let mut plan = plan("live_flow", 60);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(10));
    plan.limits.concurrency = 1;
    let granted = std::sync::Mutex::new((0_u64, 0_u32));
    let message = r#"{"error_code":"APIGW.0308","error_msg":"policy user over ratelimit,limit:40,time:1 minute"}"#;
    let (record, calls) = run(plan, move |call| {
        let mut granted = granted.lock().unwrap();
        let window = call.at.as_secs() / 60;
        if granted.0 != window {
            *granted = (window, 0);
        }
        granted.1 += 1;
        if granted.1 <= 40 { ok(r#"{"status":"STANDBY"}"#) } else { super::world::status(429, message) }
    })
    .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    let throttled = calls.len() - 60;
    assert!(throttled <= 3, "{throttled} requests into a window that was spent");
    assert!(record.duration.as_secs() < 100, "{:?}", record.duration);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_is_throttled_for_ever_blocks_no_other() {
    // One of ten in a slow lane that sends one at a time; the same with a hint; some of many, in a quick one.
    let hint = |answer| with(answer, "retry-after", "2");
    for (rate, concurrency, count, bad, is_hinted) in
        [(2, 1, 10, 1, false), (2, 1, 10, 1, true), (50, 8, 300, 5, false), (50, 1, 300, 20, false)]
    {
        let mut plan = plan("fnf_execution", count);
        (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(rate)), Some(1));
        plan.limits.concurrency = concurrency;
        let (record, calls) = run(plan, move |call| match call.target {
            target if target >= bad => execution("Stopped"),
            _ if is_hinted => hint(code(429, "ResourceThrottled")),
            _ => code(429, "ResourceThrottled"),
        })
        .await;
        for (number, result) in record.results.iter().enumerate() {
            let outcome = if number < bad { Outcome::Failed } else { Outcome::Stopped };
            assert_eq!(result.outcome, outcome, "{number}");
        }
        let last = calls.iter().filter(|call| call.before == 0).map(|call| call.at).max().unwrap();
        let fair = Duration::from_secs(count as u64 / u64::from(rate));
        // Where many are asked before any other, the lane has learnt a very low rate by then.
        let most = fair + Duration::from_secs(if bad > 1 { 400 } else { 20 });
        assert!(last < most, "the last of {count} had its first request at {last:?}");
        assert!(record.duration < last + Duration::from_secs(625), "{:?}", record.duration);
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_throttled_for_ever_blocks_no_other() {
    let mut plan = plan("fnf_execution", 40);
    plan.limits.concurrency = 1;
    let (record, calls) = run(plan, |call| match (call.api, call.target) {
        ("StopExecution", _) => execution("Running"),
        (_, 0) => code(429, "ResourceThrottled"),
        _ => execution("Stopped"),
    })
    .await;
    let stopped = record.results.iter().filter(|result| result.outcome == Outcome::Stopped).count();
    assert_eq!((stopped, record.results.get(0).unwrap().outcome), (39, Outcome::Accepted));
    let last = calls.iter().filter(|call| call.api == "DescribeExecution" && call.target > 0).map(|call| call.at);
    assert!(last.max().unwrap() < Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn a_lane_that_is_throttled_and_nothing_else_is_given_up_and_says_so() {
    for adaptive in [true, false] {
        let mut plan = plan("fnf_execution", 1000);
        add(&mut plan, "live_flow", 5);
        plan.limits.adaptive = adaptive;
        let (record, _) = run(plan, |call| match call.api {
            "StopExecution" => code(429, "ResourceThrottled"),
            _ => ok(r#"{"status":"STANDBY"}"#),
        })
        .await;
        assert!((600..640).contains(&record.duration.as_secs()), "{:?}", record.duration);
        assert!(record.results.iter().skip(1000).all(|result| result.outcome == Outcome::Stopped));
        for result in record.results.iter().take(1000) {
            let error = result.error.unwrap();
            assert_eq!(error.class, ErrorClass::Throttled);
            if result.outcome == Outcome::Skipped {
                assert!(error.message.contains("throttled every request for 10 min"), "{error:?}");
            } else {
                assert_eq!(result.outcome, Outcome::Failed);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_far_below_what_is_stated_costs_time_and_no_target() {
    // One in two seconds, of which half is used up by others.
    let mut plan = plan("fnf_execution", 60);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(100)), Some(20));
    let bucket = Bucket::full(2.0);
    let (record, _) =
        run(
            plan,
            move |call| {
                if bucket.take(0.25, 2.0, call.at) { execution("Stopped") } else { code(429, "ResourceThrottled") }
            },
        )
        .await;
    let stopped = record.results.iter().filter(|result| result.outcome == Outcome::Stopped).count();
    assert_eq!(stopped, 60, "{:?}", record.duration);
}
