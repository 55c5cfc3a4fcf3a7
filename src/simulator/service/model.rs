//! What every service's model does.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde_json::Value;

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::{Problem, Response};
use super::auth::Auth;
use super::call::{Api, Call, Members, Name, Page};
use super::{alibaba, huawei};
use crate::provider::Cloud;

/// What never changes about a model.
pub(in crate::simulator) struct ModelInfo {
    /// The kind of its targets, as plans name it.
    pub(super) kind: &'static str,
    /// The cloud that it belongs to.
    pub(super) cloud: Cloud,
    /// The field that names what its resources are part of; `None` if they are part of nothing.
    pub(super) scope: Option<&'static str>,
    /// The field that names a resource.
    pub(super) name: &'static str,
    /// What the paths of its requests begin with; `/` stands for itself alone.
    pub(super) paths: &'static [&'static str],
    /// The version of its API, which tells services of one path apart; empty if the path has it.
    pub(super) version: &'static str,
    /// Which signatures it accepts.
    pub(super) auth: Auth,
    /// Which part of its stops ends visibly later, from 0 to 1.
    pub(super) late: f64,
    /// Whether such a stop really ends later, and does not only show later.
    pub(super) is_asynchronous: bool,
}

/// One service as a client sees it. It keeps no state, and does not decide what goes wrong.
pub(in crate::simulator) trait ServiceModel: Sync {
    /// Returns what never changes about it.
    fn info(&self) -> &'static ModelInfo;

    /// Reads what a request asks for.
    ///
    /// # Errors
    ///
    /// Fails with the service's response to a request that it does not understand.
    fn call<'r>(&self, request: &'r Request) -> Result<Call<'r>, Problem>;

    /// Returns the service's word for a state.
    fn word(&self, phase: Phase) -> &'static str;

    /// Builds the response to a stop that took effect; `phase` is what a read would show.
    fn stopped(&self, of: Name<'_>, phase: Phase, request_id: &str) -> Value;

    /// Returns the objection to stopping what does not run; `None` if the service responds as to any stop.
    fn already(&self) -> Option<Problem>;

    /// Returns the objection to an unknown name.
    fn missing(&self) -> Problem;

    /// Returns the objection when another change is in progress; `None` if no documentation has one.
    fn conflict(&self) -> Option<Problem> {
        None
    }

    /// Returns the objection when the service itself fails.
    fn broken(&self) -> Problem;

    /// Returns the objection to a read without the permission: the cloud's own, unless the service has another.
    fn denied(&self) -> Problem {
        match self.info().cloud {
            Cloud::Alibaba => alibaba::denied(),
            Cloud::Huawei => huawei::denied(),
        }
    }

    /// Returns the objection to a request over a quota: the cloud's own, unless the service has another.
    fn throttled(&self, api: &Api) -> Problem {
        match self.info().cloud {
            Cloud::Alibaba => alibaba::throttled(),
            Cloud::Huawei => huawei::throttled(api),
        }
    }

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

/// A model: a handle on its `ServiceModel`.
#[derive(Clone, Copy)]
pub struct Model(&'static dyn ServiceModel);

impl Model {
    pub(super) const fn new(model: &'static dyn ServiceModel) -> Self {
        Self(model)
    }

    /// Returns what it does.
    pub(in crate::simulator) const fn service(self) -> &'static dyn ServiceModel {
        self.0
    }

    /// Returns the kind of the targets that it has, as plans name it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.0.info().kind
    }

    /// Returns the fields that name a resource: what it is part of, and its own name.
    #[must_use]
    pub fn fields(self) -> (Option<&'static str>, &'static str) {
        (self.0.info().scope, self.0.info().name)
    }

    /// Returns the cloud that it belongs to.
    #[must_use]
    pub fn cloud(self) -> Cloud {
        self.0.info().cloud
    }

    /// Returns which signatures it accepts.
    pub(in crate::simulator) fn auth(self) -> Auth {
        self.0.info().auth
    }

    /// Returns which part of its stops ends visibly later.
    pub(in crate::simulator) fn late(self) -> f64 {
        self.0.info().late
    }

    /// Returns whether such a stop really ends later.
    pub(in crate::simulator) fn is_asynchronous(self) -> bool {
        self.0.info().is_asynchronous
    }

    /// Returns how well a request fits, if it is one of its own: all services share one address.
    pub(super) fn fit(self, request: &Request) -> Option<(usize, bool)> {
        let info = self.0.info();
        let is_prefix = |path: &&&str| request.path == **path || (**path != "/" && request.path.starts_with(**path));
        let longest = info.paths.iter().filter(is_prefix).map(|path| path.len()).max()?;
        let version = request.header("x-acs-version").or_else(|| request.parameter("Version"));
        Some((longest, version == Some(info.version)))
    }

    /// Puts a problem into the envelope of its cloud's errors.
    pub(in crate::simulator) fn refuse(self, problem: &Problem, request_id: &str) -> Response {
        match self.cloud() {
            Cloud::Alibaba => alibaba::refuse(problem, request_id),
            Cloud::Huawei => huawei::refuse(problem, request_id),
        }
    }
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        self.kind() == other.kind()
    }
}

impl Eq for Model {}

impl PartialOrd for Model {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Model {
    fn cmp(&self, other: &Self) -> Ordering {
        self.kind().cmp(other.kind())
    }
}

impl Hash for Model {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind().hash(state);
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}
