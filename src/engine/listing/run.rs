//! The front door of listings: a plan's selections, and whatever of the world they should use instead of the real one.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::budget::Budget;
use super::catalog::{Catalog, Shared};
use super::collector::{Collected, Collector, Found, Rest, Spared};
use super::keys::Keys;
use super::lane::Lane;
use super::progress::ListingProgress;
use crate::base::clock::{Clock, SystemClock, Timeline};
use crate::base::environment::Environment;
use crate::credentials::{CredentialProvider, EnvironmentProvider};
use crate::engine::attempt::{self, Nonces, Origins, Sender};
use crate::engine::error::RunError;
use crate::engine::event::Status;
use crate::engine::holders::holders;
use crate::engine::refusal;
use crate::engine::selection::{AccountCount, SelectionRecord};
use crate::plan::{AccountId, NotFound, Plan, Select, Target, Wants};
use crate::provider::{Credentials, Principal};
use crate::service::Kind;
use crate::transport::Transport;

/// How often observers hear how far it is.
const TICK: Duration = Duration::from_secs(1);

/// The listings of a plan's selections.
pub struct Listings {
    pub(super) plan: Arc<Plan>,
    transport: Option<Arc<dyn Transport>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) credentials: Arc<dyn CredentialProvider>,
    drain: CancellationToken,
    deadline: Option<Duration>,
    speed: f64,
    most: usize,
    named: usize,
    pub(super) stops: Box<Stops>,
    lists: Box<Lists>,
    needs_tags: bool,
    rest: Rest,
    observer: Option<Box<Observer>>,
}

/// Hears how far each listing is.
type Observer = dyn Fn(&[ListingProgress]) + Send + Sync;

/// Tells whether a run would stop a target that was found.
type Stops = dyn Fn(&Target) -> bool + Send + Sync;

/// Tells whether a selection is listed in the account of this number.
type Lists = dyn Fn(&Select, u16) -> bool + Send + Sync;

/// What the listings of a plan's selections came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct ListingRecord {
    /// Why they ended.
    pub end: ListingEnd,
    /// When they began.
    pub started_at: Timestamp,
    /// When they ended.
    pub finished_at: Timestamp,
    /// One record a selection of the plan. `matched` counts what is in `found`: no limit of a selection is applied.
    pub selections: Vec<SelectionRecord>,
    /// What each selection takes, in no order.
    pub found: Vec<Vec<Found>>,
    /// What each selection does not take, in no order, where that is [asked for](Listings::rest).
    pub spared: Vec<Vec<Spared>>,
    /// Whose credentials each account has, by account; `None` where it was not listed.
    pub(crate) principals: Vec<Option<Principal>>,
}

/// Why listings ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingEnd {
    /// Everything was listed, or has failed.
    Whole,
    /// More was found than a run may stop.
    TooMany,
    /// A signal or the deadline.
    Ended(Status),
}

impl Listings {
    /// Prepares the listings of all selections of `plan` in the real world.
    #[must_use]
    pub fn new(plan: impl Into<Arc<Plan>>) -> Self {
        Self {
            plan: plan.into(),
            transport: None,
            clock: Arc::new(SystemClock),
            credentials: Arc::new(EnvironmentProvider::new(Environment::of_process())),
            drain: CancellationToken::new(),
            deadline: None,
            speed: 1.0,
            most: usize::MAX,
            named: 0,
            stops: Box::new(|_| true),
            lists: Box::new(|_, _| true),
            needs_tags: false,
            rest: Rest::Nothing,
            observer: None,
        }
    }

    /// Uses `transport` instead of HTTP.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Uses `clock` instead of the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Asks `provider` for credentials instead of the environment.
    #[must_use]
    pub fn credentials(mut self, provider: impl CredentialProvider + 'static) -> Self {
        self.credentials = Arc::new(provider);
        self
    }

    /// Ends the listings early when `token` is cancelled.
    #[must_use]
    pub fn drain_on(mut self, token: CancellationToken) -> Self {
        self.drain = token;
        self
    }

    /// Ends the listings early after `deadline`.
    #[must_use]
    pub const fn deadline(mut self, deadline: Option<Duration>) -> Self {
        self.deadline = deadline;
        self
    }

    /// Makes all quotas pass `speed` times as fast.
    #[must_use]
    pub const fn speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// Ends the listings when more than `most` targets would be stopped, `named` of which the plan names itself; `stops`
    /// tells whether a run would stop a target that was found.
    #[must_use]
    pub fn at_most(
        mut self,
        most: usize,
        named: usize,
        stops: impl Fn(&Target) -> bool + Send + Sync + 'static,
    ) -> Self {
        (self.most, self.named, self.stops) = (most, named, Box::new(stops));
        self
    }

    /// Lists only what `lists` says; a selection that is listed nowhere has an empty record.
    #[must_use]
    pub fn only(mut self, lists: impl Fn(&Select, u16) -> bool + Send + Sync + 'static) -> Self {
        self.lists = Box::new(lists);
        self
    }

    /// Reads tags even where no condition names any.
    #[must_use]
    pub const fn with_tags(mut self, needs_tags: bool) -> Self {
        self.needs_tags = needs_tags;
        self
    }

    /// Keeps resources that no selection takes.
    #[must_use]
    pub fn rest(mut self, rest: Rest) -> Self {
        self.rest = rest;
        self
    }

    /// Tells `observer` about once a second how far each listing is.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(&[ListingProgress]) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Lists. What cannot be listed is in the record, not an error.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when an account lacks credentials or a project, when two accounts of a selection
    /// are one place of the cloud, and when no HTTP client can be built.
    pub async fn execute(self) -> Result<ListingRecord, RunError> {
        let plan = Arc::clone(&self.plan);
        let jobs = self.jobs();
        let keys = self.keys(&jobs).await?;
        let transport = self.client(&jobs)?;
        let started_at = self.clock.now();
        let sender = self.sender(transport, &jobs, started_at);
        let shared = Shared {
            sender: &sender,
            provider: &*self.credentials,
            slots: Semaphore::new(plan.limits.concurrency),
            budget: Budget::new(self.most, self.named, &*self.stops),
            is_cut: AtomicBool::new(false),
        };
        let lanes = self.lanes(&jobs, &keys);
        let wants: Vec<_> = jobs.iter().map(|job| self.wants(job)).collect();
        let catalogs: Vec<_> = jobs
            .iter()
            .zip(lanes)
            .filter_map(|(job, lanes)| {
                let (_, keys) = keys.get(job.account.index())?.as_ref()?;
                let collector = Collector::new(job.selects.clone(), job.account.number(), self.rest.clone());
                Some(Catalog::new(&shared, (job.account, job.kind), Arc::clone(keys), lanes, collector))
            })
            .collect();
        let end = self.list(&catalogs, &wants, &shared).await;
        let listed = catalogs.into_iter().map(Catalog::finish);
        let finished_at = sender.timeline.now();
        let mut record = Assembly::new(&plan, started_at, finished_at);
        jobs.iter().zip(listed).for_each(|(job, listed)| record.add(job, listed));
        let principals = keys.into_iter().map(|known| known.map(|(principal, _)| principal)).collect();
        let Assembly { selections, found, spared, .. } = record;
        Ok(ListingRecord { end, started_at, finished_at, selections, found, spared, principals })
    }

    /// Lists everything side by side, until it is over.
    async fn list(&self, catalogs: &[Catalog<'_>], wants: &[Wants<'_>], shared: &Shared<'_>) -> ListingEnd {
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
        tokio::pin!(deadline);
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

    /// Returns what is listed: each kind in each account once, however many selections share it.
    fn jobs(&self) -> Vec<Job<'_>> {
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

    pub(super) fn client(&self, jobs: &[Job<'_>]) -> Result<Arc<dyn Transport>, RunError> {
        match &self.transport {
            Some(transport) => Ok(Arc::clone(transport)),
            None => Ok(Arc::new(attempt::client(&self.plan, jobs.iter().map(|job| (job.account, job.kind)))?)),
        }
    }

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

    fn wants<'j>(&self, job: &Job<'j>) -> Wants<'j> {
        Wants {
            selects: job.selects.clone(),
            needs_tags: self.needs_tags && job.kind.service().lister().selectable().tags.is_ok(),
            takes_missing_for_none: self.plan.guards.not_found == NotFound::Ok,
        }
    }
}

/// The listing of one kind in one account.
pub(super) struct Job<'p> {
    pub(super) account: AccountId,
    pub(super) kind: Kind,
    /// The selections that share it, by number.
    pub(super) numbers: Vec<usize>,
    pub(super) selects: Vec<&'p Select>,
}

/// The records of all selections, put together account by account.
struct Assembly<'p> {
    plan: &'p Plan,
    selections: Vec<SelectionRecord>,
    found: Vec<Vec<Found>>,
    spared: Vec<Vec<Spared>>,
}

impl<'p> Assembly<'p> {
    fn new(plan: &'p Plan, started_at: Timestamp, finished_at: Timestamp) -> Self {
        let empty = |select: &Select| SelectionRecord::empty(select, started_at, finished_at);
        let selections: Vec<_> = plan.selects.iter().map(empty).collect();
        let count = selections.len();
        Self { plan, selections, found: vec![Vec::new(); count], spared: vec![Vec::new(); count] }
    }

    fn add(&mut self, job: &Job<'_>, listed: super::catalog::Listed<'_>) {
        let account = &self.plan[job.account];
        for (number, collected) in job.numbers.iter().zip(listed.collector.finish()) {
            let Collected { mut found, left_out, unclear, mut unusable, mut spared } = collected;
            let (record, all) = (&mut self.selections[*number], &mut self.found[*number]);
            let matched = found.len() as u64;
            record.requests += listed.requests;
            record.seen += matched + left_out.total();
            record.matched += matched;
            record.left_out += left_out;
            unclear.into_iter().for_each(|(why, count)| *record.unclear.entry(why.into()).or_default() += count);
            record.unusable.append(&mut unusable);
            self.spared[*number].append(&mut spared);
            record.accounts.push(AccountCount {
                account: account.name.clone(),
                region: account.region.clone(),
                seen: matched + left_out.total(),
                matched,
            });
            record.missing.extend(listed.missing.iter().cloned());
            record.warnings.extend(listed.warnings.iter().map(|warning| format!("{}: {warning}", account.name)));
            if all.is_empty() { *all = found } else { all.append(&mut found) }
        }
    }
}
