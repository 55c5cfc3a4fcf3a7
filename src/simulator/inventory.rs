//! All resources, by name and by what they are part of.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::course::{Leaving, When};
use super::entry::{Entry, Moment};
use super::facts::{Facts, Start};
use super::fault_injector::FaultInjector;
use super::phase::Phase;
use super::resource::{Id, Initial, Resource};
use super::scope::Scope;
use super::service::{Model, View};
use super::timeline::{Step, Timeline};

/// The most resources that requests alone can create.
const MOST_CREATED: usize = 1 << 20;

/// What is stated of something of which nothing is.
static NOTHING: Facts = Facts::nothing();

/// The resources.
#[derive(Debug)]
pub(super) struct Inventory {
    entries: Vec<Entry>,
    index: HashMap<Arc<Id>, usize>,
    scopes: BTreeMap<(Model, u16, Box<str>), Scope>,
    timelines: HashMap<(Model, u16), Timeline>,
    auto_create: Option<usize>,
    delay: (Duration, Duration),
    injector: FaultInjector,
}

impl Inventory {
    /// Builds an inventory without resources, whose stops take between the two delays to end. `auto_create` creates a
    /// resource when a request first names it.
    pub(super) fn new(injector: FaultInjector, delay: (Duration, Duration), auto_create: bool) -> Self {
        Self {
            entries: Vec::new(),
            index: HashMap::new(),
            scopes: BTreeMap::new(),
            timelines: HashMap::new(),
            auto_create: auto_create.then_some(MOST_CREATED),
            delay,
            injector,
        }
    }

    /// Returns every resource, in the order they came.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns what is stated of the thing that a resource is part of.
    pub(super) fn around(&self, id: &Id) -> Option<&Arc<Facts>> {
        self.scope(id).map(|scope| &scope.facts)
    }

    /// Adds a resource and tells whether it is new; a known one stays as it is.
    pub(super) fn add(&mut self, resource: Resource) -> bool {
        if self.index.contains_key(&resource.id) {
            return false;
        }
        let number = self.entries.len();
        let late = self.lateness(&resource);
        let (id, course) = (Arc::new(resource.id.clone()), resource.course);
        let scope = self.scopes.entry((id.model, id.account, id.scope.clone())).or_default();
        scope.add(number, resource.facts.as_ref().and_then(|facts| facts.field("parent")));
        if let Some(around) = &resource.around {
            scope.state(around);
        }
        let timeline = self.timelines.entry((id.model, id.account)).or_default();
        if let Some(requests) = course.comes {
            timeline.plan(requests, number, Step::Come);
        }
        if let Some((When::After(requests), _)) = course.leaves {
            timeline.plan(requests, number, Step::Leave);
        }
        self.index.insert(Arc::clone(&id), number);
        self.entries.push(Entry::new(id, &resource, late));
        true
    }

    /// Changes a resource to what is stated of it, and tells whether it is there.
    pub(super) fn change(&mut self, to: &Resource) -> bool {
        let number = self.index.get(&to.id).copied();
        let Some(entry) = number.and_then(|number| self.entries.get_mut(number)) else { return false };
        entry.change(to);
        if let Some(around) = &to.around
            && let Some(scope) = self.scopes.get_mut(&(to.id.model, to.id.account, to.id.scope.clone()))
        {
            scope.state(around);
        }
        true
    }

    /// Finds a resource, or creates it.
    pub(super) fn find(&mut self, id: &Id) -> Option<&mut Entry> {
        if !self.index.contains_key(id) {
            let left = self.auto_create.as_mut().filter(|left| **left > 0)?;
            *left -= 1;
            self.add(Resource::new(id.clone(), Initial::default()));
        }
        let number = *self.index.get(id)?;
        self.entries.get_mut(number).filter(|entry| !entry.life.absent)
    }

    /// Returns a resource as reads show it.
    pub(super) fn show(&self, id: &Id, now: Moment) -> Option<View<'_>> {
        let entry = self.entries.get(*self.index.get(id)?)?;
        Some(self.view(entry, self.scope(id)?, now))
    }

    /// Returns whether there is something that resources are, or could be, part of.
    pub(super) fn has_scope(&self, within: &Id) -> bool {
        self.scope(within).map_or(self.auto_create.is_some(), |scope| !scope.is_gone)
    }

    /// Lets happen what happens by itself before a listing request of an account gets its response.
    pub(super) fn advance(&mut self, within: &Id) {
        let Some(timeline) = self.timelines.get_mut(&(within.model, within.account)) else { return };
        for (number, step) in timeline.next() {
            let Some(entry) = self.entries.get_mut(number) else { continue };
            match (step, entry.course.leaves) {
                (Step::Come, _) => entry.come(),
                (Step::Leave, Some((_, how))) => entry.leave(how),
                (Step::Leave, None) => {}
            }
        }
    }

    /// Returns which of a page's resources a response shows that has these entries of it, or not; children are shown with
    /// their parents.
    pub(super) fn shown(&self, numbers: &[usize], whole: &[Value], entries: &[Value]) -> Vec<usize> {
        let pairs = numbers.iter().zip(whole).filter(|(_, item)| entries.contains(item));
        let mut shown: Vec<usize> = pairs.map(|(number, _)| *number).collect();
        let is_of = |parent: &usize, name: &str| self.entries.get(*parent).is_some_and(|one| *one.id.name == *name);
        let children = numbers.iter().skip(whole.len()).filter(|child| {
            let facts = self.entries.get(**child).and_then(|child| child.facts.as_ref());
            let name = facts.and_then(|facts| facts.field("parent"));
            name.is_some_and(|name| shown.iter().any(|parent| is_of(parent, name)))
        });
        let children: Vec<usize> = children.copied().collect();
        shown.extend(children);
        shown
    }

    /// Records that a page showed resources.
    pub(super) fn listed(&mut self, numbers: &[usize], now: Timestamp) {
        for number in numbers {
            if let Some(entry) = self.entries.get_mut(*number) {
                entry.list(now);
            }
        }
    }

    /// Puts the first resource of the next page in front of all others: the one at a position, or the one that comes
    /// after the last one on this page.
    pub(super) fn move_to_front(&mut self, within: &Id, last: Option<usize>, next: Option<usize>) {
        let Some(scope) = self.scopes.get_mut(&(within.model, within.account, within.scope.clone())) else { return };
        let after = || scope.members.iter().position(|member| Some(*member) == last).map(|position| position + 1);
        if let Some(number) = next.or_else(after).and_then(|position| scope.members.get(position).copied()) {
            scope.put_first(number);
        }
    }

    /// Lets a resource come to its own end.
    pub(super) fn end(&mut self, number: Option<usize>) {
        if let Some(entry) = number.and_then(|number| self.entries.get_mut(number)) {
            entry.leave(Leaving::Ends);
        }
    }

    /// Returns whether somebody asked to stop one of a scope's resources.
    pub(super) fn has_stops(&self, within: &Id) -> bool {
        let members = self.scope(within).map_or(&[][..], |scope| &scope.members);
        members.iter().filter_map(|number| self.entries.get(*number)).any(|entry| entry.counts.requests > 0)
    }

    /// Takes away what a page shows first: a resource, or something that resources are part of.
    pub(super) fn take_away(&mut self, within: &Id, first: Option<usize>, name: Option<&str>) {
        match (first.and_then(|number| self.entries.get_mut(number)), name) {
            (Some(entry), _) => entry.leave(Leaving::Goes),
            (None, Some(name)) => {
                if let Some(scope) = self.scopes.get_mut(&(within.model, within.account, name.into())) {
                    scope.is_gone = true;
                }
            }
            (None, None) => {}
        }
    }

    /// Returns a resource by its number.
    pub(super) fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number)
    }

    /// Returns what resources of an account are part of, by name.
    pub(super) fn scopes_of(&self, within: &Id) -> impl Iterator<Item = (&str, &Scope)> {
        let (model, account) = (within.model, within.account);
        let scopes = self.scopes.range((model, account, Box::from(""))..);
        scopes
            .take_while(move |(key, _)| (key.0, key.1) == (model, account))
            .map(|((.., name), scope)| (&**name, scope))
    }

    /// Draws which of two lists that share the resources shows one.
    pub(super) fn is_in_latter_half(&self, id: &Id) -> bool {
        self.injector.share(id, HALVES) < 0.5
    }

    /// Returns what a resource is part of.
    pub(super) fn scope(&self, within: &Id) -> Option<&Scope> {
        self.scopes.get(&(within.model, within.account, within.scope.clone()))
    }

    /// Shows a resource with its children.
    pub(super) fn view<'a>(&'a self, entry: &'a Entry, scope: &'a Scope, now: Moment) -> View<'a> {
        let children = scope.children.get(&entry.id.name).into_iter().flatten();
        let children = children.filter_map(|number| self.entries.get(*number)).filter(|child| !child.life.absent);
        View { children: children.map(|child| alone(child, now)).collect(), ..alone(entry, now) }
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

/// Shows a resource without its children.
fn alone(entry: &Entry, now: Moment) -> View<'_> {
    let info = entry.id.model.info();
    let start = match &entry.facts {
        None => info.usual_start.map(Cow::Borrowed),
        Some(facts) => facts.start.as_ref().map(|start| match start {
            Start::At(text) => Cow::Borrowed(&**text),
            Start::Ago(age) => Cow::Owned((info.moment)(now.wall.checked_sub(*age).unwrap_or(now.wall))),
        }),
    };
    View {
        name: entry.id.name(),
        word: entry.word(now.instant),
        facts: entry.facts.as_deref().unwrap_or(&NOTHING),
        fields: info.fields,
        start,
        runs: entry.phase(now.instant) == Phase::Running,
        children: Vec::new(),
    }
}
