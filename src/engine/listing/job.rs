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
use crate::engine::holders::holders;
use crate::engine::refusal;
use crate::plan::{AccountId, NotFound, Select, Wants};
use crate::provider::{Credentials, Principal};
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

    /// Asks for the credentials of every account that is listed; accounts of one key in one region share its state.
    pub(super) async fn keys(&self, jobs: &[Job<'_>]) -> Result<Vec<Option<(Principal, Arc<Keys>)>>, RunError> {
        let is_used = |id: AccountId| jobs.iter().any(|job| job.account == id);
        let in_use: Vec<bool> = self.plan.account_ids().map(is_used).collect();
        let lacking = refusal::without_project(&self.plan, &in_use);
        let (mut keys, mut missing) = (Vec::new(), Vec::new());
        let mut known: HashMap<(Principal, &str), Arc<Keys>> = HashMap::new();
        let mut found = HashMap::new();
        for (id, holder) in self.plan.account_ids().zip(holders(&self.plan, &in_use)) {
            let account = &self.plan[id];
            if holder == Some(id) {
                match self.credentials.credentials(account).await {
                    Ok(credentials) => drop(found.insert(id, credentials)),
                    Err(error) => missing.push(error),
                }
            }
            let credentials: Option<&Credentials> = holder.and_then(|holder| found.get(&holder));
            keys.push(credentials.map(|credentials| {
                let principal = credentials.principal();
                // What one region says of a key need not hold in another.
                let of_key = known.entry((principal.clone(), &account.region));
                (principal, Arc::clone(of_key.or_insert_with(|| Arc::new(Keys::new(credentials.clone())))))
            }));
        }
        if !missing.is_empty() {
            return Err(RunError::Credentials(missing));
        }
        if !lacking.is_empty() {
            return Err(RunError::Projects(lacking));
        }
        self.refuse_same_places(&keys)?;
        Ok(keys)
    }

    /// Refuses a selection that would list one place twice, under the names of two accounts.
    fn refuse_same_places(&self, keys: &[Option<(Principal, Arc<Keys>)>]) -> Result<(), RunError> {
        let principals: Vec<_> =
            keys.iter().map(|known| known.as_ref().map(|(principal, _)| principal.clone())).collect();
        let twice = self.plan.selects.iter().find_map(|select| {
            let listed = select.accounts.iter().copied().filter(|account| (self.lists)(select, *account));
            self.plan.same_place(&listed.collect::<Vec<_>>(), &principals).map(|twice| (select, twice))
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

    /// Lays out the lanes of each listing, by action. Accounts of one key in one place share them.
    pub(super) fn lanes(
        &self,
        jobs: &[Job<'_>],
        keys: &[Option<(Principal, Arc<Keys>)>],
    ) -> Vec<HashMap<&'static str, Arc<Lane>>> {
        let mut known: HashMap<(Option<&Principal>, String, String, &'static str), Arc<Lane>> = HashMap::new();
        let lanes = jobs.iter().map(|job| {
            let account = &self.plan[job.account];
            let principal = keys[job.account.index()].as_ref().map(|(principal, _)| principal);
            let lister = job.kind.service().lister();
            let lanes = lister.apis().iter().chain(lister.restart_apis()).map(|api| {
                let key = (principal, account.region.clone(), account.endpoint(api.product), api.action);
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
