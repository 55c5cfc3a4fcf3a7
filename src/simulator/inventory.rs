//! All resources, by name and by what they are part of.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::entry::Entry;
use super::fault_injector::FaultInjector;
use super::resource::{Id, Initial, Resource};
use super::service::{Listing, Members, Model, Page};

/// The most resources that requests alone can create.
const MOST_CREATED: usize = 1 << 20;

/// The resources.
#[derive(Debug)]
pub(super) struct Inventory {
    entries: Vec<Entry>,
    index: HashMap<Arc<Id>, usize>,
    scopes: BTreeMap<(Model, u16, Box<str>), Vec<usize>>,
    auto_create: Option<usize>,
    delay: (Duration, Duration),
    injector: FaultInjector,
}

impl Inventory {
    /// Builds an inventory without resources, whose stops take between the two delays to end. `auto_create` creates a
    /// resource when a request first names it.
    pub(super) fn new(injector: FaultInjector, delay: (Duration, Duration), auto_create: bool) -> Self {
        let auto_create = auto_create.then_some(MOST_CREATED);
        Self { entries: Vec::new(), index: HashMap::new(), scopes: BTreeMap::new(), auto_create, delay, injector }
    }

    /// Returns every resource, in the order they came.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds a resource and tells whether it is new; a known one stays as it is.
    pub(super) fn add(&mut self, resource: Resource) -> bool {
        if self.index.contains_key(&resource.id) {
            return false;
        }
        let number = self.entries.len();
        let late = self.lateness(&resource);
        let id = Arc::new(resource.id);
        self.scopes.entry((id.model, id.account, id.scope.clone())).or_default().push(number);
        self.index.insert(Arc::clone(&id), number);
        self.entries.push(Entry::new(id, resource.initial, late));
        true
    }

    /// Finds a resource, or creates it.
    pub(super) fn find(&mut self, id: &Id) -> Option<&mut Entry> {
        if !self.index.contains_key(id) {
            let left = self.auto_create.as_mut().filter(|left| **left > 0)?;
            *left -= 1;
            self.add(Resource { id: id.clone(), initial: Default::default() });
        }
        let number = *self.index.get(id)?;
        self.entries.get_mut(number)
    }

    /// Lists resources as reads show them.
    pub(super) fn list(&mut self, within: &Id, listing: &Listing<'_>, now: Instant) -> Page {
        let Listing { from, limit, .. } = listing;
        match &listing.of {
            Members::Scopes => self.list_scopes(within, *from, *limit),
            Members::Named(names) | Members::Each(names) => {
                let ids = names.iter().map(|name| Id { name: name.as_str().into(), ..within.clone() });
                let found: Vec<_> = ids
                    .filter_map(|id| {
                        let entry = self.find(&id)?;
                        entry.meet(now);
                        Some(item(entry, now))
                    })
                    .collect();
                Page { total: found.len(), items: found.into_iter().skip(*from).take(*limit).collect(), next: None }
            }
            Members::All(word) => {
                let is_in = |entry: &&Entry| word.as_deref().is_none_or(|word| is_in(entry, word, now));
                let matching: Vec<_> = self.members(within).filter(is_in).collect();
                let items = matching.iter().skip(*from).take(*limit).map(|entry| item(entry, now)).collect();
                Page { items, total: matching.len(), next: None }
            }
            Members::Half(latter) => {
                let is_latter = |entry: &&Entry| (self.injector.share(&entry.id, HALVES) < 0.5) == *latter;
                let items: Vec<_> = self.members(within).filter(is_latter).map(|entry| item(entry, now)).collect();
                Page { total: items.len(), items, next: None }
            }
            Members::Cursor(word) => self.list_from(within, listing, word.as_deref(), now),
        }
    }

    /// Lists from a position, which stays good while states change.
    fn list_from(&self, within: &Id, listing: &Listing<'_>, word: Option<&str>, now: Instant) -> Page {
        let mut page = Page { total: self.numbers(within).len(), ..Page::default() };
        for (position, entry) in self.members(within).enumerate().skip(listing.from) {
            if page.items.len() == listing.limit {
                page.next = Some(position);
                break;
            }
            if word.is_none_or(|word| is_in(entry, word, now)) {
                page.items.push(item(entry, now));
            }
        }
        page
    }

    fn list_scopes(&self, within: &Id, from: usize, limit: usize) -> Page {
        let (model, account) = (within.model, within.account);
        let start = (model, account, Box::from(""));
        let scopes = self.scopes.range(start..).take_while(|(key, _)| (key.0, key.1) == (model, account));
        let total = scopes.clone().count();
        let items: Vec<_> = scopes.skip(from).take(limit).map(|((.., name), _)| model.service().scope(name)).collect();
        let end = from.saturating_add(items.len());
        Page { next: (end < total && !items.is_empty()).then_some(end), items, total }
    }

    fn numbers(&self, within: &Id) -> &[usize] {
        let key = (within.model, within.account, within.scope.clone());
        self.scopes.get(&key).map_or(&[], Vec::as_slice)
    }

    fn members(&self, within: &Id) -> impl Iterator<Item = &Entry> {
        self.numbers(within).iter().filter_map(|number| self.entries.get(*number))
    }

    /// Draws how long after its effect a stop is seen to end; one that is under way at the start always takes a while.
    fn lateness(&self, resource: &Resource) -> Duration {
        let ((shortest, longest), id) = (self.delay, &resource.id);
        if resource.initial != Initial::Stopping && self.injector.share(id, IS_LATE) >= id.model.info().late {
            return Duration::ZERO;
        }
        shortest + longest.saturating_sub(shortest).mul_f64(self.injector.share(id, HOW_LATE))
    }
}

/// What else is drawn for a resource besides its faults.
const IS_LATE: u64 = 1;
const HOW_LATE: u64 = 2;
const HALVES: u64 = 3;

fn item(entry: &Entry, now: Instant) -> Value {
    entry.id.model.service().item(entry.id.name(), entry.shown(now))
}

fn is_in(entry: &Entry, word: &str, now: Instant) -> bool {
    entry.id.model.info().word(entry.shown(now)) == word
}
