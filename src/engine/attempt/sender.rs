//! Builds, signs and sends requests.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderValue, header};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::clock_offset::ClockOffset;
use super::echo::Echoes;
use super::exchange::{Exchange, Permit, Reply, SentAt};
use super::keys::AccountKeys;
use super::nonces::Nonces;
use super::origins::Origins;
use crate::base::clock::{Clock, Timeline};
use crate::engine::batch::Batch;
use crate::http::{Request, SignedRequest};
use crate::plan::{AccountId, Plan, Target, TargetId};
use crate::provider::{self, SignError, Signing};
use crate::service::Scope;
use crate::transport::{SendError, Transport};

/// Builds, signs and sends requests.
pub(in crate::engine) struct Sender {
    pub(in crate::engine) plan: Arc<Plan>,
    pub(in crate::engine) transport: Arc<dyn Transport>,
    /// Wall time as it is, for signatures and windows.
    pub(in crate::engine) clock: Arc<dyn Clock>,
    /// The run's own time, for whatever is noted.
    pub(in crate::engine) timeline: Timeline,
    pub(in crate::engine) origins: Origins,
    pub(in crate::engine) run_id: String,
    pub(in crate::engine) cause: String,
    pub(in crate::engine) nonces: Nonces,
}

/// What a request asks for.
pub(in crate::engine) enum Ask {
    /// To stop targets of one account; several only where the service takes them.
    Stop(Batch<TargetId>),
    /// To read, with the read API of this number, the states of targets of one account and read group.
    Read(usize, Batch<TargetId>),
}

impl Sender {
    /// Sends one request.
    pub(in crate::engine) fn send(
        self: Arc<Self>,
        ask: Ask,
        keys: Arc<AccountKeys>,
        permit: Permit,
    ) -> BoxFuture<'static, Reply> {
        async move {
            let instant = Instant::now();
            let sent = SentAt { wall: self.timeline.at(instant), instant, permit };
            let signed = self.signed(&ask, &keys, permit.clock);
            self.exchange(signed, &keys, sent).await
        }
        .boxed()
    }

    /// Sends one request that is no stop and no read of a target.
    pub(in crate::engine) async fn request(
        &self,
        request: &Request,
        account: AccountId,
        keys: &AccountKeys,
        permit: Permit,
    ) -> Reply {
        let instant = Instant::now();
        let sent = SentAt { wall: self.timeline.at(instant), instant, permit };
        let signed = self.sign(request, account, keys, permit.clock);
        self.exchange(signed, keys, sent).await
    }

    fn signed(&self, ask: &Ask, keys: &AccountKeys, clock: ClockOffset) -> Result<SignedRequest, SignError> {
        let (Ask::Stop(targets) | Ask::Read(_, targets)) = ask;
        let first = &self.plan[*targets.first()];
        let account = &self.plan[first.account_id()];
        let project_id = account.project_id().unwrap_or_default();
        let scope = Scope { project_id, cause: "", client_token: "" };
        let request = match ask {
            Ask::Stop(targets) if targets.len() > 1 => self.batch_stop(targets, &scope),
            Ask::Stop(_) => {
                let token = if first.kind.takes_token() { self.client_token(first) } else { String::new() };
                first.kind.service().stop(&first.params, &Scope { cause: &self.cause, client_token: &token, ..scope })
            }
            Ask::Read(stage, targets) => {
                let batch: Vec<_> = targets.iter().map(|target| &self.plan[*target].params).collect();
                first.kind.service().read(*stage, &batch, &scope)
            }
        };
        self.sign(&request, first.account_id(), keys, clock)
    }

    #[expect(clippy::expect_used, reason = "only a service that takes several targets gets them")]
    fn batch_stop(&self, targets: &Batch<TargetId>, scope: &Scope<'_>) -> Request {
        let service =
            self.plan[*targets.first()].kind.service().batch_stop().expect("the service stops several at once");
        let batch: Vec<_> = targets.iter().map(|target| &self.plan[*target].params).collect();
        service.request(&batch, &Scope { cause: &self.cause, ..*scope })
    }

    fn sign(
        &self,
        request: &Request,
        account: AccountId,
        keys: &AccountKeys,
        clock: ClockOffset,
    ) -> Result<SignedRequest, SignError> {
        let (id, account) = (account, &self.plan[account]);
        let nonce = self.nonces.next();
        let signing = Signing {
            origin: self.origins.of(id, request.api)?,
            credentials: &keys.credentials,
            project_id: account.project_id(),
            signature: account.signature(request.api),
            at: clock.apply(self.clock.now()),
            nonce: &nonce,
        };
        provider::sign(request, &signing)
    }

    async fn exchange(&self, signed: Result<SignedRequest, SignError>, keys: &AccountKeys, sent: SentAt) -> Reply {
        let echoes = Echoes::of(signed.as_ref().ok(), Arc::clone(&keys.secrets));
        let exchange = match signed {
            Err(error) => Exchange::Unsigned(error),
            Ok(signed) => {
                let host = signed.headers.get(header::HOST).cloned();
                match self.transport.send(signed).await {
                    Ok(response) => Exchange::Response(response),
                    Err(error) => Exchange::Failed(echoes.out_of_error(naming(error, host.as_ref()))),
                }
            }
        };
        let is_temporary = keys.credentials.is_temporary();
        Reply { exchange, sent, generation: keys.generation, is_temporary, echoes }
    }

    /// Returns the idempotency token of a target: the same over all attempts, also of a resumed run.
    fn client_token(&self, target: &Target) -> String {
        let digest = Sha256::new().chain_update(&self.run_id).chain_update("\n").chain_update(&*target.id()).finalize();
        HEXLOWER.encode(&digest[..16])
    }
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
