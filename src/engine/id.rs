//! The ids of runs: they sort by time.

use jiff::Timestamp;
use uuid::{NoContext, Uuid};

/// Makes the id of a run that begins at this moment; of one before 1970, as in 1970.
#[must_use]
pub(crate) fn new_id(now: Timestamp) -> String {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_has_ids_that_differ_and_sort() {
        let moments = [Timestamp::MIN, Timestamp::UNIX_EPOCH, "2026-11-22T05:00:00Z".parse().unwrap(), Timestamp::MAX];
        let ids = moments.map(new_id);
        assert!(ids[1..].is_sorted(), "{ids:?}");
        assert!(ids[0].starts_with("00000000-0000-7"), "{ids:?}");
        assert_ne!(new_id(moments[2]), ids[2]);
    }
}
