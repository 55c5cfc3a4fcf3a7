//! The listing of one kind in one account: its requests, its units, and what they show.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::budget::Budget;
use super::collector::Collector;
use super::keys::Keys;
use super::lane::Lane;
use super::pages::Pages;
use super::progress::ListingProgress;
use crate::advice::{self, Origin};
use crate::engine::attempt::Sender;
use crate::engine::outcome::TargetError;
use crate::engine::selection::Missing;
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;
use crate::plan::AccountId;
use crate::service::{Kind, Resource};

/// What all listings of a run share.
pub(super) struct Shared<'l> {
    pub(super) sender: &'l Sender,
    /// The slots of requests in flight.
    pub(super) slots: Semaphore,
    pub(super) budget: Budget<'l>,
    /// Whether everything was ended early: units that are open then have not failed.
    pub(super) is_cut: AtomicBool,
}

/// The listing of one kind in one account.
pub(super) struct Catalog<'l> {
    shared: &'l Shared<'l>,
    pub(super) kind: Kind,
    pub(super) account: AccountId,
    keys: Arc<Keys>,
    /// By the action of the API.
    lanes: HashMap<&'static str, Arc<Lane>>,
    collector: Mutex<Collector<'l>>,
    pub(super) units: Units,
    requests: AtomicU64,
    missing: Mutex<Vec<Missing>>,
    warnings: Mutex<Vec<String>>,
}

/// How far a listing is.
#[derive(Default)]
pub(super) struct Units {
    pub(super) begun: AtomicUsize,
    pub(super) ended: AtomicUsize,
    /// How many there will be, as far as that is known.
    pub(super) expected: AtomicUsize,
}

/// What a listing came to.
pub(super) struct Listed<'l> {
    pub(super) collector: Collector<'l>,
    pub(super) requests: u64,
    pub(super) missing: Vec<Missing>,
    pub(super) warnings: Vec<String>,
}

impl<'l> Catalog<'l> {
    pub(super) fn new(
        shared: &'l Shared<'l>,
        (account, kind): (AccountId, Kind),
        keys: Arc<Keys>,
        lanes: HashMap<&'static str, Arc<Lane>>,
        collector: Collector<'l>,
    ) -> Self {
        Self {
            shared,
            kind,
            account,
            keys,
            lanes,
            collector: Mutex::new(collector),
            units: Units::default(),
            requests: AtomicU64::new(0),
            missing: Mutex::default(),
            warnings: Mutex::default(),
        }
    }

    /// Returns what sends the pages of an API.
    #[expect(clippy::expect_used, reason = "a service lists with the APIs that it declares, which have lanes")]
    pub(super) fn pages(&self, api: &Api) -> Pages<'_> {
        let lane = self.lanes.get(api.action).expect("an API of the lister has a lane");
        let Shared { sender, slots, .. } = self.shared;
        Pages { sender, account: self.account, keys: &self.keys, lane, slots, requests: &self.requests }
    }

    /// Returns the service's time, once a response has shown it.
    pub(super) fn now(&self) -> Option<Timestamp> {
        let ahead = self.lanes.values().find_map(|lane| lane.ahead())?;
        self.shared.sender.clock.now().checked_add(ahead).ok()
    }

    /// Returns the time of the last response of an API, by the service's clock where that is known.
    pub(super) fn service_time(&self, api: &Api) -> Timestamp {
        let now = self.shared.sender.clock.now();
        let ahead = self.lanes.get(api.action).and_then(|lane| lane.ahead()).unwrap_or_default();
        now.checked_add(ahead).unwrap_or(now)
    }

    pub(super) fn begin(&self) -> u32 {
        let number = self.units.begun.fetch_add(1, Ordering::Relaxed);
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    pub(super) fn expect_units(&self, units: usize) {
        self.units.expected.fetch_max(units, Ordering::Relaxed);
    }

    pub(super) fn note(&self, what: String) {
        let mut warnings = lock(&self.warnings);
        if !warnings.contains(&what) {
            warnings.push(what);
        }
    }

    pub(super) fn found(&self, unit: u32, resource: &Resource) {
        let mut collector = lock(&self.collector);
        if let Some(target) = collector.take(unit, resource) {
            self.shared.budget.take(target);
        }
    }

    /// Tells whether everything was ended early.
    pub(super) fn is_cut(&self) -> bool {
        self.shared.is_cut.load(Ordering::Relaxed)
    }

    pub(super) fn completed(&self) {
        self.units.ended.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn failed(&self, unit: u32, what: &str, error: ApiError) {
        lock(&self.collector).fail(unit);
        self.units.ended.fetch_add(1, Ordering::Relaxed);
        self.lacks(what, self.described(error));
    }

    /// Takes in that a unit was open when everything was ended early. What it showed counts: nothing is stopped then.
    pub(super) fn cut(&self, what: &str) {
        let (class, message) = (ErrorClass::Timeout, "the listing was ended first".into());
        self.lacks(what, TargetError { class, code: None, message, request_id: None, hint: None });
    }

    fn lacks(&self, what: &str, error: TargetError) {
        let account = &self.shared.sender.plan[self.account];
        let (account, region) = (account.name.clone(), account.region.clone());
        lock(&self.missing).push(Missing { account, region, what: what.to_owned(), error });
    }

    /// Words an error, with what to do about it.
    fn described(&self, error: ApiError) -> TargetError {
        let class = error.class.unwrap_or(ErrorClass::Protocol);
        let hint = advice::advice(class, error.code.as_deref(), error.message.as_deref(), Origin::List(self.kind));
        let message = error.message.unwrap_or_else(|| class.name().into());
        TargetError { class, code: error.code, message, request_id: error.request_id, hint: Some(hint.into()) }
    }

    /// Tells how far it is.
    pub(super) fn progress(&self, elapsed: Duration, is_done: bool) -> ListingProgress {
        let load = |number: &AtomicUsize| number.load(Ordering::Relaxed);
        let (units, begun) = (load(&self.units.ended), load(&self.units.begun));
        ListingProgress {
            account: self.shared.sender.plan[self.account].name.clone(),
            kind: self.kind.name,
            units,
            of_units: load(&self.units.expected).max(begun),
            matched: lock(&self.collector).matched(),
            is_done: is_done || (begun > 0 && units == begun),
            elapsed,
        }
    }

    pub(super) fn finish(self) -> Listed<'l> {
        let Self { collector, requests, missing, warnings, .. } = self;
        Listed {
            collector: collector.into_inner().unwrap_or_else(PoisonError::into_inner),
            requests: requests.into_inner(),
            missing: missing.into_inner().unwrap_or_else(PoisonError::into_inner),
            warnings: warnings.into_inner().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code panics while it holds a lock.
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
