//! An entry of a plan that selects.

use std::sync::Arc;

use super::query::Query;
use crate::plan::target::{Labels, Target};
use crate::service::{Kind, Params, Resource};

/// An entry of a plan that selects targets.
#[derive(Debug, Clone)]
pub struct Select {
    /// Its unique id: its own one, else `select:KIND`, with `#2` and so on where several entries would have the same.
    pub id: Arc<str>,
    /// The kind.
    pub kind: Kind,
    /// The numbers of its accounts in [`Plan::accounts`](crate::plan::Plan::accounts), in the plan's order; at least one.
    pub accounts: Vec<u16>,
    /// The optional parameters that every target of it gets; the identifying ones are absent.
    pub params: Params,
    /// The labels that every target of it gets besides those of its resource; the plan's defaults included.
    pub labels: Labels,
    /// What it selects.
    pub query: Query,
    /// How many of the plan's explicit targets come before its own.
    pub position: u32,
    /// The number of its stage in the plan.
    pub stage: Option<u16>,
}

impl Select {
    /// Returns the target that a resource becomes.
    ///
    /// # Errors
    ///
    /// Fails with the name of the resource, escaped, where that cannot be the name of a target.
    pub fn target(&self, _account: u16, _resource: &Resource) -> Result<Target, String> {
        Err(String::new())
    }
}
