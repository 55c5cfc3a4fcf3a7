//! Selections that were read, and their ids: one that states none is called by its kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::plan::select::{Query, Select};
use crate::plan::target::Labels;
use crate::service::{Kind, Params};

/// An entry that selects, before it has its id.
pub(super) struct Draft {
    pub(super) id: Option<Arc<str>>,
    pub(super) kind: Kind,
    pub(super) accounts: Vec<u16>,
    pub(super) params: Params,
    pub(super) labels: Labels,
    pub(super) query: Query,
    pub(super) position: u32,
    pub(super) stage: Option<u16>,
}

/// Gives every selection its id: those that state none are called by their kinds.
pub(super) fn name(drafts: Vec<Draft>, is_stated: impl Fn(&str) -> bool) -> Vec<Select> {
    let mut next: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut select = |draft: Draft| {
        let Draft { id, kind, accounts, params, labels, query, position, stage } = draft;
        let id = id.unwrap_or_else(|| {
            let count = next.entry(kind.name).or_insert(0);
            loop {
                *count += 1;
                let id = if *count == 1 { format!("select:{kind}") } else { format!("select:{kind}#{count}") };
                if !is_stated(&id) {
                    break id.into();
                }
            }
        });
        let labels = Arc::new(Select::labels(BTreeMap::clone(&labels), &id, stage.is_some()));
        Select { id, kind, accounts, params, labels, query, position, stage }
    };
    drafts.into_iter().map(&mut select).collect()
}
