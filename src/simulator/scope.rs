//! What resources are part of: a flow, an instance, a project.

use std::collections::HashMap;
use std::sync::Arc;

use super::facts::Facts;

/// What resources are part of.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// What listings show of it.
    pub(super) facts: Arc<Facts>,
    /// Its resources by number, in the order of its listing.
    pub(super) members: Vec<usize>,
    /// The children of each parent.
    pub(super) children: HashMap<Box<str>, Vec<usize>>,
    /// Whether it is not there any more.
    pub(super) is_gone: bool,
}

impl Scope {
    /// Takes in a resource.
    pub(super) fn add(&mut self, number: usize, parent: Option<&str>) {
        match parent {
            Some(parent) => self.children.entry(parent.into()).or_default().push(number),
            None => self.members.push(number),
        }
    }

    /// Puts a resource in front of all others.
    pub(super) fn put_first(&mut self, number: usize) {
        if let Some(position) = self.members.iter().position(|member| *member == number) {
            self.members.remove(position);
            self.members.insert(0, number);
        }
    }

    /// Takes over what is stated of it: what was not stated before is added, what was is replaced.
    pub(super) fn state(&mut self, facts: &Facts) {
        let own = Arc::make_mut(&mut self.facts);
        for (name, value) in &facts.fields {
            own.set(name, value);
        }
        if facts.tags != Default::default() {
            own.tags = facts.tags.clone();
        }
    }
}
