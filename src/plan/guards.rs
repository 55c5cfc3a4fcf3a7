//! Guards: what must not happen, whatever the plan's targets say. Pure rules, no clock.

use globset::GlobSet;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

/// The guards of a plan.
#[derive(Debug, Clone)]
pub struct Guards {
    /// A larger selection is refused.
    pub max_targets: usize,
    /// The patterns of what is left alone, as written.
    pub protect: Vec<String>,
    /// The same patterns, compiled.
    pub protect_set: GlobSet,
    /// Ends the run when this many targets have failed.
    pub max_failures: Option<MaxFailures>,
    /// Whether a resource that is gone counts as done.
    pub not_found: NotFound,
    /// When sending is allowed.
    pub window: Option<Window>,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            max_targets: 1000,
            protect: Vec::new(),
            protect_set: GlobSet::empty(),
            max_failures: None,
            not_found: NotFound::Fail,
            window: None,
        }
    }
}

/// How many failures end a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxFailures {
    /// That many.
    Count(u64),
    /// That part of the run's targets, in hundredths of a per cent, rounded up.
    Percent(u32),
}

/// Whether a resource that is gone counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFound {
    /// It does.
    Ok,
    /// It does not.
    Fail,
}

/// The time of the week in which sending is allowed.
#[derive(Debug, Clone)]
pub struct Window {
    /// The days on which it opens; empty for every day.
    pub days: Vec<Weekday>,
    /// When it opens.
    pub from: Time,
    /// When it closes; at or before `from`, it closes on the next day.
    pub to: Time,
    /// The zone in which days and times are meant.
    pub timezone: TimeZone,
}
