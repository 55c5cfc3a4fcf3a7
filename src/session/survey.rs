//! A listing for its own sake: what a plan selects, without a run.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::base::ExitStatus;
use crate::engine::{Earlier, ListingEnd, ListingProgress, Listings, SelectionRecord, Spared, Status};
use crate::plan::{Choice, CompletePlan, Plan, Target};

use super::context::Context;
use super::error::SessionError;
use super::plan::SelectedPlan;

/// What a listing came to.
pub(super) struct Surveyed {
    /// The plan with what was found in place of its selections.
    pub(super) selected: SelectedPlan,
    pub(super) selections: Vec<SelectionRecord>,
    /// What no selection takes, where that was asked for.
    pub(super) spared: Vec<Spared>,
    pub(super) started_at: Timestamp,
    /// What a run of the plan would be refused for, such as an expectation that does not hold.
    pub(super) refusal: Option<String>,
}

impl SelectedPlan {
    /// Prepares the listings of what the plan selects and the options take, after what earlier rounds found.
    pub(super) fn listings(
        &self,
        plan: &Arc<Plan>,
        (deadline, earlier): (Option<Duration>, Earlier),
        context: &Context,
    ) -> Result<Listings, SessionError> {
        let selection = Arc::new(self.selection()?);
        let named = self.choices().filter(|choice| *choice == Choice::Stop).count();
        let named = named + usize::try_from(earlier.found).unwrap_or(usize::MAX);
        let (guards, takes) = (plan.guards.clone(), Arc::clone(&selection));
        // What the plan names itself counts once.
        let hashes = RandomState::new();
        let key = move |target: &Target| hashes.hash_one(target.identity());
        let explicit: HashSet<u64> = self.plan.targets.iter().map(&key).collect();
        let needs_tags = self.needs_tags(&selection);
        let ui = Arc::clone(&context.ui);
        Ok(Listings::new(Arc::clone(plan))
            .asking(Arc::clone(&context.credentials))
            .deadline(deadline)
            .at_most(guards.max_targets, named, move |target| {
                takes.takes(target)
                    && guards.protects(target).is_none()
                    && (explicit.is_empty() || !explicit.contains(&key(target)))
            })
            .only(move |select, account| selection.lists(select, account))
            .with_tags(needs_tags)
            .observer(move |progress: &[ListingProgress]| ui.listing(progress)))
    }

    /// Lists what the plan selects; `adapt` has the last word on the listings.
    ///
    /// Fails when nothing can be listed at all, and when a signal or the deadline ends it.
    pub(super) async fn survey(
        mut self,
        context: &Context,
        adapt: impl FnOnce(Listings) -> Listings,
    ) -> Result<Surveyed, SessionError> {
        let unlisted = Arc::clone(&self.plan);
        let mut record = adapt(self.listings(&unlisted, (None, Earlier::default()), context)?).execute().await?;
        if let ListingEnd::Ended(status) = record.end {
            return Err(ended(status));
        }
        let (started_at, end) = (record.started_at, record.end);
        let spared = std::mem::take(&mut record.spared).into_iter().flatten().collect();
        let frozen = record.freeze(&unlisted);
        let refusal = match end {
            ListingEnd::TooMany => Some(too_many(unlisted.guards.max_targets, Earlier::default())),
            ListingEnd::Whole | ListingEnd::Ended(_) => {
                (!frozen.unexpected.is_empty()).then(|| frozen.unexpected.join("; "))
            }
        };
        let CompletePlan { plan, .. } = unlisted.with_found(frozen.found);
        self.complete(plan, context)?;
        Ok(Surveyed { selected: self, selections: frozen.selections, spared, started_at, refusal })
    }
}

/// Says that more match than may be stopped, after what earlier rounds found.
pub(super) fn too_many(most: usize, earlier: Earlier) -> String {
    let before = earlier.found;
    match (most as u64).saturating_sub(before) {
        left if before > 0 => format!(
            "more than {left} match, and guards.max_targets allows {most} over all rounds, of which earlier ones had \
             {before}"
        ),
        _ => format!("more than {most} match, and guards.max_targets allows {most}"),
    }
}

/// Returns the error of a listing that was ended early.
pub(super) fn ended(status: Status) -> SessionError {
    let (exit, how) = match status {
        Status::Deadline => (ExitStatus::NotDone, "the deadline"),
        Status::Completed | Status::Aborted | Status::Interrupted | Status::Paused | Status::Unlisted => {
            (ExitStatus::Interrupt, "a signal")
        }
    };
    SessionError::new(exit, format!("{how} ended the listing"), "nothing was stopped; run it again")
}
