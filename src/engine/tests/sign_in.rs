//! Accounts that sign in, wait for keys, and close.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::world::{Answer, Noon, code, execution, plan, status};
use crate::base::clock::Clock;
use crate::base::rate::Rate;
use crate::credentials::{CredentialError, CredentialProvider, Identity, Issued, Nature, SourceError};
use crate::engine::{Event, Keyring, KnownAccount, Observer, Outcome, Record, Run, RunError, SkipReason, Status};
use crate::error::ErrorClass;
use crate::http::{Response, SignedRequest};
use crate::plan::{Account, Plan};
use crate::provider::Credentials;
use crate::transport::{SendError, Transport};

/// What the source of an account does the so-manieth time, from 0.
type Script = dyn Fn(&Account, usize) -> Result<Issued, SourceError> + Send + Sync;

/// Sources that follow a script.
#[derive(Clone)]
struct Sources {
    script: Arc<Script>,
    asked: Arc<Mutex<Vec<String>>>,
    at_once: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
    key_of: fn(&Account) -> String,
}

impl Sources {
    fn new(script: impl Fn(&Account, usize) -> Result<Issued, SourceError> + Send + Sync + 'static) -> Self {
        let key_of = |account: &Account| account.base_name().to_owned();
        let (asked, at_once, most_at_once) = Default::default();
        Self { script: Arc::new(script), asked, at_once, most_at_once, key_of }
    }

    fn asked(&self, account: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == account).count()
    }
}

impl CredentialProvider for Sources {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        async { Ok(self.issue(account).await?.credentials) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        async move {
            self.most_at_once.fetch_max(self.at_once.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            let number = self.asked(&account.name);
            self.asked.lock().unwrap().push(account.name.clone());
            sleep(Duration::from_millis(50)).await;
            self.at_once.fetch_sub(1, Ordering::Relaxed);
            (self.script)(account, number).map_err(|cause| CredentialError::new(&account.name, cause))
        }
        .boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        let has = |part| matches!(credentials, Credentials::AccessKey { id, .. } if id.contains(part));
        let failure = |nature, why: &str| Err(CredentialError::new(&account.name, SourceError::new(nature, why, "")));
        let identity = match (has("bad"), has("away")) {
            (true, _) => failure(Nature::Refused, "SignatureDoesNotMatch"),
            (_, true) => failure(Nature::Passing, "sts is away"),
            (false, false) => Ok(None),
        };
        async move { identity }.boxed()
    }

    fn shared_by(&self, account: &Account) -> String {
        (self.key_of)(account)
    }
}

/// Returns keys of this number and lifetime, of the account `id`.
fn keys(number: usize, lifetime: Option<u64>, id: &str) -> Issued {
    let key = Credentials::AccessKey {
        id: format!("key-{id}-{number}-"),
        secret: "hush".into(),
        security_token: Some("token".into()),
    };
    let mut issued = Issued::new(key);
    issued.issued_at = Some(Noon.now());
    issued.expires_at = lifetime.map(|lifetime| Noon.now() + Duration::from_secs(lifetime));
    issued.is_renewable = true;
    issued.identity = Some(Identity::new(id, "role stopper"));
    issued
}

fn failure(nature: Nature) -> SourceError {
    SourceError::new(nature, "login expired", "run aliyun configure")
}

/// A cloud that takes keys by their account, number and the time since the beginning; it stops what it takes.
struct Cloudlet<F> {
    takes: F,
    began: Instant,
    sent: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl<F: Fn(&str, usize, Duration) -> bool + Send + Sync> Transport for Cloudlet<F> {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        let headers = request.headers.values().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>();
        let body = String::from_utf8_lossy(&request.body);
        let text = format!("{} {} {body}", request.url, headers.join(" "));
        let mut key = text.split("key-").nth(1).unwrap().split('-');
        let (id, number) = (key.next().unwrap().to_owned(), key.next().unwrap().parse().unwrap());
        self.sent.lock().unwrap().push((id.clone(), self.began.elapsed()));
        let Answer(after, response) = match (self.takes)(&id, number, self.began.elapsed()) {
            true if id == "slow" => execution("Running"),
            true if id == "poison" && text.contains("job-n3x") => code(404, "InvalidAccessKeyId.NotFound"),
            true => execution("Stopped"),
            false if number == 99 => status(
                401,
                r#"{"error_code":"APIGW.0301","error_msg":"AK access failed to reach the limit,forbidden."}"#,
            ),
            false if number >= 90 => {
                let message = "Incorrect IAM authentication information: calc ak sk signature fail:signature expired";
                status(401, &format!(r#"{{"error_code":"APIGW.0301","error_msg":"{message}"}}"#))
            }
            false => code(404, "InvalidAccessKeyId.NotFound"),
        };
        async move {
            sleep(after).await;
            response
        }
        .boxed()
    }
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Observer for Heard {
    fn on_event(&mut self, event: &Event<'_>) {
        let mut heard = self.0.lock().unwrap();
        if let Event::CredentialsRefreshed { account } = *event {
            heard.push(format!("{account} refreshed"));
        } else if let Event::CredentialsWaiting { account, reason, left } = *event {
            heard.push(format!("{account} waits {} s: {reason}", left.as_secs()));
        } else if let Event::CredentialsClosed { account, reason } = *event {
            heard.push(format!("{account} closed: {reason}"));
        }
    }
}

struct Ran {
    record: Record,
    sent: Vec<(String, Duration)>,
    heard: Vec<String>,
    took: Duration,
}

impl Ran {
    fn count(&self, outcome: Outcome) -> usize {
        self.record.results.iter().filter(|result| result.outcome == outcome).count()
    }

    fn skipped(&self) -> usize {
        self.record.results.iter().filter(|result| result.reason == Some(SkipReason::Credentials)).count()
    }
}

async fn run(
    plan: Plan,
    sources: &Sources,
    takes: impl Fn(&str, usize, Duration) -> bool + Send + Sync + 'static,
    drain: Option<CancellationToken>,
) -> Result<Ran, RunError> {
    let (sent, heard, began) = (Arc::default(), Heard::default(), Instant::now());
    let cloud = Cloudlet { takes, began, sent: Arc::clone(&sent) };
    let run = Run::new(plan).transport(cloud).clock(Noon).credentials(sources.clone()).seed(7);
    let record = run.observer(heard.clone()).drain_on(drain.unwrap_or_default()).execute().await?;
    let (sent, heard) = (sent.lock().unwrap().clone(), heard.0.lock().unwrap().clone());
    Ok(Ran { record, sent, heard, took: began.elapsed() })
}

/// Returns a plan of so many targets at ten a second.
fn paced(count: usize) -> Plan {
    let mut plan = plan("fnf_execution", count);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    plan
}

/// Makes every second target one of a second account of Alibaba Cloud.
fn in_two_accounts(mut plan: Plan) -> Plan {
    plan.accounts[1] = Account { name: "other".into(), ..plan.accounts[0].clone() };
    plan.targets.iter_mut().zip([0, 1].into_iter().cycle()).for_each(|(target, account)| target.account = account);
    plan
}

/// Tells whether keys of three seconds live, which came when the ones before had a fifth of their life left, or later.
fn lives(began: &Arc<Mutex<Vec<Duration>>>, number: usize, at: Duration) -> bool {
    at < began.lock().unwrap()[number] + Duration::from_secs(3)
}

#[tokio::test(start_paused = true)]
async fn keys_that_live_shortly_are_renewed_one_at_a_time_and_none_is_used_after_its_end() {
    let start = Instant::now();
    let issued: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let log = Arc::clone(&issued);
    let sources = Sources::new(move |_, number| {
        log.lock().unwrap().push(start.elapsed());
        Ok(keys(number, Some(3), "a"))
    });
    let known = Arc::clone(&issued);
    let ran = run(paced(100), &sources, move |_, number, at| lives(&known, number, at), None).await.unwrap();
    assert_eq!((ran.count(Outcome::Stopped), ran.sent.len()), (100, 100));
    assert!((4..=6).contains(&sources.asked("ali")), "{}", sources.asked("ali"));
    assert_eq!(sources.most_at_once.load(Ordering::Relaxed), 1);
    let account = &ran.record.accounts[0];
    assert_eq!((account.refreshes as usize, account.refresh_failures), (sources.asked("ali") - 1, 0));
    assert_eq!(account.identity.as_ref().unwrap().account_id, "a");
    assert!(ran.took < Duration::from_millis(10_600), "{:?}", ran.took);
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_revoked_are_renewed_once_and_everything_is_sent_again() {
    let sources = Sources::new(|_, number| Ok(keys(number, Some(3600), "a")));
    let revoked = |_: &str, number: usize, at: Duration| number > 0 || at < Duration::from_secs(4);
    let ran = run(paced(100), &sources, revoked, None).await.unwrap();
    assert_eq!((ran.count(Outcome::Stopped), sources.asked("ali")), (100, 2));
    assert!(ran.sent.len() <= 102, "{}", ran.sent.len());
    assert_eq!(ran.heard, ["ali refreshed"]);
    let again: Vec<_> = ran.record.results.iter().filter(|result| result.attempts.len() == 2).collect();
    assert!(again.iter().all(|result| result.attempts[0].retry_in.is_some()));
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_for_a_while_costs_no_target() {
    let sources = Sources::new(|_, number| match number {
        1..=3 => Err(failure(Nature::Passing)),
        number => Ok(keys(number, Some(3), "a")),
    });
    let ran = run(paced(100), &sources, |_, _, _| true, None).await.unwrap();
    assert_eq!((ran.count(Outcome::Stopped), ran.sent.len()), (100, 100));
    assert_eq!(ran.record.accounts[0].refresh_failures, 3);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_gets_no_newer_keys_waits_and_closes_and_others_never_notice() {
    let sources = Sources::new(|account, number| match (&*account.name, number) {
        ("ali", 1..) => Err(failure(Nature::Final)),
        (name, number) => Ok(keys(number, Some(if name == "ali" { 10 } else { 3600 }), name)),
    });
    let mut plan = in_two_accounts(paced(400));
    plan.accounts[1].region = "cn-shanghai".to_owned();
    let ran = run(plan, &sources, |_, _, _| true, None).await.unwrap();
    let stopped = ran.count(Outcome::Stopped);
    assert_eq!((stopped + ran.skipped(), ran.count(Outcome::Failed)), (400, 0));
    assert!((290..300).contains(&stopped), "{stopped}");
    assert_eq!(ran.heard, ["ali waits 119 s: login expired: run aliyun configure", "ali closed: login expired"],);
    let closed = &ran.record.accounts[0];
    assert_eq!((closed.closed.as_deref(), closed.paused.as_secs()), (Some("login expired"), 120));
    assert_eq!(ran.record.accounts[1].closed, None);
    // Asked every fifteen seconds.
    assert!((9..=11).contains(&sources.asked("ali")), "{}", sources.asked("ali"));
    let state = ran.record.resume_state();
    assert_eq!((state.done.len(), state.open.len()), (stopped, 0));
    assert_eq!(state.accounts["ali"].account_id.as_deref(), Some("ali"));
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_keys_come_back_goes_on_and_the_wait_counts_for_no_limit() {
    let sources = Sources::new(|_, number| match number {
        0 => Ok(keys(0, Some(10), "a")),
        1..=3 => Err(failure(Nature::Final)),
        number => Ok(keys(number, Some(3600), "a")),
    });
    let mut plan = paced(200);
    plan.retry.max_elapsed = Duration::from_secs(20);
    let refuses_first = |_: &str, number: usize, at: Duration| number > 0 || at < Duration::from_secs(9);
    let ran = run(plan, &sources, refuses_first, None).await.unwrap();
    assert_eq!(ran.count(Outcome::Stopped), 200);
    assert_eq!(ran.heard.last().map(String::as_str), Some("ali refreshed"));
    assert!(ran.record.accounts[0].paused > Duration::from_secs(25), "{:?}", ran.record.accounts[0].paused);
}

#[tokio::test(start_paused = true)]
async fn without_a_wait_an_account_closes_after_one_try() {
    let sources = Sources::new(|_, number| match number {
        0 => Ok(keys(0, Some(3600), "a")),
        _ => Err(failure(Nature::Final)),
    });
    let mut plan = paced(100);
    plan.retry.credentials_wait = Duration::ZERO;
    let ran = run(plan, &sources, |_, _, at| at < Duration::from_secs(4), None).await.unwrap();
    assert_eq!(sources.asked("ali"), 2);
    assert!(ran.took < Duration::from_secs(5), "{:?}", ran.took);
    assert_eq!(ran.heard, ["ali closed: login expired"]);
    let (stopped, failed) = (ran.count(Outcome::Stopped), ran.count(Outcome::Failed));
    assert_eq!(stopped + failed + ran.skipped(), 100);
    assert!(failed <= 2, "{failed}");
    // What was refused is taken up by a resume: it is no fact.
    assert_eq!(ran.record.resume_state().done.len(), stopped);
}

#[tokio::test(start_paused = true)]
async fn a_signal_ends_a_wait_for_keys_at_once() {
    let sources = Sources::new(|_, number| match number {
        0 => Ok(keys(0, Some(3), "a")),
        _ => Err(failure(Nature::Final)),
    });
    let drain = CancellationToken::new();
    let cancel = drain.clone();
    let ctrl_c = async move {
        sleep(Duration::from_secs(20)).await;
        cancel.cancel();
    };
    let (ran, ()) = tokio::join!(run(paced(100), &sources, |_, _, _| true, Some(drain)), ctrl_c);
    let ran = ran.unwrap();
    assert_eq!(ran.record.status, Status::Interrupted);
    assert!(ran.took < Duration::from_millis(20_100), "{:?}", ran.took);
    assert_eq!(ran.record.results.len(), 100);
}

#[tokio::test(start_paused = true)]
async fn keys_of_another_account_close_the_account() {
    let sources = Sources::new(|_, number| Ok(keys(number, Some(10), if number == 0 { "a" } else { "b" })));
    let ran = run(paced(200), &sources, |_, _, _| true, None).await.unwrap();
    assert!(ran.sent.iter().all(|(id, _)| id == "a"));
    assert_eq!(ran.heard, ["ali closed: the credentials of ali changed to account b in mid-run"]);
    assert_eq!(ran.count(Outcome::Stopped) + ran.skipped(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_pin_refuses_every_other_account_before_anything_is_sent() {
    let sources = Sources::new(|account, number| Ok(keys(number, None, &account.name)));
    let mut plan = in_two_accounts(paced(10));
    plan.accounts[1].account_id = Some("1865".to_owned());
    let Err(error) = run(plan.clone(), &sources, |_, _, _| true, None).await else { panic!("it is another account") };
    assert_eq!(error.to_string(), "account other is pinned to 1865, but its key belongs to other (role stopper)");
    plan.accounts[1].account_id = Some("other".to_owned());
    assert_eq!(run(plan.clone(), &sources, |_, _, _| true, None).await.unwrap().count(Outcome::Stopped), 10);
    plan.guards.denied_accounts = vec!["ali".to_owned()];
    let denied = run(plan, &sources, |_, _, _| true, None).await;
    assert!(
        matches!(denied, Err(RunError::Denied(lines)) if lines == ["account ali is ali (role stopper), which is denied"])
    );
}

#[tokio::test(start_paused = true)]
async fn an_identity_that_nobody_tells_is_no_pin() {
    let sources = Sources::new(|_, number| Ok(Issued { identity: None, ..keys(number, None, "a") }));
    let mut plan = paced(10);
    plan.accounts[0].account_id = Some("a".to_owned());
    assert!(matches!(run(plan.clone(), &sources, |_, _, _| true, None).await, Err(RunError::Pinned(_))));
    plan.accounts[0].account_id = None;
    plan.guards.denied_accounts = vec!["b".to_owned()];
    assert!(matches!(run(plan, &sources, |_, _, _| true, None).await, Err(RunError::Denied(_))));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_now_may_pass_and_what_is_known_to_be_wrong_does_not() {
    let error = async |plan: Plan, id: &'static str| {
        let sources = Sources::new(move |_, number| {
            let issued = keys(number, None, id);
            Ok(if id.ends_with("told") { issued } else { Issued { identity: None, ..issued } })
        });
        let Err(error) = run(plan, &sources, |_, _, _| true, None).await else { panic!("{id}") };
        (error.may_pass(), error.to_string())
    };
    let (mut pinned, mut denied) = (paced(2), paced(2));
    pinned.accounts[0].account_id = Some("1865".to_owned());
    denied.guards.denied_accounts = vec!["1865".to_owned()];
    let why = "account ali is pinned to 1865, and its credentials are not known: sts is away";
    assert_eq!(error(pinned.clone(), "away").await, (true, why.to_owned()));
    assert!(!error(pinned.clone(), "told").await.0);
    assert!(!error(pinned, "untold-").await.0, "nobody ever says whose they are");
    assert_eq!(error(denied, "away").await, (true, "account ali could be one that is denied: sts is away".to_owned()));
    let later = Sources::new(|_, number| Ok(Issued { identity: None, ..keys(number, None, "away") }));
    let (plan, in_use) = (Arc::new(paced(2)), [true, false]);
    let keyring = Keyring::sign_in(plan, Arc::new(later), &in_use, Arc::new(Noon), &[]);
    let before = KnownAccount { account_id: Some("1865".to_owned()), project_id: None };
    let others = keyring.await.unwrap().refuse_others(&[("ali".to_owned(), before)].into_iter().collect()).unwrap_err();
    let why = "account ali was 1865 when the run began, and its credentials are not known: sts is away";
    assert_eq!((others.may_pass(), others.to_string()), (true, why.to_owned()));
    let failed = async |nature| {
        let sources = Sources::new(move |_, _| Err(failure(nature)));
        let Err(error) = run(paced(2), &sources, |_, _, _| true, None).await else { panic!("{nature:?}") };
        error.may_pass()
    };
    assert!(failed(Nature::Passing).await);
    for nature in [Nature::Absent, Nature::Final, Nature::Refused, Nature::Locked] {
        assert!(!failed(nature).await, "{nature:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_refused_account_is_closed_and_two_end_the_run() {
    let bad = |_: &Account, number| Ok(Issued { identity: None, ..keys(number, None, "bad") });
    let sources = Sources::new(move |account, number| match &*account.name {
        "ali" => bad(account, number),
        name => Ok(keys(number, None, name)),
    });
    let ran = run(in_two_accounts(paced(20)), &sources, |_, _, _| true, None).await.unwrap();
    assert_eq!((ran.count(Outcome::Stopped), ran.skipped()), (10, 10));
    assert_eq!(ran.record.accounts[0].closed.as_deref(), Some("SignatureDoesNotMatch"));
    let all = Sources::new(bad);
    let refused = run(in_two_accounts(paced(20)), &all, |_, _, _| true, None).await;
    assert!(matches!(refused, Err(RunError::Credentials(errors)) if errors.len() == 2));
}

#[tokio::test(start_paused = true)]
async fn accounts_with_one_source_ask_once_and_one_account_of_two_sources_has_one_lane() {
    let mut sources = Sources::new(|_, number| Ok(keys(number, Some(3600), "a")));
    sources.key_of = |_| "one".to_owned();
    let ran = run(in_two_accounts(paced(100)), &sources, |_, _, _| true, None).await.unwrap();
    assert_eq!((sources.asked("ali"), sources.asked("other")), (1, 0));
    assert!(ran.took > Duration::from_millis(9_900), "one lane for both: {:?}", ran.took);

    // Two sources of one account: they share the lane, and only one closes.
    let sources = Sources::new(|account, number| match (&*account.name, number) {
        ("ali", 1..) => Err(failure(Nature::Final)),
        ("ali", _) => Ok(keys(0, Some(5), "a")),
        _ => Ok(keys(1, Some(3600), "a")),
    });
    let mut plan = in_two_accounts(paced(200));
    plan.retry.credentials_wait = Duration::from_secs(30);
    let ran = run(plan, &sources, |_, _, _| true, None).await.unwrap();
    assert_eq!(ran.record.lanes.iter().filter(|(lane, _)| lane.stops).count(), 1);
    assert_eq!(ran.count(Outcome::Stopped) + ran.skipped(), 200);
    assert!(ran.count(Outcome::Stopped) >= 100 && ran.skipped() > 50, "{} skipped", ran.skipped());
    assert!(ran.took < Duration::from_secs(40), "{:?}", ran.took);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_the_service_has_locked_is_left_alone() {
    let sources = Sources::new(|_, _| Ok(keys(99, None, "a")));
    let mut plan = plan("drs_job", 50);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    let ran = run(plan, &sources, |_, _, _| false, None).await.unwrap();
    assert_eq!(ran.sent.len(), 1, "nothing is sent while it is locked");
    assert!(ran.heard.iter().any(|heard| heard.starts_with("hw closed: Huawei Cloud has locked")), "{:?}", ran.heard);
}

#[tokio::test(start_paused = true)]
async fn expired_keys_that_the_gateway_calls_an_expired_signature_are_renewed() {
    let sources = Sources::new(|_, number| Ok(keys(90 + number, Some(3600), "a")));
    let mut plan = plan("drs_job", 50);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(1));
    plan.limits.concurrency = 1;
    let ran = run(plan, &sources, |_, number, at| number > 90 || at < Duration::from_secs(2), None).await.unwrap();
    assert_eq!((sources.asked("hw"), ran.heard), (2, vec!["hw refreshed".to_owned()]));
    let is_refused = |attempt: &crate::engine::Attempt| attempt.class == Some(ErrorClass::Auth);
    let attempts = ran.record.results.iter().flat_map(|result| result.attempts.clone());
    let refused: Vec<_> = attempts.filter(is_refused).collect();
    assert!(refused.len() <= 1 && refused.iter().all(|attempt| attempt.retry_in.is_some()), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_nobody_can_verify_for_want_of_keys_stays_accepted() {
    let sources = Sources::new(|_, number| match number {
        0 => Ok(keys(0, Some(20), "slow")),
        _ => Err(failure(Nature::Final)),
    });
    let mut plan = paced(10);
    plan.retry.credentials_wait = Duration::from_secs(5);
    let ran = run(plan, &sources, |_, _, _| true, None).await.unwrap();
    assert_eq!((ran.count(Outcome::Accepted), ran.skipped()), (10, 10));
    assert_eq!(ran.record.resume_state().open.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn one_target_that_is_always_refused_holds_no_other_up() {
    let sources = Sources::new(|_, number| Ok(keys(number, Some(3600), "poison")));
    let ran = run(paced(60), &sources, |_, _, _| true, None).await.unwrap();
    assert_eq!((ran.count(Outcome::Stopped), ran.count(Outcome::Failed)), (59, 1));
    assert_eq!(ran.record.results.iter().map(|result| result.attempts.len()).max(), Some(2), "sent again once");
    assert_eq!(sources.asked("ali"), 2);
    assert!(ran.took < Duration::from_secs(8), "{:?}", ran.took);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_hangs_does_not_outlast_the_wait() {
    let sources = Sources::new(|_, _| Ok(keys(0, Some(5), "a")));
    let hangs = Hanging(sources, Arc::default());
    let cloud = Cloudlet { takes: |_: &str, _, _| true, began: Instant::now(), sent: Arc::default() };
    let mut plan = paced(200);
    plan.retry.credentials_wait = Duration::from_secs(3);
    let began = Instant::now();
    let record = Run::new(plan).transport(cloud).clock(Noon).credentials(hangs).execute().await.unwrap();
    let skipped = record.results.iter().filter(|result| result.reason == Some(SkipReason::Credentials)).count();
    assert!(skipped > 140 && began.elapsed() < Duration::from_secs(16), "{skipped} {:?}", began.elapsed());
    assert_eq!(record.accounts[0].closed.as_deref(), Some("the source does not answer"));
}

/// A provider that answers once.
struct Hanging(Sources, Arc<AtomicUsize>);

impl CredentialProvider for Hanging {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        self.0.credentials(account)
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        match self.1.fetch_add(1, Ordering::Relaxed) {
            0 => self.0.issue(account),
            _ => futures::future::pending().boxed(),
        }
    }
}
