//! Responses to requests that stop several resources: what goes wrong with the request, and with each of them.

use serde_json::Value;

use super::fault::InjectedFault;
use super::fault_injector::Purpose;
use super::request_context::RequestContext;
use super::resource::Id;
use super::response::{Problem, Response};
use super::service::{Name, Stated};
use super::state::State;

/// How many of the stops take effect of a request that takes effect although its response is lost.
const PART: f64 = 0.7;
const IS_PART: u64 = 9 << 40;

/// The message where the same resource is stated to be stopped and not to be.
const OTHER: Problem = Problem::fixed(400, "DRS.10000015", "The current status does not support this operation.");

/// Responds to a request to stop several resources, each with what the request states of it.
pub(super) fn respond(
    context: &RequestContext<'_>,
    scope: &str,
    asked: Vec<(String, Option<String>)>,
    state: &mut State,
) -> Response {
    let asked: Vec<_> = asked.into_iter().map(|(name, said)| (context.id(Name { scope, name: &name }), said)).collect();
    let (of_request, mut of_first) = draw(context, &asked, state);
    let mut stated = Vec::new();
    for (number, (id, said)) in asked.into_iter().enumerate() {
        let own = of_first.take_if(|_| number == 0);
        stated.extend(stop(context, (&id, said), (of_request, own), state));
    }
    // Nobody states in which order they are.
    stated.reverse();
    let good = context.good(&context.model.service().stopped_each(stated));
    context.inject(of_request, good, state)
}

/// Draws what goes wrong with the request as a whole: what is drawn for its first resource, unless another one has had its
/// share. Also returns what goes wrong with that resource alone.
fn draw(
    context: &RequestContext<'_>,
    asked: &[(Id, Option<String>)],
    state: &mut State,
) -> (Option<InjectedFault>, Option<InjectedFault>) {
    let Some((first, _)) = asked.first() else { return (None, None) };
    let Some(fault) = state.inventory.find(first).and_then(|entry| entry.fault(context.injector, Purpose::Stop)) else {
        return (None, None);
    };
    let mut may_fail = true;
    for (id, _) in asked.iter().skip(1) {
        may_fail &= state.inventory.find(id).is_none_or(|entry| entry.may_go_wrong(context.injector));
    }
    if !may_fail || matches!(fault, InjectedFault::Conflict | InjectedFault::Declined | InjectedFault::Denied) {
        return (None, Some(fault));
    }
    if fault != InjectedFault::Slow {
        for (id, _) in asked.iter().skip(1) {
            if let Some(entry) = state.inventory.find(id) {
                entry.suffer();
            }
        }
    }
    (Some(fault), None)
}

/// Stops one of the resources, and returns what the response states of it.
fn stop(
    context: &RequestContext<'_>,
    (id, said): (&Id, Option<String>),
    (of_request, own): (Option<InjectedFault>, Option<InjectedFault>),
    state: &mut State,
) -> Vec<Value> {
    let (service, info) = (context.model.service(), context.model.info());
    let Some(entry) = state.inventory.find(id) else {
        state.requests.missing += 1;
        return vec![service.stated(&id.name, &Stated::Refused(&info.missing))];
    };
    entry.record(Purpose::Stop, said);
    let of_request = of_request.filter(|fault| *fault != InjectedFault::Slow);
    let is_drawn = own.is_some() || of_request.is_some();
    let fault = if is_drawn { own } else { entry.fault(context.injector, Purpose::Stop) };
    let is_in_front = |fault| matches!(fault, InjectedFault::Throttled { .. } | InjectedFault::Denied);
    if !of_request.or(fault).is_some_and(is_in_front) {
        entry.meet(context.now.instant);
    }
    let before = entry.shown(context.now.instant);
    let is_part = context.injector.share(id, IS_PART | u64::from(entry.counts.requests)) < PART;
    let is_heard = match of_request {
        Some(fault) => fault.is_applied() && is_part,
        None => fault.is_none_or(|fault| fault == InjectedFault::Slow || fault.is_applied()),
    };
    if is_heard {
        entry.stop(context.now);
    }
    let objection = context.objection(before);
    entry.counts.taken += u32::from(is_heard && objection.is_none());
    if let Some(fault) = fault {
        *state.requests.faults.entry(fault.name()).or_default() += 1;
    }
    let Some(view) = state.inventory.show(id, context.now) else { return Vec::new() };
    let good = objection.map_or(Stated::Stopped(&view), Stated::Refused);
    let stated = |stated: &Stated<'_>| service.stated(&id.name, stated);
    match fault {
        None | Some(InjectedFault::Slow) => vec![stated(&good)],
        Some(InjectedFault::Throttled { .. }) => vec![stated(&Stated::Throttled)],
        Some(
            InjectedFault::Conflict | InjectedFault::Server { .. } | InjectedFault::Declined | InjectedFault::Denied,
        ) => vec![stated(&Stated::Broken)],
        Some(InjectedFault::Garbage { .. }) => vec![stated(&Stated::Odd)],
        Some(InjectedFault::Cut { .. }) => vec![stated(&Stated::Refused(&OTHER)), stated(&Stated::Stopped(&view))],
        // It is left out, and something that nobody asked for is there.
        Some(InjectedFault::Empty { .. }) => vec![service.stated("nobody-asked-for-it", &good)],
        Some(InjectedFault::Gateway { .. } | InjectedFault::Reset { .. } | InjectedFault::Hang { .. }) => Vec::new(),
    }
}
