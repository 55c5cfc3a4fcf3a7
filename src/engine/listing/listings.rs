//! The listings of a plan's selections: whatever of the world they should use instead of the real one.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::collector::Rest;
use super::progress::ListingProgress;
use crate::base::clock::{Clock, SystemClock};
use crate::base::environment::Environment;
use crate::credentials::{CredentialProvider, SystemProvider};
use crate::engine::keyring::Keyring;
use crate::plan::{Plan, Select, Target};
use crate::transport::Transport;

/// The listings of a plan's selections.
pub struct Listings {
    pub(super) plan: Arc<Plan>,
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) credentials: Arc<dyn CredentialProvider>,
    pub(super) keyring: Option<Arc<Keyring>>,
    pub(super) drain: CancellationToken,
    pub(super) deadline: Option<Duration>,
    pub(super) speed: f64,
    pub(super) most: usize,
    pub(super) named: usize,
    pub(super) stops: Box<Stops>,
    pub(super) lists: Box<Lists>,
    pub(super) needs_tags: bool,
    pub(super) rest: Rest,
    pub(super) observer: Option<Box<Observer>>,
}

/// Hears how far each listing is.
pub(super) type Observer = dyn Fn(&[ListingProgress]) + Send + Sync;

/// Tells whether a run would stop a target that was found.
pub(super) type Stops = dyn Fn(&Target) -> bool + Send + Sync;

/// Tells whether a selection is listed in the account of this number.
pub(super) type Lists = dyn Fn(&Select, u16) -> bool + Send + Sync;

impl Listings {
    /// Prepares the listings of all selections of `plan` in the real world.
    #[must_use]
    pub fn new(plan: impl Into<Arc<Plan>>) -> Self {
        Self {
            plan: plan.into(),
            transport: None,
            clock: Arc::new(SystemClock),
            credentials: Arc::new(SystemProvider::new(Environment::of_process())),
            keyring: None,
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
    pub fn credentials(self, provider: impl CredentialProvider + 'static) -> Self {
        self.asking(Arc::new(provider))
    }

    /// Does so with a provider that others ask as well.
    #[must_use]
    pub fn asking(self, provider: Arc<dyn CredentialProvider>) -> Self {
        Self { credentials: provider, keyring: None, ..self }
    }

    /// Uses the keys of accounts that have signed in, instead of asking a provider.
    #[must_use]
    pub fn signed_in(mut self, keyring: Arc<Keyring>) -> Self {
        self.keyring = Some(keyring);
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
}
