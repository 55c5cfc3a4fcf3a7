//! The services as clients see them, one file each: calls, responses, words for states.
//!
//! A model is one file and one word in the list below; see `docs/adding-a-service.md`.

mod alibaba;
mod auth;
mod call;
mod huawei;
mod model;

pub(super) use auth::{Auth, Refusals};
pub(super) use call::{Action, Api, Call, Listing, Members, Name, Page};
pub use model::Model;

use super::request::Request;

/// Declares the files of the models, and lists the models in the order of the words.
macro_rules! models {
    ($($service:ident)*) => {
        $(mod $service;)*

        impl Model {
            /// Returns every model.
            #[must_use]
            pub fn all() -> &'static [Self] {
                static ALL: &[Model] = &[$(Model::new($service::MODEL)),*];
                ALL
            }
        }
    };
}

models!(fnf_execution opensearch_task elasticsearch_task live_flow drs_job);

impl Model {
    /// Finds the model of a kind of target.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::all().iter().copied().find(|model| model.kind() == kind)
    }

    /// Finds the model that a request is for: the one with the longest path that fits, then the one with its version.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let fitting = Self::all().iter().filter_map(|model| Some((model.fit(request)?, *model)));
        fitting.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, model)| model)
    }
}
