//! What listings could show of a resource.

use std::borrow::Cow;

use jiff::Timestamp;

use super::facts::{Facts, Start};
use super::resource::{Id, Initial, Resource};
use super::service::TagsOf;
use super::wish::Shown;

/// A resource, as far as listings show it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) id: &'a Id,
    pub(super) initial: Initial,
    /// What listings show of it; `None` for what is usual.
    pub(super) facts: Option<&'a Facts>,
    /// What listings show of the thing that it is part of.
    pub(super) around: Option<&'a Facts>,
}

impl<'a> Sight<'a> {
    /// Looks at a resource before it is loaded.
    pub(super) fn of_resource(resource: &'a Resource) -> Self {
        let Resource { id, initial, facts, around, .. } = resource;
        Self { id, initial: *initial, facts: facts.as_deref(), around: around.as_deref() }
    }
}

/// Returns what a listing shows of a resource at a moment, with this word for its state.
pub(super) fn shown<'a>(sight: Sight<'a>, word: &'a str, at: Timestamp) -> Shown<'a> {
    static NOTHING: Facts = Facts::nothing();
    let (id, info) = (sight.id, sight.id.model.info());
    let own = sight.facts.unwrap_or(&NOTHING);
    let around = sight.around.unwrap_or(&NOTHING);
    let since = match (sight.facts, &own.start) {
        (None, _) => info.usual_start.map(Cow::Borrowed),
        (Some(_), None) => None,
        (Some(_), Some(Start::At(text))) => Some(Cow::Borrowed(&**text)),
        (Some(_), Some(Start::Ago(age))) => Some(Cow::Owned((info.moment)(at.checked_sub(*age).unwrap_or(at)))),
    };
    let names = info.scope.map(|scope| (scope, &*id.scope)).into_iter().chain([(info.name, &*id.name)]);
    let fields = info.fields.iter().filter_map(|field| Some((field.name, field.value(own, &id.name)?)));
    let arounds = info.around.iter().filter_map(|field| Some((field.name, field.value(around, &id.scope)?)));
    let all = names.chain(fields).chain(arounds);
    let tags = match info.tags {
        TagsOf::Nothing => None,
        TagsOf::Itself => own.tags.known(),
        TagsOf::Around => around.tags.known(),
    };
    Shown {
        model: id.model,
        // Nobody can tell what a change does of which nobody can tell when it began.
        fields: all
            .filter(|(name, _)| *name != "action" || since.is_some())
            .map(|(name, value)| (name, Cow::Borrowed(value)))
            .collect(),
        status: Some(word),
        tags: tags.map(|tags| tags.iter().map(|(key, value)| (&**key, &**value)).collect()),
        since,
        is_child: own.field("parent").is_some(),
    }
}

/// Returns the words for a resource's state before anybody stopped it and before it left, in their order.
pub(super) fn words(sight: Sight<'_>) -> Vec<&str> {
    let first = sight.facts.and_then(|facts| facts.status.as_deref());
    let later = sight.facts.and_then(|facts| facts.later.as_deref());
    let usual = sight.id.model.info().word(sight.initial.phase());
    [first.unwrap_or(usual)].into_iter().chain(later).collect()
}
