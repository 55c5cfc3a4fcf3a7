//! Stages: parts of a plan that are stopped one after the other. Pure rules, no clock.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::guards::MaxFailures;

/// The label whose value is the name of a target's stage.
pub(crate) const LABEL: &str = "stage";

/// A stage: it begins when every target of the one before has its final outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name, which no other stage has.
    pub name: String,
    /// How many of its targets are stopped first; the others wait for their outcomes. All at once if `None`.
    pub canary: Option<Canary>,
    /// What happens after the canary and before the next stage; nothing if `None`.
    pub pause: Option<Pause>,
    /// Ends the run when this many of the stage's targets have failed.
    pub max_failures: Option<MaxFailures>,
}

impl Stage {
    /// Tells whether the stage only states an order: it has no canary, no pause and no threshold of its own.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.canary.is_none() && self.pause.is_none() && self.max_failures.is_none()
    }
}

/// How many of a stage's targets are stopped first: a count, or a percentage of the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Canary(MaxFailures);

impl Canary {
    /// Makes a canary of the form that thresholds have, too.
    #[must_use]
    pub const fn new(form: MaxFailures) -> Self {
        Self(form)
    }

    /// Returns the form that it is made of.
    pub(super) const fn form(self) -> MaxFailures {
        self.0
    }

    /// Returns how many targets of a stage of `total` are stopped first: a percentage is rounded up, and at least 1.
    #[must_use]
    pub fn size(self, total: u64) -> u64 {
        self.0.limit(total)
    }
}

impl std::fmt::Display for Canary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What happens after a canary, and between a stage and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// The run waits this long.
    For(Duration),
    /// The run asks whether to go on; where nobody can answer, it ends as `paused`.
    Ask,
}
