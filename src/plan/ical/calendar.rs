//! A whole file: what its events except.

use jiff::tz::TimeZone;

use super::event::Event;
use super::problem::Problem;
use super::{recurrence, stream};
use crate::plan::except::Exception;

/// Returns when the events of a calendar are; times without a zone are in `zone`.
///
/// # Errors
///
/// Fails with everything that cannot be used, in the order of the file where it can be told.
pub(in crate::plan) fn exceptions(bytes: &[u8], zone: &TimeZone) -> Result<Vec<Exception>, Vec<Problem>> {
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
