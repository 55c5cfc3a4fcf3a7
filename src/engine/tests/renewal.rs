//! Credentials that are asked for again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::HeaderMap;
use tokio::time::Instant;

use super::world::{Answer, Noon, code, execution, in_two_regions, plan};
use crate::base::clock::Clock;
use crate::base::environment::Environment;
use crate::base::rate::Rate;
use crate::credentials::{CredentialError, CredentialProvider, EnvironmentProvider, Issued};
use crate::engine::{Outcome, Record, Run, RunError, SkipReason};
use crate::http::{Response, SignedRequest};
use crate::plan::{Account, Plan};
use crate::provider::Credentials;
use crate::transport::{SendError, Transport};

/// A provider whose keys have numbers, each time another one.
#[derive(Clone, Default)]
struct Numbered {
    asked: Arc<AtomicUsize>,
    lifetime: Option<Duration>,
    most: usize,
}

impl CredentialProvider for Numbered {
    fn credentials<'a>(&'a self, _: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed).min(self.most);
        let key = Credentials::AccessKey { id: format!("key-{number}-"), secret: "hush".into(), security_token: None };
        async { Ok(key) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        let expires_at = self.lifetime.map(|lifetime| Noon.now() + lifetime);
        async move {
            let mut issued = Issued::new(self.credentials(account).await?);
            issued.expires_at = expires_at;
            Ok(issued)
        }
        .boxed()
    }
}

/// A service that takes some keys, by the number in their id and the time.
struct Picky<F>(F, Instant, Arc<AtomicUsize>);

impl<F: Fn(usize, Duration) -> bool + Send + Sync> Transport for Picky<F> {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        let text =
            |headers: &HeaderMap| format!("{} {} {headers:?}", request.url, String::from_utf8_lossy(&request.body));
        let text = text(&request.headers);
        let number = text.split("key-").nth(1).and_then(|rest| rest.split('-').next()).unwrap().parse().unwrap();
        self.2.fetch_add(1, Ordering::Relaxed);
        let Answer(after, response) = if (self.0)(number, self.1.elapsed()) {
            execution("Stopped")
        } else {
            code(404, "InvalidAccessKeyId.NotFound")
        };
        async move {
            tokio::time::sleep(after).await;
            response
        }
        .boxed()
    }
}

async fn run(
    plan: Plan,
    keys: Numbered,
    takes: impl Fn(usize, Duration) -> bool + Send + Sync + 'static,
) -> (Record, usize) {
    let sent = Arc::new(AtomicUsize::new(0));
    let service = Picky(takes, Instant::now(), Arc::clone(&sent));
    let run = Run::new(plan).transport(service).clock(Noon).credentials(keys).seed(7);
    (run.execute().await.unwrap(), sent.load(Ordering::Relaxed))
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_refused_in_mid_run_is_asked_for_again_and_nothing_fails() {
    let mut plan = plan("fnf_execution", 100);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    let keys = Numbered { most: usize::MAX, ..Numbered::default() };
    let asked = Arc::clone(&keys.asked);
    // The first key ends after four seconds, the second after eight.
    let (record, _) = run(plan, keys, |number, at| at.as_secs() / 4 <= number as u64).await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    assert_eq!(record.results.iter().filter(|result| result.attempts.len() == 2).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_regions_of_an_account_have_one_key_which_is_asked_for_once() {
    let mut plan = in_two_regions(plan("fnf_execution", 100));
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    let keys = Numbered { most: usize::MAX, ..Numbered::default() };
    let asked = Arc::clone(&keys.asked);
    // The first key ends after two seconds, in both regions.
    let (record, _) = run(plan, keys, |number, at| at.as_secs() / 2 <= number as u64 || number > 0).await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn an_account_with_regions_that_has_no_key_is_named_once() {
    let run = Run::new(in_two_regions(plan("fnf_execution", 4)))
        .credentials(EnvironmentProvider::new(Environment::default()));
    let Err(RunError::Credentials(missing)) = run.execute().await else { panic!("it has no key") };
    let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].starts_with("no credentials for ali."), "{missing:?}");
}

#[tokio::test(start_paused = true)]
async fn a_provider_without_a_newer_key_is_asked_once_and_the_account_closes() {
    let keys = Numbered::default();
    let asked = Arc::clone(&keys.asked);
    let mut plan = plan("fnf_execution", 100);
    plan.limits.concurrency = 1;
    let (record, sent) = run(plan, keys, |_, _| false).await;
    assert_eq!((asked.load(Ordering::Relaxed), sent), (2, 2));
    assert_eq!(record.results.iter().filter(|result| result.reason == Some(SkipReason::Credentials)).count(), 98);
}

#[tokio::test(start_paused = true)]
async fn newer_keys_that_are_refused_too_close_the_account() {
    let keys = Numbered { most: usize::MAX, ..Numbered::default() };
    let asked = Arc::clone(&keys.asked);
    let mut plan = plan("fnf_execution", 100);
    plan.limits.concurrency = 1;
    let (record, sent) = run(plan, keys, |_, _| false).await;
    assert_eq!((asked.load(Ordering::Relaxed), sent), (2, 3), "once more with the newer key, and one target more");
    assert!(record.results.iter().all(|result| result.outcome != Outcome::Stopped));
}

#[tokio::test(start_paused = true)]
async fn keys_that_expire_are_renewed_before() {
    let mut plan = plan("fnf_execution", 100);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    let keys = Numbered { most: 1, lifetime: Some(Duration::from_secs(12)), ..Numbered::default() };
    let asked = Arc::clone(&keys.asked);
    let (record, sent) = run(plan, keys, |number, at| number > 0 || at.as_secs_f64() < 9.7).await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(sent, 100, "none was refused");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}
