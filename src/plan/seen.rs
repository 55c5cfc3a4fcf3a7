//! What a listing showed of a target.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a listing showed of a target, for the report. Nothing is decided by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The service's own word for the state.
    pub state: Option<Box<str>>,
    /// The name that people know it by.
    pub name: Option<Box<str>>,
    /// When it began, as the service writes it.
    pub since: Option<Box<str>>,
    /// When the listing showed it; `None` where a plan does not say so.
    pub at: Option<Timestamp>,
}

/// Returns the labels that a target has because a selection found it, without those of its tags.
pub(super) fn labels<'a>(selection: Option<&'a str>, seen: Option<&'a Seen>) -> Vec<(&'static str, &'a str)> {
    let Some(selection) = selection else { return Vec::new() };
    let name = seen.and_then(|seen| seen.name.as_deref());
    [Some(("selection", selection)), name.map(|name| ("name", name))].into_iter().flatten().collect()
}
