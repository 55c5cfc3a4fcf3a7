//! One field of a cron expression.

use std::ops::RangeInclusive;

/// What a field of a cron expression may have.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) within: RangeInclusive<u32>,
    /// The names of its values, from that of the first.
    names: &'static [&'static str],
}

/// The fields, in their order.
pub(super) const FIELDS: [Field; 5] = [
    Field { name: "minute", within: 0..=59, names: &[] },
    Field { name: "hour", within: 0..=23, names: &[] },
    Field { name: "day of the month", within: 1..=31, names: &[] },
    Field { name: "month", within: 1..=12, names: &MONTHS },
    // 7 is Sunday as well.
    Field { name: "day of the week", within: 0..=7, names: &DAYS },
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// How many letters of a name are needed.
const LETTERS: usize = 3;

impl Field {
    /// Reads `*`, `5`, `1-5`, `*/10`, `mon-fri` or a list of such; returns the values as bits, or `None`.
    pub(super) fn parse(&self, text: &str) -> Option<u64> {
        text.split(',').try_fold(0, |bits, part| Some(bits | self.part(part)?))
    }

    fn part(&self, text: &str) -> Option<u64> {
        let (values, step) = match text.split_once('/') {
            Some((values, step)) => (values, Some(number(step).filter(|step| *step > 0)?)),
            None => (text, None),
        };
        let (first, last) = match (values, values.split_once('-'), step) {
            ("*", ..) => (*self.within.start(), *self.within.end()),
            (_, Some((first, last)), _) => (self.value(first)?, self.value(last)?),
            // From one value on.
            (value, None, Some(_)) => (self.value(value)?, *self.within.end()),
            (value, None, None) => (self.value(value)?, self.value(value)?),
        };
        let is_within = first <= last && self.within.contains(&first) && self.within.contains(&last);
        let values = (first..=last).step_by(step.unwrap_or(1) as usize);
        is_within.then(|| values.fold(0, |bits, value| bits | 1 << value))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let text = text.to_ascii_lowercase();
        let names = (*self.within.start()..).zip(self.names);
        let mut named = names.filter(|(_, name)| text.len() >= LETTERS && name.starts_with(&text));
        named.next().map(|(value, _)| value).or_else(|| number(&text))
    }
}

/// Reads digits alone.
fn number(text: &str) -> Option<u32> {
    let is_plain = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}
