//! What is listed, with which credentials, and at which pace.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::keys::Keys;
use super::lane::Lane;
use super::listings::Listings;
use crate::base::clock::Timeline;
use crate::engine::attempt::{self, Nonces, Origins, Sender};
use crate::engine::error::RunError;
use crate::engine::keyring::{Keyring, SourceId};
use crate::plan::{AccountId, NotFound, Select, Wants};
use crate::provider::Principal;
use crate::service::Kind;
use crate::transport::Transport;

/// The listing of one kind in one account.
pub(super) struct Job<'p> {
    pub(super) account: AccountId,
    pub(super) kind: Kind,
    /// The selections that share it, by number.
    pub(super) numbers: Vec<usize>,
    pub(super) selects: Vec<&'p Select>,
}

impl Listings {
    /// Returns what is listed: each kind in each account once, however many selections share it.
    pub(super) fn jobs(&self) -> Vec<Job<'_>> {
        let mut jobs: Vec<Job<'_>> = Vec::new();
        for (number, select) in self.plan.selects.iter().enumerate() {
            for account in select.account_ids().filter(|account| (self.lists)(select, account.number())) {
                let is_same = |job: &&mut Job<'_>| job.account == account && job.kind == select.kind;
                match jobs.iter_mut().find(is_same) {
                    Some(job) => {
                        job.numbers.push(number);
                        job.selects.push(select);
                    }
                    None => jobs.push(Job { account, kind: select.kind, numbers: vec![number], selects: vec![select] }),
                }
            }
        }
        jobs
    }

    /// Returns which accounts these jobs list.
    pub(super) fn in_use(&self, jobs: &[Job<'_>]) -> Vec<bool> {
        self.plan.account_ids().map(|id| jobs.iter().any(|job| job.account == id)).collect()
    }

    /// Signs the accounts that are listed in, and completes the plan by what that found.
    pub(super) async fn sign_in(&mut self, in_use: Vec<bool>) -> Result<Arc<Keyring>, RunError> {
        let keyring = match &self.keyring {
            Some(keyring) => Arc::clone(keyring),
            None => {
                let (plan, provider, clock) =
                    (Arc::clone(&self.plan), Arc::clone(&self.credentials), Arc::clone(&self.clock));
                Arc::new(Keyring::sign_in(plan, provider, &in_use, clock, &[]).await?)
            }
        };
        if let Some(plan) = keyring.complete(&self.plan) {
            self.plan = Arc::new(plan);
        }
        self.refuse_same_places(&keyring)?;
        Ok(keyring)
    }

    /// Returns the keys of each account; accounts of one source in one region share their state.
    pub(super) fn keys(&self, keyring: &Arc<Keyring>) -> Vec<Arc<Keys>> {
        // What one region says of a key need not hold in another.
        let mut known: HashMap<(SourceId, &str), Arc<Keys>> = HashMap::new();
        let keys = self.plan.account_ids().zip(keyring.sources()).map(|(id, source)| {
            let own = || Arc::new(Keys::new(Arc::clone(keyring), id));
            match source {
                Some(source) => Arc::clone(known.entry((*source, &self.plan[id].region)).or_insert_with(own)),
                None => own(),
            }
        });
        keys.collect()
    }

    /// Refuses a selection that would list one place twice, under the names of two accounts.
    fn refuse_same_places(&self, keyring: &Keyring) -> Result<(), RunError> {
        let owners = keyring.owners();
        let twice = self.plan.selects.iter().find_map(|select| {
            let listed = select.accounts.iter().copied().filter(|account| (self.lists)(select, *account));
            self.plan.same_place(&listed.collect::<Vec<_>>(), &owners).map(|twice| (select, twice))
        });
        match twice {
            Some((select, twice)) => Err(RunError::SamePlace { selection: select.id.to_string(), twice }),
            None => Ok(()),
        }
    }

    /// Returns what sends the requests.
    pub(super) fn client(&self, jobs: &[Job<'_>]) -> Result<Arc<dyn Transport>, RunError> {
        match &self.transport {
            Some(transport) => Ok(Arc::clone(transport)),
            None => Ok(Arc::new(attempt::client(&self.plan, jobs.iter().map(|job| (job.account, job.kind)))?)),
        }
    }

    /// Returns what signs and sends requests, as a run has it.
    pub(super) fn sender(&self, transport: Arc<dyn Transport>, jobs: &[Job<'_>], now: Timestamp) -> Sender {
        Sender {
            plan: Arc::clone(&self.plan),
            transport,
            clock: Arc::clone(&self.clock),
            timeline: Timeline::starting_at(now),
            origins: Origins::new(&self.plan, jobs.iter().map(|job| (job.account, job.kind))),
            cause: String::new(),
            run_id: String::new(),
            nonces: Nonces::new(),
        }
    }

    /// Lays out the lanes of each listing, by action. Accounts of one owner in one place share them.
    pub(super) fn lanes(
        &self,
        jobs: &[Job<'_>],
        owners: &[Option<Principal>],
    ) -> Vec<HashMap<&'static str, Arc<Lane>>> {
        let mut known: HashMap<(Option<&Principal>, String, String, &'static str), Arc<Lane>> = HashMap::new();
        let lanes = jobs.iter().map(|job| {
            let account = &self.plan[job.account];
            let owner = owners[job.account.index()].as_ref();
            let lister = job.kind.service().lister();
            let lanes = lister.apis().iter().chain(lister.restart_apis()).map(|api| {
                let key = (owner, account.region.clone(), account.endpoint(api.product), api.action);
                let quota = self.plan.read_quota(api);
                let lane = || Arc::new(Lane::new(&self.plan, quota, self.speed));
                (api.action, Arc::clone(known.entry(key).or_insert_with(lane)))
            });
            lanes.collect()
        });
        lanes.collect()
    }

    /// Returns what the selections of a listing want to know.
    pub(super) fn wants<'j>(&self, job: &Job<'j>) -> Wants<'j> {
        Wants {
            selects: job.selects.clone(),
            needs_tags: self.needs_tags && job.kind.service().lister().selectable().tags.is_ok(),
            takes_missing_for_none: self.plan.guards.not_found == NotFound::Ok,
        }
    }
}
