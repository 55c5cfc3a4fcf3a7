//! Rates and numbers as drawings show them.

use crate::base::count::HumanCount;

/// Writes a rate a second.
pub(super) fn rate(per_second: f64) -> String {
    let is_large = per_second >= 1000.0;
    let text = if is_large { HumanCount(per_second.round() as u64).to_string() } else { number(per_second) };
    format!("{text}/s")
}

/// Writes a number with as many digits as help.
pub(super) fn number(number: f64) -> String {
    let digits = if number >= 100.0 { 0 } else { 1 + usize::from(number < 1.0) };
    let text = format!("{number:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
