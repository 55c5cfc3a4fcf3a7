//! What starts targets again by itself: a list of its own for each target, read once.

use std::sync::atomic::AtomicBool;

use tokio::sync::Semaphore;

use super::budget::Budget;
use super::catalog::{Catalog, Shared};
use super::collector::{Collector, Rest};
use super::job::Job;
use super::listings::Listings;
use super::pager;
use crate::engine::error::RunError;
use crate::error::{ApiError, ErrorClass};
use crate::plan::Target;
use crate::service::{Resource, Restarts};

/// What starts a target again, as far as its service tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Starter {
    /// Something does, in words; and when it does so next, where that is certain.
    Known(String, Option<jiff::Timestamp>),
    /// The service shows nothing that does.
    Nothing,
    /// The list could not be read, for this reason.
    Unread(String),
}

impl Listings {
    /// Asks what starts each of these targets of the plan again by itself. What has no such list has no starters.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when an account lacks credentials or a project, and when no HTTP client can be
    /// built.
    pub async fn starters(mut self, targets: &[&Target]) -> Result<Vec<Vec<Starter>>, RunError> {
        let mut jobs: Vec<Job<'_>> = Vec::new();
        for target in targets {
            let (account, kind) = (target.account_id(), target.kind);
            if !jobs.iter().any(|job| job.account == account && job.kind == kind) {
                jobs.push(Job { account, kind, numbers: Vec::new(), selects: Vec::new() });
            }
        }
        let in_use = self.in_use(&jobs);
        let keyring = self.sign_in(in_use).await?;
        let keys = self.keys(&keyring);
        let sender = self.sender(self.client(&jobs)?, &jobs, self.clock.now());
        let shared = Shared {
            sender: &sender,
            slots: Semaphore::new(self.plan.limits.concurrency),
            budget: Budget::new(usize::MAX, 0, &*self.stops),
            is_cut: AtomicBool::new(false),
        };
        let lanes = self.lanes(&jobs, &keyring.owners());
        let catalogs: Vec<_> = jobs
            .iter()
            .zip(lanes)
            .filter_map(|(job, lanes)| {
                let keys = keys.get(job.account.index())?;
                let collector = Collector::new(Vec::new(), job.account.number(), Rest::default());
                Some(Catalog::new(&shared, (job.account, job.kind), keys.clone(), lanes, collector))
            })
            .collect();
        let read = async {
            let mut all = Vec::new();
            for target in targets {
                let is_its =
                    |catalog: &&Catalog<'_>| catalog.account == target.account_id() && catalog.kind == target.kind;
                let list = target.kind.service().lister().restarts(&target.params);
                all.push(match (catalogs.iter().find(is_its), list) {
                    (Some(catalog), Some(list)) => starters(catalog, &*list).await,
                    (None, _) | (_, None) => Vec::new(),
                });
            }
            all
        };
        tokio::select! {
            biased;
            never = keyring.drive() => match never {},
            all = read => Ok(all),
        }
    }
}

/// Reads the list of one target.
async fn starters(catalog: &Catalog<'_>, list: &dyn Restarts) -> Vec<Starter> {
    let mut rows: Vec<Resource> = Vec::new();
    let pages = catalog.pages(list.api());
    if let Err(error) = pager::read(&pages, list, &mut |row| rows.push(row)).await {
        return vec![Starter::Unread(why(error))];
    }
    let now = catalog.service_time(list.api());
    let known = rows.iter().filter_map(|row| Some(Starter::Known(list.says(row)?, list.next(row, now))));
    let known: Vec<_> = known.collect();
    if known.is_empty() { vec![Starter::Nothing] } else { known }
}

/// Says why a list could not be read.
fn why(error: ApiError) -> String {
    let class = error.class.unwrap_or(ErrorClass::Protocol);
    let what = error.code.as_deref().or(error.message.as_deref());
    what.map_or_else(|| class.name().to_owned(), |what| format!("{}: {what}", class.name()))
}
