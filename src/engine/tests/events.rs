//! What observers are told of lanes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::world::{Calls, code, execution, plan, prepare, refused};
use crate::base::rate::Rate;
use crate::engine::{Event, Observer};

/// A lane's rate before and after; `None` for the stated one.
type Change = (Option<f64>, Option<f64>);

/// The changes that observers are told of.
#[derive(Clone, Default)]
struct Rates(Arc<Mutex<Vec<Change>>>);

impl Observer for Rates {
    fn on_event(&mut self, event: &Event<'_>) {
        let change = match *event {
            Event::Slowed { from, rate, .. } => (from, rate),
            Event::Quickened { from, rate, .. } => (Some(from), rate),
            Event::Started { lanes, .. } => return assert_eq!(lanes.first().map(|lane| lane.rate), Some(10.0)),
            Event::Sending { .. }
            | Event::Attempted { .. }
            | Event::Read { .. }
            | Event::CredentialsRefreshed { .. }
            | Event::CredentialsWaiting { .. }
            | Event::CredentialsClosed { .. }
            | Event::Failing { .. }
            | Event::SmallerBatches { .. }
            | Event::GivenUp { .. }
            | Event::Finished { .. }
            | Event::Stage { .. }
            | Event::Pausing { .. }
            | Event::Ended { .. } => return,
        };
        self.0.lock().unwrap().push(change);
    }
}

#[tokio::test(start_paused = true)]
async fn every_change_of_a_lanes_rate_is_told() {
    let mut plan = plan("fnf_execution", 400);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    let rates = Rates::default();
    let script = |call: &super::world::Call| {
        // For half a second, and never again.
        if call.at.as_millis() / 500 == 20 { code(429, "ResourceThrottled") } else { execution("Stopped") }
    };
    prepare(plan, script, &Calls::default()).observer(rates.clone()).execute().await.unwrap();
    let rates = rates.0.lock().unwrap().clone();
    let (first, last) = (*rates.first().unwrap(), *rates.last().unwrap());
    assert!(first.0.is_none() && first.1.is_some_and(|rate| rate < 10.0), "it slows down: {rates:?}");
    assert!(last.0.is_some() && last.1.is_none(), "and is back at the stated rate: {rates:?}");
    assert!(rates.len() < 10, "only what is news is told: {rates:?}");
}

/// What observers are told of lanes that fail, and when.
#[derive(Clone)]
struct Failures(Arc<Mutex<Vec<(usize, String, Duration)>>>, Instant);

impl Failures {
    fn new() -> Self {
        Self(Arc::default(), Instant::now())
    }
}

impl Observer for Failures {
    fn on_event(&mut self, event: &Event<'_>) {
        if let Event::Failing { lane, message, .. } = *event {
            self.0.lock().unwrap().push((lane, message.to_owned(), self.1.elapsed()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_cannot_be_reached_is_told_once_at_once_and_by_its_host() {
    let failures = Failures::new();
    let run = prepare(plan("drs_job", 30), |_| refused(), &Calls::default()).observer(failures.clone());
    let record = run.execute().await.unwrap();
    assert!(failures.1.elapsed() > Duration::from_secs(60), "the lane is given up late");
    let told = failures.0.lock().unwrap().clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told.first().unwrap().2 < Duration::from_secs(1), "{told:?}");
    assert_eq!(told.first().unwrap().1, "drs.cn-north-4.myhuaweicloud.com: broken");
    for result in record.results.iter() {
        let error = result.error.unwrap();
        assert!(error.message.contains("drs.cn-north-4.myhuaweicloud.com"), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_again_and_again_is_told_and_one_that_stumbles_is_not() {
    let told = |failing: usize| async move {
        let failures = Failures::new();
        let script = move |call: &super::world::Call| match call.api {
            "StopExecution" if call.target < failing && call.before < 12 => code(500, "InternalServerError"),
            _ => execution("Stopped"),
        };
        let run = prepare(plan("fnf_execution", 40), script, &Calls::default()).observer(failures.clone());
        run.execute().await.unwrap();
        let told = failures.0.lock().unwrap();
        told.iter().map(|(lane, message, _)| (*lane, message.clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(1).await, []);
    assert_eq!(told(40).await, [(0, "m".to_owned())]);
}
