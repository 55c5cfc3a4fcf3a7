//! The calls of the operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ledger::CredentialCall;
use super::operation::Operation;

/// The most calls that are written down one by one; the rest are counted.
const MOST: usize = 20_000;

/// The calls of the operations.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// How many came in, by operation.
    pub(super) count: BTreeMap<&'static str, u64>,
    /// The most at once, by operation.
    pub(super) most_at_once: BTreeMap<&'static str, u64>,
    in_flight: BTreeMap<&'static str, u64>,
    /// The first ones.
    pub(super) log: Vec<Arc<CredentialCall>>,
}

impl Calls {
    /// Notes that a call has come in.
    pub(super) fn begin(&mut self, operation: Operation) {
        let in_flight = self.in_flight.entry(operation.name()).or_default();
        *in_flight += 1;
        let most = self.most_at_once.entry(operation.name()).or_default();
        *most = (*most).max(*in_flight);
    }

    /// Notes that a call has its response, or will not have one.
    pub(super) fn end(&mut self, operation: Operation) {
        if let Some(in_flight) = self.in_flight.get_mut(operation.name()) {
            *in_flight = in_flight.saturating_sub(1);
        }
    }

    /// Writes a call down.
    pub(super) fn add(&mut self, call: CredentialCall) {
        *self.count.entry(call.op).or_default() += 1;
        if self.log.len() < MOST {
            self.log.push(Arc::new(call));
        }
    }
}
