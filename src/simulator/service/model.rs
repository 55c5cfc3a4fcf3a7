//! What every service's model does.

use serde_json::Value;

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::Problem;
use super::auth::Auth;
use super::call::{Api, Call, Members, Name, Page};
use crate::provider::Cloud;

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

/// One service as a client sees it. It keeps no state, and does not decide what goes wrong.
pub(in crate::simulator) trait ServiceModel: Sync {
    /// Reads what a request asks for.
    ///
    /// # Errors
    ///
    /// Fails with the service's response to a request that it does not understand.
    fn call<'r>(&self, request: &'r Request) -> Result<Call<'r>, Problem>;

    /// Builds the response to a stop that took effect; `phase` is what a read would show.
    fn stopped(&self, of: Name<'_>, phase: Phase, request_id: &str) -> Value;

    /// Builds the 200 that states that nothing was done; `None` if there is no such response.
    fn declined(&self, _request_id: &str) -> Option<Value> {
        None
    }

    /// Builds the response that shows one resource.
    fn shown(&self, of: Name<'_>, phase: Phase, request_id: &str) -> Value;

    /// Builds a resource's entry in a listing.
    fn item(&self, of: Name<'_>, phase: Phase) -> Value;

    /// Builds the entry of something that resources are part of; its name, unless the service lists such things.
    fn scope(&self, name: &str) -> Value {
        name.into()
    }

    /// Builds the response that lists.
    fn page(&self, of: &Members, page: Page, request_id: &str) -> Value;
}
