//! Targets: the resources to stop.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;

use super::seen::Seen;
use crate::service::{Kind, Params};

/// One resource to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id, if that is not [made](Self::id) from its kind and fields.
    pub own_id: Option<Arc<str>>,
    /// What it is.
    pub kind: Kind,
    /// The number of its account in [`Plan::accounts`](super::Plan::accounts).
    pub account: u16,
    /// Its parameters.
    pub params: Params,
    /// Its labels, sorted by key; the plan's defaults included, and the label `stage` in a plan with stages.
    pub labels: Labels,
    /// The number of its stage in [`Plan::stages`](super::Plan::stages), if the plan has stages.
    pub stage: Option<u16>,
    /// The number of the earlier target that names the same resource.
    pub duplicate_of: Option<u32>,
    /// The id of the selection that found it; `None` for an explicit target.
    pub selection: Option<Arc<str>>,
    /// What a listing showed of it.
    pub seen: Option<Box<Seen>>,
}

impl Target {
    /// Returns its unique id: its own one, else the kind and the identifying fields, as in `drs_job:c7debc9c`.
    #[must_use]
    pub fn id(&self) -> Cow<'_, str> {
        match &self.own_id {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(self.made_id()),
        }
    }

    /// Returns the id of a target that has no own one; targets that name the same resource have the same.
    pub(crate) fn made_id(&self) -> String {
        let mut id = String::with_capacity(64);
        id.push_str(self.kind.name);
        for (name, separator) in self.params.identity(self.kind.params).zip(iter::once(':').chain(iter::repeat('/'))) {
            id.push(separator);
            id.push_str(name);
        }
        id
    }
}

/// Labels, shared between the targets that have the same ones.
pub type Labels = Arc<BTreeMap<String, String>>;
