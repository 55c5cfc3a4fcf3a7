//! What the vendors' command lines print of things that run: which list, and which of its fields name a target.

use crate::plan::tree::{Content, Entry, Node, Scalar, Style};
use crate::service::{self, Kind};

/// The list of one kind.
#[derive(Clone, Copy)]
pub(super) struct Listing(service::Listing);

impl Listing {
    /// Returns the listing of a kind that has this name.
    pub(super) fn of(kind: Kind, list: &[u8]) -> Option<Self> {
        kind.listing.filter(|listing| listing.list.as_bytes() == list).map(Self)
    }

    /// Tells whether a list of this name is one of them.
    pub(super) fn is_known(list: &[u8]) -> bool {
        Kind::all().iter().any(|kind| Self::of(*kind, list).is_some())
    }

    /// Turns an item into a target: what names it, under the plan's keys. All else is about the thing, and not part of
    /// its name. An item with the plan's own keys stays as it is.
    pub(super) fn target<'t>(&self, item: Node<'t>) -> Node<'t> {
        let Content::Mapping(entries) = item.content() else { return item };
        let has = |name: &str| entries.iter().any(|entry| entry.name() == name);
        let is_own = |(theirs, own): &(&str, &str)| theirs != own && has(own);
        if self.0.fields.iter().any(is_own) {
            return item;
        }
        let named = |entry: &Entry<'t>| {
            let (_, own) = self.0.fields.iter().find(|(theirs, _)| *theirs == entry.name())?;
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
            let fields = kind.listing.unwrap_or_else(|| panic!("{kind} has no list")).fields;
            let names: Vec<_> = kind.params.iter().filter(|param| param.identifying).map(|param| param.name).collect();
            assert_eq!(fields.iter().map(|(_, own)| *own).collect::<Vec<_>>(), names);
        }
    }
}
