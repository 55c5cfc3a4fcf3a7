//! The name of a role's session, which the cloud's audit log shows.

use crate::credentials::surroundings::Surroundings;
use crate::plan::RoleSession;

/// The most characters of a name.
const MOST: usize = 64;

/// How long keys live where nobody said.
const DURATION: u64 = 3600;

/// Returns the name of a session: the one that somebody gave, else the run's. What Huawei Cloud does not take in one
/// becomes `-`.
pub(super) fn name(session: &RoleSession, around: Surroundings<'_>) -> String {
    let given = session.name.as_deref().unwrap_or(around.session);
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.@=,+".contains(c);
    let mut name: String = given.chars().map(|c| if fits(c) { c } else { '-' }).take(MOST).collect();
    while name.len() < 2 {
        name.push('-');
    }
    name
}

/// Returns how long the keys of a session are to live, in seconds.
pub(super) fn seconds(duration: Option<std::time::Duration>) -> u64 {
    duration.map_or(DURATION, |duration| duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::huawei::tests::Around;

    #[test]
    fn names_fit() {
        let around = Around::default();
        let of = |given: Option<&str>| {
            name(&RoleSession { name: given.map(Into::into), ..RoleSession::default() }, around.lend())
        };
        assert_eq!(of(None), "allstop-run");
        assert_eq!(of(Some("on call/停")), "on-call--");
        assert_eq!(of(Some("a")), "a-");
        assert_eq!(of(Some("")), "--");
        assert_eq!(of(Some(&"x".repeat(200))).len(), 64);
    }
}
