//! When a schedule starts a flow next, where its expression alone says so.
//!
//! An expression has six fields: second, minute, hour, day, month, day of the week. The service states no time zone for
//! hours and days, so only expressions that hold in every hour are read: they mean the same wherever hours begin together.

use jiff::{SignedDuration, Timestamp, Unit};

/// Seconds of an hour.
const HOUR: i64 = 3600;

/// Returns the next moment after `now` at which an expression such as `0 */15 * * * *` holds; `None` where it is not
/// certain.
pub(super) fn next(expression: &str, now: Timestamp) -> Option<Timestamp> {
    let fields: Vec<&str> = expression.split_ascii_whitespace().collect();
    let [second, minute, hour, day, month, weekday] = fields[..] else { return None };
    let is_any = |field: &str| matches!(field, "*" | "?");
    if hour != "*" || ![day, month, weekday].into_iter().all(is_any) {
        return None;
    }
    let (seconds, minutes) = (values(second)?, values(minute)?);
    let within = minutes.iter().flat_map(|minute| seconds.iter().map(move |second| minute * 60 + second));
    let now_s = now.as_second();
    let passed = now_s.rem_euclid(HOUR);
    let next = within.map(|at| if at > passed { at - passed } else { at - passed + HOUR }).min()?;
    let whole = Timestamp::from_second(now_s).ok()?;
    whole.checked_add(SignedDuration::from_secs(next)).ok()?.round(Unit::Second).ok()
}

/// Reads a field of seconds or minutes: `*`, a number, a range, a step, or several of these.
fn values(field: &str) -> Option<Vec<i64>> {
    let mut values = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(number(step).filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let (from, to) = match (range, range.split_once('-')) {
            ("*", _) => (0, 59),
            (_, Some((from, to))) => (number(from)?, number(to)?),
            // `5/15` begins at 5.
            (from, None) => (number(from)?, if step.is_some() { 59 } else { number(from)? }),
        };
        let step = usize::try_from(step.unwrap_or(1)).ok()?;
        values.extend((from..=to).step_by(step));
    }
    (!values.is_empty()).then_some(values)
}

/// Reads a number of seconds or minutes.
fn number(text: &str) -> Option<i64> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_plain && (0..=59).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_in_every_hour_has_a_next_time() {
        for (expression, now, expected) in [
            ("0 0 * * * *", "05:00:12", Some("06:00:00")),
            ("0 0 * * * ?", "05:00:00", Some("06:00:00")),
            ("0 0 * * * *", "04:59:59", Some("05:00:00")),
            ("0 */15 * * * *", "05:14:59", Some("05:15:00")),
            ("0 5/20 * * * *", "05:30:00", Some("05:45:00")),
            ("30 10-12,50 * * * *", "05:12:30", Some("05:50:30")),
            ("*/10 * * * * *", "05:00:01", Some("05:00:10")),
        ] {
            let at = |time: &str| format!("2026-11-25T{time}Z").parse::<Timestamp>().unwrap();
            assert_eq!(next(expression, at(now)), expected.map(at), "{expression}");
        }
    }

    #[test]
    fn what_needs_a_time_zone_or_cannot_be_read_has_none() {
        let now = "2026-11-25T05:00:12Z".parse().unwrap();
        for expression in [
            "0 0 4 * * *",
            "0 0 */2 * * *",
            "0 0 * 1 * *",
            "0 0 * * * MON",
            "CRON_TZ=Asia/Kolkata 0 0 * * * *",
            "0 * * * *",
            "@every 5m",
            "",
            "0 60 * * * *",
            "0 */0 * * * *",
            "0 +5 * * * *",
            "0 9-5 * * * *",
        ] {
            assert_eq!(next(expression, now), None, "{expression}");
        }
    }
}
