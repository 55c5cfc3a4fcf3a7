//! iCalendar files (RFC 5545): when their events are.
//!
//! An event that lasts whole days excepts those days, any other its time. What cannot be read faithfully is an error:
//! no event and no repetition is left out.

mod calendar;
mod content;
mod event;
mod problem;
mod recurrence;
mod rule;
mod stream;
#[cfg(test)]
mod tests;
mod value;
mod windows_zones;

pub(super) use calendar::exceptions;
pub(super) use problem::Problem;
