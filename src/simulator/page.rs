//! One page of a listing.

use serde_json::Value;

/// What a listing found.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The entries.
    pub(super) items: Vec<Value>,
    /// The resources on it, by number, where it lists resources.
    pub(super) numbers: Vec<usize>,
    /// How many there are on all pages.
    pub(super) total: usize,
    /// The position where the next page begins.
    pub(super) next: Option<usize>,
}

/// Which part of a listing makes up a page.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cut {
    /// From a position on, which counts what is filtered out, too; the total stays unknown.
    Position {
        /// The position.
        from: usize,
        /// The most on a page.
        limit: usize,
    },
    /// After so many of those that pass the filter.
    Count {
        /// The number before the page.
        skip: usize,
        /// The most on a page.
        limit: usize,
    },
}

impl Cut {
    /// Makes a page that begins at a position smaller.
    pub(super) fn at_most(self, most: Option<usize>) -> Self {
        match (self, most) {
            (Self::Position { from, limit }, Some(most)) => Self::Position { from, limit: limit.min(most) },
            (cut, _) => cut,
        }
    }
}

impl Page {
    /// Cuts a page out of a list that has no filter.
    pub(super) fn of(items: Vec<Value>, cut: Cut) -> Self {
        let (Cut::Position { from: skip, limit } | Cut::Count { skip, limit }) = cut;
        let total = items.len();
        let items: Vec<_> = items.into_iter().skip(skip).take(limit).collect();
        let end = skip.saturating_add(items.len());
        Self { next: (end < total).then_some(end), items, numbers: Vec::new(), total }
    }
}
