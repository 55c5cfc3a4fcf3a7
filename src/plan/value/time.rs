//! Durations, times of day, days of the week and time zones.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::word::{self, Word};
use crate::plan::finding::Finding;
use crate::plan::key::{Form, Takes, Written};
use crate::plan::moment;
use crate::plan::reader::{Field, Reader};
use crate::plan::stage::Pause;
use crate::plan::suggest::{self, quote};
use crate::plan::units::{self, DurationError};
use crate::plan::zone;

/// A duration such as `30s`: longer than zero, at most a year.
pub(in crate::plan) const DURATION: Form<Duration> = Form { takes: || Takes::Duration, read: duration };

/// A duration, or `0s`.
pub(in crate::plan) const WAIT: Form<Duration> = Form { takes: || Takes::Wait, read: wait };

/// A duration between two bounds, in seconds.
pub(in crate::plan) const fn between<const LEAST: u64, const MOST: u64>() -> Form<Duration> {
    Form {
        takes: || Takes::Between(Duration::from_secs(LEAST), Duration::from_secs(MOST)),
        read: |field, reader| {
            let bounds = Duration::from_secs(LEAST)..=Duration::from_secs(MOST);
            let time = duration(field, reader)?;
            if bounds.contains(&time) {
                return Some(time);
            }
            let [least, most] = [bounds.start(), bounds.end()].map(|bound| units::show(*bound));
            reader.wrong(field.node.span, format!("{field} must be between {least} and {most}"), None);
            None
        },
    }
}

/// The pause that asks.
const ASK: &str = "ask";

/// A duration, or `ask`.
pub(in crate::plan) const PAUSE: Form<Pause> = Form { takes: || Takes::Pause, read: pause };

/// A time of day such as `20:00`.
pub(in crate::plan) const TIME_OF_DAY: Form<Time> = Form { takes: || Takes::TimeOfDay, read: time_of_day };

/// A moment such as `2026-11-22T03:12:00Z`: a date, a time of day to the second, and the zone.
pub(in crate::plan) const MOMENT: Form<Timestamp> = Form { takes: || Takes::Moment, read: moment };

/// The name of a time zone.
pub(in crate::plan) const ZONE: Form<TimeZone> = Form { takes: || Takes::Name, read: zone };

/// A list of days, or of ranges of them.
pub(in crate::plan) const DAYS: Form<Vec<Weekday>> =
    Form { takes: || Takes::Cycle(word::names::<Weekday>().collect()), read: days };

impl Written for Duration {
    fn written(&self) -> String {
        units::show(*self)
    }
}

fn pause(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Pause> {
    let text = reader.scalar(field, "a duration or `ask`")?;
    if text.value == ASK {
        return Some(Pause::Ask);
    }
    let pause = units::duration(&text.value).map(Pause::For);
    if let Err(error) = pause {
        let title = format!("{field} must be a duration or `{ASK}`, not {text}: {error}");
        reader.wrong(text.span, title, Some(format!("{}, or `{ASK}`", error.hint(text.written))));
    }
    pause.ok()
}

fn duration(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Duration> {
    timed(field, units::duration, reader)
}

fn wait(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Duration> {
    timed(field, units::wait, reader)
}

fn timed(
    field: Field<'_, '_>,
    parse: fn(&str) -> Result<Duration, DurationError>,
    reader: &mut Reader<'_>,
) -> Option<Duration> {
    let text = reader.scalar(field, "a duration")?;
    let duration = parse(&text.value);
    if let Err(error) = duration {
        let title = format!("{field} must be a duration, not {text}: {error}");
        // As written: the value of a variable may be secret.
        reader.wrong(text.span, title, Some(error.hint(text.written)));
    }
    duration.ok()
}

fn time_of_day(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Time> {
    let text = reader.name(field)?;
    let time = units::time_of_day(&text.value);
    if time.is_none() {
        let title = format!("{} must be a time of day, not {text}", quote(field.name));
        let hint = "write hours and minutes with two digits each, from `00:00` to `23:59`";
        reader.wrong(text.span, title, Some(hint.into()));
    }
    time
}

fn moment(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Timestamp> {
    let text = reader.name(field)?;
    let moment = moment::zoned(&text.value);
    if let Err(error) = moment {
        let hint = "write a date, a time and the zone, as in `2026-11-22T03:12:00Z` or `2026-11-22T11:12:00+08:00`";
        reader.wrong(text.span, format!("{field} must be a moment, not {text}: {error}"), Some(hint.into()));
    }
    moment.ok()
}

fn zone(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<TimeZone> {
    let text = reader.name(field)?;
    if let Some(zone) = zone::named(&text.value) {
        return Some(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let hint = suggest::nearest(&text.value, names.iter().map(String::as_str)).map_or_else(
        || "write a name of the IANA time zone database, such as `Asia/Shanghai` or `UTC`".to_owned(),
        suggest::meant,
    );
    reader.wrong(text.span, format!("{text} is not a time zone"), Some(hint));
    None
}

fn days(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Weekday>> {
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

/// Reads a day, or a range of days, which may go over the end of the week.
fn some_days(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Weekday>> {
    let range = reader.unsaid(|quiet| quiet.name(field)).and_then(|text| {
        let (first, last) = text.value.split_once('-')?;
        let number = |name: &str| Weekday::WORDS.iter().position(|(day, _)| *day == name);
        Some((number(first)?, number(last)?))
    });
    let Some((first, last)) = range else { return Some(vec![word::read(field, reader)?]) };
    let days = Weekday::WORDS.iter().cycle().map(|(_, day)| *day).skip(first);
    Some(days.take((last + Weekday::WORDS.len() - first) % Weekday::WORDS.len() + 1).collect())
}
