//! Reviewed plans: what was listed for which plan, and for how long it counts. Pure rules, no clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::select::Select;

/// What a reviewed plan says of the listing that it was made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reviewed {
    /// The plan that was listed.
    pub of: Original,
    /// When its listing began.
    pub listed_at: Timestamp,
    /// From when on it is not run any more.
    pub expires_at: Timestamp,
    /// The seal: the SHA-256 over accounts and targets, 64 hexadecimal digits.
    pub sha256: String,
    /// The selections of that plan, to list again. They are of the accounts of this plan.
    #[serde(skip)]
    pub selects: Vec<Select>,
    /// What could not be listed.
    pub missing: Vec<Missed>,
    /// The guards as they were written then.
    pub guards: String,
}

/// The plan that a reviewed plan was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// Where it was read from.
    pub path: String,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

/// A unit that could not be listed when a plan was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// The account's name.
    pub account: String,
    /// Its region.
    pub region: String,
    /// What could not be listed.
    pub what: String,
}

/// Whether a reviewed plan counts at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It was listed so short a time ago that its targets are stopped as they are.
    Young,
    /// Its selections are listed again, and what still matches is stopped.
    Old,
    /// It has expired.
    Expired,
    /// It was listed in the future: a clock is wrong.
    Future,
}

impl Reviewed {
    /// The comment by which the file of a reviewed plan is known.
    pub const MARK: &str =
        "A reviewed plan: its targets and accounts are sealed. To leave something out, use --skip or guards.protect.";

    /// How long a listing counts without another one.
    pub const YOUNG: Duration = Duration::from_secs(10 * 60);

    /// How long a reviewed plan counts unless somebody says otherwise.
    pub const USUAL: Duration = Duration::from_secs(4 * 3600);

    /// The longest time that a reviewed plan counts.
    pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

    /// Says whether the plan counts at a moment: it is young below ten minutes, and expired at `expires_at`.
    #[must_use]
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        if now < self.listed_at {
            Freshness::Future
        } else if now >= self.expires_at {
            Freshness::Expired
        } else if self.age(now) < Self::YOUNG {
            Freshness::Young
        } else {
            Freshness::Old
        }
    }

    /// Returns how long ago the plan was listed; nothing before that.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Duration {
        Duration::try_from(now.duration_since(self.listed_at)).unwrap_or(Duration::ZERO)
    }

    /// Tells whether the plan would count longer than any may.
    pub(super) fn is_too_long(&self) -> bool {
        let longest = SignedDuration::try_from(Self::LONGEST).unwrap_or(SignedDuration::MAX);
        self.expires_at.duration_since(self.listed_at) > longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reviewed(expires_at: &str) -> Reviewed {
        Reviewed {
            of: Original { path: "p.yaml".into(), sha256: String::new() },
            listed_at: "2026-11-25T09:00:00Z".parse().unwrap(),
            expires_at: expires_at.parse().unwrap(),
            sha256: String::new(),
            selects: Vec::new(),
            missing: Vec::new(),
            guards: String::new(),
        }
    }

    #[test]
    fn it_is_young_for_ten_minutes_and_counts_until_it_expires() {
        let table = [
            ("08:59:59.999Z", Freshness::Future),
            ("09:00:00Z", Freshness::Young),
            ("09:09:59.999Z", Freshness::Young),
            ("09:10:00Z", Freshness::Old),
            ("12:59:59.999Z", Freshness::Old),
            ("13:00:00Z", Freshness::Expired),
        ];
        let reviewed = reviewed("2026-11-25T13:00:00Z");
        for (time, expected) in table {
            assert_eq!(reviewed.freshness(format!("2026-11-25T{time}").parse().unwrap()), expected, "{time}");
        }
    }

    #[test]
    fn one_that_expires_within_ten_minutes_is_never_old() {
        let reviewed = reviewed("2026-11-25T09:00:01Z");
        assert_eq!(reviewed.freshness("2026-11-25T09:00:00.5Z".parse().unwrap()), Freshness::Young);
        assert_eq!(reviewed.freshness("2026-11-25T09:00:01Z".parse().unwrap()), Freshness::Expired);
    }

    #[test]
    fn thirty_days_are_the_longest_time() {
        assert!(!reviewed("2026-12-25T09:00:00Z").is_too_long());
        assert!(reviewed("2026-12-25T09:00:01Z").is_too_long());
    }
}
