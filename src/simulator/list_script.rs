//! Which of the scripted faults happens to a listing request.

use super::glob::Glob;
use super::list_fault::{ListFault, ListTrouble};
use super::list_request::Place;

/// The faults that a test scripts, in their order.
#[derive(Debug, Default)]
pub(super) struct Script(Vec<ListFault>);

impl Script {
    /// Builds a script.
    pub(super) fn new(faults: &[ListFault]) -> Self {
        Self(faults.to_vec())
    }

    /// Adds a fault.
    pub(super) fn add(&mut self, fault: ListFault) {
        self.0.push(fault);
    }

    /// Returns whether nothing is scripted.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the first fault that is meant for a request; faults that let requests go well before count it.
    pub(super) fn take(&mut self, place: &Place, status: Option<&str>) -> Option<ListTrouble> {
        for fault in self.0.iter_mut().filter(|fault| is_meant(fault, place, status)) {
            if fault.times == Some(0) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            return Some(fault.trouble.clone());
        }
        None
    }
}

fn is_meant(fault: &ListFault, place: &Place, status: Option<&str>) -> bool {
    let is_in = |scope: &String| Glob::read(scope).is_some_and(|glob| glob.matches(&place.unit));
    fault.api.as_deref().is_none_or(|api| api == place.api)
        && fault.page.is_none_or(|page| page == place.page)
        && fault.scope.as_ref().is_none_or(is_in)
        && fault.account.is_none_or(|account| account == place.account)
        && fault.status.as_deref().is_none_or(|wanted| status == Some(wanted))
}
