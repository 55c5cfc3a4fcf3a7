//! How often messages went to each address, so that no chat gets more than it takes.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::draft::Limit;

/// When messages went to each address of a process.
#[derive(Debug, Default)]
pub(super) struct Paces(Mutex<HashMap<u64, VecDeque<Instant>>>);

impl Paces {
    /// Takes the place of a message to an address: it may be sent now. Otherwise returns how long to wait and ask again.
    pub(super) fn take(&self, address: &str, limits: &[Limit]) -> Result<(), Duration> {
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        let now = Instant::now();
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = paces.entry(hasher.finish()).or_default();
        let longest = limits.iter().map(|(_, time)| *time).max().unwrap_or_default();
        while sent.front().is_some_and(|first| now.duration_since(*first) >= longest) {
            sent.pop_front();
        }
        let waits = limits.iter().filter_map(|(most, time)| {
            let first = sent.len().checked_sub(*most).and_then(|at| sent.get(at))?;
            time.checked_sub(now.duration_since(*first)).filter(|wait| !wait.is_zero())
        });
        match waits.max() {
            Some(wait) => Err(wait),
            None => {
                sent.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn no_limit_is_passed_in_any_window() {
        let (paces, limits) = (Paces::default(), [(2, Duration::from_secs(1)), (3, Duration::from_secs(60))]);
        let take = || paces.take("a", &limits).err();
        assert_eq!((take(), take(), take()), (None, None, Some(Duration::from_secs(1))));
        assert_eq!(paces.take("b", &limits), Ok(()));
        advance(Duration::from_secs(1)).await;
        assert_eq!((take(), take()), (None, Some(Duration::from_secs(59))));
        advance(Duration::from_secs(59)).await;
        assert_eq!((take(), take(), take()), (None, None, Some(Duration::from_secs(1))));
        assert_eq!(paces.take("c", &[]), Ok(()));
    }
}
