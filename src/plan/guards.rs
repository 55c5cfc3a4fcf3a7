//! Guards: the safety limits of a plan. Pure rules, no clock.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::pattern::{self, Patterns};
use super::protect_until::ProtectUntil;
use super::target::Target;
use super::window::Window;

/// The guards of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Guards {
    /// A larger selection is refused.
    pub max_targets: usize,
    /// The patterns of protected targets.
    pub protect: Patterns,
    /// The patterns of targets that are protected until the end of a day.
    #[serde(default)]
    pub protect_until: ProtectUntil,
    /// Ends the run when this many targets have failed.
    pub max_failures: Option<MaxFailures>,
    /// Whether a resource that does not exist counts as done.
    pub not_found: NotFound,
    /// When sending is allowed.
    pub window: Option<Window>,
    /// The ids of the accounts in which nothing is ever stopped.
    #[serde(default)]
    pub denied_accounts: Vec<String>,
}

impl Guards {
    /// Returns the patterns that protect, those of `protect` first.
    pub(crate) const fn protecting(&self) -> [&Patterns; 2] {
        [&self.protect, self.protect_until.holding()]
    }

    /// Says, one sentence each, which entries have no effect any more, or soon. A reviewed plan has only the exceptions of its
    /// time: those are not warned of.
    #[must_use]
    pub fn warnings(&self, now: Timestamp, is_reviewed: bool) -> Vec<String> {
        let mut warnings = self.protect_until.warnings(now);
        let window = self.window.as_ref().filter(|_| !is_reviewed);
        warnings.extend(window.into_iter().flat_map(|window| window.warnings(now)));
        warnings
    }

    /// Tells whether a pattern that protects could match a tag.
    #[must_use]
    pub fn may_need_tags(&self) -> bool {
        let mut texts = self.protecting().into_iter().flat_map(Patterns::texts);
        texts.any(|pattern| pattern::could_match_tag(pattern))
    }

    /// Returns the first pattern that protects a target, as written.
    ///
    /// A pattern is matched with the target's id, each of its identifying fields, and `label=value` of each of its
    /// labels; always with the whole text, case-sensitively, and `*` crosses `/`. A text that equals the pattern matches, too.
    /// If an identifying field cannot be read, the first pattern protects the target, since it might match.
    #[must_use]
    pub fn protects(&self, target: &Target) -> Option<&str> {
        let all = self.protecting();
        let first = all.iter().find_map(|patterns| patterns.texts().first())?;
        if !pattern::is_legible(target) {
            return Some(first);
        }
        all.iter().find_map(|patterns| {
            let matched = patterns.matching(target).into_iter().min()?;
            Some(patterns.texts().get(matched).unwrap_or(first).as_str())
        })
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

impl MaxFailures {
    /// Returns how many failures end a run of `total` targets: a percentage is rounded up, and at least 1.
    #[must_use]
    pub fn limit(self, total: u64) -> u64 {
        match self {
            Self::Count(count) => count.max(1),
            Self::Percent(hundredths) => {
                let failures = (u128::from(total) * u128::from(hundredths)).div_ceil(10_000);
                u64::try_from(failures).unwrap_or(u64::MAX).max(1)
            }
        }
    }
}

impl fmt::Display for MaxFailures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(hundredths) => {
                let (whole, rest) = (hundredths / 100, hundredths % 100);
                match (rest, rest % 10) {
                    (0, _) => write!(f, "{whole}%"),
                    (_, 0) => write!(f, "{whole}.{}%", rest / 10),
                    (_, _) => write!(f, "{whole}.{rest:02}%"),
                }
            }
        }
    }
}

/// Whether a resource that does not exist counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFound {
    /// It does.
    Ok,
    /// It does not.
    Fail,
}

#[cfg(test)]
mod tests;
