//! A reviewed plan: whether a run of it counts.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::base::ExitStatus;
use crate::base::count::counted;
use crate::base::duration::spoken;
use crate::engine::Status;
use crate::plan::{Freshness, Reviewed};
use crate::report::{Report, ReviewedRef, RunMode};

use super::begun::Session;
use super::error::SessionError;
use super::plan::SelectedPlan;
use super::shell;
use crate::base::shell::quoted;

impl Session {
    /// Returns what was reviewed, where this run is bound to it: one that goes on, or retries, was bound when it began.
    pub(super) fn review(&self) -> Option<&Arc<Reviewed>> {
        let is_first = self.resumed.is_none() && self.retry_of.is_none() && self.begin.rehearsal.is_none();
        self.plan().reviewed.as_ref().filter(|_| is_first)
    }

    /// Refuses a reviewed plan that does not count: of the future, carried out before, or too old for shards.
    pub(super) fn demand_review(&self) -> Result<(), SessionError> {
        let Some(review) = self.review() else { return Ok(()) };
        // One that has expired is reported as any run that a guard refuses.
        let refusal = self.selected.review_refusal(self.context.now());
        if let Some(error) = refusal.filter(|error| error.status() == ExitStatus::BadInput) {
            return Err(error);
        }
        if let Some(at) = self.carried_out(review) {
            let message = format!("this reviewed plan was carried out at {at:.0}");
            let hint = match self.begin.elsewhere {
                true => "name another file with --report to run it once more; nothing was sent",
                false => "pass --again to run it once more; nothing was sent",
            };
            return Err(SessionError::input(message, hint));
        }
        if let Some(guards) = self.plan().changed_guards() {
            self.context.ui.warning(&format!("the guards are not those that were reviewed: they are {guards} now"));
        }
        Ok(())
    }

    /// Returns when a run of the same reviewed plan ended whose report is where that of this run goes.
    fn carried_out(&self, review: &Reviewed) -> Option<Timestamp> {
        if self.begin.again || self.begin.dry_run {
            return None;
        }
        let earlier = Report::read(self.report.path().filter(|path| path.is_file())?).ok()?.run;
        let is_same = earlier.reviewed.as_ref().is_some_and(|earlier| earlier.sha256 == review.sha256);
        let is_done = earlier.mode == RunMode::Live && earlier.status == Status::Completed;
        (is_same && is_done).then(|| earlier.finished_at.timestamp())
    }

    /// Returns what the report says of a reviewed plan.
    pub(super) fn reviewed_ref(&self) -> Option<ReviewedRef> {
        let mut reviewed = ReviewedRef::new(self.plan().reviewed.as_deref()?);
        if let Some(again) = &self.listed_again {
            reviewed.listed_again_at = Some(again.listed_at.into());
            (reviewed.stale, reviewed.unreviewed) = (again.stale(), again.unreviewed);
        }
        Some(reviewed)
    }
}

impl SelectedPlan {
    /// Returns the command that lists the plan again.
    fn renewal(&self, file: &str) -> String {
        let path = self.path.as_deref().and_then(shell::path).unwrap_or_else(|| "PLAN".to_owned());
        format!("allstop plan {path} -o {file}")
    }

    /// Returns how a run of a reviewed plan would be refused now, if it would.
    pub(super) fn review_refusal(&self, now: Timestamp) -> Option<SessionError> {
        let review = self.plan.reviewed.as_deref()?;
        match review.freshness(now) {
            Freshness::Future => {
                let listed_at = review.listed_at;
                let message =
                    format!("this reviewed plan was listed in the future: at {listed_at}, and it is {now:.0}");
                let hint = "set the clock, or write a new one with `allstop plan`; nothing was sent";
                Some(SessionError::input(message, hint))
            }
            Freshness::Expired => {
                Some(SessionError::new(ExitStatus::Refused, self.expired(review), "nothing was sent"))
            }
            Freshness::Old if self.plan.shard.is_some() => {
                let message =
                    "this reviewed plan is older than 10 minutes: each shard would list it again at another time";
                let hint = format!("list it again first: `{}`; nothing was sent", self.renewal("now.yaml"));
                Some(SessionError::input(message, hint))
            }
            Freshness::Young | Freshness::Old => None,
        }
    }

    /// Returns why an expired plan is refused.
    pub(super) fn expired(&self, review: &Reviewed) -> String {
        let of = quoted(&review.of.path);
        let file = self.path.as_deref().and_then(shell::path).unwrap_or_else(|| "FILE".to_owned());
        format!("this reviewed plan expired at {}; write a new one: `allstop plan {of} -o {file}`", review.expires_at)
    }
}

/// Says how old a reviewed plan is, and for how long it counts.
pub(super) fn age(review: &Reviewed, targets: usize, now: Timestamp) -> String {
    let age = spoken(Duration::from_secs(review.age(now).as_secs()));
    let what = match review.freshness(now) {
        Freshness::Young => "it is run as it is",
        Freshness::Old => "it is listed again before it is run",
        Freshness::Expired => "it has expired",
        Freshness::Future => "that is in the future",
    };
    let (of, at, until) = (&review.of.path, review.listed_at, review.expires_at);
    let targets = counted(targets as u64, "target");
    format!("A reviewed plan of {of}: {targets}, listed {age} ago, at {at}; {what}. It can be run until {until}.")
}
