//! The services, one file each: the request that stops, what every response means, and the read-back.
//!
//! Everything here is pure: no clock, no network, no retry, no signing. A service is one file and one word in the list
//! below; see `docs/adding-a-service.md`.

mod again;
mod batch_stop;
mod entry;
mod info;
mod interface;
mod kind;
mod lister;
mod meaning;
mod param;
mod products;
mod reading;
mod resource;
mod response;
mod scope;
mod selectable;

#[cfg(test)]
mod tests;

pub use again::{Again, AgainCommand, AgainInput};
pub use batch_stop::BatchStop;
pub(crate) use batch_stop::Verdicts;
pub(crate) use info::Listing;
pub use info::ServiceInfo;
#[cfg(test)]
pub(crate) use interface::Service;
pub use kind::Kind;
pub use lister::{
    From, List, Lister, Listing as ResourceListing, Page, PageAt, Paging, Repeated, Restarts, Unit, Wanted,
};
pub(crate) use meaning::{Meaning, Observation, State, Verdict};
pub use param::{Misfit, Param, Params, Shape, Value};
pub use products::products;
pub use resource::{Phase, Resource};
pub use scope::Scope;
pub use selectable::{Field, Selectable, Start};

/// Declares the files of the services, and lists their kinds in the order of the words.
macro_rules! services {
    ($($service:ident)*) => {
        $(mod $service;)*

        impl Kind {
            /// Returns every kind.
            #[must_use]
            pub fn all() -> &'static [Self] {
                static ALL: &[Kind] = &[$(Kind::new($service::SERVICE)),*];
                ALL
            }
        }
    };
}

services!(fnf_execution opensearch_task elasticsearch_task live_flow drs_job);

impl Kind {
    /// Finds a kind by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().iter().copied().find(|kind| kind.name == name)
    }
}
