//! Whose turn it is at a quota.

use std::time::Duration;

use allstop::Timestamp;

use crate::wire::{Ask, Grant, QuotaState, Release, Seat, Unserved};

/// What the workflow of a quota does next.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Turn {
    /// It grants the quota to a lane, by its workflow's id.
    Grant(String, Grant),
    /// It tells the holder that others wait.
    Tell(String),
    /// It waits for news.
    Wait,
}

/// What the workflow of a quota does after a look at the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// It waits on: workers serve the holder, or another lane holds the quota now.
    Served,
    /// It tells the holder that its turn is over. Once that is in the holder's history, no step and no session that begins
    /// later sends anything without the quota.
    TakesAway,
    /// Nothing of the holder has begun since it was told: it is not the holder any more.
    Taken,
}

impl QuotaState {
    /// Returns a quota that nobody else knows, as held by the lane that asks.
    #[must_use]
    pub fn held_by(ask: Ask) -> Self {
        let holder = Seat { is_granted: true, ..Seat::of(ask) };
        Self { holder: Some(holder), ..Self::default() }
    }

    /// Takes in that a lane asks. One that asks twice waits once; a holder that asks has not heard that its turn has come.
    pub(super) fn ask(&mut self, ask: Ask) {
        if self.knows_later(&ask.lane, &ask.run, ask.turn) {
            return;
        }
        match &mut self.holder {
            Some(holder) if holder.lane == ask.lane && holder.turn == ask.turn => return *holder = Seat::of(ask),
            // It knows nothing of the turn that it had.
            Some(holder) if holder.lane == ask.lane => self.holder = None,
            Some(_) | None => {}
        }
        match self.waiting.iter_mut().find(|seat| seat.lane == ask.lane) {
            Some(seat) => *seat = Seat::of(ask),
            None => self.waiting.push(Seat::of(ask)),
        }
    }

    /// Tells whether a request for a turn comes late: a worker that was frozen makes it when the lane is further. A lane that
    /// was reset is another run, and begins again with an earlier turn.
    fn knows_later(&self, lane: &str, run: &str, turn: u32) -> bool {
        let mut seats = self.holder.iter().chain(&self.waiting);
        seats.any(|seat| seat.lane == lane && seat.run == run && seat.turn > turn)
    }

    /// Takes in what a lane gives back.
    pub(super) fn release(&mut self, release: Release) {
        let Release { lane, run, turn, memory, again } = release;
        if self.knows_later(&lane, &run, turn) {
            return;
        }
        if self.holder.as_ref().is_some_and(|holder| holder.lane == lane) {
            self.holder = None;
            self.memory = memory;
        }
        self.waiting.retain(|seat| seat.lane != lane);
        if let Some(ask) = again {
            self.ask(ask);
        }
    }

    /// Takes in that a lane's workflow is not there any more.
    pub(super) fn gone(&mut self, lane: &str) {
        if self.holder.as_ref().is_some_and(|holder| holder.lane == lane) {
            // What it learnt is lost with it, and what was known before it is older than what it did.
            self.holder = None;
        }
        self.waiting.retain(|seat| seat.lane != lane);
    }

    /// Returns what to do next, and notes that it is done.
    pub(super) fn next(&mut self) -> Turn {
        if self.holder.is_none() {
            let first = (0..).zip(&self.waiting).min_by_key(|(place, seat)| (seat.priority, *place));
            self.holder = first.map(|(place, _)| place).map(|place| self.waiting.remove(place));
        }
        let others = !self.waiting.is_empty();
        match &mut self.holder {
            Some(holder) if !holder.is_granted => {
                (holder.is_granted, holder.is_told) = (true, others);
                Turn::Grant(holder.lane.clone(), Grant { turn: holder.turn, others, memory: self.memory.clone() })
            }
            Some(holder) if others && !holder.is_told => {
                holder.is_told = true;
                Turn::Tell(holder.lane.clone())
            }
            Some(_) | None => Turn::Wait,
        }
    }

    /// Tells whether somebody waits for the holder.
    pub(super) const fn is_awaited(&self) -> bool {
        self.holder.is_some() && !self.waiting.is_empty()
    }

    /// Tells whether nobody holds it and nobody waits.
    pub(super) const fn is_idle(&self) -> bool {
        self.holder.is_none() && self.waiting.is_empty()
    }

    /// Returns how long it is until the next look at the holder.
    pub(super) fn until_look(&mut self, now: Timestamp) -> Duration {
        let lease = self.lease();
        let Some(holder) = &mut self.holder else { return lease };
        let since = *holder.looked_at.get_or_insert(now);
        lease.saturating_sub(Duration::try_from(now.duration_since(since)).unwrap_or_default())
    }

    /// Returns the lane's workflow and the turn of the holder, to look at it.
    pub(super) fn looks_at(&self) -> Option<(String, u32)> {
        self.holder.as_ref().map(|holder| (holder.lane.clone(), holder.turn))
    }

    /// Takes in that a look is over, with all that follows from it.
    pub(super) fn has_looked(&mut self, now: Timestamp) {
        if let Some(holder) = &mut self.holder {
            holder.looked_at = Some(now);
        }
    }

    /// Takes in what waits for a worker at a lane that holds the quota for this turn; `None` where a worker serves it.
    pub(super) fn look(&mut self, lane: &str, turn: u32, waits: Option<Unserved>) -> Sight {
        let Some(holder) = self.holder.as_mut().filter(|holder| holder.lane == lane && holder.turn == turn) else {
            return Sight::Served;
        };
        let before = std::mem::replace(&mut holder.unserved, waits);
        match &holder.unserved {
            None => Sight::Served,
            waits if *waits == before => {
                self.gone(lane);
                Sight::Taken
            }
            Some(_) => Sight::TakesAway,
        }
    }

    /// Returns how long after the holder is gone its session may still send.
    pub(super) fn lease(&self) -> Duration {
        self.holder.as_ref().map_or(Duration::ZERO, |holder| Duration::from_millis(holder.lease_ms))
    }
}

impl Seat {
    /// Returns the seat of a lane that asks.
    fn of(ask: Ask) -> Self {
        let Ask { lane, run, priority, turn, lease_ms } = ask;
        Self { lane, run, priority, turn, lease_ms, is_granted: false, is_told: false, looked_at: None, unserved: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Awaited;

    fn asked(lane: &str, priority: u8, turn: u32) -> Ask {
        Ask { lane: lane.to_owned(), run: "first".to_owned(), priority, turn, lease_ms: 10_000 }
    }

    fn ask(state: &mut QuotaState, lane: &str, priority: u8) {
        state.ask(asked(lane, priority, 0));
    }

    fn release(state: &mut QuotaState, lane: &str, again: Option<u32>) {
        let turn = state.holder.as_ref().map_or(0, |holder| holder.turn);
        state.release(Release {
            lane: lane.to_owned(),
            run: "first".to_owned(),
            turn,
            memory: Vec::new(),
            again: again.map(|turn| asked(lane, 3, turn)),
        });
    }

    fn holder(state: &QuotaState) -> Option<&str> {
        state.holder.as_ref().map(|holder| holder.lane.as_str())
    }

    fn granted(turn: &Turn) -> Option<(&str, bool)> {
        match turn {
            Turn::Grant(lane, grant) => Some((lane, grant.others)),
            Turn::Tell(_) | Turn::Wait => None,
        }
    }

    #[test]
    fn lanes_take_turns() {
        let mut state = QuotaState::default();
        ask(&mut state, "a", 3);
        assert_eq!(granted(&state.next()), Some(("a", false)));
        assert_eq!(state.next(), Turn::Wait);
        ask(&mut state, "b", 3);
        ask(&mut state, "b", 3);
        assert_eq!(state.next(), Turn::Tell("a".to_owned()));
        assert_eq!(state.next(), Turn::Wait);
        release(&mut state, "a", Some(1));
        assert_eq!(granted(&state.next()), Some(("b", true)));
        assert_eq!(state.next(), Turn::Wait);
        release(&mut state, "b", None);
        assert_eq!(granted(&state.next()), Some(("a", false)));
        release(&mut state, "a", None);
        assert_eq!(state.next(), Turn::Wait);
        assert!(state.is_idle());
    }

    #[test]
    fn one_that_begins_as_held_is_granted_again_only_to_a_holder_that_has_not_heard() {
        let first = asked("a", 3, 0);
        let mut state = QuotaState::held_by(first.clone());
        assert_eq!(state.next(), Turn::Wait);
        ask(&mut state, "b", 3);
        assert_eq!(state.next(), Turn::Tell("a".to_owned()));
        assert_eq!(state.next(), Turn::Wait);
        state.ask(first);
        assert_eq!(granted(&state.next()), Some(("a", true)));
        release(&mut state, "a", None);
        assert_eq!(granted(&state.next()), Some(("b", false)));
    }

    #[test]
    fn what_a_frozen_worker_asks_and_gives_back_late_changes_nothing() {
        let mut state = QuotaState::held_by(asked("a", 3, 4));
        ask(&mut state, "b", 3);
        let before = state.clone();
        state.ask(asked("a", 3, 3));
        let late = Release {
            lane: "a".to_owned(),
            run: "first".to_owned(),
            turn: 3,
            memory: Vec::new(),
            again: Some(asked("a", 3, 4)),
        };
        state.release(late.clone());
        assert_eq!(state, before);
        // That of a lane that was reset counts.
        state.release(Release { run: "second".to_owned(), ..late });
        assert_eq!(granted(&state.next()), Some(("b", true)));
    }

    #[test]
    fn a_higher_priority_comes_first_and_a_lane_that_is_gone_holds_nothing() {
        let mut state = QuotaState::default();
        ask(&mut state, "a", 3);
        ask(&mut state, "b", 5);
        ask(&mut state, "c", 1);
        assert_eq!(granted(&state.next()), Some(("c", true)));
        state.gone("c");
        assert_eq!(granted(&state.next()), Some(("a", true)));
        state.gone("b");
        assert!(!state.is_awaited());
        assert_eq!(holder(&state), Some("a"));
    }

    #[test]
    fn the_lease_of_the_holder_counts() {
        let of = |lane: &str, turn, lease_ms| Ask { lease_ms, ..asked(lane, 3, turn) };
        let mut state = QuotaState::held_by(of("a", 0, 2000));
        state.ask(of("b", 0, 90_000));
        assert_eq!(state.lease(), Duration::from_secs(2));
        release(&mut state, "a", None);
        assert_eq!(granted(&state.next()), Some(("b", false)));
        assert_eq!(state.lease(), Duration::from_secs(90));
        // One that asks again with what it gives back.
        state.ask(of("c", 0, 2000));
        release(&mut state, "b", Some(1));
        assert_eq!(granted(&state.next()), Some(("c", true)));
        assert_eq!(state.lease(), Duration::from_secs(2));
        state.gone("c");
        assert_eq!(granted(&state.next()), Some(("b", false)));
        assert_eq!(state.lease(), Duration::from_secs(10));
    }

    #[test]
    fn a_holder_that_nobody_serves_loses_the_quota_after_it_was_told() {
        let awaited = |second, attempt| Awaited { since: Timestamp::from_second(second).unwrap(), attempt };
        let waits = |session| Some(Unserved { step: awaited(5, 1), session });
        let mut state = QuotaState::held_by(asked("a", 3, 4));
        ask(&mut state, "b", 3);
        // Another session was tried meanwhile, and then a worker began it.
        assert_eq!(state.look("a", 4, waits(Some(awaited(6, 1)))), Sight::TakesAway);
        assert_eq!(state.look("a", 4, waits(Some(awaited(9, 2)))), Sight::TakesAway);
        assert_eq!(state.look("a", 4, None), Sight::Served);
        assert_eq!(state.look("a", 4, waits(None)), Sight::TakesAway);
        // What is known of another turn counts for nothing.
        assert_eq!(state.look("a", 3, waits(None)), Sight::Served);
        assert_eq!(holder(&state), Some("a"));
        assert_eq!(state.look("a", 4, waits(None)), Sight::Taken);
        assert_eq!(granted(&state.next()), Some(("b", false)));
        // Its late return asks for the next turn, and takes nothing from the new holder.
        state.release(Release {
            lane: "a".to_owned(),
            run: "first".to_owned(),
            turn: 4,
            memory: Vec::new(),
            again: Some(asked("a", 3, 5)),
        });
        assert_eq!(holder(&state), Some("b"));
        assert_eq!(state.next(), Turn::Tell("b".to_owned()));
    }

    #[test]
    fn looks_are_a_lease_apart_whoever_comes_in_between() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut state = QuotaState::held_by(asked("a", 3, 0));
        ask(&mut state, "b", 3);
        assert_eq!(state.until_look(at(100)), Duration::from_secs(10));
        ask(&mut state, "c", 3);
        assert_eq!(state.until_look(at(107)), Duration::from_secs(3));
        assert_eq!(state.until_look(at(111)), Duration::ZERO);
        assert_eq!(state.looks_at(), Some(("a".to_owned(), 0)));
        state.has_looked(at(111));
        assert_eq!(state.until_look(at(112)), Duration::from_secs(9));
        release(&mut state, "a", None);
        assert_eq!(granted(&state.next()), Some(("b", true)));
        assert_eq!(state.until_look(at(112)), Duration::from_secs(10));
    }

    #[test]
    fn a_holder_that_asks_is_told_again_and_nobody_else() {
        let mut state = QuotaState::default();
        ask(&mut state, "a", 3);
        assert_eq!(granted(&state.next()), Some(("a", false)));
        ask(&mut state, "b", 1);
        assert_eq!(state.next(), Turn::Tell("a".to_owned()));
        ask(&mut state, "a", 3);
        assert_eq!(granted(&state.next()), Some(("a", true)));
        assert_eq!(state.next(), Turn::Wait);
        state.ask(asked("a", 3, 1));
        assert_eq!(granted(&state.next()), Some(("b", true)));
        release(&mut state, "b", None);
        assert!(matches!(state.next(), Turn::Grant(lane, Grant { turn: 1, .. }) if lane == "a"));
    }
}
