//! One page of a list: sent, and tried again as a stop would be.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use super::keys::Keys;
use super::lane::Lane;
use crate::engine::attempt::{Exchange, Reply, Sender};
use crate::engine::retry;
use crate::engine::scheduler::vouches;
use crate::error::{ApiError, ErrorClass};
use crate::plan::AccountId;
use crate::service::{List, Page, PageAt, Scope};
use crate::transport::Blame;

/// How often a page is asked for again at once, as its request is signed otherwise now. More often is no correction.
const MOST_CORRECTIONS: u32 = 8;

/// Sends the pages of one API in one account.
pub(super) struct Pages<'l> {
    pub(super) sender: &'l Sender,
    pub(super) account: AccountId,
    pub(super) keys: &'l Keys,
    pub(super) lane: &'l Lane,
    /// The slots of requests in flight, over all lanes.
    pub(super) slots: &'l Semaphore,
    /// How many requests were sent.
    pub(super) requests: &'l AtomicU64,
}

/// A page that could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is longer than what is read of a response.
    TooLong(ApiError),
    /// For any other reason.
    Failed(ApiError),
}

/// A request without a page, and what follows.
struct Failure(ApiError, Then);

/// What follows a request without a page.
enum Then {
    /// Another attempt, if its class allows that; the service may ask for a wait.
    Retry(Option<Duration>),
    /// Another attempt at once: the request is signed otherwise now.
    Correct,
    /// A shorter page.
    Shorten,
    /// Nothing.
    GiveUp,
}

impl Pages<'_> {
    /// Reads a page. `retry.max_attempts` and `retry.max_elapsed` hold for each.
    pub(super) async fn read(&self, list: &dyn List, at: &PageAt) -> Result<Page, Unread> {
        let rules = self.sender.plan.retry;
        let began = Instant::now();
        let (mut counted, mut setbacks, mut corrections) = (0, 0, 0);
        loop {
            let (error, retry_after) = match self.once(list, at).await {
                Ok(page) => return Ok(page),
                Err(Failure(error, Then::Shorten)) => return Err(Unread::TooLong(error)),
                Err(Failure(error, Then::GiveUp)) => return Err(Unread::Failed(error)),
                Err(Failure(_, Then::Correct)) if corrections < MOST_CORRECTIONS => {
                    corrections += 1;
                    continue;
                }
                Err(Failure(error, Then::Correct)) => return Err(Unread::Failed(error)),
                Err(Failure(error, Then::Retry(retry_after))) => (error, retry_after),
            };
            let class = error.class.unwrap_or(ErrorClass::Protocol);
            if !class.is_transient() {
                return Err(Unread::Failed(error));
            }
            setbacks += 1;
            counted += u32::from(class != ErrorClass::Throttled);
            let wait = retry::delay(&rules, setbacks, fastrand::f64(), retry_after);
            if counted >= rules.max_attempts || began.elapsed() + wait > rules.max_elapsed {
                return Err(Unread::Failed(error));
            }
            sleep(wait).await;
        }
    }

    /// Sends one request.
    async fn once(&self, list: &dyn List, at: &PageAt) -> Result<Page, Failure> {
        let _gate = self.keys.gate().await.map_err(|error| Failure(error, Then::GiveUp))?;
        let permit = self.lane.admit().await.map_err(|error| Failure(error, Then::GiveUp))?;
        let keys = match self.keys.current().await {
            Ok(keys) => keys,
            Err(error) => {
                self.lane.withdrawn();
                return Err(Failure(error, Then::GiveUp));
            }
        };
        // The slots are never closed.
        let _slot = self.slots.acquire().await;
        let project_id = self.sender.plan[self.account].project_id().unwrap_or_default();
        let scope = Scope { project_id, cause: "", client_token: "" };
        let request = list.request(at, &scope);
        self.requests.fetch_add(1, Ordering::Relaxed);
        let reply = self.sender.request(&request, self.account, &keys, permit).await;
        self.outcome(list, reply).await
    }

    async fn outcome(&self, list: &dyn List, reply: Reply) -> Result<Page, Failure> {
        let (sent, generation) = (reply.sent, reply.generation);
        let response = match &reply.exchange {
            Exchange::Response(response) => response,
            Exchange::Failed(error) => {
                let is_too_long = error.blame == Blame::Length;
                let (class, message) = (Some(error.class), Some(error.message.as_str().into()));
                let error = ApiError { class, message, ..ApiError::default() };
                if is_too_long {
                    self.lane.withdrawn();
                    return Err(Failure(error, Then::Shorten));
                }
                self.lane.failed(&sent, &error);
                return Err(Failure(error, Then::Retry(None)));
            }
            Exchange::Unsigned(error) => {
                self.lane.withdrawn();
                let (class, message) = (Some(ErrorClass::Invalid), Some(error.to_string().into()));
                return Err(Failure(ApiError { class, message, ..ApiError::default() }, Then::GiveUp));
            }
        };
        let wall = self.sender.clock.now();
        let read = list.page(response).map_err(|error| reply.echoes.out_of_api_error(reply.corrected(error, response)));
        let is_corrected = self.lane.responded(&sent, (response, wall), read.as_ref().err());
        if vouches(read.as_ref().err().and_then(|error| error.class)) {
            self.keys.accepted(generation);
        }
        let error = match read {
            Ok(page) => return Ok(page),
            Err(error) => error,
        };
        let is_corrected = match error.class {
            Some(ErrorClass::Auth) => self.keys.refused(generation, &error).await,
            _ => is_corrected,
        };
        let retry_after = retry::retry_after(response, &*self.sender.clock);
        Err(Failure(error, if is_corrected { Then::Correct } else { Then::Retry(retry_after) }))
    }
}
