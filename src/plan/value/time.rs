//! Durations, times of day, days of the week and time zones.

use std::time::Duration;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::word::Words;
use crate::plan::finding::Finding;
use crate::plan::key::{Form, Readable, Takes, Writable};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::units;

/// A duration such as `30s`: longer than zero, at most a year.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Lasting;

/// A time of day such as `20:00`.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct TimeOfDay;

/// The name of a time zone.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Zone;

/// A list of days, or of ranges of them.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Days;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl Form for Lasting {
    fn takes(self) -> Takes {
        Takes::Duration
    }
}

impl Readable for Lasting {
    type Value = Duration;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Duration> {
        let text = reader.scalar(field, "a duration")?;
        let duration = units::duration(&text.value);
        if let Err(error) = duration {
            let title = format!("{field} must be a duration, not {text}: {error}");
            // As written: the value of a variable may be secret.
            reader.wrong(text.span, title, Some(error.hint(text.written)));
        }
        duration.ok()
    }
}

impl Writable for Lasting {
    fn write(self, value: Duration) -> String {
        units::show(value)
    }
}

impl Form for TimeOfDay {
    fn takes(self) -> Takes {
        Takes::TimeOfDay
    }
}

impl Readable for TimeOfDay {
    type Value = Time;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Time> {
        let text = reader.name(field)?;
        let time = units::time_of_day(&text.value);
        if time.is_none() {
            let title = format!("{} must be a time of day, not {text}", quote(field.name));
            let hint = "write hours and minutes with two digits each, from `00:00` to `23:59`";
            reader.wrong(text.span, title, Some(hint.into()));
        }
        time
    }
}

impl Form for Zone {
    fn takes(self) -> Takes {
        Takes::Name
    }
}

impl Readable for Zone {
    type Value = TimeZone;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<TimeZone> {
        let text = reader.name(field)?;
        if let Ok(zone) = TimeZone::get(&text.value) {
            return Some(zone);
        }
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let hint = suggest::nearest(&text.value, names.iter().map(String::as_str)).map_or_else(
            || "write a name of the IANA time zone database, such as `Asia/Shanghai` or `UTC`".to_owned(),
            |near| format!("did you mean {}?", quote(near)),
        );
        reader.wrong(text.span, format!("{text} is not a time zone"), Some(hint));
        None
    }
}

impl Form for Days {
    fn takes(self) -> Takes {
        Takes::Cycle(DAYS.map(|(day, _)| day).to_vec())
    }
}

impl Readable for Days {
    type Value = Vec<Weekday>;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Weekday>> {
        let items: Vec<_> = reader.list(field)?.collect();
        if items.is_empty() {
            let finding = Finding::error(field.node.span, "`days` is empty, so the window would never open");
            reader.found.push(finding.hint("leave `days` out to mean every day"));
            return None;
        }
        let days: Vec<_> = items.into_iter().map(|item| some_days(item, reader)).collect();
        let days: Vec<Vec<Weekday>> = days.into_iter().collect::<Option<_>>()?;
        let mut once = Vec::new();
        for day in days.into_iter().flatten() {
            if !once.contains(&day) {
                once.push(day);
            }
        }
        Some(once)
    }
}

/// Reads a day, or a range of days, which may go over the end of the week.
fn some_days(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Weekday>> {
    let range = reader.unsaid(|quiet| quiet.name(field)).and_then(|text| {
        let (first, last) = text.value.split_once('-')?;
        let number = |name: &str| DAYS.iter().position(|(day, _)| *day == name);
        Some((number(first)?, number(last)?))
    });
    let Some((first, last)) = range else { return Some(vec![Words(&DAYS).read(field, reader)?]) };
    let days = DAYS.iter().cycle().map(|(_, day)| *day).skip(first);
    Some(days.take((last + DAYS.len() - first) % DAYS.len() + 1).collect())
}
