//! Listing everything that a plan selects, side by side.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Semaphore;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::budget::Budget;
use super::catalog::{Catalog, Shared};
use super::collector::Collector;
use super::listings::Listings;
use super::record::{Assembly, ListingEnd, ListingRecord};
use crate::engine::error::RunError;
use crate::engine::event::Status;
use crate::engine::keyring::Keyring;
use crate::plan::Wants;

/// How often observers hear how far it is.
const TICK: Duration = Duration::from_secs(1);

impl Listings {
    /// Lists. What cannot be listed is in the record, not an error.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when an account lacks credentials or a project, when two accounts of a selection
    /// are one place of the cloud, and when no HTTP client can be built.
    pub async fn execute(mut self) -> Result<ListingRecord, RunError> {
        let in_use = self.in_use(&self.jobs());
        let keyring = self.sign_in(in_use).await?;
        let plan = Arc::clone(&self.plan);
        let jobs = self.jobs();
        let (keys, owners) = (self.keys(&keyring), keyring.owners());
        let transport = self.client(&jobs)?;
        let started_at = self.clock.now();
        let sender = self.sender(transport, &jobs, started_at);
        let shared = Shared {
            sender: &sender,
            slots: Semaphore::new(plan.limits.concurrency),
            budget: Budget::new(self.most, self.named, &*self.stops),
            is_cut: AtomicBool::new(false),
        };
        let lanes = self.lanes(&jobs, &owners);
        let wants: Vec<_> = jobs.iter().map(|job| self.wants(job)).collect();
        let catalogs: Vec<_> = jobs
            .iter()
            .zip(lanes)
            .filter_map(|(job, lanes)| {
                let keys = keys.get(job.account.index())?;
                let collector = Collector::new(job.selects.clone(), job.account.number(), self.rest.clone());
                Some(Catalog::new(&shared, (job.account, job.kind), Arc::clone(keys), lanes, collector))
            })
            .collect();
        let end = self.list(&catalogs, &wants, &shared, &keyring).await;
        let listed = catalogs.into_iter().map(Catalog::finish);
        let finished_at = sender.timeline.now();
        let mut record = Assembly::new(&plan, started_at, finished_at);
        jobs.iter().zip(listed).for_each(|(job, listed)| record.add(job, listed));
        let Assembly { selections, found, spared, .. } = record;
        Ok(ListingRecord { end, started_at, finished_at, selections, found, spared, principals: owners })
    }

    /// Lists everything side by side, until it is over.
    async fn list(
        &self,
        catalogs: &[Catalog<'_>],
        wants: &[Wants<'_>],
        shared: &Shared<'_>,
        keyring: &Keyring,
    ) -> ListingEnd {
        let began = Instant::now();
        let listings = catalogs.iter().zip(wants).map(|(catalog, wants)| async move {
            catalog.kind.service().lister().list(catalog, wants).await;
        });
        let mut running: FuturesUnordered<_> = listings.collect();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let deadline = async {
            match self.deadline {
                Some(deadline) => sleep(deadline).await,
                None => pending().await,
            }
        };
        let drive = keyring.drive();
        tokio::pin!(deadline, drive);
        let end = loop {
            tokio::select! {
                biased;
                () = self.drain.cancelled() => break ListingEnd::Ended(Status::Interrupted),
                () = &mut deadline => break ListingEnd::Ended(Status::Deadline),
                () = shared.budget.exceeded.cancelled() => break ListingEnd::TooMany,
                next = running.next() => if next.is_none() {
                    self.tell(catalogs, began, true);
                    break ListingEnd::Whole;
                },
                never = &mut drive => match never {},
                _ = tick.tick() => self.tell(catalogs, began, false),
            }
        };
        // What is open now is dropped when this returns.
        shared.is_cut.store(end != ListingEnd::Whole, Ordering::Relaxed);
        end
    }

    fn tell(&self, catalogs: &[Catalog<'_>], began: Instant, is_done: bool) {
        if let Some(observer) = &self.observer {
            let progress: Vec<_> = catalogs.iter().map(|catalog| catalog.progress(began.elapsed(), is_done)).collect();
            observer(&progress);
        }
    }
}
