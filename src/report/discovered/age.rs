//! How long something has been running, in words.

use std::time::Duration;

use jiff::Timestamp;

use crate::base::duration::spoken;
use crate::plan::{Query, Seen};
use crate::service::{Kind, Start};

/// Returns its age when it was listed, such as `3 h 12 min` or `at least 12 d`; `None` where that is not known.
pub(super) fn age(kind: Kind, seen: &Seen) -> Option<String> {
    let began = Query::began_at(kind, seen.since.as_deref()?)?;
    let age = Duration::try_from(seen.at?.duration_since(began)).unwrap_or(Duration::ZERO);
    let age = spoken(Duration::from_secs(age.as_secs()));
    match kind.service().lister().selectable().start {
        Start::Exact => Some(age),
        Start::Bare | Start::Latest => Some(format!("at least {age}")),
        Start::Unknown(_) => None,
    }
}

/// Returns when it began where that is known exactly: the time of day, with the date if that is another than `seen.at`.
pub(super) fn since(kind: Kind, seen: &Seen) -> Option<String> {
    let is_exact = kind.service().lister().selectable().start == Start::Exact;
    let began = Query::began_at(kind, seen.since.as_deref()?).filter(|_| is_exact)?;
    let day = |moment: Timestamp| moment.strftime("%Y-%m-%d").to_string();
    let is_same_day = seen.at.is_some_and(|at| day(at) == day(began));
    Some(began.strftime(if is_same_day { "%H:%M:%SZ" } else { "%Y-%m-%d %H:%M:%SZ" }).to_string())
}
