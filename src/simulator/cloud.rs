//! The simulated cloud: who may call, and what requests change.
//!
//! No sockets here: [`Cloud::respond`] is a function of the requests so far and of the moment it is given.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::auth::{self, Caller, Nonces};
use super::config::Config;
use super::entry::{Entry, Moment};
use super::fault_injector::FaultInjector;
use super::identity::{self, CredentialLedger, Issuer, Operation, Ring};
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
use super::service::{Action, Auth, Call, Model, Name, Quirks};
use super::state::State;
use super::stop_each;
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
    clock_offset: Mutex<SignedDuration>,
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
        // Two at least: one to be in, and another one.
        let mut accounts: u16 = 2;
        for resource in resources {
            accounts = accounts.max(resource.id.account.saturating_add(1));
            inventory.add(resource);
        }
        let keys = Keyring::new(config.seed, config.keys.clone());
        let state = State {
            inventory,
            quotas: Quotas::new(config.quotas, speed),
            nonces: Nonces::default(),
            issuer: Issuer::new(keys.clone(), config.seed, injector, accounts),
            requests: Requests::default(),
            listings: HashMap::new(),
            pages: BTreeMap::new(),
            script: Script::new(&config.list_faults),
            shown: HashMap::new(),
            confusions: HashMap::new(),
            responses: 0,
            in_flight: 0,
        };
        let Config { clock_offset, quirks, is_listed, .. } = *config;
        let begun_at = wall(clock_offset);
        Self {
            keys,
            injector,
            begun_at,
            quirks,
            is_listed,
            speed,
            clock_offset: Mutex::new(clock_offset),
            state: Mutex::new(state),
            news: Condvar::new(),
        }
    }

    /// Returns the present moment.
    pub(super) fn now(&self) -> Moment {
        let offset = *self.clock_offset.lock().unwrap_or_else(PoisonError::into_inner);
        Moment { instant: Instant::now(), wall: wall(offset) }
    }

    /// Sets how far the clock is ahead of the system's.
    pub(super) fn set_clock(&self, offset: SignedDuration) {
        *self.clock_offset.lock().unwrap_or_else(PoisonError::into_inner) = offset;
    }

    /// Does something with what issues credentials.
    pub(super) fn with_issuer<R>(&self, change: impl FnOnce(&mut Issuer) -> R) -> R {
        change(&mut self.state().issuer)
    }

    /// Returns what really happened to credentials up to now.
    pub(super) fn credential_ledger(&self, now: Moment) -> CredentialLedger {
        self.state().issuer.ledger(now)
    }

    /// Counts a call of an operation that has come in.
    pub(super) fn begin(&self, operation: Operation) {
        self.state().issuer.begin(operation);
    }

    /// Counts a call of an operation that has its response, or will not have one.
    pub(super) fn end(&self, operation: Operation) {
        self.state().issuer.end(operation);
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
        let mut state = self.state();
        // Whoever waits can look when the state is free again.
        self.news.notify_all();
        state.responses += 1;
        let request_id = format!("51311A70-0000-4000-8000-{:012X}", state.responses);
        if let Some(operation) = Operation::of(request) {
            return issue(operation, request, &mut state, (now, &request_id));
        }
        let Some(model) = Model::of(request) else {
            state.requests.nonsense += 1;
            return Response::new(404, "text/plain", "there is no service at this path\n")
                .with("x-request-id", request_id);
        };
        let auth = model.info().auth;
        let caller = match admit(auth, request, &mut state, now) {
            Ok(caller) => caller,
            Err(problem) => return model.refuse(&problem, &request_id),
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
                if let Some(claim) = auth::claim(auth, request) {
                    match &action {
                        Action::Stop(name, _) => state.issuer.stop(claim, || context.id(*name), now.wall),
                        Action::StopEach(scope, each) => {
                            for (name, _) in each {
                                state.issuer.stop(claim, || context.id(Name { scope, name }), now.wall);
                            }
                        }
                        Action::Show(_) | Action::List(_) => {}
                    }
                }
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

/// Checks whether a request may come in, and writes down what it is signed with.
fn admit(auth: Auth, request: &Request, state: &mut State, now: Moment) -> Result<Caller, Problem> {
    let claim = auth::claim(auth, request);
    let is_locked = claim.is_some_and(|claim| state.issuer.is_locked(claim, now));
    let checked = match is_locked {
        true => Err(auth::locked()),
        false => auth::check(auth, request, &Ring { issuer: &state.issuer, now: now.wall }, now.wall),
    };
    let admitted = checked.and_then(|caller| state.admit(caller, now));
    if let Some(claim) = claim.filter(|_| !is_locked) {
        state.issuer.note(claim, admitted.is_err(), now);
        state.count_faults();
    }
    if let Err(problem) = &admitted {
        state.requests.refuse(refused(request, problem));
    }
    admitted
}

/// Responds to a request for credentials, or for whose they are.
fn issue(operation: Operation, request: &Request, state: &mut State, at: (Moment, &str)) -> Response {
    let call = (operation, request);
    let mut signer = None;
    if let Some(auth) = operation.auth() {
        let claim = auth::claim(auth, request);
        if let Err(problem) = admit(auth, request, state, at.0) {
            return identity::refuse(&mut state.issuer, call, (claim, &problem), at);
        }
        signer = claim.and_then(|claim| state.issuer.signer(claim));
    }
    *state.requests.by_api.entry(operation.name()).or_default() += 1;
    let response = identity::respond(&mut state.issuer, call, signer.as_ref(), at);
    state.count_faults();
    response
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
        Action::StopEach(scope, each) => stop_each::respond(context, scope, each, state),
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
