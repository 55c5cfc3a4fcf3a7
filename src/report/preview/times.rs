//! How long a run takes by its quotas, in sentences.

use std::time::Duration;

use crate::base::count::counted;
use crate::base::duration::to_come;
use crate::plan::{Overview, Plan, VerifyMode};

/// Says how long the whole takes, and what the worst case is; nothing if there is nothing to stop.
pub(super) fn times(plan: &Plan, overview: &Overview) -> Vec<String> {
    if overview.stops() == 0 {
        return Vec::new();
    }
    let sent = match overview.estimate() {
        Duration::ZERO => "at once".to_owned(),
        time => format!("in about {}", to_come(time)),
    };
    let whole = format!(
        "Lanes run in parallel: all stops are sent {sent}; the run takes {} at worst.",
        to_come(overview.at_worst())
    );
    let attempts = counted(plan.retry.max_attempts.into(), "attempt");
    let seen = match plan.verify.mode {
        VerifyMode::Off => String::new(),
        VerifyMode::Auto | VerifyMode::Always => {
            format!(", and {} to verify the last one", to_come(plan.verify.timeout))
        }
    };
    let worst = format!(
        "\"At worst\" assumes {attempts} per stop with the longest waits between them{seen}. Throttling and timeouts add to \
         it."
    );
    let shares = overview.rows.iter().any(|row| row.lane_stops > row.stops && row.stops > 0);
    let shared = shares.then(|| "Accounts with the same key in the same region share one quota.".to_owned());
    [whole, worst].into_iter().chain(shared).collect()
}

/// Writes an estimate.
pub(super) fn about(time: Duration) -> String {
    if time.is_zero() { "a moment".into() } else { to_come(time) }
}
