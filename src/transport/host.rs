//! The connections to one host, and when new ones replace them.
//!
//! A connection may die without a sign, for example when a NAT gateway forgets it. Requests on it then wait for their
//! timeout. HTTP/2 sends all requests on one connection, so one dead connection would stop a whole lane. A client cannot
//! drop one connection: a new client with new connections replaces it. Requests in flight stay on the old client. Only a
//! request of the current client can replace it, so one dead connection causes one replacement.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long an HTTP/2 connection with requests in flight may be silent before a ping, and the timeout of the ping.
pub(super) const PING_AFTER: Duration = Duration::from_secs(1);
pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// How long connections with earlier responses may be silent, with requests in flight, before new ones replace them.
const SILENCE: Duration = Duration::from_secs(1);

/// After how many ping timeouts in a row, with no response slower than a ping timeout, a host counts as one that
/// ignores pings.
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
    /// Responses on this client.
    responses: u64,
    /// The longest that one of them took.
    slowest: Duration,
    /// Since when there are requests in flight and no response.
    silent_since: Instant,
    ping_deaths: u32,
    /// Whether a response came later than a ping timeout would have closed its connection.
    outlived_pings: bool,
}

/// A request in flight. Dropping it removes it from the count of its client.
pub(super) struct Exchange<'a, C> {
    host: &'a Host<C>,
    generation: u64,
    sent_at: Instant,
    /// How many responses the client had when this request last made progress.
    responses: u64,
}

impl<C: Clone> Host<C> {
    pub(super) fn new(client: C) -> Self {
        let state = State {
            client,
            generation: 0,
            in_flight: 0,
            responses: 0,
            slowest: Duration::ZERO,
            silent_since: Instant::now(),
            ping_deaths: 0,
            outlived_pings: false,
        };
        Self { state: Mutex::new(state) }
    }

    /// Begins a request and returns its client. `renew` makes a new client, with or without pings.
    pub(super) fn begin(&self, renew: impl FnOnce(bool) -> Option<C>) -> (Exchange<'_, C>, C) {
        let now = Instant::now();
        let mut state = self.state();
        if state.is_silent(now) {
            state.renew(now, renew);
        }
        if state.in_flight == 0 {
            state.silent_since = now;
        }
        state.in_flight += 1;
        let exchange = Exchange { host: self, generation: state.generation, sent_at: now, responses: state.responses };
        (exchange, state.client.clone())
    }

    fn state(&self) -> MutexGuard<'_, State<C>> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clone> State<C> {
    fn is_silent(&self, now: Instant) -> bool {
        let patience = SILENCE.max(self.slowest * 2);
        self.in_flight > 0 && self.responses > 0 && now.saturating_duration_since(self.silent_since) > patience
    }

    fn renew(&mut self, now: Instant, renew: impl FnOnce(bool) -> Option<C>) {
        let pings = self.outlived_pings || self.ping_deaths < MOST_PING_DEATHS;
        if let Some(client) = renew(pings) {
            self.client = client;
            self.generation += 1;
            (self.in_flight, self.responses, self.slowest, self.silent_since) = (0, 0, Duration::ZERO, now);
        }
    }
}

impl<C: Clone> Exchange<'_, C> {
    /// Notes that the head of the response is there.
    pub(super) fn head_received(&mut self) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.sent_at);
        let mut state = self.host.state();
        if took > PING_AFTER + PING_TIMEOUT {
            state.outlived_pings = true;
        }
        if state.generation == self.generation {
            state.responses += 1;
            state.slowest = state.slowest.max(took);
            state.silent_since = now;
            self.responses = state.responses;
        }
    }

    /// Notes a timeout. Connections without a response to any other request are not used again.
    pub(super) fn timed_out(self, renew: impl FnOnce(bool) -> Option<C>) {
        let mut state = self.host.state();
        if state.generation == self.generation && state.responses == self.responses {
            state.renew(Instant::now(), renew);
        }
    }

    /// Notes that the connection was closed after a ping timeout.
    pub(super) fn ping_timed_out(self, renew: impl FnOnce(bool) -> Option<C>) {
        let mut state = self.host.state();
        if state.generation == self.generation {
            state.ping_deaths = state.ping_deaths.saturating_add(1);
            state.renew(Instant::now(), renew);
        }
    }
}

impl<C> Drop for Exchange<'_, C> {
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
    fn begin<'a>(host: &'a Host<u32>, next: u32) -> (Exchange<'a, u32>, u32) {
        host.begin(|_| Some(next))
    }

    fn respond(host: &Host<u32>, client: u32) {
        let (mut exchange, by) = begin(host, 99);
        assert_eq!(by, client);
        exchange.head_received();
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_without_any_other_response_replaces_the_client_once() {
        let host = Host::new(0);
        let hanging: Vec<_> = (0..20).map(|_| begin(&host, 99).0).collect();
        for exchange in hanging {
            exchange.timed_out(|_| Some(1));
        }
        let (slow, client) = begin(&host, 99);
        assert_eq!(client, 1, "one death, one new client");
        respond(&host, 1);
        slow.timed_out(|_| Some(2));
        assert_eq!(begin(&host, 99).1, 1, "others were answered: the connection lives");
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_that_stops_in_its_middle_is_a_sign_of_life_for_no_longer_than_itself() {
        let host = Host::new(0);
        let (mut cut, _) = begin(&host, 99);
        cut.head_received();
        cut.timed_out(|_| Some(1));
        assert_eq!(begin(&host, 99).1, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_fall_silent_get_no_more_requests() {
        let host = Host::new(0);
        respond(&host, 0);
        let waiting = begin(&host, 99).0;
        tokio::time::advance(SILENCE).await;
        assert_eq!(begin(&host, 99).1, 0);
        tokio::time::advance(Duration::from_millis(1)).await;
        let (first, client) = begin(&host, 1);
        assert_eq!(client, 1);
        // A service that is slow, or down, is not asked for one connection after another.
        tokio::time::advance(SILENCE * 5).await;
        assert_eq!(begin(&host, 99).1, 1);
        drop((waiting, first));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_service_is_not_a_silent_one() {
        let host = Host::new(0);
        let (mut slow, _) = begin(&host, 99);
        tokio::time::advance(Duration::from_secs(4)).await;
        slow.head_received();
        drop(slow);
        let waiting = begin(&host, 99).0;
        tokio::time::advance(Duration::from_secs(7)).await;
        assert_eq!(begin(&host, 99).1, 0);
        drop(waiting);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(begin(&host, 99).1, 0, "nothing was in flight");
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_ignores_pings_is_not_asked_for_ever() {
        for outlived in [false, true] {
            let host = Host::new(0);
            if outlived {
                let (mut slow, _) = begin(&host, 99);
                tokio::time::advance(PING_AFTER + PING_TIMEOUT * 2).await;
                slow.head_received();
            }
            let mut pings = Vec::new();
            for next in 1..=4 {
                let both = [begin(&host, 99).0, begin(&host, 99).0];
                both.into_iter().for_each(|exchange| {
                    exchange.ping_timed_out(|with| {
                        pings.push(with);
                        Some(next)
                    });
                });
            }
            assert_eq!(pings, [true, true, outlived, outlived]);
        }
    }
}
