//! Whether the run goes on: failures, the window, the deadline, signals, a hand-over.

use std::fmt;
use std::future::pending;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::earlier::Earlier;
use super::event::Status;
use super::outcome::Outcome;
use crate::base::clock::reached;
use crate::base::count::agreed;
use crate::plan::{Guards, MaxFailures, Window};

/// How many of some targets have failed, and how many may.
#[derive(Default)]
pub(super) struct Failures {
    count: u64,
    most: Option<(u64, MaxFailures)>,
}

impl Failures {
    /// Begins with none of `selected` targets.
    pub(super) fn new(rule: Option<MaxFailures>, selected: u64) -> Self {
        Self { count: 0, most: rule.map(|rule| (rule.limit(selected), rule)) }
    }

    /// Begins after earlier rounds, whose targets count as well.
    pub(super) fn following(rule: Option<MaxFailures>, selected: u64, earlier: Earlier) -> Self {
        Self { count: earlier.failed, ..Self::new(rule, earlier.selected + selected) }
    }

    /// Returns how many targets may fail until the run ends; at least one.
    pub(super) fn left(&self) -> usize {
        let left = self.most.map_or(u64::MAX, |(most, _)| most.saturating_sub(self.count).max(1));
        usize::try_from(left).unwrap_or(usize::MAX)
    }

    /// Counts a target's outcome; returns why that ends the run, if it does.
    pub(super) fn after(&mut self, outcome: Outcome) -> Option<String> {
        if !matches!(outcome, Outcome::Failed | Outcome::Unknown) {
            return None;
        }
        self.count += 1;
        let (_, rule) = self.most.filter(|(most, _)| self.count >= *most)?;
        Some(too_many_failures(self.count, &rule))
    }
}

/// Says that a run ends because of its failures; `rule` is the plan's.
#[must_use]
pub fn too_many_failures(count: u64, rule: &dyn fmt::Display) -> String {
    let targets = agreed(count, "target is", "targets are");
    format!("{targets} failed or unknown, and max_failures is {rule}")
}

/// What ends a run early, and whether it has.
pub(super) struct Threshold {
    failures: Failures,
    window: Option<Window>,
    drain: CancellationToken,
    deadline: Option<Instant>,
    hand_over: HandOver,
    ended: Option<Status>,
    /// Which guard ended it, in words.
    ended_by: Option<String>,
}

/// How far a run is with handing its targets over.
pub(super) enum HandOver {
    /// Nobody can ask for it, or it is over.
    Never,
    /// It begins when the token is cancelled; what is in flight then has so long to complete.
    On(CancellationToken, Duration),
    /// What is in flight has until then.
    Until(Instant),
}

/// What somebody outside the run asks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Send nothing new, and end.
    End(Status),
    /// Do so, and wait only a little for what is in flight.
    HandOver,
    /// Wait no longer for what is in flight.
    Abandon,
}

impl Threshold {
    /// Begins with the guards of a plan of which `selected` targets are to be stopped, after `earlier` rounds.
    pub(super) fn new(
        guards: &Guards,
        (selected, earlier): (usize, Earlier),
        drain: CancellationToken,
        deadline: Option<Instant>,
        hand_over: HandOver,
    ) -> Self {
        Self {
            failures: Failures::following(guards.max_failures, selected as u64, earlier),
            window: guards.window.clone(),
            drain,
            deadline,
            hand_over,
            ended: None,
            ended_by: None,
        }
    }

    /// Returns why the run ends early, if it does.
    pub(super) const fn ended(&self) -> Option<Status> {
        self.ended
    }

    /// Ends the run; tells whether it went on until now.
    pub(super) const fn end(&mut self, status: Status) -> bool {
        let is_first = self.ended.is_none();
        if is_first {
            self.ended = Some(status);
        }
        is_first
    }

    /// Ends the run because a guard says so; tells whether it went on until now.
    pub(super) fn abort(&mut self, why: String) -> bool {
        self.ended_by.get_or_insert(why);
        self.end(Status::Aborted)
    }

    /// Returns how many targets may fail until the run ends; at least one.
    pub(super) fn left(&self) -> usize {
        self.failures.left()
    }

    /// Counts a target's outcome; returns why that ends the run, if it does.
    pub(super) fn after(&mut self, outcome: Outcome) -> Option<String> {
        self.failures.after(outcome)
    }

    /// Tells whether the window forbids a stop now.
    pub(super) fn forbids_stops(&self, now: impl FnOnce() -> Timestamp) -> bool {
        self.window.as_ref().is_some_and(|window| !window.is_open(now()))
    }

    /// Says that the window has closed; why, where an exception is the reason.
    pub(super) fn closed(&self, now: Timestamp) -> String {
        let why = self.window.as_ref().and_then(|window| window.exception_at(now));
        why.map_or_else(|| "guards.window has closed".to_owned(), |why| format!("guards.window has closed: {why}"))
    }

    /// Returns the signal that is there already.
    pub(super) fn signalled(&self) -> Option<Signal> {
        match &self.hand_over {
            HandOver::On(token, _) if token.is_cancelled() => return Some(Signal::HandOver),
            HandOver::On(..) | HandOver::Never | HandOver::Until(_) => {}
        }
        (self.ended.is_none() && self.drain.is_cancelled()).then_some(Signal::End(Status::Interrupted))
    }

    /// Waits for the next signal.
    pub(super) async fn signal(&self) -> Signal {
        let goes_on = self.ended.is_none();
        tokio::select! {
            biased;
            signal = self.hand_over.signal() => signal,
            () = self.drain.cancelled(), if goes_on => Signal::End(Status::Interrupted),
            () = reached(self.deadline), if goes_on && self.deadline.is_some() => Signal::End(Status::Deadline),
        }
    }

    /// Begins the hand-over.
    pub(super) fn hand_over(&mut self, now: Instant) {
        if let HandOver::On(_, grace) = self.hand_over {
            self.hand_over = HandOver::Until(now + grace);
        }
    }

    /// Notes that nobody waits for what is in flight any more.
    pub(super) fn abandon(&mut self) {
        self.hand_over = HandOver::Never;
    }

    /// Returns which guard ended the run, in words.
    pub(super) fn into_reason(self) -> Option<String> {
        self.ended_by
    }
}

impl HandOver {
    async fn signal(&self) -> Signal {
        match self {
            Self::Never => pending().await,
            Self::On(token, _) => {
                token.cancelled().await;
                Signal::HandOver
            }
            Self::Until(end) => {
                sleep_until(*end).await;
                Signal::Abandon
            }
        }
    }
}
