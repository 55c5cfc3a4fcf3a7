//! What the vendors' command lines print of things that run: which list, and which of its fields name a target.

use crate::plan::tree::{Content, Entry, Node, Scalar, Style};
use crate::service::Kind;

/// The list of one kind.
pub(super) struct Listing {
    kind: &'static str,
    /// The name of the list in what is printed.
    list: &'static str,
    /// The fields that name a target there, and in a plan.
    fields: &'static [(&'static str, &'static str)],
}

const LISTINGS: [Listing; 5] = [
    Listing {
        kind: "fnf_execution",
        list: "Executions",
        fields: &[("FlowName", "flow_name"), ("Name", "execution_name")],
    },
    Listing { kind: "opensearch_task", list: "result", fields: &[("instanceId", "instance_id"), ("fsmId", "fsm_id")] },
    Listing { kind: "elasticsearch_task", list: "Result", fields: &[("instanceId", "instance_id")] },
    Listing { kind: "live_flow", list: "flows", fields: &[("flow_id", "flow_id")] },
    Listing { kind: "drs_job", list: "jobs", fields: &[("id", "job_id")] },
];

impl Listing {
    /// Returns the listing of a kind that has this name.
    pub(super) fn of(kind: Kind, list: &[u8]) -> Option<&'static Self> {
        LISTINGS.iter().find(|listing| listing.kind == kind.name() && listing.list.as_bytes() == list)
    }

    /// Tells whether a list of this name is one of them.
    pub(super) fn is_known(list: &[u8]) -> bool {
        LISTINGS.iter().any(|listing| listing.list.as_bytes() == list)
    }

    /// Turns an item into a target: what names it, under the plan's keys. All else is about the thing, and not part of
    /// its name. An item with the plan's own keys stays as it is.
    pub(super) fn target<'t>(&self, item: Node<'t>) -> Node<'t> {
        let Content::Mapping(entries) = item.content() else { return item };
        let has = |name: &str| entries.iter().any(|entry| entry.name() == name);
        let is_own = |(theirs, own): &(&str, &str)| theirs != own && has(own);
        if self.fields.iter().any(is_own) {
            return item;
        }
        let named = |entry: &Entry<'t>| {
            let (_, own) = self.fields.iter().find(|(theirs, _)| *theirs == entry.name())?;
            let key = Node::new(entry.key.span, Content::Scalar(Scalar::new(*own, Style::Quoted)));
            Some(Entry { key, value: entry.value.clone() })
        };
        Node::new(item.span, Content::Mapping(entries.iter().filter_map(named).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_list_with_all_that_names_a_target() {
        for kind in Kind::all() {
            let listing = LISTINGS.iter().find(|listing| listing.kind == kind.name());
            let fields = listing.unwrap_or_else(|| panic!("{kind} has no list")).fields;
            let names: Vec<_> =
                kind.params().iter().filter(|param| param.identifying).map(|param| param.name).collect();
            assert_eq!(fields.iter().map(|(_, own)| *own).collect::<Vec<_>>(), names);
        }
    }
}
