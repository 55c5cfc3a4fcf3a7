//! iCalendar files (RFC 5545): when their events are.
//!
//! An event that lasts whole days excepts those days, any other its time. What cannot be read faithfully is an error:
//! no event and no repetition is left out.

mod content;
mod event;
mod recurrence;
mod rule;
mod stream;
#[cfg(test)]
mod tests;
mod value;

use jiff::tz::TimeZone;

use super::except::Exception;
use event::Event;

/// Something in the file that cannot be used, and its line, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: u32,
    pub(super) title: String,
    pub(super) hint: Option<&'static str>,
}

impl Problem {
    fn new(line: u32, title: impl Into<String>) -> Self {
        Self { line, title: title.into(), hint: None }
    }

    fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// Returns when the events of a calendar are; times without a zone are in `zone`.
///
/// # Errors
///
/// Fails with everything that cannot be used, in the order of the file where it can be told.
pub(super) fn exceptions(bytes: &[u8], zone: &TimeZone) -> Result<Vec<Exception>, Vec<Problem>> {
    let components = stream::events(bytes).map_err(|problem| vec![problem])?;
    let (mut events, mut problems) = (Vec::new(), Vec::new());
    for component in &components {
        match Event::read(component, zone) {
            Ok(event) => events.push(event),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { recurrence::expand(&events).map_err(|problem| vec![problem]) } else { Err(problems) }
}
