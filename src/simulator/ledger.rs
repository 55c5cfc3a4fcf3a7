//! What really happened, to compare with what was reported.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::entry::{Counts, Entry, Life};
use super::facts::Facts;
use super::list_request::Place;
use super::phase::Phase;
use super::resource::{Id, Initial};
use super::sight::Sight;

/// The truth about a simulator's resources and requests, up to a moment.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Ledger {
    /// When the simulator began, by its clock.
    pub begun_at: Timestamp,
    /// Up to when this is the truth, by its clock.
    pub taken_at: Timestamp,
    /// The requests.
    pub requests: Requests,
    /// The listing requests that passed the checks: how often each page was asked for.
    pub listings: Vec<ListingRequests>,
    /// Every resource, in the order they came.
    pub resources: Vec<Record>,
    #[serde(skip)]
    index: HashMap<Arc<Id>, usize>,
}

/// How often one page of a listing was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListingRequests {
    /// The API, such as `fnf:ListExecutions`.
    pub api: &'static str,
    /// The number of the account.
    pub account: u16,
    /// What was listed, such as the flow, the instance or the project; for DRS with the type, as in `p/sync`.
    pub unit: Box<str>,
    /// The state that the requests filtered by.
    pub status: Option<Box<str>>,
    /// The page, from 1.
    pub page: usize,
    /// How often it was asked for; throttled and failed requests included.
    pub count: u64,
}

/// What came in, over all resources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Requests that passed the checks, by API.
    pub by_api: BTreeMap<&'static str, u64>,
    /// Requests that were throttled because a quota was used up, by API.
    pub throttled: BTreeMap<&'static str, u64>,
    /// Faults, by name.
    pub faults: BTreeMap<&'static str, u64>,
    /// Stop requests that passed the checks.
    pub stops: u64,
    /// Reads that passed the checks, listings included.
    pub reads: u64,
    /// Requests that named a resource that is not there.
    pub missing: u64,
    /// Requests that no service understood.
    pub nonsense: u64,
    /// Requests that were refused for their signature, date, token or nonce.
    pub bad_auth: u64,
    /// The first of those, with the reason.
    pub refused: Vec<Refused>,
    /// The most requests in flight at once.
    pub max_in_flight: u64,
}

/// A request that was refused for its signature, date, token or nonce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The code of the response.
    pub code: &'static str,
    /// The reason.
    pub reason: String,
    /// The method.
    pub method: String,
    /// The path, without the query: that may carry a signature.
    pub path: String,
}

/// The most refused requests that are written down; the rest are counted.
const MOST_REFUSED: usize = 100;

/// What happened to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its name.
    #[serde(flatten)]
    pub id: Arc<Id>,
    /// How it started.
    pub initial: Initial,
    /// The state it is in now.
    pub state: Phase,
    /// The state it was in when a request last reached it; `None` if none did. One that is throttled, or refused as a
    /// conflict, reaches nothing.
    pub last_met: Option<Phase>,
    /// When its stop took effect, by the simulator's clock.
    pub applied_at: Option<Timestamp>,
    /// The requests that meant it.
    #[serde(flatten)]
    pub counts: Counts,
    /// What stop requests said besides its name, each text once: the cause, the client token, the force flag.
    pub said: Vec<Box<str>>,
    /// What it did by itself, and how listings showed it.
    #[serde(flatten)]
    pub life: Life,
    /// What listings show of it; `None` for what is usual.
    #[serde(skip)]
    pub facts: Option<Arc<Facts>>,
    /// What listings show of the thing that it is part of.
    #[serde(skip)]
    pub around: Option<Arc<Facts>>,
}

impl Record {
    /// Takes down an entry as it is now.
    pub(super) fn of(entry: &Entry, around: Option<&Arc<Facts>>, now: tokio::time::Instant) -> Self {
        Self {
            id: Arc::clone(&entry.id),
            initial: entry.initial,
            state: entry.phase(now),
            last_met: entry.last_met,
            applied_at: entry.applied.map(|applied| applied.wall),
            counts: entry.counts,
            said: entry.said.clone(),
            life: entry.life,
            facts: entry.facts.clone(),
            around: around.cloned(),
        }
    }

    /// Returns what listings could show of it.
    pub(super) fn sight(&self) -> Sight<'_> {
        let Self { id, initial, facts, around, .. } = self;
        Sight { id, initial: *initial, facts: facts.as_deref(), around: around.as_deref() }
    }
}

impl Requests {
    /// Writes down a refused request.
    pub(super) fn refuse(&mut self, refused: Refused) {
        self.bad_auth += 1;
        if self.refused.len() < MOST_REFUSED {
            self.refused.push(refused);
        }
    }
}

impl Ledger {
    /// Makes a ledger.
    pub(super) fn new(
        (begun_at, taken_at): (Timestamp, Timestamp),
        requests: Requests,
        listings: &BTreeMap<Place, u64>,
        resources: Vec<Record>,
    ) -> Self {
        let listing = |(place, count): (&Place, &u64)| {
            let Place { api, account, unit, status, page } = place.clone();
            ListingRequests { api, account, unit, status, page, count: *count }
        };
        let listings = listings.iter().map(listing).collect();
        let index = resources.iter().enumerate().map(|(number, record)| (Arc::clone(&record.id), number)).collect();
        Self { begun_at, taken_at, requests, listings, resources, index }
    }

    /// Finds what happened to a resource.
    #[must_use]
    pub fn resource(&self, id: &Id) -> Option<&Record> {
        self.index.get(id).and_then(|number| self.resources.get(*number))
    }

    /// Returns how many listing requests came in of APIs for which `api` is true.
    #[must_use]
    pub fn listing_requests(&self, api: impl Fn(&str) -> bool) -> u64 {
        self.listings.iter().filter(|listing| api(listing.api)).map(|listing| listing.count).sum()
    }
}
