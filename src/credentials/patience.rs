//! Asks again after what may work a moment later.

use std::time::Duration;

use backoff::{BackoffBuilder, ExponentialBuilder};
use futures::future::BoxFuture;
use tokio::time::{sleep, timeout};

use super::error::{Nature, SourceError};

/// How often what failed is asked again.
pub(super) const MOST: usize = 3;

/// The first wait, which doubles.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Asks, and up to `most` times more after failures that pass.
pub(super) async fn patiently<'a, T>(
    most: usize,
    ask: impl Fn() -> BoxFuture<'a, Result<T, SourceError>>,
) -> Result<T, SourceError> {
    attempts(most, ask, &mut None).await
}

/// Asks as [`patiently`] does, for so long at most. The error is then the last failure; `None` where nothing has failed.
pub(super) async fn patiently_within<'a, T>(
    longest: Duration,
    most: usize,
    ask: impl Fn() -> BoxFuture<'a, Result<T, SourceError>>,
) -> Result<T, Option<SourceError>> {
    let mut last = None;
    match timeout(longest, attempts(most, ask, &mut last)).await {
        Ok(result) => result.map_err(Some),
        Err(_) => Err(last),
    }
}

/// Asks, and again after failures that pass, the last of which is left in `last`.
async fn attempts<'a, T>(
    most: usize,
    ask: impl Fn() -> BoxFuture<'a, Result<T, SourceError>>,
    last: &mut Option<SourceError>,
) -> Result<T, SourceError> {
    let waits =
        ExponentialBuilder::new().with_factor(2.0).with_min_delay(FIRST_WAIT).with_jitter().with_max_times(most);
    for wait in waits.build() {
        match ask().await {
            Err(error) if error.nature() == Nature::Passing => {
                *last = Some(error);
                sleep(wait).await;
            }
            result => return result,
        }
    }
    ask().await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::FutureExt;
    use futures::future::ready;

    use super::*;

    async fn asked(most: usize, nature: Nature, failures: usize) -> (usize, bool) {
        let asked = AtomicUsize::new(0);
        let ask = || {
            let is_well = asked.fetch_add(1, Ordering::Relaxed) >= failures;
            ready(if is_well { Ok(()) } else { Err(SourceError::new(nature, "no", "")) }).boxed()
        };
        let is_ok = patiently(most, ask).await.is_ok();
        (asked.into_inner(), is_ok)
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_asked_again_and_nothing_else() {
        assert_eq!(asked(3, Nature::Passing, 0).await, (1, true));
        assert_eq!(asked(3, Nature::Passing, 3).await, (4, true));
        assert_eq!(asked(3, Nature::Passing, 4).await, (4, false));
        assert_eq!(asked(0, Nature::Passing, 1).await, (1, false));
        for nature in [Nature::Final, Nature::Refused, Nature::Absent, Nature::Locked] {
            assert_eq!(asked(3, nature, 1).await, (1, false));
        }
    }
}
