//! Durations as people read them: one notation for the terminal, the reports and the page.

use std::time::Duration;

/// The units from the largest down, with their lengths in seconds.
const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)];

/// Returns a duration in its two largest units, cut off: `312 ms`, `1.2 s`, `12.3 s`, `2 min 5 s`, `1 d 2 h`.
///
/// Below a minute, it has three significant digits. The page's `lasting` (`text.js`) does the same.
#[must_use]
pub fn spoken(duration: Duration) -> String {
    let (seconds, millis) = (duration.as_secs(), duration.subsec_millis());
    match seconds {
        0 if millis > 0 => return format!("{millis} ms"),
        0..60 => return format!("{} s", decimal(seconds, if seconds < 10 { millis / 10 } else { millis / 100 * 10 })),
        _ => {}
    }
    let mut rest = seconds;
    let parts = UNITS.map(|(unit, length)| {
        let count = rest / length;
        rest %= length;
        (count, unit)
    });
    let parts = parts.iter().skip_while(|(count, _)| *count == 0).take(2).filter(|(count, _)| *count > 0);
    parts.map(|(count, unit)| format!("{count} {unit}")).collect::<Vec<_>>().join(" ")
}

/// Writes whole seconds and hundredths without zeros at the end.
fn decimal(seconds: u64, hundredths: u32) -> String {
    let text = format!("{seconds}.{hundredths:02}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns a time to come, never less than it is: a second at least, and seconds only where they matter.
#[must_use]
pub(crate) fn to_come(time: Duration) -> String {
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
    fn durations_read_well() {
        let table = [
            (0, "0 s"),
            (312, "312 ms"),
            (1_000, "1 s"),
            (1_239, "1.23 s"),
            (1_500, "1.5 s"),
            (9_999, "9.99 s"),
            (10_099, "10 s"),
            (12_345, "12.3 s"),
            (60_999, "1 min"),
            (125_000, "2 min 5 s"),
            (3_605_000, "1 h"),
            (7_260_000, "2 h 1 min"),
            (90_061_000, "1 d 1 h"),
            (86_460_000, "1 d"),
        ];
        for (millis, text) in table {
            assert_eq!(spoken(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn times_to_come_are_never_understated() {
        let table = [
            (0, "1 s"),
            (1, "1 s"),
            (1_001, "2 s"),
            (495_000, "8 min 15 s"),
            (599_000, "9 min 59 s"),
            (601_000, "11 min"),
            (35_990_000, "10 h"),
            (36_001_000, "11 h"),
            (200_000_000, "2 d 8 h"),
        ];
        for (millis, text) in table {
            assert_eq!(to_come(Duration::from_millis(millis)), text);
        }
    }
}
