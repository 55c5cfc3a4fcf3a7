//! The connections to one host, and when they are given up for new ones.
//!
//! A connection may die without a word, when something on the way forgets it; whatever is sent on it then waits for
//! its timeout. HTTP/2 sends all requests on one connection, so that one such death would hold up a whole lane. There
//! is no way to drop one connection of a client: a new client with new connections takes its place, and what is in
//! flight on the old one goes on there. Only a request that was sent with the present client can have it replaced, so
//! that one death replaces it once.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// After how long without a byte an HTTP/2 connection with requests in flight is asked for a sign of life, and how
/// long that may take.
pub(super) const PING_AFTER: Duration = Duration::from_secs(1);
pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// How long connections that gave answers before may give none to requests in flight before new requests take others.
const SILENCE: Duration = Duration::from_secs(1);

/// How many connections in a row must die of unanswered pings, while no answer ever took longer than those, before the
/// host is taken for one that answers none.
const MOST_PING_DEATHS: u32 = 3;

/// A host, and the client whose connections lead to it.
#[derive(Debug)]
pub(super) struct Host<C> {
    state: Mutex<State<C>>,
}

#[derive(Debug)]
struct State<C> {
    client: C,
    /// How many clients there were before.
    generation: u64,
    /// Requests in flight on this client.
    in_flight: usize,
    /// Answers on this client.
    answers: u64,
    /// The longest that one of them took.
    slowest: Duration,
    /// Since when there were requests in flight and no answer.
    silent_since: Instant,
    ping_deaths: u32,
    /// Whether an answer came when an unanswered ping would have ended its connection.
    outlived_pings: bool,
}

/// A request on its way to a host. Dropping it without a word takes it off the connections.
pub(super) struct Passage<'a, C> {
    host: &'a Host<C>,
    generation: u64,
    left_at: Instant,
    /// How many answers there were when nothing more was heard.
    answers: u64,
}

impl<C: Clone> Host<C> {
    pub(super) fn new(client: C) -> Self {
        let state = State {
            client,
            generation: 0,
            in_flight: 0,
            answers: 0,
            slowest: Duration::ZERO,
            silent_since: Instant::now(),
            ping_deaths: 0,
            outlived_pings: false,
        };
        Self { state: Mutex::new(state) }
    }

    /// Begins a request, with the client that it goes by; `renew` makes another one, with pings or without.
    pub(super) fn depart(&self, renew: impl FnOnce(bool) -> Option<C>) -> (Passage<'_, C>, C) {
        let now = Instant::now();
        let mut state = self.state();
        if state.is_silent(now) {
            state.renew(now, renew);
        }
        if state.in_flight == 0 {
            state.silent_since = now;
        }
        state.in_flight += 1;
        let passage = Passage { host: self, generation: state.generation, left_at: now, answers: state.answers };
        (passage, state.client.clone())
    }

    fn state(&self) -> MutexGuard<'_, State<C>> {
        // Nothing panics while it holds it, and what it holds would be whole all the same.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clone> State<C> {
    fn is_silent(&self, now: Instant) -> bool {
        let patience = SILENCE.max(self.slowest * 2);
        self.in_flight > 0 && self.answers > 0 && now.saturating_duration_since(self.silent_since) > patience
    }

    fn renew(&mut self, now: Instant, renew: impl FnOnce(bool) -> Option<C>) {
        let pings = self.outlived_pings || self.ping_deaths < MOST_PING_DEATHS;
        if let Some(client) = renew(pings) {
            self.client = client;
            self.generation += 1;
            (self.in_flight, self.answers, self.slowest, self.silent_since) = (0, 0, Duration::ZERO, now);
        }
    }
}

impl<C: Clone> Passage<'_, C> {
    /// Notes that the head of the answer is there.
    pub(super) fn answered(&mut self) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.left_at);
        let mut state = self.host.state();
        if took > PING_AFTER + PING_TIMEOUT {
            state.outlived_pings = true;
        }
        if state.generation == self.generation {
            state.answers += 1;
            state.slowest = state.slowest.max(took);
            state.silent_since = now;
            self.answers = state.answers;
        }
    }

    /// Notes that no answer came in time. Connections that gave none to any other request either are not used again.
    pub(super) fn timed_out(self, renew: impl FnOnce(bool) -> Option<C>) {
        let mut state = self.host.state();
        if state.generation == self.generation && state.answers == self.answers {
            state.renew(Instant::now(), renew);
        }
    }

    /// Notes that the connection was closed because a ping was not answered.
    pub(super) fn unpinged(self, renew: impl FnOnce(bool) -> Option<C>) {
        let mut state = self.host.state();
        if state.generation == self.generation {
            state.ping_deaths = state.ping_deaths.saturating_add(1);
            state.renew(Instant::now(), renew);
        }
    }
}

impl<C> Drop for Passage<'_, C> {
    fn drop(&mut self) {
        let mut state = self.host.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.generation == self.generation {
            state.in_flight = state.in_flight.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client is its number; the next one is asked for.
    fn depart<'a>(host: &'a Host<u32>, next: u32) -> (Passage<'a, u32>, u32) {
        host.depart(|_| Some(next))
    }

    fn answer(host: &Host<u32>, client: u32) {
        let (mut passage, by) = depart(host, 99);
        assert_eq!(by, client);
        passage.answered();
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_without_any_other_answer_replaces_the_client_once() {
        let host = Host::new(0);
        let hanging: Vec<_> = (0..20).map(|_| depart(&host, 99).0).collect();
        for passage in hanging {
            passage.timed_out(|_| Some(1));
        }
        let (slow, client) = depart(&host, 99);
        assert_eq!(client, 1, "one death, one new client");
        answer(&host, 1);
        slow.timed_out(|_| Some(2));
        assert_eq!(depart(&host, 99).1, 1, "others were answered: the connection lives");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_stops_in_its_middle_is_a_sign_of_life_for_no_longer_than_itself() {
        let host = Host::new(0);
        let (mut cut, _) = depart(&host, 99);
        cut.answered();
        cut.timed_out(|_| Some(1));
        assert_eq!(depart(&host, 99).1, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_fall_silent_get_no_more_requests() {
        let host = Host::new(0);
        answer(&host, 0);
        let waiting = depart(&host, 99).0;
        tokio::time::advance(SILENCE).await;
        assert_eq!(depart(&host, 99).1, 0);
        tokio::time::advance(Duration::from_millis(1)).await;
        let (first, client) = depart(&host, 1);
        assert_eq!(client, 1);
        // A service that is slow, or down, is not asked for one connection after another.
        tokio::time::advance(SILENCE * 5).await;
        assert_eq!(depart(&host, 99).1, 1);
        drop((waiting, first));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_service_is_not_a_silent_one() {
        let host = Host::new(0);
        let (mut slow, _) = depart(&host, 99);
        tokio::time::advance(Duration::from_secs(4)).await;
        slow.answered();
        drop(slow);
        let waiting = depart(&host, 99).0;
        tokio::time::advance(Duration::from_secs(7)).await;
        assert_eq!(depart(&host, 99).1, 0);
        drop(waiting);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(depart(&host, 99).1, 0, "nothing was in flight");
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_answers_no_pings_is_not_asked_for_ever() {
        for outlived in [false, true] {
            let host = Host::new(0);
            if outlived {
                let (mut slow, _) = depart(&host, 99);
                tokio::time::advance(PING_AFTER + PING_TIMEOUT * 2).await;
                slow.answered();
            }
            let mut pings = Vec::new();
            for next in 1..=4 {
                let both = [depart(&host, 99).0, depart(&host, 99).0];
                both.into_iter().for_each(|passage| {
                    passage.unpinged(|with| {
                        pings.push(with);
                        Some(next)
                    });
                });
            }
            assert_eq!(pings, [true, true, outlived, outlived]);
        }
    }
}
