//! One request of a target on its way: built, signed, sent, answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::HEXLOWER;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderValue, header};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::clock_offset::ClockOffset;
use super::echo::{Echoes, Secrets};
use super::flight::Flight;
use super::journal::Journal;
use crate::base::clock::{Clock, Timeline};
use crate::http::{Product, Request, Response, SignedRequest};
use crate::plan::{Account, Plan, Target};
use crate::provider::{self, Credentials, Origin, SignError, Signing};
use crate::service::{self, Scope};
use crate::transport::{SendError, Transport};

/// Builds, signs and sends requests.
pub(super) struct Sender {
    pub(super) plan: Arc<Plan>,
    pub(super) transport: Arc<dyn Transport>,
    /// Wall time as it is, for signatures and windows.
    pub(super) clock: Arc<dyn Clock>,
    /// The run's own time, for whatever is noted.
    pub(super) timeline: Timeline,
    /// By account number.
    pub(super) credentials: Vec<Option<Credentials>>,
    /// Where those come from, in words.
    pub(super) sources: Vec<Option<String>>,
    /// What answers must not repeat.
    pub(super) secrets: Vec<Arc<Secrets>>,
    pub(super) origins: Origins,
    pub(super) journal: Option<Arc<dyn Journal>>,
    pub(super) run_id: String,
    pub(super) cause: String,
    pub(super) nonces: Nonces,
}

/// Where the requests of each account go, by its number and the product.
pub(super) struct Origins(Vec<Vec<(&'static Product, Result<Origin, SignError>)>>);

impl Origins {
    pub(super) fn new(plan: &Plan) -> Self {
        let origins = |account: &Account| {
            let products = service::products(account.cloud).into_iter();
            products.map(|product| (product, Origin::parse(&account.endpoint(product)))).collect()
        };
        Self(plan.accounts.iter().map(origins).collect())
    }

    fn of(&self, account: usize, product: &Product) -> Result<&Origin, SignError> {
        let mut origins = self.0.get(account).into_iter().flatten();
        let origin = origins.find(|(name, _)| *name == product).map(|(_, origin)| origin.as_ref());
        origin.unwrap_or(Err(&SignError::Credentials("absent"))).map_err(SignError::clone)
    }
}

/// Texts that no other request carries: counted from a random number on, which asks the system for randomness once.
pub(super) struct Nonces {
    first: u128,
    count: AtomicU64,
}

impl Nonces {
    pub(super) fn new() -> Self {
        Self { first: uuid::Uuid::new_v4().as_u128(), count: AtomicU64::new(0) }
    }

    /// Returns the next one, 32 hexadecimal digits.
    fn next(&self) -> String {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        HEXLOWER.encode(&self.first.wrapping_add(count.into()).to_be_bytes())
    }
}

/// What came of one request.
pub(super) struct Landed {
    pub(super) lane: usize,
    /// Whom it was for; one, unless a read served several.
    pub(super) flights: Vec<Flight>,
    pub(super) exchange: Exchange,
    pub(super) departure: Departure,
    /// What the answer must not repeat.
    pub(super) echoes: Echoes,
}

/// When a request left.
#[derive(Clone, Copy)]
pub(super) struct Departure {
    pub(super) wall: Timestamp,
    pub(super) instant: Instant,
    pub(super) clearance: Clearance,
}

/// What a lane gives a request that it hands out.
#[derive(Clone, Copy)]
pub(super) struct Clearance {
    /// The clock offset it is signed with.
    pub(super) clock: ClockOffset,
    /// Its number among the lane's requests.
    pub(super) number: u64,
}

/// The end of one request.
pub(super) enum Exchange {
    Response(Response),
    Failed(SendError),
    /// It could not be signed and never left.
    Unsigned(SignError),
}

/// Names the host that could not be reached, unless the error does so itself.
fn naming(error: SendError, host: Option<&HeaderValue>) -> SendError {
    match host.and_then(|host| host.to_str().ok()) {
        Some(host) if error.surely_not_sent && !error.message.contains(host) => {
            SendError { message: format!("{host}: {}", error.message), ..error }
        }
        Some(_) | None => error,
    }
}

impl Sender {
    /// Sends the stop request of one target.
    pub(super) fn stop(
        self: Arc<Self>,
        lane: usize,
        flight: Flight,
        clearance: Clearance,
    ) -> BoxFuture<'static, Landed> {
        async move {
            let departure = self.departure(clearance);
            let signed = self.signed_stop(flight.target, clearance.clock);
            let (exchange, echoes) = self.exchange(flight.target, signed).await;
            Landed { lane, flights: vec![flight], exchange, departure, echoes }
        }
        .boxed()
    }

    fn signed_stop(&self, target: u32, clock: ClockOffset) -> Result<SignedRequest, SignError> {
        self.scoped(target, |target, account| {
            let token = if target.kind.takes_token() { self.client_token(target) } else { String::new() };
            let scope = Scope {
                project_id: account.project_id.as_deref().unwrap_or_default(),
                cause: &self.cause,
                client_token: &token,
            };
            self.sign(&target.kind.stop(&target.params, &scope), target, clock)
        })
    }

    /// Sends one read request for all targets of a batch, which are of one account.
    pub(super) fn read(
        self: Arc<Self>,
        lane: usize,
        stage: usize,
        flights: Vec<Flight>,
        clearance: Clearance,
    ) -> BoxFuture<'static, Landed> {
        async move {
            let departure = self.departure(clearance);
            let first = flights.first().map_or(u32::MAX, |flight| flight.target);
            let signed = self.scoped(first, |target, account| {
                let project_id = account.project_id.as_deref().unwrap_or_default();
                let scope = Scope { project_id, cause: "", client_token: "" };
                let targets = flights.iter().filter_map(|flight| self.plan.targets.get(flight.target as usize));
                let batch: Vec<_> = targets.map(|target| &target.params).collect();
                self.sign(&target.kind.read(stage, &batch, &scope), target, clearance.clock)
            });
            let (exchange, echoes) = self.exchange(first, signed).await;
            Landed { lane, flights, exchange, departure, echoes }
        }
        .boxed()
    }

    /// Tells whether the plan forbids sending stops now.
    pub(super) fn window_is_closed(&self) -> bool {
        let window = self.plan.guards.window.as_ref();
        window.is_some_and(|window| !window.is_open(self.clock.now()))
    }

    fn departure(&self, clearance: Clearance) -> Departure {
        let instant = Instant::now();
        Departure { wall: self.timeline.at(instant), instant, clearance }
    }

    fn scoped(
        &self,
        target: u32,
        build: impl FnOnce(&Target, &Account) -> Result<SignedRequest, SignError>,
    ) -> Result<SignedRequest, SignError> {
        let target = self.plan.targets.get(target as usize).ok_or(SignError::Credentials("absent"))?;
        let account = self.plan.accounts.get(usize::from(target.account)).ok_or(SignError::Credentials("absent"))?;
        build(target, account)
    }

    fn sign(&self, request: &Request, target: &Target, clock: ClockOffset) -> Result<SignedRequest, SignError> {
        let number = usize::from(target.account);
        let absent = SignError::Credentials("absent");
        let account = self.plan.accounts.get(number).ok_or(absent.clone())?;
        let credentials = self.credentials.get(number).and_then(Option::as_ref).ok_or(absent)?;
        let nonce = self.nonces.next();
        let signing = Signing {
            origin: self.origins.of(number, request.api.product)?,
            credentials,
            project_id: account.project_id.as_deref(),
            signature: account.signature(request.api),
            at: clock.apply(self.clock.now()),
            nonce: &nonce,
        };
        provider::sign(request, &signing)
    }

    async fn exchange(&self, target: u32, signed: Result<SignedRequest, SignError>) -> (Exchange, Echoes) {
        let account = self.plan.targets.get(target as usize).map(|target| usize::from(target.account));
        let secrets = account.and_then(|account| self.secrets.get(account)).map(Arc::clone);
        let echoes = Echoes::of(signed.as_ref().ok(), secrets.unwrap_or_default());
        let signed = match signed {
            Err(error) => return (Exchange::Unsigned(error), echoes),
            Ok(signed) => signed,
        };
        let host = signed.headers.get(header::HOST).cloned();
        let exchange = match self.transport.send(signed).await {
            Ok(response) => Exchange::Response(response),
            Err(error) => Exchange::Failed(echoes.out_of_error(naming(error, host.as_ref()))),
        };
        (exchange, echoes)
    }

    /// Returns the idempotency token of a target: the same over all tries, also of a resumed run.
    fn client_token(&self, target: &Target) -> String {
        let digest = Sha256::new().chain_update(&self.run_id).chain_update("\n").chain_update(&*target.id()).finalize();
        HEXLOWER.encode(digest.get(..16).unwrap_or_default())
    }
}
