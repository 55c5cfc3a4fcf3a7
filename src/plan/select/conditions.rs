//! Conditions on what a listing shows: each is true, false or not known.

use std::time::Duration;

use jiff::Timestamp;

use super::began::{Began, Doubt};
use super::globs::Globs;
use crate::service::{Resource, Selectable};

/// Conditions that must all be true.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Conditions {
    /// By the numbers of the kind's fields.
    pub(in crate::plan) fields: Vec<(usize, Globs)>,
    /// By the tags' keys.
    pub(in crate::plan) tags: Vec<(String, Globs)>,
    pub(in crate::plan) status: Option<Globs>,
    pub(in crate::plan) times: Vec<Time>,
}

/// A condition on the time at which something began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Time {
    /// Its age is this, or more.
    OlderThan(Duration),
    /// Its age is less.
    NewerThan(Duration),
    /// It began before this time, and not at it.
    StartedBefore(Timestamp),
    /// It began at this time, or later.
    StartedAfter(Timestamp),
}

/// Why it is not known whether a condition is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The field of this number is not known.
    Field(usize),
    /// The tags were not read.
    Tags,
    /// There is no status.
    Status,
    /// It is not known well enough when it began.
    Start(Doubt),
}

impl Conditions {
    /// Tells whether all are true: false if one is false, else not known if one is not known.
    pub(super) fn hold(&self, shown: &Selectable, resource: &Resource) -> Result<bool, Unknown> {
        let fields = self
            .fields
            .iter()
            .map(|(field, globs)| Ok(globs.is_match(resource.value(*field).ok_or(Unknown::Field(*field))?)));
        let status =
            self.status.iter().map(|globs| Ok(globs.is_match(resource.status.as_deref().ok_or(Unknown::Status)?)));
        let tags = self.tags.iter().map(|(key, globs)| {
            let tags = resource.tags.as_ref().ok_or(Unknown::Tags)?;
            Ok(tags.iter().any(|(name, value)| **name == **key && globs.is_match(value)))
        });
        let times = self.times.iter().map(|time| time.holds(shown, resource));
        let mut unknown = None;
        for condition in fields.chain(status).chain(tags).chain(times) {
            match condition {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(why) => unknown = unknown.or(Some(why)),
            }
        }
        unknown.map_or(Ok(true), Err)
    }

    /// Returns what a field must be, if there is a condition on it.
    pub(super) fn field(&self, number: usize) -> Option<&Globs> {
        self.fields.iter().find(|(field, _)| *field == number).map(|(_, globs)| globs)
    }

    /// Returns the earliest and the latest time at which something must have begun, if it is `now`.
    pub(super) fn started(&self, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        let (mut earliest, mut latest): (Option<Timestamp>, Option<Timestamp>) = (None, None);
        for time in &self.times {
            let Some(bound) = time.bound(now) else { continue };
            match time {
                Time::OlderThan(_) | Time::StartedBefore(_) => {
                    latest = Some(latest.map_or(bound, |latest| latest.min(bound)));
                }
                Time::NewerThan(_) | Time::StartedAfter(_) => {
                    earliest = Some(earliest.map_or(bound, |earliest| earliest.max(bound)));
                }
            }
        }
        (earliest, latest)
    }
}

impl Time {
    fn holds(self, shown: &Selectable, resource: &Resource) -> Result<bool, Unknown> {
        let began = Began::of(resource, shown.start).map_err(Unknown::Start)?;
        // No age is so long that its beginning is before all times, but for a clock that is.
        let bound = self.bound(resource.at).ok_or(Unknown::Start(Doubt::Inexact))?;
        let holds = match self {
            Self::OlderThan(_) => began.is_until(bound),
            Self::NewerThan(_) => began.is_until(bound).map(|is_older| !is_older),
            Self::StartedBefore(_) => began.is_before(bound),
            Self::StartedAfter(_) => began.is_before(bound).map(|is_earlier| !is_earlier),
        };
        holds.map_err(Unknown::Start)
    }

    /// Returns the time between those of which it is true and those of which it is false.
    fn bound(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::OlderThan(age) | Self::NewerThan(age) => now.checked_sub(age).ok(),
            Self::StartedBefore(time) | Self::StartedAfter(time) => Some(time),
        }
    }
}

impl Unknown {
    /// Says what is not known; equal texts for equal reasons.
    pub(super) fn reason(self, shown: &Selectable) -> String {
        match self {
            Self::Field(number) => format!("no {}", shown.fields.get(number).map_or("such field", |field| field.name)),
            Self::Tags => "tags not read".into(),
            Self::Status => "no status".into(),
            Self::Start(Doubt::Absent) => "no start time".into(),
            Self::Start(Doubt::Unreadable) => "start time not readable".into(),
            Self::Start(Doubt::Inexact) => "start time not exact".into(),
        }
    }
}
