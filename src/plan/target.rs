//! Targets: the resources to stop.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
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

    /// Returns what tells a target apart from all others of its plan: its account, and its id without an own one.
    pub(crate) fn identity(&self) -> (u16, String) {
        (self.account, self.made_id())
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

    /// Compares the [made](Self::made_id) ids of two targets of one kind, without making them.
    pub(crate) fn cmp_made(&self, other: &Self) -> Ordering {
        self.made_bytes().cmp(other.made_bytes())
    }

    /// Returns the made id without the kind.
    fn made_bytes(&self) -> impl Iterator<Item = u8> + '_ {
        let separated = self.params.identity(self.kind.params).zip(iter::once("").chain(iter::repeat("/")));
        separated.flat_map(|(part, separator)| separator.bytes().chain(part.bytes()))
    }
}

/// What begins the label of a tag; its key follows.
pub(super) const TAG: &str = "tag.";

/// What is between the values of a label that stands for several tags of one key: a character that no tag has, and that
/// is shown escaped.
const BETWEEN_TAGS: char = '\u{2028}';

/// Adds the value of a tag to the label that it has.
pub(super) fn add_tag(labels: &mut BTreeMap<String, String>, key: &str, value: &str) {
    match labels.entry(format!("{TAG}{key}")) {
        Entry::Vacant(none) => {
            none.insert(value.to_owned());
        }
        Entry::Occupied(mut some) => {
            some.get_mut().push(BETWEEN_TAGS);
            some.get_mut().push_str(value);
        }
    }
}

/// Returns the values of a label: more than one where it stands for several tags of one key.
pub(super) fn values<'l>(label: &str, value: &'l str) -> impl Iterator<Item = &'l str> {
    let (first, others) = match value.split_once(BETWEEN_TAGS).filter(|_| label.starts_with(TAG)) {
        Some((first, others)) => (first, Some(others)),
        None => (value, None),
    };
    iter::once(first).chain(others.into_iter().flat_map(|others| others.split(BETWEEN_TAGS)))
}

/// Labels, shared between the targets that have the same ones.
pub type Labels = Arc<BTreeMap<String, String>>;

#[cfg(test)]
mod tests {
    use crate::plan::{Plan, Variables};

    #[test]
    fn targets_compare_as_their_ids_do() {
        let names =
            [("a", "y"), ("a-b", "x"), ("a", "x"), ("a/b", "x"), ("a", "b/x"), ("ab", ""), ("A", "é"), ("é", "a")];
        let line =
            |(flow, name)| format!("  - {{kind: fnf_execution, flow_name: \"{flow}\", execution_name: \"{name}0\"}}\n");
        let lines: String = names.into_iter().map(line).collect();
        let text = format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: r}}}}\ndefaults: {{account: a}}\ntargets:\n{lines}"
        );
        let plan = Plan::parse(text.as_bytes(), "p.yaml".as_ref(), &Variables::default()).unwrap().plan;
        for one in &plan.targets {
            for other in &plan.targets {
                assert_eq!(one.cmp_made(other), one.made_id().cmp(&other.made_id()), "{one:?} {other:?}");
            }
        }
    }
}
