//! Delivering messages: a few attempts within a bound, all chats at the same time.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{join_all, join3};
use http::{HeaderMap, HeaderValue, Method, header};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use url::Url;

use super::chat::{draft, judge, limits};
use super::draft::Draft;
use super::event::Event;
use super::hook::Hook;
use super::message::Message;
use super::pace::Paces;
use super::reply::Refusal;
use crate::base::clock::{Clock, SystemClock};
use crate::base::environment::Environment;
use crate::base::escape::Escaped;
use crate::error::ErrorClass;
use crate::http::{SHORT_RESPONSE, SignedRequest};
use crate::provider::{Echoes, Secrets, USER_AGENT};
use crate::transport::{HttpTransport, SendError, Transport};
use crate::wording;

/// How often a message is sent at most.
const ATTEMPTS: u32 = 3;

/// How long one attempt may take.
const EACH: Duration = Duration::from_secs(5);

/// How long all attempts may take together.
const TOGETHER: Duration = Duration::from_secs(15);

/// How long to wait before the second attempt; twice as long before the third.
const PAUSE: Duration = Duration::from_secs(1);

/// Delivers messages. One serves a whole process, so that the limits of the chats hold for all of its runs.
pub struct Notifier {
    environment: Environment,
    /// What is used in place of HTTP clients of its own.
    transport: Option<Arc<dyn Transport>>,
    plain: Built,
    secure: Built,
    paces: Paces,
}

/// The longest reason in characters.
const LONGEST_REASON: usize = 240;

type Built = OnceLock<Result<Arc<HttpTransport>, String>>;

/// A message that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undelivered {
    /// The name of the notification.
    pub name: String,
    /// What it was to tell.
    pub event: Event,
    /// What people call the chat.
    pub chat: &'static str,
    /// Why, without the address.
    pub reason: String,
    /// What to do about it; may be empty.
    pub hint: &'static str,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, event, chat, .. } = self;
        write!(f, "the notification `{}` was not sent ({chat}, `{}`): {}", Escaped(name), event.name(), self.why())
    }
}

impl Undelivered {
    /// Says why, and what to do about it.
    #[must_use]
    pub fn why(&self) -> String {
        let Self { reason, hint, .. } = self;
        let end = if hint.is_empty() { String::new() } else { format!("; {hint}") };
        format!("{}{end}", Escaped(reason))
    }
}

/// Says which earlier messages did not arrive, and whom they were for.
pub(crate) type Earlier = (oneshot::Receiver<Vec<Undelivered>>, Vec<Arc<Hook>>);

/// What became of one attempt.
enum Attempt {
    Arrived,
    Refused(Refusal),
    Failed(SendError),
    Late,
}

impl Notifier {
    /// Creates one that finds proxies and certificates in `environment`. It builds its HTTP clients when they are needed.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        let (plain, secure, paces) = (Built::new(), Built::new(), Paces::default());
        Self { environment, transport: None, plain, secure, paces }
    }

    /// Creates one that sends with `transport`.
    #[must_use]
    pub fn with_transport(transport: Arc<dyn Transport>) -> Self {
        Self { transport: Some(transport), ..Self::new(Environment::default()) }
    }

    /// Delivers a message to all of these at the same time; returns those that it did not get to.
    ///
    /// It takes 15 seconds at most. Needs a tokio runtime with time and I/O.
    pub async fn deliver(&self, hooks: impl IntoIterator<Item = (&Hook, &Message)>) -> Vec<Undelivered> {
        self.deliver_until(Instant::now() + TOGETHER, hooks).await
    }

    /// Delivers messages as [`deliver`](Self::deliver) does; returns what did not arrive of them and of the earlier ones.
    ///
    /// A chat that gets an earlier message gets the later one after it, or after the time of one attempt; the others do not
    /// wait for it.
    pub(crate) async fn deliver_after<'a>(
        &self,
        earlier: Option<Earlier>,
        hooks: impl IntoIterator<Item = (&'a Hook, &'a Message)>,
    ) -> Vec<Undelivered> {
        let deadline = Instant::now() + TOGETHER;
        let Some((told, first)) = earlier else { return self.deliver_until(deadline, hooks).await };
        let told = told.shared();
        let is_first = |hook: &Hook| first.iter().any(|first| first.notification.name == hook.notification.name);
        let (second, others): (Vec<_>, Vec<_>) = hooks.into_iter().partition(|(hook, _)| is_first(hook));
        let earlier = async {
            match timeout_at(deadline, told.clone()).await {
                Ok(Ok(lost)) => lost,
                Ok(Err(_)) | Err(_) => {
                    first.iter().map(|hook| undelivered(hook, Event::Start, "there was no time left", "")).collect()
                }
            }
        };
        let later = async {
            let _ = timeout(EACH, told.clone()).await;
            self.deliver_until(deadline, second).await
        };
        let (earlier, later, others) = join3(earlier, later, self.deliver_until(deadline, others)).await;
        [earlier, later, others].concat()
    }

    async fn deliver_until(
        &self,
        deadline: Instant,
        hooks: impl IntoIterator<Item = (&Hook, &Message)>,
    ) -> Vec<Undelivered> {
        let sent = hooks.into_iter().map(|(hook, message)| self.send(hook, message, deadline));
        join_all(sent).await.into_iter().filter_map(Result::err).collect()
    }

    /// Delivers a message to one.
    async fn send(&self, hook: &Hook, message: &Message, deadline: Instant) -> Result<(), Undelivered> {
        let chat = &hook.notification.chat;
        for attempt in 1.. {
            if let Err(wait) = self.paces.take(hook.url.expose_secret(), limits(chat)) {
                if Instant::now() + wait >= deadline {
                    return Err(undelivered(hook, message.event, "the chat takes no more messages in this minute", ""));
                }
                sleep(wait).await;
                continue;
            }
            let left = deadline.saturating_duration_since(Instant::now()).min(EACH);
            let tried = timeout(left, self.attempt(hook, message)).await.unwrap_or(Attempt::Late);
            let (wait, reason, hint) = match tried {
                Attempt::Arrived => return Ok(()),
                Attempt::Refused(Refusal { message, hint, is_passing, wait }) => {
                    (is_passing.then_some(wait), message, hint)
                }
                Attempt::Failed(error) => (Some(None), error.message, error.blame.hint().unwrap_or_default()),
                Attempt::Late => (Some(None), wording::class(ErrorClass::Timeout).to_owned(), ""),
            };
            let wait = wait.map(|asked| asked.unwrap_or(PAUSE * attempt.min(ATTEMPTS)));
            match wait {
                Some(wait) if attempt < ATTEMPTS && Instant::now() + wait < deadline => sleep(wait).await,
                Some(_) | None => return Err(undelivered(hook, message.event, &clean(&reason, hook), hint)),
            }
        }
        Ok(())
    }

    async fn attempt(&self, hook: &Hook, message: &Message) -> Attempt {
        let Ok(mut url) = Url::parse(hook.url.expose_secret()) else {
            return Attempt::Refused(Refusal::new("its address is not a URL", ""));
        };
        let transport = match self.transport(&url) {
            Ok(transport) => transport,
            Err(error) => return Attempt::Refused(Refusal::new(error, "")),
        };
        let draft = draft(hook, message, SystemClock.now());
        draft.complete(&mut url);
        let response = match transport.send(request(url, draft)).await {
            Ok(response) => response,
            Err(error) => return Attempt::Failed(error),
        };
        match judge(&hook.notification.chat, &response) {
            Ok(()) => Attempt::Arrived,
            Err(refusal) => {
                let wait = refusal.wait.or_else(|| response.retry_after(|| SystemClock.now()));
                Attempt::Refused(Refusal { wait, ..refusal })
            }
        }
    }

    /// Returns what sends to an address.
    fn transport(&self, url: &Url) -> Result<Arc<dyn Transport>, String> {
        if let Some(transport) = &self.transport {
            return Ok(Arc::clone(transport));
        }
        let built = match url.scheme() {
            "http" => self
                .plain
                .get_or_init(|| HttpTransport::plain(EACH, EACH).map(Arc::new).map_err(|error| error.to_string())),
            _ => self.secure.get_or_init(|| {
                let transport = HttpTransport::in_environment(&self.environment, EACH, EACH);
                transport.map(Arc::new).map_err(|error| error.to_string())
            }),
        };
        built.clone().map(|transport| transport as Arc<dyn Transport>)
    }
}

/// Makes a request that has a connection of its own: messages are rare, and the next one may come from another runtime.
fn request(url: Url, draft: Draft) -> SignedRequest {
    let mut headers: HeaderMap = draft.headers.into_iter().collect();
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    headers.extend(HeaderValue::from_str(&host).ok().map(|host| (header::HOST, host)));
    headers.insert(header::USER_AGENT, USER_AGENT);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    SignedRequest {
        method: Method::POST,
        url,
        headers,
        body: draft.body.into_bytes().into(),
        max_response_bytes: SHORT_RESPONSE,
        keeps_connection: false,
    }
}

fn undelivered(hook: &Hook, event: Event, reason: &str, hint: &'static str) -> Undelivered {
    let (name, chat) = (hook.notification.name.clone(), hook.notification.chat.label());
    Undelivered { name, event, chat, reason: reason.to_owned(), hint }
}

/// Takes the address and the secrets out of a text, and then shortens it: a part of a secret could not be found any more.
fn clean(text: &str, hook: &Hook) -> String {
    let mut secrets = hook.secrets();
    let host = Url::parse(hook.url.expose_secret()).ok().and_then(|url| url.host_str().map(SecretString::from));
    secrets.extend(host);
    let cleaned = Echoes::of(None, Arc::new(Secrets::new(secrets))).out_of(text.into());
    match cleaned.char_indices().nth(LONGEST_REASON) {
        Some((cut, _)) => format!("{}…", cleaned.get(..cut).unwrap_or_default()),
        None => cleaned.into(),
    }
}

impl fmt::Debug for Notifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notifier").field("environment", &self.environment).finish_non_exhaustive()
    }
}
