//! The nonces seen within the time in which a replayed request would still pass.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;

/// A request's date may be that far before or after the clock, so a nonce matters for twice as long.
const LIFETIME: Duration = Duration::from_secs(2 * super::date::MOST_SKEW.unsigned_abs());

/// Remembers nonces, as 64-bit hashes in two generations: what is older than both is forgotten at once.
#[derive(Debug, Default)]
pub(in super::super) struct Nonces {
    hasher: RandomState,
    young: HashSet<u64>,
    old: HashSet<u64>,
    since: Option<Instant>,
}

impl Nonces {
    /// Remembers a nonce and tells whether it is new.
    pub(in super::super) fn is_new(&mut self, nonce: &str, now: Instant) -> bool {
        let since = *self.since.get_or_insert(now);
        if now.saturating_duration_since(since) >= LIFETIME {
            self.old = std::mem::take(&mut self.young);
            self.since = Some(now);
        }
        let hash = self.hasher.hash_one(nonce);
        !self.old.contains(&hash) && self.young.insert(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_new_once_and_again_when_it_no_longer_matters() {
        let (mut nonces, start) = (Nonces::default(), Instant::now());
        assert!(nonces.is_new("a", start));
        assert!(!nonces.is_new("a", start));
        assert!(nonces.is_new("b", start + LIFETIME));
        assert!(!nonces.is_new("a", start + LIFETIME));
        assert!(nonces.is_new("a", start + 2 * LIFETIME));
        assert!(!nonces.is_new("b", start + 2 * LIFETIME));
    }
}
