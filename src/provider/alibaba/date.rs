//! Dates as signatures have them.

use jiff::Timestamp;

/// Returns a moment as both signatures write it, such as `2026-11-22T05:30:00Z`.
pub(super) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
