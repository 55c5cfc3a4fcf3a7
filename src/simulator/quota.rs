//! The services' quotas: one token bucket for every API of every account.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::service::Api;

/// How much burst beyond the documented one is tolerated, as a time at the quota's rate: requests that leave
/// a client evenly do not arrive evenly, and a real service's counters are not that exact either.
const JITTER: f64 = 0.1;

/// The buckets.
#[derive(Debug)]
pub(super) struct Quotas {
    enforced: bool,
    speed: f64,
    buckets: HashMap<(&'static str, u16), Bucket>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Quotas {
    /// Builds full buckets that refill `speed` times as fast as documented.
    pub(super) fn new(enforced: bool, speed: f64) -> Self {
        Self { enforced, speed, buckets: HashMap::new() }
    }

    /// Takes a request of an account into account.
    ///
    /// # Errors
    ///
    /// Fails with the time until the next request would pass, when the quota is used up.
    pub(super) fn take(&mut self, api: &'static Api, account: u16, now: Instant) -> Result<(), Duration> {
        if !self.enforced {
            return Ok(());
        }
        let rate = api.rate * self.speed;
        let most = api.burst + f64::max(1.0, rate * JITTER);
        let bucket = self.buckets.entry((api.name, account)).or_insert(Bucket { tokens: most, filled: now });
        let passed = now.saturating_duration_since(bucket.filled).as_secs_f64();
        bucket.tokens = f64::min(most, bucket.tokens + passed * rate);
        bucket.filled = bucket.filled.max(now);
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64(((1.0 - bucket.tokens) / rate).min(3600.0)));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static API: Api = Api { name: "live:Test", rate: 80.0 / 60.0, burst: 80.0 };

    fn passed(quotas: &mut Quotas, account: u16, at: impl IntoIterator<Item = Instant>) -> usize {
        at.into_iter().filter(|now| quotas.take(&API, account, *now).is_ok()).count()
    }

    #[test]
    fn a_burst_passes_once_and_then_the_rate() {
        let (mut quotas, start) = (Quotas::new(true, 1.0), Instant::now());
        assert_eq!(passed(&mut quotas, 0, [start; 100]), 81);
        assert_eq!(passed(&mut quotas, 1, [start; 100]), 81, "accounts share no quota");
        assert_eq!(passed(&mut quotas, 0, [start + Duration::from_secs(30); 100]), 40);
        let wait = quotas.take(&API, 0, start + Duration::from_secs(30)).expect_err("used up");
        assert!(wait <= Duration::from_millis(750), "{wait:?}");
    }

    #[test]
    fn a_client_at_the_quota_is_never_throttled() {
        let (mut quotas, start) = (Quotas::new(true, 60.0), Instant::now());
        assert_eq!(passed(&mut quotas, 0, [start; 80]), 80);
        let jitter = [0_u64, 40, 0, 15, 60, 3];
        let paced = (1..4000).map(|n: u32| {
            let late = jitter.iter().cycle().nth(n as usize % 6).copied().unwrap_or_default();
            start + Duration::from_secs(1) * n / 80 + Duration::from_millis(late)
        });
        let mut arrivals: Vec<_> = paced.collect();
        arrivals.sort_unstable();
        assert_eq!(passed(&mut quotas, 0, arrivals), 3999);
    }

    #[test]
    fn speed_refills_faster_and_off_is_off() {
        let start = Instant::now();
        let mut fast = Quotas::new(true, 60.0);
        passed(&mut fast, 0, [start; 200]);
        assert_eq!(passed(&mut fast, 0, [start + Duration::from_millis(500); 100]), 40);
        assert_eq!(passed(&mut Quotas::new(false, 1.0), 0, [start; 5000]), 5000);
    }
}
