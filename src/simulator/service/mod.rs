//! The services as clients see them, one folder each: calls, responses, words for states.
//!
//! A model is one folder and one word in the list below; see `docs/adding-a-service.md`.

mod alibaba;
mod auth;
mod call;
mod huawei;
mod listing;
mod meaning;
mod model;
mod quirks;
mod times;
mod view;

pub(super) use auth::{Auth, Refusals};
pub(super) use call::{Action, Api, Call};
pub(super) use listing::{Keep, Listing, Members, Paging, Style};
pub(super) use model::{Stated, TagsOf, Times};
pub use quirks::{BatchStops, LastToken, Quirks};
pub(super) use view::{Field, Name, View};

use super::request::Request;
use super::response::{Problem, Response};
use crate::provider::Cloud;
use model::{ModelInfo, ServiceModel};

/// Declares the files of the models, and lists the models in the order of the words.
macro_rules! models {
    ($($service:ident)*) => {
        $(mod $service;)*

        static MODELS: &[(&ModelInfo, &dyn ServiceModel)] = &[$((&$service::INFO, $service::MODEL)),*];
    };
}

models!(fnf_execution opensearch_task elasticsearch_task live_flow drs_job);

/// A model: its number in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Model(usize);

impl Model {
    /// Returns every model.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..MODELS.len()).map(Self)
    }

    /// Finds the model of a kind of target.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::all().find(|model| model.kind() == kind)
    }

    /// Finds the model that a request is for: the one with the longest path that fits, then the one with its version.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let fitting = Self::all().filter_map(|model| Some((model.info().fit(request)?, model)));
        fitting.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, model)| model)
    }

    /// Returns what never changes about it.
    pub(super) fn info(self) -> &'static ModelInfo {
        MODELS[self.0].0
    }

    /// Returns what it does.
    pub(super) fn service(self) -> &'static dyn ServiceModel {
        MODELS[self.0].1
    }

    /// Returns the kind of the targets that it has, as plans name it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.info().kind
    }

    /// Returns the names of the fields that its lists show, besides tags, states and times.
    pub(super) fn fields(self) -> impl Iterator<Item = &'static str> {
        let info = self.info();
        let own = info.scope.into_iter().filter(|scope| *scope != "project_id").chain([info.name]);
        own.chain(info.fields.iter().chain(info.around).map(|field| field.name))
    }

    /// Puts a problem into the envelope of its cloud's errors.
    pub(super) fn refuse(self, problem: &Problem, request_id: &str) -> Response {
        match self.info().cloud {
            Cloud::Alibaba => alibaba::refuse(problem, request_id),
            Cloud::Huawei => huawei::refuse(problem, request_id),
        }
    }
}
