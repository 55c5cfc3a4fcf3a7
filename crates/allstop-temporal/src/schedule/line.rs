//! Schedules as programs read them: one JSON object on one line, version 1.

use serde::Serialize;

use super::view::{ScheduleView, Schedules, UnreadSchedule};

/// The version of the format.
const VERSION: u32 = 1;

/// A schedule for programs.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleLine<'a> {
    /// The version of the format: 1.
    pub version: u32,
    /// The schedule.
    #[serde(flatten)]
    pub schedule: &'a ScheduleView,
}

/// The schedules of a namespace for programs.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleList<'a> {
    /// The version of the format: 1.
    pub version: u32,
    /// Those that can be read, by name.
    pub schedules: &'a [ScheduleView],
    /// Those that cannot, by name.
    pub not_read: &'a [UnreadSchedule],
}

impl<'a> ScheduleLine<'a> {
    /// Builds the line of a schedule.
    #[must_use]
    pub const fn new(schedule: &'a ScheduleView) -> Self {
        Self { version: VERSION, schedule }
    }
}

impl<'a> ScheduleList<'a> {
    /// Builds the line of these schedules.
    #[must_use]
    pub fn new(schedules: &'a Schedules) -> Self {
        Self { version: VERSION, schedules: &schedules.read, not_read: &schedules.unread }
    }
}
