//! Lines for `-v` and `-vv`: each stop request; each read and each change of a lane's rate.

use std::fmt::Write;
use std::time::Duration;

use super::options::{Detail, Namer, Print};
use super::tally::labels;
use crate::engine::{Attempt, Event, LaneInfo, Observer};
use crate::error::ErrorClass;
use crate::report::text::{Escaped, spoken};

/// Prints one line for each thing that happens, as far as somebody wants to know.
pub(super) struct Story {
    detail: Detail,
    namer: Namer,
    print: Print,
    lanes: Vec<(String, LaneInfo)>,
}

impl Story {
    /// Builds the observer.
    #[must_use]
    pub(super) const fn new(detail: Detail, namer: Namer, print: Print) -> Self {
        Self { detail, namer, print, lanes: Vec::new() }
    }

    fn of_target(&self, target: usize, rest: &str) {
        (self.print)(&format!("{}  {rest}", Escaped(&(self.namer)(target))));
    }

    fn of_lane(&self, lane: usize, words: impl FnOnce(&LaneInfo) -> String) {
        if let Some((label, info)) = self.lanes.get(lane).filter(|_| self.detail >= Detail::Everything) {
            (self.print)(&format!("{label}  {}", words(info)));
        }
    }
}

impl Observer for Story {
    fn on_event(&mut self, event: &Event<'_>) {
        match *event {
            Event::Started { lanes, .. } => self.lanes = labels(lanes).into_iter().zip(lanes.iter().cloned()).collect(),
            Event::Attempted { target, attempt, .. } if self.detail >= Detail::Attempts => {
                self.of_target(target, &of_attempt(attempt));
            }
            Event::Read { target, state, .. } if self.detail >= Detail::Everything => {
                let state = state.map_or_else(|| "no state".to_owned(), |state| Escaped(state).to_string());
                self.of_target(target, &format!("read  {state}"));
            }
            Event::Slowed { lane, pause, from, rate, class } => {
                self.of_lane(lane, |info| slowed((pause, class), from.unwrap_or(info.rate), rate));
            }
            Event::Quickened { lane, from, rate } => self.of_lane(lane, |info| quickened(from, rate, info.rate)),
            Event::GivenUp { lane, class } => {
                let what = if class == ErrorClass::Throttled {
                    "throttled every request".to_owned()
                } else {
                    format!("failed every probe ({class})")
                };
                self.of_lane(lane, |_| format!("gave up: the service {what}"));
            }
            Event::SmallerBatches { lane, most, class, message } => {
                let most =
                    if most == 1 { "stops go one by one".to_owned() } else { format!("at most {most} from now on") };
                let said = Escaped(message).to_string();
                self.of_lane(lane, |_| format!("refused a request for several targets ({class}: {said}): {most}"));
            }
            Event::CredentialsRefreshed { account } if self.detail >= Detail::Attempts => {
                (self.print)(&format!("{}  the credentials were renewed", Escaped(account)));
            }
            Event::Sending { .. }
            | Event::CredentialsRefreshed { .. }
            | Event::CredentialsWaiting { .. }
            | Event::CredentialsClosed { .. }
            | Event::Failing { .. }
            | Event::Attempted { .. }
            | Event::Read { .. }
            | Event::Finished { .. }
            | Event::Stage { .. }
            | Event::Pausing { .. }
            | Event::Ended { .. } => {}
        }
    }
}

/// Returns words such as `attempt 2  429 ResourceThrottled  throttled, retry in 312 ms`.
fn of_attempt(attempt: &Attempt) -> String {
    let status = attempt.http_status.map(|status| status.to_string());
    let response: Vec<&str> = status.as_deref().into_iter().chain(attempt.code.as_deref()).collect();
    let response = if response.is_empty() { "no response".to_owned() } else { response.join(" ") };
    let class = attempt.class.map_or("ok", |class| class.name());
    let mut words = format!("attempt {}  {}  {class}", attempt.n, Escaped(&response));
    if let Some(batch) = attempt.batch {
        let _ = write!(words, ", one request for {batch} targets");
    }
    match attempt.retry_in {
        Some(Duration::ZERO) => words.push_str(", retry when the lane is free"),
        Some(wait) => drop(write!(words, ", retry in {}", spoken(wait))),
        None => {}
    }
    words
}

/// Returns words such as `throttled: slows down from 2.0/s to 1.4/s, after a pause of 3 s`.
fn slowed((pause, class): (Duration, ErrorClass), from: f64, rate: Option<f64>) -> String {
    if class != ErrorClass::Throttled {
        return format!("circuit breaker open ({class}): waits {}, then sends one probe", spoken(pause));
    }
    let change = rate.map(|rate| match rate < from {
        true => format!("slows down from {from:.1}/s to {rate:.1}/s"),
        false => format!("stays at {rate:.1}/s"),
    });
    let pause = (!pause.is_zero()).then(|| format!("after a pause of {}", spoken(pause)));
    let parts: Vec<_> = change.into_iter().chain(pause).collect();
    format!("throttled: {}", if parts.is_empty() { "no change".to_owned() } else { parts.join(", ") })
}

/// Returns words such as `no recent throttling: from 1.4/s to 1.8/s`.
fn quickened(from: f64, rate: Option<f64>, stated: f64) -> String {
    match rate {
        Some(rate) => format!("no recent throttling: from {from:.1}/s to {rate:.1}/s"),
        None => format!("no recent throttling: from {from:.1}/s back to the quota, {stated:.1}/s"),
    }
}
