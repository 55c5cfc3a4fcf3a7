//! Numbers, flags and rates.

use std::fmt::{Debug, Display};

use crate::base::rate::Rate;
use crate::plan::finding::Finding;
use crate::plan::guards::MaxFailures;
use crate::plan::key::{Form, Readable, Takes, Writable};
use crate::plan::reader::{Field, Reader, Text};
use crate::plan::suggest::quote;

/// The version of the format.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Version;

/// A whole number between two bounds.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Count<N> {
    from: N,
    to: N,
}

/// `true` or `false`.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Flag;

/// A rate such as `80/min`.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct RateOf;

/// A count such as `3`, or a percentage such as `10%`.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Failures;

impl Form for Version {
    fn takes(self) -> Takes {
        Takes::Version
    }
}

impl Readable for Version {
    type Value = ();

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<()> {
        let (version, text) = whole_number(field, reader)?;
        if version == 1 {
            return Some(());
        }
        let title = format!("unknown version {version} of the plan format");
        reader.found.push(Finding::error(text.span, title).hint("this program reads `version: 1`"));
        None
    }
}

impl<N> Count<N> {
    pub(in crate::plan) const fn new(from: N, to: N) -> Self {
        Self { from, to }
    }
}

impl<N> Form for Count<N>
where
    N: Copy + Debug + Sync + TryInto<u64> + 'static,
{
    fn takes(self) -> Takes {
        let wide = |bound: N| bound.try_into().unwrap_or(u64::MAX);
        Takes::Count(wide(self.from), wide(self.to))
    }
}

impl<N> Readable for Count<N>
where
    N: Copy + Debug + Display + PartialOrd + Sync + TryFrom<u64> + TryInto<u64> + 'static,
{
    type Value = N;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<N> {
        let (number, text) = whole_number(field, reader)?;
        let bound = match N::try_from(number) {
            Ok(number) if number < self.from => format!("at least {}", self.from),
            Ok(number) if number <= self.to => return Some(number),
            Ok(_) | Err(_) => format!("at most {}", self.to),
        };
        reader.wrong(text.span, format!("{field} must be {bound}"), None);
        None
    }
}

impl<N> Writable for Count<N>
where
    N: Copy + Debug + Display + PartialOrd + Sync + TryFrom<u64> + TryInto<u64> + 'static,
{
    fn write(self, value: N) -> String {
        value.to_string()
    }
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

impl Form for Flag {
    fn takes(self) -> Takes {
        Takes::Flag
    }
}

impl Readable for Flag {
    type Value = bool;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<bool> {
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
}

impl Writable for Flag {
    fn write(self, value: bool) -> String {
        value.to_string()
    }
}

impl Form for RateOf {
    fn takes(self) -> Takes {
        Takes::Rate
    }
}

impl Readable for RateOf {
    type Value = Rate;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Rate> {
        let text = reader.scalar(field, "a rate")?;
        let rate = text.value.parse();
        if rate.is_err() {
            let hint = "write a whole number per second, minute or hour: `50/s`, `80/min`, `200/h`";
            reader.wrong(text.span, format!("{field} must be a rate, not {text}"), Some(hint.to_owned()));
        }
        rate.ok()
    }
}

impl Form for Failures {
    fn takes(self) -> Takes {
        Takes::MaxFailures
    }
}

impl Readable for Failures {
    type Value = MaxFailures;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<MaxFailures> {
        let text = reader.name(field)?;
        let rule = text.value.parse();
        if let Err(error) = rule {
            let title = format!("invalid {}: {text}: it is {error}", quote(field.name));
            reader.wrong(text.span, title, Some("write a count such as `3`, or a percentage such as `10%`".into()));
        }
        rule.ok()
    }
}
