//! What requests change.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::auth::{self, Caller, Nonces};
use super::entry::Moment;
use super::fault_injector::Series;
use super::identity::Issuer;
use super::inventory::Inventory;
use super::ledger::Requests;
use super::list_request::Place;
use super::list_script::Script;
use super::quota::Quotas;
use super::resource::Id;
use super::response::Problem;

/// What requests change.
#[derive(Debug)]
pub(super) struct State {
    /// The resources.
    pub(super) inventory: Inventory,
    /// What is left of the quotas.
    pub(super) quotas: Quotas,
    /// What came in.
    pub(super) requests: Requests,
    /// The faults of listings, by what they list.
    pub(super) listings: HashMap<Id, Series>,
    /// How often each page was asked for.
    pub(super) pages: BTreeMap<Place, u64>,
    /// The faults of listings that are scripted.
    pub(super) script: Script,
    /// The last pages of what may be shown again, by what is listed.
    pub(super) shown: HashMap<Place, Vec<Value>>,
    /// How often a listing was made to tell something wrong, by what is listed.
    pub(super) confusions: HashMap<Place, u32>,
    pub(super) nonces: Nonces,
    /// What hands credentials out and knows them again.
    pub(super) issuer: Issuer,
    pub(super) responses: u64,
    pub(super) in_flight: u64,
}

impl State {
    /// Counts the faults that happened to credentials.
    pub(super) fn count_faults(&mut self) {
        for fault in self.issuer.faults() {
            *self.requests.faults.entry(fault).or_default() += 1;
        }
    }

    /// Accepts a caller, unless the request has come before.
    pub(super) fn admit(&mut self, caller: Caller, now: Moment) -> Result<Caller, Problem> {
        match &caller.nonce {
            Some(nonce) if !self.nonces.is_new(nonce, now.instant) => Err(auth::replayed()),
            Some(_) | None => Ok(caller),
        }
    }
}
