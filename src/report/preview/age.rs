//! How old the targets of a line are.

use std::fmt;
use std::time::Duration;

use crate::base::count::HumanCount;
use crate::base::duration::spoken;
use crate::plan::{Age, Target};

/// The ages of several targets.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ages {
    /// The youngest and the oldest, at least.
    least: Option<(Duration, Duration)>,
    /// Whether one of them is known only roughly.
    is_inexact: bool,
    /// How many have no known age.
    unknown: u64,
}

impl Ages {
    /// Takes in the age that a target had when a listing showed it.
    pub(super) fn add(&mut self, target: &Target) {
        let start = target.kind.service().lister().selectable().start;
        let Some(Age { least, most }) = target.seen.as_deref().and_then(|seen| Age::of(seen, start)) else {
            self.unknown += 1;
            return;
        };
        let (youngest, oldest) = self.least.unwrap_or((least, least));
        self.least = Some((youngest.min(least), oldest.max(least)));
        self.is_inexact |= most != Some(least);
    }
}

/// Shows the span: `2 h 1 min – 19 h`, or `at least 12 d` where times are not exact; nothing where none is known.
impl fmt::Display for Ages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((youngest, oldest)) = self.least else { return Ok(()) };
        let [from, to] = [youngest, oldest].map(spoken);
        match from == to {
            _ if self.is_inexact => write!(f, "at least {from}")?,
            true => f.write_str(&from)?,
            false => write!(f, "{from} – {to}")?,
        }
        match self.unknown {
            0 => Ok(()),
            number => write!(f, ", {} unknown", HumanCount(number)),
        }
    }
}
