//! One request that was let in and makes sense, on its way to an answer: count, throttle, spoil, and else do
//! what the service does.

use std::time::Duration;

use serde_json::Value;

use super::answer::{Answer, Ending, Problem};
use super::books::Books;
use super::dice::{Dice, Purpose};
use super::entry::Moment;
use super::fault::Fault;
use super::phase::Phase;
use super::resource::Id;
use super::service::{Action, Api, Listing, Members, Model, Name};
use crate::provider::Cloud;

/// How long a request that gets no answer is kept: longer than any client waits.
const HANG: Duration = Duration::from_secs(3600);

/// How long a slow answer takes, before `speed`.
const SLOW: Duration = Duration::from_secs(1);

/// How long a client is asked to wait where a quota was not really used up, before `speed`.
const PAUSE: Duration = Duration::from_secs(1);

/// One answer in so many to a request over a quota says how long to wait.
const HINTS: u64 = 4;

/// The request's circumstances.
pub(super) struct Turn<'a> {
    /// The model of the service that is called.
    pub(super) model: Model,
    /// The number of the account that calls.
    pub(super) account: u16,
    /// The API that is called.
    pub(super) api: &'static Api,
    /// What decides whether it goes well.
    pub(super) dice: Dice,
    /// How much faster than in the real clouds things happen.
    pub(super) speed: f64,
    /// When it came.
    pub(super) now: Moment,
    /// The id that its answer carries.
    pub(super) request_id: &'a str,
}

impl Turn<'_> {
    /// Does what a request of an account asks for, or what goes wrong with it.
    pub(super) fn take(&self, action: Action<'_>, books: &mut Books) -> Answer {
        *books.requests.by_api.entry(self.api.name).or_default() += 1;
        match action {
            Action::Stop(..) => books.requests.stops += 1,
            Action::Show(_) | Action::List(_) => books.requests.reads += 1,
        }
        if let Err(wait) = books.quotas.take(self.api, self.account, self.now.instant) {
            return self.over_quota(&action, wait, books);
        }
        match action {
            Action::Stop(name, said) => self.one(&self.id(name), Purpose::Stop, said, books),
            Action::Show(name) => self.one(&self.id(name), Purpose::Read, None, books),
            Action::List(listing) => self.list(&listing, books),
        }
    }

    /// Answers a request that means one resource.
    fn one(&self, id: &Id, purpose: Purpose, said: Option<String>, books: &mut Books) -> Answer {
        let Some(entry) = books.world.find(id) else {
            books.requests.missing += 1;
            return self.refuse(&self.model.service().missing());
        };
        entry.hear(purpose, said);
        let fault = entry.fault(self.dice, purpose);
        if !fault.is_some_and(|fault| self.is_in_front(fault)) {
            entry.meet(self.now.instant);
        }
        let before = entry.shown(self.now.instant);
        let good = match purpose {
            Purpose::Stop => {
                let is_heard = fault.is_none_or(|fault| fault == Fault::Slow || fault.is_applied());
                if is_heard {
                    entry.stop(self.now);
                }
                match self.objection(before) {
                    Some(problem) => self.refuse(&problem),
                    None => {
                        entry.counts.taken += u32::from(is_heard);
                        self.good(&self.model.service().stopped(
                            id.name(),
                            entry.shown(self.now.instant),
                            self.request_id,
                        ))
                    }
                }
            }
            Purpose::Read => self.good(&self.model.service().shown(id.name(), before, self.request_id)),
        };
        self.spoil(fault, good, books)
    }

    /// Tells whether what goes wrong keeps the request from reaching the resource: such an answer says nothing of its
    /// state, and leaves no doubt that nothing was done.
    fn is_in_front(&self, fault: Fault) -> bool {
        let face = self.model.service();
        match fault {
            Fault::Throttled { .. } | Fault::Denied => true,
            Fault::Conflict => face.conflict().is_some(),
            Fault::Declined => face.declined(self.request_id).is_some(),
            Fault::Server { .. }
            | Fault::Gateway { .. }
            | Fault::Reset { .. }
            | Fault::Cut { .. }
            | Fault::Garbage { .. }
            | Fault::Empty { .. }
            | Fault::Hang { .. }
            | Fault::Slow => false,
        }
    }

    /// Returns what the service has against a stop of what a read showed to be in this state.
    fn objection(&self, before: Phase) -> Option<Problem> {
        let face = self.model.service();
        match before {
            Phase::Running => None,
            // A stop whose end is not seen yet is answered as the first one was, where nobody sees it at all.
            Phase::Stopping if face.word(Phase::Stopping) == face.word(Phase::Running) => None,
            Phase::Stopping | Phase::Stopped | Phase::Ended => face.already(),
        }
    }

    /// Answers a listing.
    fn list(&self, listing: &Listing<'_>, books: &mut Books) -> Answer {
        let within = self.id(Name { scope: listing.scope, name: "" });
        let page = books.world.list(&within, listing, self.now.instant);
        let good = self.good(&self.model.service().page(&listing.of, page, self.request_id));
        let id = Id { name: subject(&listing.of).into(), ..within };
        let fault = books.listings.entry(id.clone()).or_default().next(self.dice, &id, Purpose::Read);
        self.spoil(fault, good, books)
    }

    /// Puts what goes wrong in the place of the answer.
    fn spoil(&self, fault: Option<Fault>, good: Answer, books: &mut Books) -> Answer {
        let Some(fault) = fault else { return good };
        *books.requests.faults.entry(fault.name()).or_default() += 1;
        let face = self.model.service();
        match fault {
            Fault::Throttled { hint } => self.throttled(hint.then(|| PAUSE.div_f64(self.speed))),
            Fault::Conflict => self.refuse(&face.conflict().unwrap_or_else(|| face.broken())),
            Fault::Server { .. } => self.refuse(&face.broken()),
            Fault::Declined => match face.declined(self.request_id) {
                Some(declined) => self.good(&declined),
                None => self.refuse(&face.broken()),
            },
            Fault::Denied => self.refuse(&face.denied()),
            Fault::Gateway { .. } => {
                Answer::new(502, "text/html", "<html><head><title>502 Bad Gateway</title></head></html>")
            }
            Fault::Reset { .. } => good.ending(Ending::Reset),
            Fault::Cut { .. } => good.ending(Ending::Cut),
            Fault::Garbage { .. } => Answer::new(200, "application/json", &b"\x00\xff{not JSON"[..]),
            Fault::Empty { .. } => Answer::new(200, "application/json", ""),
            Fault::Hang { .. } => good.after(HANG).ending(Ending::Reset),
            Fault::Slow => good.after(SLOW.div_f64(self.speed)),
        }
    }

    /// Answers a request over a quota, and counts it for the resource that it means.
    fn over_quota(&self, action: &Action<'_>, wait: Duration, books: &mut Books) -> Answer {
        let meant = match action {
            Action::Stop(name, _) => Some((name, Purpose::Stop)),
            Action::Show(name) => Some((name, Purpose::Read)),
            Action::List(_) => None,
        };
        if let Some((name, purpose)) = meant
            && let Some(entry) = books.world.find(&self.id(*name))
        {
            entry.hear(purpose, None);
            entry.counts.throttled += 1;
        }
        let throttled = books.requests.throttled.entry(self.api.name).or_default();
        *throttled += 1;
        self.throttled(throttled.is_multiple_of(HINTS).then_some(wait))
    }

    /// Answers a request over a quota and says how long to wait, in the cloud's own header, where `wait` is given.
    fn throttled(&self, wait: Option<Duration>) -> Answer {
        let answer = self.refuse(&self.model.service().throttled(self.api));
        match (wait, self.model.cloud()) {
            (None, _) => answer,
            (Some(wait), Cloud::Alibaba) => answer.with("x-acs-retry-after", wait.as_millis().max(1).to_string()),
            (Some(wait), Cloud::Huawei) => answer.with("retry-after", wait.as_secs_f64().ceil().to_string()),
        }
    }

    fn id(&self, name: Name<'_>) -> Id {
        Id::new(self.model, self.account, name)
    }

    fn good(&self, body: &Value) -> Answer {
        let header = match self.model.cloud() {
            Cloud::Alibaba => "x-acs-request-id",
            Cloud::Huawei => "x-request-id",
        };
        Answer::json(200, body).with(header, self.request_id)
    }

    fn refuse(&self, problem: &Problem) -> Answer {
        self.model.refuse(problem, self.request_id)
    }
}

/// Names a listing for the dice.
fn subject(of: &Members) -> &str {
    match of {
        Members::Named(names) | Members::Each(names) => names.first().map_or("", String::as_str),
        Members::Half(false) => "the former half",
        Members::Half(true) => "the latter half",
        Members::Scopes => "what it has",
        Members::All(_) | Members::Cursor(_) => "all",
    }
}
