//! What requests change.

use std::collections::HashMap;

use super::answer::Problem;
use super::auth::{self, Caller, Nonces};
use super::dice::Series;
use super::entry::Moment;
use super::ledger::Requests;
use super::quota::Quotas;
use super::resource::Id;
use super::world::World;

/// What requests change.
#[derive(Debug)]
pub(super) struct Books {
    /// The resources.
    pub(super) world: World,
    /// What is left of the quotas.
    pub(super) quotas: Quotas,
    /// What came in.
    pub(super) requests: Requests,
    /// The listings that met the dice, by what they list.
    pub(super) listings: HashMap<Id, Series>,
    pub(super) nonces: Nonces,
    pub(super) answered: u64,
    pub(super) in_flight: u64,
}

impl Books {
    /// Lets a caller in, unless the request was here before.
    pub(super) fn admit(&mut self, caller: Caller, now: Moment) -> Result<Caller, Problem> {
        match &caller.nonce {
            Some(nonce) if !self.nonces.is_new(nonce, now.instant) => Err(auth::replayed()),
            Some(_) | None => Ok(caller),
        }
    }
}
