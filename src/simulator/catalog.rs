//! What the inventory shows in lists.

use serde_json::Value;

use super::entry::{Entry, Moment};
use super::inventory::Inventory;
use super::page::{Cut, Page};
use super::resource::Id;
use super::scope::Scope;
use super::service::{Keep, Listing, Members, Name, View};

/// What is to be listed, and which part of it.
#[derive(Clone, Copy)]
pub(super) struct Query<'q> {
    /// The account, and what the resources are part of.
    pub(super) within: &'q Id,
    /// The listing.
    pub(super) listing: &'q Listing<'q>,
    /// What the request filters by, where the service heeds it.
    pub(super) filter: Option<&'q Keep<'q>>,
    /// The part that makes up the page.
    pub(super) cut: Cut,
    /// The present.
    pub(super) now: Moment,
}

impl Inventory {
    /// Lists resources as listings show them; `None` if what it is of is not there.
    pub(super) fn list(&mut self, query: &Query<'_>) -> Option<Page> {
        let Query { within, listing, cut, now, .. } = *query;
        match &listing.of {
            Members::Named(names) => Some(self.named(query, names, None)),
            Members::Each(names, missing) => Some(self.named(query, names, Some(*missing))),
            Members::All(sort) => Some(self.all(query, sort.as_ref())),
            Members::Half(latter) => Some(self.half(query, *latter)),
            Members::Scopes => Some(self.list_scopes(query)),
            Members::OfScope(parts) => {
                let scope = self.scope(within);
                Some(Page::of(scope.map_or_else(Vec::new, |scope| parts(&around(within, &within.scope, scope))), cut))
            }
            Members::OfOne(name, parts) => {
                let id = Id { name: (*name).into(), ..within.clone() };
                self.find(&id)?.meet(now.instant);
                Some(Page::of(parts(&self.show(&id, now)?), cut))
            }
        }
    }

    /// Lists what has these names.
    fn named(&mut self, query: &Query<'_>, names: &[String], missing: Option<fn(&str) -> Value>) -> Page {
        let Query { within, listing, cut, now, .. } = *query;
        let (mut found, mut others) = (Vec::new(), Vec::new());
        for name in names {
            let id = Id { name: name.as_str().into(), ..within.clone() };
            match self.find(&id) {
                Some(entry) => {
                    entry.meet(now.instant);
                    found.extend(self.show(&id, now).map(|view| (listing.show)(&view)));
                }
                None => others.extend(missing.map(|missing| missing(name))),
            }
        }
        found.append(&mut others);
        Page::of(found, cut)
    }

    /// Lists the resources of a scope that stand by themselves.
    fn all(&self, query: &Query<'_>, sort: Option<&Keep<'_>>) -> Page {
        let Query { within, listing, filter, cut, now } = *query;
        let Some(scope) = self.scope(within) else { return Page::default() };
        let start = match cut {
            Cut::Position { from, .. } => from,
            Cut::Count { .. } => 0,
        };
        let shown = scope.members.iter().enumerate().skip(start).filter_map(|(position, number)| {
            let entry = self.entry(*number).filter(|entry| !entry.life.absent)?;
            let view = self.view(entry, scope, now);
            let keeps = |keep: Option<&Keep<'_>>| keep.is_none_or(|keep| keep(&view));
            (keeps(sort) && keeps(filter)).then_some((position, *number, view))
        });
        let mut page = Page::default();
        match cut {
            Cut::Position { limit, .. } => {
                for (position, number, view) in shown {
                    if page.items.len() == limit {
                        page.next = Some(position);
                        break;
                    }
                    page.items.push((listing.show)(&view));
                    page.numbers.push(number);
                }
            }
            Cut::Count { skip, limit } => {
                for (_, number, view) in shown {
                    if page.total >= skip && page.items.len() < limit {
                        page.items.push((listing.show)(&view));
                        page.numbers.push(number);
                    }
                    page.total += 1;
                }
            }
        }
        self.add_children(scope, &mut page);
        page
    }

    /// Notes the children that a page shows with their parents.
    fn add_children(&self, scope: &Scope, page: &mut Page) {
        if scope.children.is_empty() {
            return;
        }
        for position in 0..page.numbers.len() {
            let parent = page.numbers.get(position).and_then(|number| self.entry(*number));
            let children = parent.and_then(|entry| scope.children.get(&entry.id.name));
            page.numbers.extend(children.into_iter().flatten());
        }
    }

    /// Lists one of the two halves of a scope's resources, or what is in both.
    fn half(&self, query: &Query<'_>, latter: bool) -> Page {
        let Query { within, listing, cut, now, .. } = *query;
        let is_here = |entry: &Entry| match entry.facts.as_ref().and_then(|facts| facts.field("in")) {
            Some("both") => true,
            Some("cluster") => !latter,
            Some("data") => latter,
            Some(_) | None => self.is_in_latter_half(&entry.id) == latter,
        };
        let Some(scope) = self.scope(within) else { return Page::default() };
        let here = scope.members.iter().filter_map(|number| {
            let entry = self.entry(*number).filter(|entry| !entry.life.absent && is_here(entry))?;
            Some((*number, (listing.show)(&self.view(entry, scope, now))))
        });
        let (numbers, items) = here.unzip();
        Page { numbers, ..Page::of(items, cut) }
    }

    fn list_scopes(&self, query: &Query<'_>) -> Page {
        let Query { within, listing, filter, cut, .. } = *query;
        let shown = self.scopes_of(within).filter(|(_, scope)| !scope.is_gone).filter_map(|(name, scope)| {
            let view = around(within, name, scope);
            filter.is_none_or(|filter| filter(&view)).then(|| (listing.show)(&view))
        });
        Page::of(shown.collect(), cut)
    }
}

/// Shows something that resources are part of.
fn around<'a>(within: &Id, name: &'a str, scope: &'a Scope) -> View<'a> {
    View {
        name: Name { scope: "", name },
        word: "",
        facts: &scope.facts,
        fields: within.model.info().around,
        start: None,
        runs: false,
        children: Vec::new(),
    }
}
