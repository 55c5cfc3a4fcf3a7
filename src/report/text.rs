//! Texts and times as reports write them.

use std::borrow::Cow;
use std::time::Duration;

use jiff::SignedDuration;

pub(super) use crate::base::escape::Escaped;

/// Cuts a text down to this many characters, the last of them `…` where something is missing.
pub(super) fn shortened(text: &str, length: usize) -> Cow<'_, str> {
    match text.char_indices().nth(length) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(length.saturating_sub(1)).chain(['…']).collect()),
    }
}

/// Returns a duration as people say it: `312ms`, `12s`, `2m 5s`.
pub(super) fn spoken(duration: Duration) -> String {
    let whole = if duration < Duration::from_secs(1) {
        SignedDuration::from_millis(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
    } else {
        SignedDuration::from_secs(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX))
    };
    format!("{whole:#}")
}

/// Returns a time to come, never less than it is: a second at least, and seconds only where they matter.
pub(super) fn to_come(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let step = match seconds {
        0..600 => 1,
        600..36_000 => 60,
        _ => 3600,
    };
    spoken(Duration::from_secs(seconds.max(1).div_ceil(step) * step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_come_are_never_understated() {
        let table = [
            (0, "1s"),
            (1, "1s"),
            (1_001, "2s"),
            (599_000, "9m 59s"),
            (601_000, "11m"),
            (35_990_000, "10h"),
            (36_001_000, "11h"),
            (200_000_000, "56h"),
        ];
        for (millis, text) in table {
            assert_eq!(to_come(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn shortens_by_characters() {
        for (text, shown) in [("", ""), ("名前", "名前"), ("名前は", "名前は"), ("名前は何", "名前…")]
        {
            assert_eq!(shortened(text, 3), shown);
        }
    }

    #[test]
    fn durations_read_well() {
        let table =
            [(0, "0s"), (312, "312ms"), (1_999, "1s"), (12_345, "12s"), (125_000, "2m 5s"), (7_260_000, "2h 1m")];
        for (millis, text) in table {
            assert_eq!(spoken(Duration::from_millis(millis)), text);
        }
    }
}
