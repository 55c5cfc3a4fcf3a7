//! How outcomes are known.

use super::{Entry, Topic};
use crate::engine::Evidence;

/// Both sorts of evidence, in the order they are listed.
pub const EVIDENCE: [Evidence; 2] = [Evidence::Answer, Evidence::ReadBack];

/// Returns how an outcome with this evidence is known.
#[must_use]
pub const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Answer => "the service's own answer proves it",
        Evidence::ReadBack => "the state was read",
    }
}

/// Returns the name used in reports.
const fn name(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Answer => "answer",
        Evidence::ReadBack => "read_back",
    }
}

pub(super) fn entries() -> Vec<Entry> {
    EVIDENCE.into_iter().map(|word| Entry::own(Topic::Evidence, name(word), evidence(word), None)).collect()
}
