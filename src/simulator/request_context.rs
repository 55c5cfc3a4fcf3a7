//! A request that was accepted and understood: count it, throttle it, inject a fault, or else do what the service does.

use std::time::Duration;

use serde_json::Value;

use super::entry::Moment;
use super::fault::InjectedFault;
use super::fault_injector::{FaultInjector, Purpose};
use super::phase::Phase;
use super::resource::Id;
use super::response::{Ending, Problem, Response};
use super::service::{Action, Api, Model, Name, Quirks};
use super::state::State;
use crate::provider::Cloud;

/// How long a request without a response is kept: longer than any client waits.
const HANG: Duration = Duration::from_secs(3600);

/// How long a slow response takes, before `speed`.
const SLOW: Duration = Duration::from_secs(1);

/// How long a client is asked to wait where a quota was not really used up, before `speed`.
const PAUSE: Duration = Duration::from_secs(1);

/// One response in so many to a request over a quota states how long to wait.
const HINTS: u64 = 4;

/// A request and its circumstances.
pub(super) struct RequestContext<'a> {
    /// The model of the service that is called.
    pub(super) model: Model,
    /// The number of the account that calls.
    pub(super) account: u16,
    /// The API that is called.
    pub(super) api: &'static Api,
    /// What decides whether it goes well.
    pub(super) injector: FaultInjector,
    /// What the service does differently from the usual.
    pub(super) quirks: Quirks,
    /// Whether the resources are there to be found by listings.
    pub(super) is_listed: bool,
    /// How much faster than in the real clouds things happen.
    pub(super) speed: f64,
    /// When it came.
    pub(super) now: Moment,
    /// The id that its response carries.
    pub(super) request_id: &'a str,
}

impl RequestContext<'_> {
    /// Counts a request; returns the response if it is over its quota.
    pub(super) fn admit(&self, action: &Action<'_>, state: &mut State) -> Option<Response> {
        *state.requests.by_api.entry(self.api.name).or_default() += 1;
        match action {
            Action::Stop(..) | Action::StopEach(..) => state.requests.stops += 1,
            Action::Show(_) | Action::List(_) => state.requests.reads += 1,
        }
        let taken = state.quotas.take(self.api, self.account, self.now.instant);
        taken.err().map(|wait| self.over_quota(action, wait, state))
    }

    /// Responds to a request to stop a resource.
    pub(super) fn stop(&self, name: Name<'_>, said: Option<String>, state: &mut State) -> Response {
        self.one(&self.id(name), Purpose::Stop, said, state)
    }

    /// Responds to a request to show a resource.
    pub(super) fn show(&self, name: Name<'_>, state: &mut State) -> Response {
        self.one(&self.id(name), Purpose::Read, None, state)
    }

    /// Responds to a request for one resource.
    fn one(&self, id: &Id, purpose: Purpose, said: Option<String>, state: &mut State) -> Response {
        let Some(entry) = state.inventory.find(id) else {
            state.requests.missing += 1;
            return self.refuse(&self.model.info().missing);
        };
        entry.record(purpose, said);
        let fault = entry.fault(self.injector, purpose);
        if !fault.is_some_and(|fault| self.is_in_front(fault)) {
            entry.meet(self.now.instant);
        }
        let before = entry.shown(self.now.instant);
        let objection = match purpose {
            Purpose::Stop => {
                let is_heard = fault.is_none_or(|fault| fault == InjectedFault::Slow || fault.is_applied());
                if is_heard {
                    entry.stop(self.now);
                }
                let objection = self.objection(before);
                entry.counts.taken += u32::from(is_heard && objection.is_none());
                objection
            }
            Purpose::Read => None,
        };
        let service = self.model.service();
        let good = match (objection, state.inventory.show(id, self.now), purpose) {
            (Some(problem), ..) => self.refuse(problem),
            (None, None, _) => self.refuse(&self.model.info().missing),
            (None, Some(view), Purpose::Stop) => self.good(&service.stopped(&view, self.request_id)),
            (None, Some(view), Purpose::Read) => self.good(&service.shown(&view, self.request_id)),
        };
        self.inject(fault, good, state)
    }

    /// Returns whether a fault keeps the request from reaching the resource: such a response does not depend on its
    /// state, and leaves no doubt that nothing was done.
    fn is_in_front(&self, fault: InjectedFault) -> bool {
        match fault {
            InjectedFault::Throttled { .. } | InjectedFault::Denied => true,
            InjectedFault::Conflict => self.model.info().conflict.is_some(),
            InjectedFault::Declined => self.model.service().declined(self.request_id).is_some(),
            InjectedFault::Server { .. }
            | InjectedFault::Gateway { .. }
            | InjectedFault::Reset { .. }
            | InjectedFault::Cut { .. }
            | InjectedFault::Garbage { .. }
            | InjectedFault::Empty { .. }
            | InjectedFault::Hang { .. }
            | InjectedFault::Slow => false,
        }
    }

    /// Returns what the service has against a stop of what a read showed to be in this state.
    pub(super) fn objection(&self, before: Phase) -> Option<&'static Problem> {
        let info = self.model.info();
        match before {
            Phase::Running => None,
            // If nobody can see that a stop has not ended yet, the response is that to the first one.
            Phase::Stopping if info.word(Phase::Stopping) == info.word(Phase::Running) => None,
            Phase::Stopping | Phase::Stopped | Phase::Ended => info.already.as_ref(),
        }
    }

    /// Replaces the response by what a fault makes of it.
    pub(super) fn inject(&self, fault: Option<InjectedFault>, good: Response, state: &mut State) -> Response {
        let Some(fault) = fault else { return good };
        *state.requests.faults.entry(fault.name()).or_default() += 1;
        let info = self.model.info();
        match fault {
            InjectedFault::Throttled { hint } => self.throttled(hint.then(|| PAUSE.div_f64(self.speed))),
            InjectedFault::Conflict => self.refuse(info.conflict.as_ref().unwrap_or(&info.broken)),
            InjectedFault::Server { .. } => self.refuse(&info.broken),
            InjectedFault::Declined => match self.model.service().declined(self.request_id) {
                Some(declined) => self.good(&declined),
                None => self.refuse(&info.broken),
            },
            InjectedFault::Denied => self.refuse(&info.denied),
            InjectedFault::Gateway { .. } => self.gateway(),
            InjectedFault::Reset { .. } => good.ending(Ending::Reset),
            InjectedFault::Cut { .. } => good.ending(Ending::Cut),
            InjectedFault::Garbage { .. } => Response::new(200, "application/json", &b"\x00\xff{not JSON"[..]),
            InjectedFault::Empty { .. } => Response::new(200, "application/json", ""),
            InjectedFault::Hang { .. } => good.after(HANG).ending(Ending::Reset),
            InjectedFault::Slow => good.after(SLOW.div_f64(self.speed)),
        }
    }

    /// Responds to a request over a quota, and counts it for its resource.
    fn over_quota(&self, action: &Action<'_>, wait: Duration, state: &mut State) -> Response {
        let (meant, purpose) = match action {
            Action::Stop(name, _) => (vec![*name], Purpose::Stop),
            Action::StopEach(scope, each) => {
                (each.iter().map(|(name, _)| Name { scope, name }).collect(), Purpose::Stop)
            }
            Action::Show(name) => (vec![*name], Purpose::Read),
            Action::List(_) => (Vec::new(), Purpose::Read),
        };
        for name in meant {
            if let Some(entry) = state.inventory.find(&self.id(name)) {
                entry.record(purpose, None);
                entry.counts.throttled += 1;
            }
        }
        let throttled = state.requests.throttled.entry(self.api.name).or_default();
        *throttled += 1;
        self.throttled(throttled.is_multiple_of(HINTS).then_some(wait))
    }

    /// Responds to a request over a quota and states how long to wait, in the cloud's own header, if `wait` is given.
    pub(super) fn throttled(&self, wait: Option<Duration>) -> Response {
        let response = self.refuse(&(self.model.info().throttled)(self.api));
        match (wait, self.model.info().cloud) {
            (None, _) => response,
            (Some(wait), Cloud::Alibaba) => response.with("x-acs-retry-after", wait.as_millis().max(1).to_string()),
            (Some(wait), Cloud::Huawei) => response.with("retry-after", wait.as_secs_f64().ceil().to_string()),
        }
    }

    /// Responds in place of the service, as a gateway does that cannot reach it.
    pub(super) fn gateway(&self) -> Response {
        Response::new(502, "text/html", "<html><head><title>502 Bad Gateway</title></head></html>")
    }

    /// Names a resource of the account.
    pub(super) fn id(&self, name: Name<'_>) -> Id {
        Id::new(self.model, self.account, name)
    }

    /// Responds with a 200.
    pub(super) fn good(&self, body: &Value) -> Response {
        let header = match self.model.info().cloud {
            Cloud::Alibaba => "x-acs-request-id",
            Cloud::Huawei => "x-request-id",
        };
        Response::json(200, body).with(header, self.request_id)
    }

    /// Responds with an objection.
    pub(super) fn refuse(&self, problem: &Problem) -> Response {
        self.model.refuse(problem, self.request_id)
    }
}
