//! The simulated cloud: who may call, and what requests change.
//!
//! No sockets here: [`Cloud::respond`] is a function of the requests so far and of the moment it is given.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::auth::{self, Nonces};
use super::config::Config;
use super::entry::{Entry, Moment};
use super::fault_injector::FaultInjector;
use super::inventory::Inventory;
use super::keyring::Keyring;
use super::ledger::{Ledger, Record, Refused, Requests};
use super::list_fault::ListFault;
use super::list_script::Script;
use super::lists;
use super::quota::Quotas;
use super::request::Request;
use super::request_context::RequestContext;
use super::resource::Resource;
use super::response::{Problem, Response};
use super::service::{Action, Call, Model, Quirks};
use super::state::State;
use crate::base::clock::{Clock, SystemClock};

/// The bounds of `speed`, beyond which times could not be represented.
const SLOWEST: f64 = 0.001;
const FASTEST: f64 = 1_000_000.0;

/// The longest that a stop can take.
const LATEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// The simulated cloud.
#[derive(Debug)]
pub(super) struct Cloud {
    /// The keys that it accepts.
    pub(super) keys: Keyring,
    injector: FaultInjector,
    quirks: Quirks,
    is_listed: bool,
    speed: f64,
    clock_offset: SignedDuration,
    begun_at: Timestamp,
    state: Mutex<State>,
    /// Wakes those who wait for a change of the state.
    news: Condvar,
}

impl Cloud {
    /// Builds a cloud with resources.
    pub(super) fn new(config: &Config, resources: impl IntoIterator<Item = Resource>) -> Self {
        let speed = if config.speed.is_nan() { 1.0 } else { config.speed.clamp(SLOWEST, FASTEST) };
        let scaled = |delay: Duration| {
            Duration::try_from_secs_f64(delay.as_secs_f64() / speed).map_or(LATEST, |late| late.min(LATEST))
        };
        let injector = FaultInjector::of(config);
        let delay = (scaled(config.stop_delay.0), scaled(config.stop_delay.1));
        let mut inventory = Inventory::new(injector, delay, config.auto_create);
        for resource in resources {
            inventory.add(resource);
        }
        let state = State {
            inventory,
            quotas: Quotas::new(config.quotas, speed),
            nonces: Nonces::default(),
            requests: Requests::default(),
            listings: HashMap::new(),
            pages: BTreeMap::new(),
            script: Script::new(&config.list_faults),
            shown: HashMap::new(),
            confusions: HashMap::new(),
            responses: 0,
            in_flight: 0,
        };
        let keys = Keyring::new(config.seed, config.keys.clone());
        let Config { clock_offset, quirks, is_listed, .. } = *config;
        let begun_at = wall(clock_offset);
        Self {
            keys,
            injector,
            begun_at,
            quirks,
            is_listed,
            speed,
            clock_offset,
            state: Mutex::new(state),
            news: Condvar::new(),
        }
    }

    /// Returns the present moment.
    pub(super) fn now(&self) -> Moment {
        Moment { instant: Instant::now(), wall: wall(self.clock_offset) }
    }

    /// Adds resources and returns how many of them were new.
    pub(super) fn load(&self, resources: impl IntoIterator<Item = Resource>) -> usize {
        let mut state = self.state();
        resources.into_iter().filter_map(|resource| state.inventory.add(resource).then_some(())).count()
    }

    /// Changes resources and returns how many of them are there.
    pub(super) fn change(&self, resources: impl IntoIterator<Item = Resource>) -> usize {
        let mut state = self.state();
        resources.into_iter().filter(|resource| state.inventory.change(resource)).count()
    }

    /// Scripts a fault of listings.
    pub(super) fn script(&self, fault: ListFault) {
        self.state().script.add(fault);
    }

    /// Returns what really happened up to now.
    pub(super) fn ledger(&self, now: Moment) -> Ledger {
        let state = self.state();
        let inventory = &state.inventory;
        let record = |entry: &Entry| Record::of(entry, inventory.around(&entry.id), now.instant);
        let records = inventory.entries().iter().map(record).collect();
        Ledger::new((self.begun_at, now.wall), state.requests.clone(), &state.pages, records)
    }

    /// Waits, blocking the thread, until the requests are `enough`; tells whether they were within `at_most`.
    pub(super) fn wait_until(&self, at_most: Duration, enough: impl Fn(&Requests) -> bool) -> bool {
        let too_few = |state: &mut State| !enough(&state.requests);
        let waited = self.news.wait_timeout_while(self.state(), at_most, too_few);
        let (_books, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out()
    }

    /// Counts a request that has come in.
    pub(super) fn enter(&self) {
        let mut state = self.state();
        state.in_flight += 1;
        state.requests.max_in_flight = state.requests.max_in_flight.max(state.in_flight);
    }

    /// Counts a request that has its response, or will not have one.
    pub(super) fn leave(&self) {
        self.state().in_flight -= 1;
    }

    /// Responds to a request.
    pub(super) fn respond(&self, request: &Request, now: Moment) -> Response {
        let model = Model::of(request);
        let checked = model.map(|model| (model, auth::check(model.info().auth, request, &self.keys, now.wall)));
        let mut state = self.state();
        // Whoever waits can look when the state is free again.
        self.news.notify_all();
        state.responses += 1;
        let request_id = format!("51311A70-0000-4000-8000-{:012X}", state.responses);
        let Some((model, checked)) = checked else {
            state.requests.nonsense += 1;
            return Response::new(404, "text/plain", "there is no service at this path\n")
                .with("x-request-id", request_id);
        };
        let caller = match checked.and_then(|caller| state.admit(caller, now)) {
            Ok(caller) => caller,
            Err(problem) => {
                state.requests.refuse(refused(request, &problem));
                return model.refuse(&problem, &request_id);
            }
        };
        match model.service().call(request, &self.quirks) {
            Ok(Call { api, action }) => {
                let Self { injector, quirks, is_listed, speed, .. } = *self;
                let context = RequestContext {
                    model,
                    account: caller.account,
                    api,
                    injector,
                    quirks,
                    is_listed,
                    speed,
                    now,
                    request_id: &request_id,
                };
                respond(&context, action, &mut state)
            }
            Err(problem) => {
                state.requests.nonsense += 1;
                model.refuse(&problem, &request_id)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the time on the simulator's clock.
fn wall(offset: SignedDuration) -> Timestamp {
    let system = SystemClock.now();
    // An offset beyond the end of time leaves the clock as it is.
    system.checked_add(offset).unwrap_or(system)
}

/// Does what a request asks for, or what goes wrong with it.
fn respond(context: &RequestContext<'_>, action: Action<'_>, state: &mut State) -> Response {
    if let Action::List(listing) = &action {
        lists::note(context, listing, state);
    }
    if let Some(response) = context.admit(&action, state) {
        return response;
    }
    match action {
        Action::Stop(name, said) => context.stop(name, said, state),
        Action::Show(name) => context.show(name, state),
        Action::List(listing) => lists::respond(context, &listing, state),
    }
}

fn refused(request: &Request, problem: &Problem) -> Refused {
    Refused {
        code: problem.code,
        reason: problem.message.to_string(),
        method: request.method.to_string(),
        path: request.path.clone(),
    }
}
