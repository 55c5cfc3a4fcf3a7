//! Listing what a run's plan selects.

use std::collections::BTreeMap;

use allstop::clock::{Clock, SystemClock};
use allstop::engine::{RunError, Status};
use allstop::session::{Bundle, BundledRun, Context, ListedBundle, SessionError};
use allstop::{CancellationToken, ExitStatus};
use temporalio_client::errors::AsyncActivityError;
use temporalio_client::{AsyncActivityHandle, Client, RetryOptions, RpcOptions};
use tokio::time::{Instant, sleep_until};

use crate::plans::{self, HoldError, Parts, PartsError};
use crate::session::Holder;
use crate::wire::{
    CameTo, Ended, HeldAt, ListBeat, ListEnd, ListInput, Listed, OtherVersion, Packed, VERSION, listed_id,
};

/// The task queues of the sessions of accounts.
type Routes = BTreeMap<String, String>;

/// How a listing ended.
pub(super) enum Listing {
    /// With this result.
    Ended(Box<ListEnd>),
    /// The engine knows it no more: another worker may list.
    Lost,
    /// The worker leaves, and another one lists.
    Left,
    /// This worker cannot list for now; another one may, or this one later.
    Refused(String),
}

/// A listing on its way.
pub(super) struct Lister<'a> {
    pub(super) holder: &'a Holder,
    pub(super) handle: &'a AsyncActivityHandle<Client>,
    pub(super) input: &'a ListInput,
    /// Which attempt it is, from 1.
    pub(super) attempt: u32,
}

impl Lister<'_> {
    /// Lists, and tells the engine meanwhile that it goes on. It ends when the engine asks it to.
    pub(super) async fn list(&self) -> Listing {
        if let Err(version) = OtherVersion::refuse(self.input.v) {
            return Listing::Refused(version.to_string());
        }
        let over = CancellationToken::new();
        // What is listed after the end of this is of no use to anybody.
        let _ended = over.clone().drop_guard();
        let mut work = std::pin::pin!(self.work(&over));
        let mut beats = std::pin::pin!(self.beats(&over));
        tokio::select! {
            biased;
            listing = &mut work => listing,
            () = &mut beats => Listing::Lost,
            () = self.holder.leaving.cancelled() => Listing::Left,
        }
    }

    /// Fetches the plan, lists, and has the result held.
    async fn work(&self, over: &CancellationToken) -> Listing {
        let client = &self.holder.client;
        let run = &self.input.run;
        if let Some(earlier) = self.attempt.checked_sub(1).filter(|earlier| *earlier > 0) {
            // Its latest run: the attempt that is lost has told nobody which one that is.
            let held = HeldAt { workflow_id: listed_id(&run.id, earlier), run_id: String::new() };
            plans::let_go(client, &held).await;
        }
        let bundle = match plans::bundle(client, run).await {
            Ok(bundle) => bundle,
            Err(error) => return Listing::Refused(error.to_string()),
        };
        let (run, context) = (BundledRun::new(run.id.clone(), run.started_at), self.holder.context.clone());
        let (routes, over) = (self.input.routes.clone(), over.clone());
        // A plan of a million targets takes seconds, and the heartbeats go on meanwhile.
        let listing = tokio::spawn(async move {
            let listed = bundle.list(run.clone(), &context, over).await;
            tokio::task::block_in_place(|| match listed {
                Ok(listed) => Found::of(listed, run, &routes, &context),
                Err(error) => Err(NotListed::of(&error, &bundle, run, &context)),
            })
        });
        let found = match listing.await {
            Ok(Ok(found)) => found,
            Ok(Err(NotListed::Failed(came_to))) => return self.ended(came_to),
            Ok(Err(NotListed::Later(why))) => return Listing::Refused(why),
            Err(error) => return Listing::Refused(format!("the listing failed: {error}")),
        };
        match plans::hold(client, listed_id(&self.input.run.id, self.attempt), &found.packed).await {
            Ok(held) => self.ended(CameTo::Listed(Box::new(found.at(held)))),
            Err(error @ HoldError::TooLarge { .. }) => {
                self.ended(CameTo::failed(Status::Aborted, error.to_string(), true))
            }
            Err(error @ (HoldError::Taken(_) | HoldError::Engine(_))) => Listing::Refused(error.to_string()),
        }
    }

    fn ended(&self, came_to: CameTo) -> Listing {
        Listing::Ended(Box::new(ListEnd { v: VERSION, came_to, worker: self.holder.worker.clone() }))
    }

    /// Beats until the engine does not know the listing any more.
    async fn beats(&self, asked: &CancellationToken) {
        let pace = self.input.pace;
        let options = || RpcOptions::builder().timeout(pace.lease()).retry_options(RetryOptions::no_retries()).build();
        loop {
            let sent = Instant::now();
            let beat = ListBeat { v: VERSION, worker: self.holder.worker.clone(), at: SystemClock.now() };
            match self.handle.heartbeat(Some(beat), options()).await {
                Ok(response) if response.cancel_requested || response.activity_paused || response.activity_reset => {
                    asked.cancel();
                }
                Err(AsyncActivityError::NotFound(_)) => return,
                // The next one says as much.
                Ok(_) | Err(_) => {}
            }
            sleep_until(sent + pace.checkpoint()).await;
        }
    }
}

/// What was found, for the engine.
struct Found {
    packed: Packed,
    fingerprint: String,
    parts: Parts,
    ended: Option<Ended>,
}

impl Found {
    /// Takes what was found. What a fleet cannot carry out, no other worker needs to list.
    fn of(listed: ListedBundle, run: BundledRun, routes: &Routes, context: &Context) -> Result<Self, NotListed> {
        let ListedBundle { bundle, ended, .. } = listed;
        let bytes = bundle.to_bytes().map_err(|error| failed(&SessionError::input(error, "")))?;
        let opened = bundle.open(run, context).map_err(|error| failed(&error))?;
        let refused = |error: PartsError| CameTo::failed(Status::Aborted, error.to_string(), true);
        Ok(Self {
            packed: Packed::bytes(&bytes).map_err(|error| failed(&SessionError::input(error, "")))?,
            fingerprint: bundle.fingerprint().to_owned(),
            parts: Parts::of(&opened, routes).map_err(refused)?,
            ended: ended.map(|(status, by)| Ended { status, by }),
        })
    }

    /// Says where it is held.
    fn at(self, held: HeldAt) -> Listed {
        let Self { fingerprint, parts: Parts { lanes, max_failures, max_failures_rule }, ended, .. } = self;
        Listed { held, fingerprint, lanes, max_failures, max_failures_rule, ended }
    }
}

/// Why nothing was found.
enum NotListed {
    /// This worker cannot list.
    Failed(CameTo),
    /// Nobody can for now: what failed may pass by itself, and it is tried again.
    Later(String),
}

impl From<CameTo> for NotListed {
    fn from(came_to: CameTo) -> Self {
        Self::Failed(came_to)
    }
}

impl NotListed {
    /// Says what a listing comes to that could not begin. A run ends when the window of its plan closes meanwhile.
    fn of(error: &SessionError, bundle: &Bundle, run: BundledRun, context: &Context) -> Self {
        if !error.get_ref().downcast_ref().is_some_and(RunError::may_pass) {
            return Self::Failed(failed(error));
        }
        match bundle.open(run, context).ok().and_then(|opened| opened.closed_window()) {
            Some(closed) => Self::Failed(CameTo::failed(Status::Aborted, closed, true)),
            None => Self::Later(error.to_string()),
        }
    }
}

/// Says how a run ends that no worker can list for. Who is denied is denied on every worker.
fn failed(error: &SessionError) -> CameTo {
    let is_refused = error.status() == ExitStatus::Refused;
    let status = if is_refused { Status::Aborted } else { Status::Unlisted };
    CameTo::failed(status, error.to_string(), is_refused)
}
