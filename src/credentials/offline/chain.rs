//! A default chain: the first source that is configured is used, and one that does not work is never skipped.

use super::foreign;
use super::found::{Found, Step};
use super::machine::Machine;
use super::nothing::nothing_found;
use crate::credentials::error::SourceError;

/// A source of a default chain.
pub(super) struct Link {
    /// What it is called where it does not serve.
    pub(super) label: &'static str,
    /// The variables that configure it, which are in use where it serves.
    pub(super) variables: &'static [&'static str],
    pub(super) attempt: fn(&Machine<'_>) -> Result<Step, SourceError>,
}

/// What a chain comes to.
pub(super) struct Walked {
    pub(super) found: Result<Found, SourceError>,
    /// The source that was configured and does not work, or the last one.
    pub(super) label: &'static str,
    pub(super) used: &'static [&'static str],
    pub(super) tried: Vec<String>,
}

/// Asks the sources of a chain in their order.
pub(super) fn walk(machine: &Machine<'_>, links: &[Link]) -> Walked {
    let mut tried = Vec::new();
    for (index, Link { label, variables, attempt }) in links.iter().enumerate() {
        let found = match attempt(machine) {
            Ok(Step::IsNot(reasons)) => {
                tried.push(format!("{label}: {}", reasons.join("; ")));
                // The variables of other tools, beside those that are read.
                if index == 0 {
                    tried.extend(foreign::lines(machine));
                }
                continue;
            }
            Ok(Step::Serves(found)) => Ok(*found),
            Err(error) => Err(error),
        };
        return Walked { found, label, used: variables, tried };
    }
    Walked { found: Err(nothing_found(&tried)), label: "nothing configured here", used: &[], tried }
}
