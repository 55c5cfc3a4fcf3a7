//! The name of a role's session, and how long its keys live.

use std::time::Duration;

use crate::credentials::session_name::session_name;
use crate::credentials::surroundings::Surroundings;
use crate::plan::RoleSession;

/// How long keys live where nobody said.
const DURATION: u64 = 3600;

/// Returns the name of a session: the one that somebody gave, else the run's.
pub(super) fn name(session: &RoleSession, around: Surroundings<'_>) -> String {
    session_name(session.name.as_deref().unwrap_or(around.session))
}

/// Returns how long the keys of a session are to live, in seconds.
pub(super) fn seconds(duration: Option<Duration>) -> u64 {
    duration.map_or(DURATION, |duration| duration.as_secs())
}
