//! What the simulator holds: resources, and how they are named.

use std::fmt;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::course::Course;
use super::facts::Facts;
use super::phase::Phase;
use super::service::{Model, Name};

/// The name of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id {
    /// The model of the service that has it.
    pub model: Model,
    /// The number of the account, as the access key tells it.
    pub account: u16,
    /// What it is part of, such as the flow, the instance or the project; empty if its kind has no such thing.
    pub scope: Box<str>,
    /// Its own name within that.
    pub name: Box<str>,
}

/// A resource at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name.
    pub id: Id,
    /// The state it is in.
    pub initial: Initial,
    /// What listings show of it; `None` for what is usual.
    pub facts: Option<Arc<Facts>>,
    /// What listings show of the thing that it is part of.
    pub around: Option<Arc<Facts>>,
    /// What it does by itself.
    pub course: Course,
}

impl Resource {
    /// Builds a resource of which nothing but its name and state is stated.
    #[must_use]
    pub fn new(id: Id, initial: Initial) -> Self {
        Self { id, initial, facts: None, around: None, course: Course::default() }
    }
}

/// The state of a resource at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initial {
    /// It runs.
    #[default]
    Running,
    /// Somebody stopped it before.
    Stopped,
    /// It came to its own end.
    Ended,
    /// Somebody told it to stop before, and it stands still soon after a request first reaches it.
    Stopping,
}

impl Initial {
    /// Returns the state that it is in at the start.
    pub(super) const fn phase(self) -> Phase {
        match self {
            Self::Running => Phase::Running,
            Self::Stopping => Phase::Stopping,
            Self::Stopped => Phase::Stopped,
            Self::Ended => Phase::Ended,
        }
    }
}

impl Id {
    /// Names a resource of an account.
    pub(super) fn new(model: Model, account: u16, name: Name<'_>) -> Self {
        Self { model, account, scope: name.scope.into(), name: name.name.into() }
    }

    /// Returns its name within the account.
    pub(super) fn name(&self) -> Name<'_> {
        Name { scope: &self.scope, name: &self.name }
    }
}

/// Writes it as `fnf_execution:FLOW/EXECUTION`.
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, scope, name, .. } = self;
        match model.info().scope {
            Some(_) => write!(f, "{}:{scope}/{name}", model.kind()),
            None => write!(f, "{}:{name}", model.kind()),
        }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let info = self.model.info();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", info.kind)?;
        map.serialize_entry("account", &self.account)?;
        if let Some(scope) = info.scope {
            map.serialize_entry(scope, &*self.scope)?;
        }
        map.serialize_entry(info.name, &*self.name)?;
        map.end()
    }
}
