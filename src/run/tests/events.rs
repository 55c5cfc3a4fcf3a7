//! What observers are told of lanes.

use std::sync::{Arc, Mutex};

use super::world::{Calls, code, execution, plan, prepare};
use crate::rate::Rate;
use crate::run::{Event, Observer};

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
            | Event::GivenUp { .. }
            | Event::Finished { .. }
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
