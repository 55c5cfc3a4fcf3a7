//! What a listing showed of a target.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The label with the name that people know a target by.
pub(super) const NAME: &str = "name";
/// The label with the id of the selection that found a target.
pub(super) const SELECTION: &str = "selection";

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
    let name = seen.and_then(|seen| seen.name.as_deref()).filter(|name| !name.is_empty());
    [Some((SELECTION, selection)), name.map(|name| (NAME, name))].into_iter().flatten().collect()
}
