//! The simulated cloud: whom it lets in, what it holds, and the books that it keeps.
//!
//! No sockets here: [`Cloud::answer`] is a function of the requests so far and of the moment it is given.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::answer::{Answer, Problem};
use super::auth::{self, Nonces};
use super::books::Books;
use super::config::Config;
use super::dice::Dice;
use super::entry::Moment;
use super::keyring::Keyring;
use super::ledger::{Ledger, Record, Refused, Requests};
use super::quota::Quotas;
use super::request::Request;
use super::resource::Resource;
use super::service::{Call, Model};
use super::turn::Turn;
use super::world::World;

/// The bounds of `speed`, beyond which times could not be told.
const SLOWEST: f64 = 0.001;
const FASTEST: f64 = 1_000_000.0;

/// The longest that a stop can take.
const LATEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// The simulated cloud.
#[derive(Debug)]
pub(super) struct Cloud {
    keys: Keyring,
    dice: Dice,
    speed: f64,
    books: Mutex<Books>,
    /// Tells those who wait that the books have changed.
    news: Condvar,
}

impl Cloud {
    /// Builds a cloud with resources.
    pub(super) fn new(config: &Config, resources: impl IntoIterator<Item = Resource>) -> Self {
        let speed = if config.speed.is_nan() { 1.0 } else { config.speed.clamp(SLOWEST, FASTEST) };
        let scaled = |delay: Duration| {
            Duration::try_from_secs_f64(delay.as_secs_f64() / speed).map_or(LATEST, |late| late.min(LATEST))
        };
        let dice = Dice::of(config);
        let delay = (scaled(config.stop_delay.0), scaled(config.stop_delay.1));
        let mut world = World::new(dice, delay, config.strangers);
        for resource in resources {
            world.add(resource);
        }
        let books = Books {
            world,
            quotas: Quotas::new(config.quotas, speed),
            nonces: Nonces::default(),
            requests: Requests::default(),
            listings: HashMap::new(),
            answered: 0,
            in_flight: 0,
        };
        let keys = Keyring::new(config.seed, config.keys.clone());
        Self { keys, dice, speed, books: Mutex::new(books), news: Condvar::new() }
    }

    /// Returns the keys that it accepts.
    pub(super) const fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Adds resources and returns how many of them were new.
    pub(super) fn load(&self, resources: impl IntoIterator<Item = Resource>) -> usize {
        let mut books = self.books();
        resources.into_iter().filter_map(|resource| books.world.add(resource).then_some(())).count()
    }

    /// Returns what really happened up to now.
    pub(super) fn ledger(&self, now: Moment) -> Ledger {
        let books = self.books();
        let records = books.world.entries().iter().map(|entry| Record::of(entry, now.instant)).collect();
        Ledger::new(books.requests.clone(), records)
    }

    /// Waits, blocking the thread, until the requests are `enough`; tells whether they were within `at_most`.
    pub(super) fn wait_until(&self, at_most: Duration, enough: impl Fn(&Requests) -> bool) -> bool {
        let too_few = |books: &mut Books| !enough(&books.requests);
        let waited = self.news.wait_timeout_while(self.books(), at_most, too_few);
        let (_books, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out()
    }

    /// Counts a request that has come in.
    pub(super) fn enter(&self) {
        let mut books = self.books();
        books.in_flight += 1;
        books.requests.max_in_flight = books.requests.max_in_flight.max(books.in_flight);
    }

    /// Counts a request that has its answer, or will not have one.
    pub(super) fn leave(&self) {
        self.books().in_flight -= 1;
    }

    /// Answers a request.
    pub(super) fn answer(&self, request: &Request, now: Moment) -> Answer {
        let model = Model::of(request);
        let checked = model.map(|model| (model, auth::check(model.auth(), request, &self.keys, now.wall)));
        let mut books = self.books();
        // Whoever waits can look when the books are free again.
        self.news.notify_all();
        books.answered += 1;
        let request_id = format!("51311A70-0000-4000-8000-{:012X}", books.answered);
        let Some((model, checked)) = checked else {
            books.requests.nonsense += 1;
            return Answer::new(404, "text/plain", "there is no service at this path\n")
                .with("x-request-id", request_id);
        };
        let caller = match checked.and_then(|caller| books.admit(caller, now)) {
            Ok(caller) => caller,
            Err(problem) => {
                books.requests.refuse(refused(request, &problem));
                return model.refuse(&problem, &request_id);
            }
        };
        match model.service().call(request) {
            Ok(Call { api, action }) => {
                let (dice, speed) = (self.dice, self.speed);
                let turn = Turn { model, account: caller.account, api, dice, speed, now, request_id: &request_id };
                turn.take(action, &mut books)
            }
            Err(problem) => {
                books.requests.nonsense += 1;
                model.refuse(&problem, &request_id)
            }
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
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
