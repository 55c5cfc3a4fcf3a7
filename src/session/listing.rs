//! The step of a session that lists what its plan selects. From then on the plan has only targets.

use std::sync::Arc;

use crate::engine::{ListingEnd, Listings, Status, foresee_window};
use crate::plan::{CompletePlan, Plan};

use super::after_listing::AfterListing;
use super::begun::Session;
use super::error::SessionError;
use super::listed::Listed;
use super::measure::Unbegun;
use super::ready::Ready;
use super::survey::too_many;
use super::ui::unasked;

impl Ready {
    /// Tells whether the plan selects, so that it must be [listed](Self::list) first.
    #[must_use]
    pub fn must_list(&self) -> bool {
        !self.plan().selects.is_empty() || self.must_list_again()
    }

    /// Lists what the plan selects; `adapt` has the last word on the listings, such as what ends them early.
    ///
    /// Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when credentials are missing, when the journal cannot be opened, or when the HTTP
    /// client cannot be created.
    pub async fn list(self, adapt: impl FnOnce(Listings) -> Listings) -> Result<AfterListing, SessionError> {
        let unbegun = Unbegun::of(&self.session);
        self.list_all(adapt).await.map_err(|error| unbegun.failed(error))
    }

    async fn list_all(mut self, adapt: impl FnOnce(Listings) -> Listings) -> Result<AfterListing, SessionError> {
        if let Some(review) = self.session.review().cloned() {
            return self.list_again(review, adapt).await;
        }
        let now = self.session.context.now();
        let is_bound = self.rehearsal.is_none() && !self.session.begin.dry_run;
        if let Some(refusal) = is_bound.then(|| foresee_window(self.plan(), now)).flatten() {
            return Ok(self.end(Status::Aborted, Some(refusal), Vec::new(), now));
        }
        if is_bound && !self.session.options.yes && !self.session.context.ui.can_confirm() {
            // What nobody can confirm is not listed.
            return Err(unasked(self.session.can_rehearse()));
        }
        let id = self.session.id.clone();
        let journal = self.session.begin_journal(&id)?;
        let unlisted = Arc::clone(self.plan());
        let mut listings = self.session.listings(&unlisted)?;
        if let Some(rehearsal) = &self.rehearsal {
            listings = rehearsal.lead_listings(listings, self.session.keyring.is_some());
        }
        let record = adapt(listings).execute().await?;
        let (end, started_at) = (record.end, record.started_at);
        let is_whole = record.is_whole();
        match end {
            ListingEnd::Ended(status) => return Ok(self.end(status, None, record.selections, started_at)),
            ListingEnd::TooMany => {
                let refusal = too_many(unlisted.guards.max_targets, self.session.round.earlier);
                return Ok(self.end(Status::Aborted, Some(refusal), record.selections, started_at));
            }
            ListingEnd::Whole if !is_whole && !self.session.begin.partial => {
                return Ok(self.end(Status::Unlisted, None, record.selections, started_at));
            }
            ListingEnd::Whole => {}
        }
        let frozen = record.freeze(&unlisted);
        let CompletePlan { plan, ranges } = unlisted.with_found(frozen.found);
        self.complete(plan)?;
        let refusal = (!frozen.unexpected.is_empty()).then(|| frozen.unexpected.join("; "));
        // A run that is refused leaves no journal.
        let journal = journal.filter(|_| refusal.is_none());
        let (selections, listed_at) = (frozen.selections, frozen.listed_at);
        let refused = refusal.map(|refusal| (refusal, selections.clone()));
        self.session.listed =
            Some(Box::new(Listed { id, ranges, unlisted, selections, started_at, listed_at, journal }));
        Ok(match refused {
            Some((refusal, selections)) => self.end(Status::Aborted, Some(refusal), selections, started_at),
            None => AfterListing::Ready(Box::new(self)),
        })
    }

    /// Takes the plan with its found targets in the place of the one that selects.
    fn complete(&mut self, plan: Plan) -> Result<(), SessionError> {
        self.session.selected.complete(plan, &self.session.context)?;
        self.overview = self.session.selected.overview();
        Ok(())
    }
}

impl Session {
    /// Prepares the listings of what the plan selects and the options take.
    fn listings(&self, plan: &Arc<Plan>) -> Result<Listings, SessionError> {
        let listings = self.selected.listings(plan, (self.options.deadline, self.round.earlier), &self.context)?;
        Ok(match &self.keyring {
            Some(keyring) => listings.signed_in(Arc::clone(keyring)),
            None => listings,
        })
    }
}
