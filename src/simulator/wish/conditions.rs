//! Conditions: each is true, false, or not known.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::super::glob::Glob;
use super::super::service::Model;
use super::began::Began;
use super::shown::Shown;

/// Conditions that must all be true.
#[derive(Debug, Clone, Default)]
pub(in crate::simulator) struct Conditions {
    /// Fields and what their values must match one of.
    pub(in crate::simulator) fields: Vec<(String, Vec<Glob>)>,
    /// Keys of tags and what their values must match one of.
    pub(in crate::simulator) tags: Vec<(String, Vec<Glob>)>,
    /// What the word for the state must match one of; empty if that is not asked.
    pub(in crate::simulator) status: Vec<Glob>,
    /// Times.
    pub(in crate::simulator) times: Vec<Time>,
}

/// A condition on a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Time {
    /// It is at least so old.
    Older(Duration),
    /// It is less old.
    Newer(Duration),
    /// It began earlier.
    Before(Timestamp),
    /// It began then or later.
    After(Timestamp),
}

impl Conditions {
    /// Takes one condition of a plan; returns whether it is one.
    pub(super) fn take(&mut self, model: Model, key: &str, value: &Value) -> Result<bool, String> {
        let wrong = || format!("{key}: {value} is not understood");
        let text = || value.as_str().ok_or_else(wrong);
        let moment = || text()?.parse::<Timestamp>().map_err(|_| wrong());
        let age = || duration(text()?).ok_or_else(wrong);
        match key {
            "status" => self.status = globs(value).ok_or_else(wrong)?,
            "tags" => {
                let tags = value.as_object().filter(|tags| !tags.is_empty()).ok_or_else(wrong)?;
                for (tag, value) in tags {
                    self.tags.push((tag.clone(), globs(value).ok_or_else(wrong)?));
                }
            }
            "older_than" => self.times.push(Time::Older(age()?)),
            "newer_than" => self.times.push(Time::Newer(age()?)),
            "started_before" => self.times.push(Time::Before(moment()?)),
            "started_after" => self.times.push(Time::After(moment()?)),
            field if model.fields().any(|known| known == field) => {
                self.fields.push((field.to_owned(), globs(value).ok_or_else(wrong)?));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Returns whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.tags.is_empty() && self.status.is_empty() && self.times.is_empty()
    }

    /// Tells whether all are true at a moment; `None` if one is not known and none is false.
    pub(super) fn hold(&self, shown: &Shown<'_>, at: Timestamp) -> Option<bool> {
        let fields = self.fields.iter().map(|(name, globs)| Some(is_any(globs, shown.field(name)?)));
        let status =
            Some(&self.status).filter(|globs| !globs.is_empty()).map(|globs| Some(is_any(globs, shown.status?)));
        let tags = self.tags.iter().map(|(key, globs)| {
            let tags = shown.tags.as_ref()?;
            Some(tags.iter().any(|(name, value)| name == key && is_any(globs, value)))
        });
        let times = self.times.iter().map(|time| time.holds(shown, at));
        let all: Vec<_> = fields.chain(status).chain(tags).chain(times).collect();
        match () {
            () if all.contains(&Some(false)) => Some(false),
            () if all.contains(&None) => None,
            () => Some(true),
        }
    }
}

impl Time {
    fn holds(self, shown: &Shown<'_>, at: Timestamp) -> Option<bool> {
        let began = Began::read(shown.since.as_deref()?, shown.model.info().times)?;
        match self {
            Self::Older(age) => began.is_until(at.checked_sub(age).ok()?),
            Self::Newer(age) => began.is_until(at.checked_sub(age).ok()?).map(|is_older| !is_older),
            Self::Before(moment) => began.is_before(moment),
            Self::After(moment) => began.is_before(moment).map(|is_before| !is_before),
        }
    }
}

/// Returns whether one of several patterns matches.
pub(in crate::simulator) fn is_any(globs: &[Glob], text: &str) -> bool {
    globs.iter().any(|glob| glob.matches(text))
}

/// Reads a pattern or a list of them; none of them is empty.
pub(super) fn globs(value: &Value) -> Option<Vec<Glob>> {
    let texts: Vec<&str> = match value {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().map(Value::as_str).collect::<Option<_>>()?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    let is_stated = !texts.is_empty() && texts.iter().all(|text| !text.is_empty());
    texts.into_iter().map(Glob::read).collect::<Option<Vec<_>>>().filter(|_| is_stated)
}

/// Reads a duration such as `1d2h` or `1h 30m`.
fn duration(text: &str) -> Option<Duration> {
    let (mut total, mut number) = (0_u64, String::new());
    for one in text.chars().filter(|one| !one.is_whitespace()) {
        let seconds = match one {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            digit => {
                number.push(digit);
                continue;
            }
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(seconds)?)?;
        number.clear();
    }
    (number.is_empty() && !text.is_empty()).then_some(Duration::from_secs(total))
}
