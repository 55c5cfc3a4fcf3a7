//! A lane's retry budget: success earns it, retries of a failing service spend it.
//!
//! While it lasts, retries go ahead of new targets. When it is spent, they wait behind them and then go one at a
//! time, so that a service that fails half of the time is not asked ten times as much. The figures are those of the
//! AWS SDKs' standard mode; unlike there, no target fails for want of it. Throttled and conflicting responses cost
//! nothing: the first slow the lane down, the second are the target's own.

use super::breaker::Breaker;
use crate::error::ErrorClass;

const FULL: u32 = 500;
const RETRY: u32 = 14;
const FIRST_ATTEMPT: u32 = 1;

/// What is left for retries.
#[derive(Debug)]
pub(super) struct RetryBudget(u32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(FULL)
    }
}

impl RetryBudget {
    /// Tells whether a retry after an error of this class can be paid for.
    pub(super) fn covers(&self, after: Option<ErrorClass>) -> bool {
        self.0 >= price(after)
    }

    /// Pays for a retry after an error of this class.
    pub(super) fn spend(&mut self, after: Option<ErrorClass>) {
        self.0 = self.0.saturating_sub(price(after));
    }

    /// Earns from a response: what the retry cost, or a little for a first attempt.
    pub(super) fn earn(&mut self, is_retry: bool) {
        let earned = if is_retry { RETRY } else { FIRST_ATTEMPT };
        self.0 = self.0.saturating_add(earned).min(FULL);
    }
}

fn price(after: Option<ErrorClass>) -> u32 {
    after.filter(|class| Breaker::counts(*class)).map_or(0, |_| RETRY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pays_for_thirty_five_retries_and_earns_them_back() {
        let mut retry_budget = RetryBudget::default();
        let server = Some(ErrorClass::Server);
        for _ in 0..FULL / RETRY {
            assert!(retry_budget.covers(server));
            retry_budget.spend(server);
        }
        assert!(!retry_budget.covers(server));
        assert!(retry_budget.covers(Some(ErrorClass::Throttled)) && retry_budget.covers(None));
        retry_budget.earn(true);
        assert!(retry_budget.covers(server));
        for _ in 0..1000 {
            retry_budget.earn(true);
        }
        assert_eq!(retry_budget.0, FULL);
    }
}
