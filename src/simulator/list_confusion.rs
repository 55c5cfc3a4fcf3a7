//! Listings that tell something wrong, drawn from the seed.

use std::collections::HashMap;

use super::fault::InjectedFault;
use super::fault_injector::FaultInjector;
use super::list_fault::ListTrouble;
use super::list_request::Place;
use super::resource::Id;
use super::service::Paging;

/// How often one listing tells something wrong that only listing again reveals. Things that come and go may spoil one
/// more try, and a client may give up after three.
const MOST: u32 = 1;

/// What is drawn for a page.
const WHETHER: u64 = 9 << 40;
const WHICH: u64 = 10 << 40;
const HOW: u64 = 11 << 40;

/// A listing of all there is.
pub(super) struct Unit<'a> {
    /// What it lists.
    pub(super) id: &'a Id,
    /// The page.
    pub(super) place: &'a Place,
    /// Whether it comes in pages.
    pub(super) is_paged: bool,
}

/// Draws what a page tells wrong; `fault` is what goes wrong with the request in any case.
pub(super) fn draw(
    injector: FaultInjector,
    unit: &Unit<'_>,
    fault: Option<InjectedFault>,
    confusions: &mut HashMap<Place, u32>,
    paging: Paging<'_>,
) -> (Option<ListTrouble>, Option<InjectedFault>) {
    let page = unit.place.page as u64;
    match fault {
        Some(InjectedFault::Empty { .. } | InjectedFault::Garbage { .. }) => {
            let trouble = match injector.share(unit.id, HOW | page) {
                ..0.2 => ListTrouble::Empty,
                ..0.4 => ListTrouble::Null,
                ..0.6 => ListTrouble::Object,
                ..0.8 => ListTrouble::Missing,
                _ => return (None, fault),
            };
            (Some(trouble), None)
        }
        None if injector.share(unit.id, WHETHER | page) < injector.confusing() => {
            let count = confusions.entry(Place { page: 0, ..unit.place.clone() }).or_default();
            if *count >= MOST {
                return (None, None);
            }
            *count += 1;
            (Some(confusion(injector.share(unit.id, WHICH | page), paging, page)), None)
        }
        Some(_) | None => (None, fault),
    }
}

/// Picks something that fits the way in which the listing is paged.
fn confusion(share: f64, paging: Paging<'_>, page: u64) -> ListTrouble {
    match (paging, page, share) {
        (Paging::Token { .. }, _, ..0.6) | (Paging::Whole, ..) => ListTrouble::Hollow,
        (Paging::Token { .. }, ..) => ListTrouble::Repeat,
        (_, _, ..0.25) => ListTrouble::Duplicate,
        (_, _, ..0.5) => ListTrouble::Shrink(1),
        (_, _, ..0.75) => ListTrouble::Short,
        (_, 2.., ..0.85) => ListTrouble::Repeat,
        (..) => ListTrouble::Move,
    }
}
