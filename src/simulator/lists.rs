//! Responses to listing requests: what is there, page by page, and what goes wrong with it.

use std::borrow::Cow;

use serde_json::Value;

use super::catalog::Query;
use super::fault::InjectedFault;
use super::fault_injector::Purpose;
use super::list_body::{self, Sheet};
use super::list_confusion::{self, Unit};
use super::list_fault::ListTrouble;
use super::list_request::{Place, Tokens, cut};
use super::page::{Cut, Page};
use super::request_context::RequestContext;
use super::resource::Id;
use super::response::{Ending, Problem, Response};
use super::service::{Listing, Members, Name, Paging};
use super::state::State;

/// Writes down a request; one whose token is not known counts as one for the first page.
pub(super) fn note(context: &RequestContext<'_>, listing: &Listing<'_>, state: &mut State) {
    let within = within(context, listing);
    let page = cut(listing.paging, tokens(context, &within)).map_or(1, |(page, _)| page);
    *state.pages.entry(place(context, listing, page)).or_default() += 1;
}

/// Responds to a request.
pub(super) fn respond(context: &RequestContext<'_>, listing: &Listing<'_>, state: &mut State) -> Response {
    let within = within(context, listing);
    let tokens = tokens(context, &within);
    let Some((number, cut)) = cut(listing.paging, tokens) else {
        return context.refuse(&Problem::new(400, "InvalidArgument", "The value of parameter NextToken is invalid."));
    };
    let cut = cut.at_most(context.quirks.most_before_token);
    let place = place(context, listing, number);
    let (trouble, fault) = draw(context, listing, &within, &place, state);
    if let Some(response) = trouble.as_ref().and_then(|trouble| in_front(context, trouble)) {
        return response;
    }
    let page = match page(context, listing, &within, cut, state) {
        Ok(page) => page,
        Err(problem) => return context.inject(fault, context.refuse(problem), state),
    };
    let sent = Sent { numbers: page.numbers.clone(), next: page.next, first: page.items.first().cloned() };
    let is_confused = trouble.as_ref().is_some_and(|trouble| !trouble.shows_all());
    let whole = if is_confused { page.items.clone() } else { Vec::new() };
    let before = state.shown.get(&place.before()).cloned();
    if context.is_listed || !state.script.is_empty() {
        state.shown.remove(&place.before().before());
        state.shown.insert(place.clone(), page.items.clone());
    }
    let sheet = Sheet { style: listing.style, paging: listing.paging, number, tokens, request_id: context.request_id };
    let body = list_body::write(&sheet, page, trouble.as_ref(), before, context.quirks.last_token);
    let shown = match is_confused {
        true => state.inventory.shown(&sent.numbers, &whole, list_body::entries(&body, listing.style)),
        false => sent.numbers.clone(),
    };
    let is_refused = context.quirks.empty_is_an_error && context.model.info().kind == "drs_job";
    let good = match list_body::is_bare(&body, listing.style) {
        true if is_refused => context.refuse(&Problem::new(422, "DRS.M00002", "The returned result is empty.")),
        _ => context.good(&body.into()),
    };
    let is_delivered = fault.is_none_or(|fault| fault == InjectedFault::Slow);
    if is_delivered {
        state.inventory.listed(&shown, context.now.wall);
    }
    let good = match trouble {
        Some(ListTrouble::Slow(time)) => good.after(time),
        trouble => {
            sent.change(trouble, &within, state);
            good
        }
    };
    context.inject(fault, good, state)
}

/// Finds what is on a page.
fn page<'l>(
    context: &RequestContext<'_>,
    listing: &'l Listing<'_>,
    within: &Id,
    cut: Cut,
    state: &mut State,
) -> Result<Page, &'l Problem> {
    state.inventory.advance(within);
    let info = context.model.info();
    let is_nowhere = info.no_scope.is_some() && needs_scope(listing) && !state.inventory.has_scope(within);
    let filter = listing.filter.as_ref().filter(|_| !context.quirks.ignores_filters);
    let query = Query { within, listing, filter, cut, now: context.now };
    let Some(page) = Some(query).filter(|_| !is_nowhere).and_then(|query| state.inventory.list(&query)) else {
        state.requests.missing += 1;
        return Err(info.no_scope.as_ref().unwrap_or(&info.missing));
    };
    match (&listing.style.beyond, listing.paging) {
        (Some(problem), Paging::Number { page: 2.., .. }) if page.items.is_empty() => Err(problem),
        _ => Ok(page),
    }
}

/// What was on a page.
struct Sent {
    numbers: Vec<usize>,
    next: Option<usize>,
    first: Option<Value>,
}

impl Sent {
    /// Changes what is there after the page was sent.
    fn change(&self, trouble: Option<ListTrouble>, within: &Id, state: &mut State) {
        let (numbers, inventory) = (&self.numbers, &mut state.inventory);
        match trouble {
            Some(ListTrouble::Move) => inventory.move_to_front(within, numbers.last().copied(), self.next),
            Some(ListTrouble::Drop) => {
                let name = self.first.as_ref().and_then(list_body::name);
                inventory.take_away(within, numbers.first().copied(), name);
            }
            Some(ListTrouble::End) => inventory.end(numbers.first().copied()),
            Some(ListTrouble::Put(resources)) => resources.into_iter().for_each(|one| {
                inventory.add(one);
            }),
            Some(_) | None => {}
        }
    }
}

/// Returns the account and what the resources are part of.
fn within(context: &RequestContext<'_>, listing: &Listing<'_>) -> Id {
    context.id(Name { scope: listing.scope, name: "" })
}

fn tokens<'a>(context: &RequestContext<'_>, within: &'a Id) -> Tokens<'a> {
    Tokens { injector: context.injector, within }
}

fn place(context: &RequestContext<'_>, listing: &Listing<'_>, page: usize) -> Place {
    let status = listing.status.map(Box::from);
    Place { api: context.api.name, account: context.account, unit: listing.unit().into(), status, page }
}

/// Returns whether the list is of something that must be there.
fn needs_scope(listing: &Listing<'_>) -> bool {
    !listing.scope.is_empty() && matches!(listing.of, Members::All(_) | Members::Half(_) | Members::OfScope(_))
}

/// Draws what goes wrong: with the list itself, and with the request as with any other.
fn draw(
    context: &RequestContext<'_>,
    listing: &Listing<'_>,
    within: &Id,
    place: &Place,
    state: &mut State,
) -> (Option<ListTrouble>, Option<InjectedFault>) {
    let id = Id { name: subject(listing).into(), ..within.clone() };
    let fault = state.listings.entry(id.clone()).or_default().next(context.injector, &id, Purpose::Read);
    let fault = fault.filter(|fault| *fault != InjectedFault::Denied || is_refused(context, listing, within, state));
    let scripted = state.script.take(place, listing.status);
    let unit = Unit { id: &id, place, is_paged: matches!(listing.of, Members::All(_) | Members::Scopes) };
    let (trouble, fault) = match (scripted, fault) {
        (Some(trouble), _) => (Some(trouble), None),
        (None, fault) if context.is_listed && unit.is_paged => {
            list_confusion::draw(context.injector, &unit, fault, &mut state.confusions, listing.paging)
        }
        (None, fault) => (None, fault),
    };
    if let Some(trouble) = &trouble {
        *state.requests.faults.entry(trouble.name()).or_default() += 1;
    }
    (trouble, fault)
}

/// Returns whether a read that is refused for ever is, for this listing: where listings are what finds the resources,
/// only once a stop of one of them was asked for.
fn is_refused(context: &RequestContext<'_>, listing: &Listing<'_>, within: &Id, state: &State) -> bool {
    match listing.of {
        Members::Half(_) => !context.is_listed || state.inventory.has_stops(within),
        Members::Named(_) | Members::Each(..) => true,
        Members::All(_) | Members::Scopes | Members::OfScope(_) | Members::OfOne(..) => !context.is_listed,
    }
}

/// Names a listing for the fault injector.
fn subject<'l>(listing: &'l Listing<'_>) -> Cow<'l, str> {
    match &listing.of {
        Members::Named(names) | Members::Each(names, _) => names.first().map_or("", String::as_str).into(),
        Members::Half(false) => "the former half".into(),
        Members::Half(true) => "the latter half".into(),
        Members::Scopes => "what it has".into(),
        Members::OfScope(_) => "what belongs to it".into(),
        Members::OfOne(name, _) => (*name).into(),
        Members::All(_) => match &listing.sort {
            Some(sort) => format!("all {sort}").into(),
            None => "all".into(),
        },
    }
}

/// Returns the response where what goes wrong does so before anything is listed.
fn in_front(context: &RequestContext<'_>, trouble: &ListTrouble) -> Option<Response> {
    let info = context.model.info();
    Some(match trouble {
        ListTrouble::Throttled => context.throttled(None),
        ListTrouble::Denied => context.refuse(&info.denied),
        ListTrouble::Broken => context.refuse(&info.broken),
        ListTrouble::Error(status, code) => context.refuse(&Problem::new(*status, code, "This fault is scripted.")),
        ListTrouble::Reset => Response::new(200, "text/plain", "").ending(Ending::Reset),
        ListTrouble::Html => context.gateway(),
        ListTrouble::Slow(_)
        | ListTrouble::Empty
        | ListTrouble::Null
        | ListTrouble::Object
        | ListTrouble::Missing
        | ListTrouble::Repeat
        | ListTrouble::Duplicate
        | ListTrouble::Shrink(_)
        | ListTrouble::Short
        | ListTrouble::Hollow
        | ListTrouble::TokenBack
        | ListTrouble::Fat(_)
        | ListTrouble::Move
        | ListTrouble::Drop
        | ListTrouble::End
        | ListTrouble::Put(_) => return None,
    })
}
