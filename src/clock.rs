//! Wall time, behind a trait: signatures and reports need it, and nothing else may ask for it.
//!
//! Waiting and measuring use tokio's clock, which tests pause; only this file reads the system's.

use jiff::Timestamp;

/// Tells the wall time.
pub trait Clock: Send + Sync {
    /// Returns the present moment in UTC.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        let now = std::time::SystemTime::now();
        // A clock beyond all years that can be written stands at their end.
        let is_past = now < std::time::UNIX_EPOCH;
        Timestamp::try_from(now).unwrap_or(if is_past { Timestamp::MIN } else { Timestamp::MAX })
    }
}
