//! Numbers, flags and rates.

use crate::base::rate::Rate;
use crate::plan::guards::MaxFailures;
use crate::plan::key::{Form, Takes, Written};
use crate::plan::reader::{Field, Reader, Text};
use crate::plan::suggest::quote;

/// The version of the format.
pub(in crate::plan) const VERSION: Form<()> = Form { takes: || Takes::Version, read: version };

/// `true` or `false`.
pub(in crate::plan) const FLAG: Form<bool> = Form { takes: || Takes::Flag, read: flag };

/// A rate such as `80/min`.
pub(in crate::plan) const RATE: Form<Rate> = Form { takes: || Takes::Rate, read: rate };

/// A count such as `3`, or a percentage such as `10%`.
pub(in crate::plan) const MAX_FAILURES: Form<MaxFailures> = Form { takes: || Takes::MaxFailures, read: max_failures };

/// A whole number from 1 to `MOST`.
pub(in crate::plan) const fn count<N: TryFrom<u64>, const MOST: u64>() -> Form<N> {
    Form { takes: || Takes::Count(1, MOST), read: from_one::<N, MOST> }
}

/// A whole number from 0.
pub(in crate::plan) const fn whole<const MOST: u64>() -> Form<u64> {
    Form { takes: || Takes::Count(0, MOST), read: up_to::<MOST> }
}

fn version(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<()> {
    let (version, text) = whole_number(field, reader)?;
    if version == 1 {
        return Some(());
    }
    let title = format!("unknown version {version} of the plan format");
    reader.wrong(text.span, title, Some("this program reads `version: 1`".into()));
    None
}

fn from_one<N: TryFrom<u64>, const MOST: u64>(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<N> {
    let (number, text) = whole_number(field, reader)?;
    let bound = match N::try_from(number) {
        _ if number < 1 => "at least 1".to_owned(),
        Ok(count) if number <= MOST => return Some(count),
        Ok(_) | Err(_) => format!("at most {MOST}"),
    };
    reader.wrong(text.span, format!("{field} must be {bound}"), None);
    None
}

fn up_to<const MOST: u64>(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<u64> {
    let (number, text) = whole_number(field, reader)?;
    if number > MOST {
        reader.wrong(text.span, format!("{field} must be at most {MOST}"), None);
        return None;
    }
    Some(number)
}

fn whole_number<'t>(field: Field<'t, '_>, reader: &mut Reader<'_>) -> Option<(u64, Text<'t>)> {
    let text = reader.scalar(field, "a whole number")?;
    let number = text.value.parse::<u64>();
    match number {
        Ok(number) if text.typed => Some((number, text)),
        Ok(_) | Err(_) => {
            let hint = number.is_ok().then(|| "leave out the quotes".to_owned());
            reader.wrong(text.span, format!("{field} must be a whole number, not {}", text.as_value()), hint);
            None
        }
    }
}

/// Reads `true` or `false`.
pub(in crate::plan) fn flag(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<bool> {
    let text = reader.scalar(field, "`true` or `false`")?;
    match &*text.value {
        "true" if text.typed => return Some(true),
        "false" if text.typed => return Some(false),
        _ => {}
    }
    let meant = match text.value.to_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" => Some(true),
        "false" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    };
    let hint = meant.map(|meant| format!("write `{meant}`, in lower case and without quotes"));
    reader.wrong(text.span, format!("{field} must be `true` or `false`, not {}", text.as_value()), hint);
    None
}

fn rate(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Rate> {
    let text = reader.scalar(field, "a rate")?;
    let rate = text.value.parse();
    if rate.is_err() {
        let hint = "write a whole number per second, minute or hour: `50/s`, `80/min`, `200/h`";
        reader.wrong(text.span, format!("{field} must be a rate, not {text}"), Some(hint.to_owned()));
    }
    rate.ok()
}

fn max_failures(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<MaxFailures> {
    let text = reader.name(field)?;
    let rule = text.value.parse();
    if let Err(error) = rule {
        let title = format!("invalid value {text} for {}: it is {error}", quote(field.name));
        reader.wrong(text.span, title, Some("write a count such as `3`, or a percentage such as `10%`".into()));
    }
    rule.ok()
}

macro_rules! written_as_shown {
    ($($T:ty),+) => {
        $(impl Written for $T {
            fn written(&self) -> String {
                self.to_string()
            }
        })+
    };
}

written_as_shown!(u32, usize, bool);
