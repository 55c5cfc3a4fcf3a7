//! What every service's model does.

use serde_json::Value;

use jiff::Timestamp;

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::Problem;
use super::auth::Auth;
use super::call::{Api, Call};
use super::meaning::Meaning;
use super::quirks::Quirks;
use super::view::{Field, View};
use crate::provider::Cloud;

/// Whose tags a kind has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum TagsOf {
    /// Its kind has no tags.
    Nothing,
    /// The resource's own.
    Itself,
    /// Those of what it is part of.
    Around,
}

/// What lists tell of when resources began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Times {
    /// Nothing.
    Untold,
    /// The moment, exactly.
    Exact,
    /// The moment, without a zone or with one.
    Bare,
    /// The latest moment that it can be.
    Latest,
}

/// What never changes about a model.
pub(in crate::simulator) struct ModelInfo {
    /// The kind of its targets, as plans name it.
    pub(in crate::simulator) kind: &'static str,
    /// The cloud that it belongs to.
    pub(in crate::simulator) cloud: Cloud,
    /// The field that names what its resources are part of; `None` if they are part of nothing.
    pub(in crate::simulator) scope: Option<&'static str>,
    /// The field that names a resource.
    pub(in crate::simulator) name: &'static str,
    /// What the paths of its requests begin with; `/` stands for itself alone.
    pub(super) paths: &'static [&'static str],
    /// The version of its API, which tells services of one path apart; empty if the path has it.
    pub(super) version: &'static str,
    /// Which signatures it accepts.
    pub(in crate::simulator) auth: Auth,
    /// Which part of its stops ends visibly later, from 0 to 1.
    pub(in crate::simulator) late: f64,
    /// Whether such a stop really ends later, and does not only show later.
    pub(in crate::simulator) is_asynchronous: bool,
    /// The service's words for the states, in the order of [`Phase`].
    pub(super) words: [&'static str; 4],
    /// The fields that are its resources' own, besides names; see [`Facts`](crate::simulator::Facts).
    pub(in crate::simulator) fields: &'static [Field],
    /// The fields that belong to what its resources are part of, and the tags if they do, too.
    pub(in crate::simulator) around: &'static [Field],
    /// Whether its resources have tags, and whether those belong to what the resources are part of.
    pub(in crate::simulator) tags: TagsOf,
    /// What the service's words for states mean.
    pub(in crate::simulator) meaning: Meaning,
    /// What its lists tell of when a resource began.
    pub(in crate::simulator) times: Times,
    /// When a resource of which nothing is stated began; `None` if the service does not tell.
    pub(in crate::simulator) usual_start: Option<&'static str>,
    /// Writes a moment as the service does.
    pub(in crate::simulator) moment: fn(Timestamp) -> String,
    /// The objection to a listing of what is not there; `None` if the response is an empty list.
    pub(in crate::simulator) no_scope: Option<Problem>,
    /// The objection to stopping what does not run; `None` if the service responds as to any stop.
    pub(in crate::simulator) already: Option<Problem>,
    /// The objection to an unknown name.
    pub(in crate::simulator) missing: Problem,
    /// The objection when another change is in progress; `None` if no documentation has one.
    pub(in crate::simulator) conflict: Option<Problem>,
    /// The objection when the service itself fails.
    pub(in crate::simulator) broken: Problem,
    /// The objection to a read without the permission.
    pub(in crate::simulator) denied: Problem,
    /// Builds the objection to a request over a quota.
    pub(in crate::simulator) throttled: fn(&Api) -> Problem,
}

impl ModelInfo {
    /// Returns the service's word for a state.
    pub(in crate::simulator) const fn word(&self, phase: Phase) -> &'static str {
        self.words[phase as usize]
    }

    /// Returns how well a request fits, if it is one of its own: all services share one address.
    pub(super) fn fit(&self, request: &Request) -> Option<(usize, bool)> {
        let is_prefix = |path: &&&str| request.path == **path || (**path != "/" && request.path.starts_with(**path));
        let longest = self.paths.iter().filter(is_prefix).map(|path| path.len()).max()?;
        let version = request.header("x-acs-version").or_else(|| request.parameter("Version"));
        Some((longest, version == Some(self.version)))
    }
}

/// What the response to a stop of several resources states of one.
pub(in crate::simulator) enum Stated<'v> {
    /// The stop took effect.
    Stopped(&'v View<'v>),
    /// The service objects to it.
    Refused(&'v Problem),
    /// There were too many requests for it.
    Throttled,
    /// The service failed.
    Broken,
    /// A word that no page explains.
    Odd,
}

/// One service as a client sees it. It keeps no state, and does not decide what goes wrong.
pub(in crate::simulator) trait ServiceModel: Sync {
    /// Reads what a request asks for.
    ///
    /// # Errors
    ///
    /// Fails with the service's response to a request that it does not understand.
    fn call<'r>(&self, request: &'r Request, quirks: &'r Quirks) -> Result<Call<'r>, Problem>;

    /// Builds the response to a stop that took effect.
    fn stopped(&self, of: &View<'_>, request_id: &str) -> Value;

    /// Builds what the response to a stop of several resources states of one; only of services that stop several.
    fn stated(&self, _name: &str, _stated: &Stated<'_>) -> Value {
        Value::Null
    }

    /// Builds the response to a stop of several resources; only of services that stop several.
    fn stopped_each(&self, _stated: Vec<Value>) -> Value {
        Value::Null
    }

    /// Builds the 200 that states that nothing was done; `None` if there is no such response.
    fn declined(&self, _request_id: &str) -> Option<Value> {
        None
    }

    /// Builds the response that shows one resource.
    fn shown(&self, of: &View<'_>, request_id: &str) -> Value;
}
