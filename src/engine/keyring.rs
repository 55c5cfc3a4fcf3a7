//! The credentials of a run's accounts, and when their provider is asked again.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout};

use super::attempt::AccountKeys;
use super::holders::holders;
use crate::credentials::{CredentialError, CredentialProvider, Issued};
use crate::plan::{AccountId, Plan};
use crate::provider::Principal;

/// How long before their expiry credentials are asked for again, at most; less where they live shortly.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// The part of their lifetime that is left then, where that is less.
const LAST_PART: i32 = 5;

/// How long a provider is not asked again after it had nothing newer.
const PAUSE: Duration = Duration::from_secs(15);

/// How long a provider may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The credentials of the accounts in use.
pub(super) struct Keyring {
    plan: Arc<Plan>,
    provider: Arc<dyn CredentialProvider>,
    /// By account; `None` where it is not in use.
    accounts: Vec<Option<Account>>,
    /// By the account that they were asked for; `None` where none were.
    held: Vec<Option<Held>>,
    asking: FuturesUnordered<BoxFuture<'static, (AccountId, Option<Issued>)>>,
    /// Whether nothing new is sent any more, so that nobody needs newer credentials.
    is_closed: bool,
}

struct Account {
    /// The account that its credentials are asked for.
    holder: AccountId,
    /// Whether somebody asked because they were refused, and no service has accepted any since.
    is_doubted: bool,
}

/// Credentials, for one account or for all its regions.
struct Held {
    keys: Arc<AccountKeys>,
    /// When they are to be asked for again; `None` where they do not expire.
    renew_at: Option<Timestamp>,
    /// Nobody asks before this because of the expiry.
    not_before: Option<Instant>,
    is_asking: bool,
}

/// What to do about a request whose credentials were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Newer ones are known.
    Outdated,
    /// Newer ones are asked for.
    Asking,
    /// The provider has no others.
    Final,
}

impl Keyring {
    /// Asks for the credentials of the accounts in use.
    ///
    /// # Errors
    ///
    /// Fails when an account has none; all of them are listed.
    pub(super) async fn fetch(
        plan: Arc<Plan>,
        provider: Arc<dyn CredentialProvider>,
        in_use: &[bool],
        now: Timestamp,
    ) -> Result<Self, Vec<CredentialError>> {
        let account = |holder: Option<AccountId>| holder.map(|holder| Account { holder, is_doubted: false });
        let accounts: Vec<_> = holders(&plan, in_use).into_iter().map(account).collect();
        let (mut held, mut missing) = (Vec::with_capacity(accounts.len()), Vec::new());
        for (id, account) in plan.account_ids().zip(&accounts) {
            if account.as_ref().is_none_or(|account| account.holder != id) {
                held.push(None);
                continue;
            }
            match provider.issue(&plan[id]).await {
                Ok(issued) => held.push(Some(Held::new(issued, now))),
                Err(error) => missing.push(error),
            }
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Self { plan, provider, accounts, held, asking: FuturesUnordered::new(), is_closed: false })
    }

    /// Returns whose credentials each account has, by account.
    pub(super) fn principals(&self) -> Vec<Option<Principal>> {
        let in_use = self.plan.account_ids().zip(&self.accounts);
        in_use.map(|(id, account)| account.as_ref().map(|_| self.keys(id).credentials.principal())).collect()
    }

    /// Returns the credentials of an account in use.
    pub(super) fn keys(&self, account: AccountId) -> Arc<AccountKeys> {
        Arc::clone(&self.held(account).keys)
    }

    /// Takes in that a service refused a request that was signed with this generation of an account's credentials.
    ///
    /// The provider is asked once; when a service refuses what it returns, too, that is final.
    pub(super) fn refused(&mut self, account: AccountId, generation: u32) -> Refusal {
        let (is_closed, held) = (self.is_closed, self.held(account));
        if held.keys.generation != generation {
            return Refusal::Outdated;
        }
        if is_closed {
            return Refusal::Final;
        }
        let is_asking = held.is_asking;
        let is_first = !std::mem::replace(&mut self.known_mut(account).is_doubted, true);
        match (is_asking, is_first) {
            (true, _) => Refusal::Asking,
            (false, true) => {
                self.ask(account);
                Refusal::Asking
            }
            (false, false) => Refusal::Final,
        }
    }

    /// Takes in that a service accepted the credentials of an account.
    pub(super) fn accepted(&mut self, account: AccountId) {
        self.known_mut(account).is_doubted = false;
    }

    /// Asks again for credentials that expire soon.
    pub(super) fn renew(&mut self, now: Timestamp) {
        let is_due = |held: &Held| {
            !held.is_asking
                && held.renew_at.is_some_and(|at| at <= now)
                && held.not_before.is_none_or(|moment| moment <= Instant::now())
        };
        let holders = self.plan.account_ids().filter(|id| self.held[id.index()].as_ref().is_some_and(is_due));
        holders.collect::<Vec<_>>().into_iter().for_each(|account| self.ask(account));
    }

    fn ask(&mut self, account: AccountId) {
        let id = self.known(account).holder;
        self.held_mut(id).is_asking = true;
        let (plan, provider) = (Arc::clone(&self.plan), Arc::clone(&self.provider));
        let ask = async move {
            let issued = timeout(PATIENCE, provider.issue(&plan[id])).await;
            (id, issued.ok().and_then(Result::ok))
        };
        self.asking.push(ask.boxed());
    }

    /// Waits for what a provider returns, and uses it from then on if it is newer; for ever, where none is asked.
    pub(super) async fn renewed(&mut self, now: impl FnOnce() -> Timestamp) {
        let Some((id, issued)) = self.asking.next().await else { return pending().await };
        let held = self.held_mut(id);
        held.is_asking = false;
        held.not_before = Some(Instant::now() + PAUSE);
        if let Some(issued) = issued {
            held.renew_at = renew_at(issued.expires_at, now());
            if !held.keys.are(&issued.credentials) {
                held.keys = Arc::new(AccountKeys::new(issued.credentials, held.keys.generation + 1));
            }
        }
    }

    /// Asks nobody any more.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
        self.asking.clear();
    }

    #[expect(clippy::expect_used, reason = "lanes, and so requests, are made only for accounts with credentials")]
    fn known(&self, account: AccountId) -> &Account {
        self.accounts[account.index()].as_ref().expect("an account in use has credentials")
    }

    #[expect(clippy::expect_used, reason = "lanes, and so requests, are made only for accounts with credentials")]
    fn known_mut(&mut self, account: AccountId) -> &mut Account {
        self.accounts[account.index()].as_mut().expect("an account in use has credentials")
    }

    #[expect(clippy::expect_used, reason = "the credentials of every account in use were asked for of its holder")]
    fn held(&self, account: AccountId) -> &Held {
        self.held[self.known(account).holder.index()].as_ref().expect("an account in use has credentials")
    }

    #[expect(clippy::expect_used, reason = "the credentials of every account in use were asked for of its holder")]
    fn held_mut(&mut self, account: AccountId) -> &mut Held {
        let holder = self.known(account).holder;
        self.held[holder.index()].as_mut().expect("an account in use has credentials")
    }
}

impl Held {
    fn new(issued: Issued, now: Timestamp) -> Self {
        Self {
            keys: Arc::new(AccountKeys::new(issued.credentials, 0)),
            renew_at: renew_at(issued.expires_at, now),
            not_before: None,
            is_asking: false,
        }
    }
}

/// Returns when to ask again for credentials that expire then.
fn renew_at(expires_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let expires_at = expires_at?;
    let lifetime = expires_at.duration_since(now).max(SignedDuration::ZERO);
    expires_at.checked_sub(AHEAD.min(lifetime / LAST_PART)).ok()
}
