//! The keys of a run's accounts: which serve, when their sources are asked again, and which accounts wait for them.
//!
//! [`Slot`] decides, [`Lease`](lease::Lease) knows how long keys live. Whoever sends requests asks [`Keyring::gates`] or
//! [`Keyring::usable`] before each, drives the keyring meanwhile, and tells it what services said.

mod account;
mod lease;
mod sign_in;
mod slot;

use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

pub use self::account::SignedAccount;
pub(in crate::engine) use self::lease::Both;
use self::slot::Slot;
pub(in crate::engine) use self::slot::{Change, Gate, Refusal};
use super::attempt::{AccountKeys, ClockOffset};
use crate::base::clock::{Clock, reached};
use crate::credentials::{CredentialError, CredentialProvider, Issued, Nature, SourceError};
use crate::plan::{AccountId, Plan};
use crate::provider::Principal;

/// How long a provider may take: longer than any source of its own takes.
const PATIENCE: Duration = Duration::from_secs(11 * 60);

/// What a source returned: keys, and whether they have served a request already.
type Renewed = Result<(Issued, bool), SourceError>;

/// The number of a source of keys in a keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::engine) struct SourceId(u16);

impl SourceId {
    pub(in crate::engine) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The keys of a plan's accounts, for its listings and its run. Accounts with the same source share its keys.
pub struct Keyring {
    plan: Arc<Plan>,
    provider: Arc<dyn CredentialProvider>,
    clock: Arc<dyn Clock>,
    /// How long an account may wait for keys.
    patience: Duration,
    /// By account; `None` where it is not in use, or was refused at its sign-in.
    sources: Vec<Option<SourceId>>,
    state: Mutex<State>,
    /// Says that something changed for whoever sends.
    changed: watch::Sender<u64>,
    /// Says that something is due.
    poked: Notify,
    /// Who drives.
    turn: tokio::sync::Mutex<()>,
    /// By source; who sends while one request at a time may.
    singles: Vec<tokio::sync::Mutex<()>>,
    /// By account.
    in_use: Vec<bool>,
    /// The projects that were looked up, by account.
    projects: Vec<Option<String>>,
    /// The accounts whose keys were refused at the sign-in, and why.
    refused: Vec<(AccountId, String)>,
    warnings: Vec<String>,
    /// What is good to know of the sources.
    notes: Vec<String>,
    /// By source: how far the vendor's clock was ahead of this machine's at the sign-in.
    offsets: Vec<ClockOffset>,
    /// By source: why it could not be learnt at the sign-in whose the keys are.
    unknown: Vec<Option<CredentialError>>,
}

struct State {
    /// By source.
    slots: Vec<Slot>,
    /// What nobody has heard of yet.
    news: Vec<(SourceId, Change)>,
    chance: fastrand::Rng,
    /// The accounts whose key was refused for good in their region, and why.
    closed: Vec<(AccountId, String)>,
    /// Whether nothing new is sent any more, so that nobody needs newer keys.
    is_over: bool,
}

impl Keyring {
    /// Returns the source of each account's keys; `None` where an account is not in use.
    pub(in crate::engine) fn sources(&self) -> &[Option<SourceId>] {
        &self.sources
    }

    /// Returns whose each account is, by account: the account of the cloud, or else the key.
    pub(in crate::engine) fn owners(&self) -> Vec<Option<Principal>> {
        let state = self.state();
        let owner = |source: &Option<SourceId>| {
            let slot = state.slots.get(source.as_ref()?.index())?;
            let of_keys = || slot.keys().credentials.principal();
            Some(slot.identity().map_or_else(of_keys, |identity| Principal::of_account(&identity.account_id)))
        };
        self.sources.iter().map(owner).collect()
    }

    /// Returns how far the vendor's clock was ahead of this machine's when the accounts of a source signed in, where that
    /// was told: so the first requests are signed well, side by side.
    pub(in crate::engine) fn clock_offset(&self, source: SourceId) -> ClockOffset {
        self.offsets.get(source.index()).copied().unwrap_or_default()
    }

    /// Returns what may be sent with the keys of each source now.
    pub(in crate::engine) fn gates(&self) -> Vec<Gate> {
        let now = self.now();
        self.state().slots.iter().map(|slot| slot.gate(now)).collect()
    }

    /// Returns the keys of an account in use.
    pub(in crate::engine) fn keys(&self, account: AccountId) -> Arc<AccountKeys> {
        let source = self.source(account);
        self.slot(&mut self.state(), source).keys()
    }

    /// Waits until requests of an account may be signed, and returns its keys.
    ///
    /// # Errors
    ///
    /// Fails with the reason when the account is closed.
    pub(in crate::engine) async fn usable(&self, account: AccountId) -> Result<Arc<AccountKeys>, String> {
        let source = self.source(account);
        let mut changed = self.changed.subscribe();
        loop {
            {
                let (now, mut state) = (self.now(), self.state());
                let slot = self.slot(&mut state, source);
                match slot.gate(now) {
                    Gate::Open | Gate::Single => return Ok(slot.keys()),
                    Gate::Closed => return Err(slot.closed().unwrap_or_default().to_owned()),
                    Gate::Waiting => {}
                }
            }
            self.poked.notify_one();
            // The sender lives as long as `self`.
            let _ = changed.changed().await;
        }
    }

    /// Waits for the turn of a request, while one at a time may be sent with the keys of an account.
    pub(in crate::engine) async fn single(&self, account: AccountId) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let source = self.source(account);
        let is_single = || {
            let (now, mut state) = (self.now(), self.state());
            self.slot(&mut state, source).gate(now) != Gate::Open
        };
        if !is_single() {
            return None;
        }
        let guard = self.singles.get(source.index())?.lock().await;
        is_single().then_some(guard)
    }

    /// Takes in that a service refused a request that was signed with this generation of an account's keys.
    ///
    /// The source is asked once; when a service refuses what it returns, too, that is final.
    pub(in crate::engine) fn refused(&self, account: AccountId, generation: u32, is_locked: bool) -> Refusal {
        let (source, mut state) = (self.source(account), self.state());
        let is_over = state.is_over;
        let refusal = self.slot(&mut state, source).refused(generation, is_locked, Instant::now());
        match refusal {
            Refusal::Asking if is_over => return Refusal::Final,
            Refusal::Asking => self.poked.notify_one(),
            Refusal::Outdated | Refusal::Final => {}
        }
        refusal
    }

    /// Takes in that a service accepted this generation of an account's keys.
    pub(in crate::engine) fn accepted(&self, account: AccountId, generation: u32) {
        let source = self.source(account);
        self.slot(&mut self.state(), source).accepted(generation);
    }

    /// Takes in that the key of an account was refused for good in its region.
    pub(in crate::engine) fn closed(&self, account: AccountId, reason: String) {
        self.state().closed.push((account, reason));
    }

    /// Asks nobody any more.
    pub(in crate::engine) fn end(&self) {
        self.state().is_over = true;
        self.poked.notify_one();
    }

    /// Takes what has happened since the last time.
    pub(in crate::engine) fn news(&self) -> Vec<(SourceId, Change)> {
        std::mem::take(&mut self.state().news)
    }

    /// Hears of every change from now on.
    pub(in crate::engine) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Looks again what is due: time has passed, perhaps while the machine slept.
    pub(in crate::engine) fn poke(&self) {
        self.poked.notify_one();
    }

    /// Asks the sources when keys are due, for as long as somebody waits for that. At most one asks at a time.
    pub(in crate::engine) async fn drive(&self) -> Infallible {
        let _turn = self.turn.lock().await;
        self.state().slots.iter_mut().for_each(Slot::forget);
        let mut asking = FuturesUnordered::new();
        loop {
            let (due, wake) = self.due();
            due.into_iter().for_each(|source| asking.push(self.renew(source)));
            tokio::select! {
                biased;
                Some((source, renewed)) = asking.next() => self.renewed(source, renewed),
                () = self.poked.notified() => {}
                () = reached(wake) => {}
            }
        }
    }

    /// Returns the sources that are to be asked now, and when to look again.
    fn due(&self) -> (Vec<SourceId>, Option<Instant>) {
        let now = self.now();
        let mut state = self.state();
        let State { slots, news, is_over, .. } = &mut *state;
        let (mut due, mut wake, before) = (Vec::new(), None::<Instant>, news.len());
        if *is_over {
            return (due, wake);
        }
        for (source, slot) in (0..).map(SourceId).zip(slots) {
            let next = slot.next(now, self.patience);
            due.extend(next.ask.then_some(source));
            wake = wake.into_iter().chain(next.wake).min();
            news.extend(next.change.map(|change| (source, change)));
        }
        if news.len() > before {
            self.tell();
        }
        (due, wake)
    }

    /// Asks a source, and whose its keys are where that is not told.
    fn renew(&self, source: SourceId) -> BoxFuture<'_, (SourceId, Renewed)> {
        async move {
            let renewed = timeout(PATIENCE, self.ask(source)).await;
            let renewed = renewed.unwrap_or_else(|_| Err(SourceError::new(Nature::Passing, "it did not answer", "")));
            (source, renewed)
        }
        .boxed()
    }

    /// Returns newer keys, and whether they have served a request already.
    async fn ask(&self, source: SourceId) -> Renewed {
        let Some(holder) = self.holder(source) else { return pending().await };
        let account = &self.plan[holder];
        let cause = |error: CredentialError| error.cause().clone();
        let mut issued = self.provider.issue(account).await.map_err(cause)?;
        let (is_known, is_same) = {
            let mut state = self.state();
            let slot = self.slot(&mut state, source);
            (slot.identity().is_some(), slot.keys().are(&issued.credentials))
        };
        // A key of an account that is known is not used before it is known to be of the same account.
        let asks = is_known && !is_same && issued.identity.is_none();
        if asks {
            issued.identity = self.provider.identify(account, &issued.credentials).await.map_err(cause)?;
            if issued.identity.is_none() {
                return Err(SourceError::new(Nature::Final, "nobody says whose the newer keys are", ""));
            }
        }
        Ok((issued, asks))
    }

    fn renewed(&self, source: SourceId, renewed: Renewed) {
        let now = self.now();
        let name = self.holder(source).map_or("", |holder| self.plan[holder].base_name());
        let mut state = self.state();
        let chance = state.chance.f64();
        let slot = self.slot(&mut state, source);
        let change = match renewed {
            Ok(issued) => slot.issued(issued, name, now, chance),
            Err(error) => {
                slot.failed(error, now.instant, chance);
                None
            }
        };
        state.news.extend(change.map(|change| (source, change)));
        self.tell();
    }

    fn tell(&self) {
        self.changed.send_modify(|version| *version += 1);
    }

    fn now(&self) -> Both {
        Both { instant: Instant::now(), wall: self.clock.now() }
    }

    /// Returns the account that a source is asked for: the first that has it.
    fn holder(&self, source: SourceId) -> Option<AccountId> {
        let mut accounts = self.plan.account_ids().zip(&self.sources);
        accounts.find(|(_, of)| **of == Some(source)).map(|(account, _)| account)
    }

    #[expect(clippy::expect_used, reason = "lanes, and so requests, are made only for accounts that have signed in")]
    pub(in crate::engine) fn source(&self, account: AccountId) -> SourceId {
        self.sources[account.index()].expect("an account in use has a source")
    }

    #[expect(clippy::unused_self, clippy::indexing_slicing, reason = "the keyring alone makes the numbers of sources")]
    fn slot<'s>(&self, state: &'s mut MutexGuard<'_, State>, source: SourceId) -> &'s mut Slot {
        &mut state.slots[source.index()]
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
