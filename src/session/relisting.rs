//! Listing the selections of a reviewed plan again: what does not match any more is left out.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use crate::base::count::agreed;
use crate::engine::{
    ListingEnd, ListingProgress, ListingRecord, Listings, Rest, SkipReason, Status, TargetResult, foresee_window,
};
use crate::plan::{Choice, Fate, Freshness, Intersection, Plan, Reviewed, Target};

use super::after_listing::AfterListing;
use super::context::Context;
use super::error::SessionError;
use super::listed::Listed;
use super::listed_again::ListedAgain;
use super::plan::SelectedPlan;
use super::ready::Ready;
use super::survey::{self, Surveyed};

/// So many of what was not reviewed are named.
const NAMED: usize = 5;

impl Ready {
    /// Tells whether the plan cannot be run as it was reviewed: that was too long ago, or tags are asked for.
    pub(super) fn must_list_again(&self) -> bool {
        let Some(review) = self.session.review() else { return false };
        match review.freshness(self.session.context.now()) {
            Freshness::Old | Freshness::Expired => true,
            // Only a listing shows which tags things have. Shards must not list at different times.
            Freshness::Young => {
                self.plan().shard.is_none() && self.session.selected.selection().is_ok_and(|of| of.skips_tags())
            }
            Freshness::Future => false,
        }
    }

    /// Lists the selections of a reviewed plan again, and leaves out what does not match any more.
    pub(super) async fn list_again(
        mut self,
        review: Arc<Reviewed>,
        adapt: impl FnOnce(Listings) -> Listings,
    ) -> Result<AfterListing, SessionError> {
        let now = self.session.context.now();
        let window = (!self.session.begin.dry_run).then(|| foresee_window(self.plan(), now)).flatten();
        let expired = (review.freshness(now) == Freshness::Expired).then(|| self.session.selected.expired(&review));
        if let Some(refusal) = expired.or(window) {
            return Ok(self.end(Status::Aborted, Some(refusal), Vec::new(), now));
        }
        let (deadline, context) = (self.session.options.deadline, &self.session.context);
        let mut listings = self.session.selected.listings_again(&review, deadline, context)?;
        if let Some(keyring) = &self.session.keyring {
            listings = listings.signed_in(Arc::clone(keyring));
        }
        let record = adapt(listings).execute().await?;
        if let ListingEnd::Ended(status) = record.end {
            return Ok(self.end(status, None, record.selections, record.started_at));
        }
        if !record.is_whole() && !self.session.begin.partial {
            return Ok(self.end(Status::Unlisted, None, record.selections, record.started_at));
        }
        let listed_again = self.session.selected.leave_out_again(&record, &self.session.context)?;
        self.take(listed_again, record);
        Ok(AfterListing::Ready(Box::new(self)))
    }

    /// Takes what the listing came to.
    fn take(&mut self, listed_again: ListedAgain, record: ListingRecord) {
        let (started_at, listed_at) = (record.started_at, record.finished_at);
        self.session.listed_again = Some(Box::new(listed_again));
        // The file has the targets already: nothing else was found.
        self.session.listed = Some(Box::new(Listed {
            id: self.session.id.clone(),
            ranges: Vec::new(),
            unlisted: Arc::clone(self.plan()),
            selections: record.selections,
            started_at,
            listed_at,
            journal: None,
        }));
        self.overview = self.session.selected.overview();
    }
}

impl SelectedPlan {
    /// Lists the selections of a reviewed plan again, and leaves out what does not match any more.
    pub(super) async fn survey_again(
        mut self,
        review: &Reviewed,
        context: &Context,
        adapt: impl FnOnce(Listings) -> Listings,
    ) -> Result<Surveyed, SessionError> {
        if let Some(refusal) = self.review_refusal(context.now()) {
            return Err(refusal);
        }
        let record = adapt(self.listings_again(review, None, context)?).execute().await?;
        if let ListingEnd::Ended(status) = record.end {
            return Err(survey::ended(status));
        }
        self.leave_out_again(&record, context)?;
        let (started_at, selections) = (record.started_at, record.selections);
        Ok(Surveyed { selected: self, selections, spared: Vec::new(), started_at, refusal: None })
    }

    /// Leaves out what does not match any more, and what could not be listed; says so.
    fn leave_out_again(&mut self, record: &ListingRecord, context: &Context) -> Result<ListedAgain, SessionError> {
        self.skip_again(record)?;
        let listed = intersection(self, record);
        tell(&self.plan, &listed, context);
        let mut stale = Vec::new();
        for (number, fate) in listed.fates.into_iter().enumerate() {
            match fate {
                Fate::Stays => {}
                Fate::Unknown => {
                    self.left_out.leave_out(number, SkipReason::Aborted);
                }
                Fate::Stale(state) => {
                    if self.left_out.leave_out(number, SkipReason::Stale) {
                        stale.push((number, TargetResult { state, ..TargetResult::skipped(SkipReason::Stale) }));
                    }
                }
            }
        }
        Ok(ListedAgain { listed_at: record.finished_at, stale, unreviewed: listed.unreviewed.len() as u64 })
    }

    /// Leaves out what `--skip` names as the listing shows it now: the file has the names and tags of the review.
    fn skip_again(&mut self, record: &ListingRecord) -> Result<(), SessionError> {
        let selection = self.selection()?;
        let found = record.found.iter().flatten().map(|found| &found.target);
        let skipped: HashSet<_> = found.filter(|target| selection.skips(target)).map(Target::identity).collect();
        for (number, target) in self.plan.targets.iter().enumerate().filter(|_| !skipped.is_empty()) {
            if target.selection.is_some() && skipped.contains(&target.identity()) {
                self.left_out.leave_out(number, SkipReason::Filtered);
            }
        }
        Ok(())
    }

    /// Prepares to list the selections of a reviewed plan again.
    fn listings_again(
        &self,
        review: &Reviewed,
        deadline: Option<Duration>,
        context: &Context,
    ) -> Result<Listings, SessionError> {
        let plan = &self.plan;
        let again = Arc::new(again(plan, review));
        let selection = Arc::new(self.selection()?);
        let needs_tags = self.needs_tags(&selection);
        let ui = Arc::clone(&context.ui);
        Ok(Listings::new(again)
            .asking(Arc::clone(&context.credentials))
            .deadline(deadline)
            .only(move |select, account| selection.lists(select, account))
            .with_tags(needs_tags)
            .rest(reviewed(plan))
            .observer(move |progress: &[ListingProgress]| ui.listing(progress)))
    }
}

/// Says what became of the plan.
fn tell(plan: &Plan, listed: &Intersection, context: &Context) {
    let count = |is_one: fn(&Fate) -> bool| listed.fates.iter().filter(|fate| is_one(fate)).count() as u64;
    let stale = count(|fate| matches!(fate, Fate::Stale(_)));
    if stale > 0 {
        let words = agreed(stale, "reviewed target does not match any more", "reviewed targets do not match any more");
        context.ui.note(&format!("{words}: left alone"));
    }
    let unknown = count(|fate| *fate == Fate::Unknown);
    if unknown > 0 {
        let words = agreed(unknown, "reviewed target", "reviewed targets");
        context.ui.warning(&format!("{words} could not be listed again: left alone"));
    }
    if !listed.unreviewed.is_empty() {
        context.ui.note(&unreviewed(&listed.unreviewed));
    }
    for kind in plan.kinds_without_start() {
        let text =
            format!("the listing does not show when a {kind} began: one may have been started again since the review");
        context.ui.warning(&text);
    }
}

/// Returns the plan that lists what was reviewed.
fn again(plan: &Plan, review: &Reviewed) -> Plan {
    Plan { selects: review.selects.clone(), reviewed: None, ..plan.part(|_| false, |_| true) }
}

/// Asks for what the listings show of a plan's targets.
fn reviewed(plan: &Plan) -> Rest {
    let targets: HashSet<_> =
        plan.targets.iter().filter(|target| target.selection.is_some()).map(Target::identity).collect();
    Rest::Of(Arc::new(move |target| targets.contains(&target.identity())))
}

/// Compares what a run takes of a reviewed plan with what was listed. What the run leaves out anyway may not be listed.
fn intersection(selected: &SelectedPlan, record: &ListingRecord) -> Intersection {
    let plan = &selected.plan;
    let missing: HashSet<(&str, &str)> = record
        .selections
        .iter()
        .flat_map(|selection| selection.missing.iter().map(|unit| (&*selection.kind, &*unit.account)))
        .collect();
    let name = |account: u16| plan.accounts.get(usize::from(account)).map_or("", |account| &account.name);
    let found = record.found.iter().flatten().map(|found| &found.target);
    let spared = record.spared.iter().flatten().map(|spared| &spared.target);
    let mut listed = plan.intersection(found, spared, |kind, account| missing.contains(&(kind.name, name(account))));
    let is_left_out = selected.choices().map(|choice| choice != Choice::Stop);
    for (fate, _) in listed.fates.iter_mut().zip(is_left_out).filter(|(_, is_left_out)| *is_left_out) {
        *fate = Fate::Stays;
    }
    listed
}

/// Names what matches now and was not reviewed.
fn unreviewed(ids: &[String]) -> String {
    let named: Vec<_> = ids.iter().take(NAMED).map(String::as_str).collect();
    let rest = ids.len().saturating_sub(NAMED);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let words =
        agreed(ids.len() as u64, "more matches now and was not reviewed", "more match now and were not reviewed");
    format!("{words}: left alone ({}{rest})", named.join(", "))
}
