//! A resource of a seeded world while it is made.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::course::Course;
use super::super::facts::{Facts, Start, Tags};
use super::super::resource::{Id, Initial, Resource};
use super::super::service::{Field, Model, TagsOf};

/// A resource while it is made.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// Its model.
    pub(super) model: Model,
    /// The number of its account.
    pub(super) account: u16,
    /// The values of fields, its names and those of what it is part of included.
    pub(super) fields: BTreeMap<&'static str, String>,
    /// Its tags, or those of what it is part of.
    pub(super) tags: Tags,
    /// When it began.
    pub(super) start: Option<Start>,
    /// The word for its state.
    pub(super) status: Option<String>,
    /// The word that follows once a listing has shown it.
    pub(super) later: Option<String>,
    /// Its state.
    pub(super) initial: Initial,
    /// What it does by itself.
    pub(super) course: Course,
}

impl Draft {
    /// Returns whether a field belongs to what it is part of, or names that.
    pub(super) fn is_around(model: Model, field: &str) -> bool {
        let info = model.info();
        info.scope == Some(field) || info.around.iter().any(|around| around.name == field)
    }

    /// Returns the name of what it is part of.
    pub(super) fn scope(&self) -> &str {
        self.model.info().scope.and_then(|scope| self.fields.get(scope)).map_or("", String::as_str)
    }

    /// Makes the resource.
    pub(super) fn resource(&self) -> Resource {
        let info = self.model.info();
        let name = self.fields.get(info.name).map_or("", String::as_str);
        let id = Id { model: self.model, account: self.account, scope: self.scope().into(), name: name.into() };
        let of = |names: &[Field]| -> Vec<(Box<str>, Box<str>)> {
            let value = |field: &Field| Some((field.name.into(), self.fields.get(field.name)?.as_str().into()));
            names.iter().filter_map(value).collect()
        };
        let (own_tags, around_tags) = match info.tags {
            TagsOf::Nothing => (Tags::default(), Tags::default()),
            TagsOf::Itself => (self.tags.clone(), Tags::default()),
            TagsOf::Around => (Tags::default(), self.tags.clone()),
        };
        let facts = Facts {
            fields: of(info.fields),
            tags: own_tags,
            start: self.start.clone(),
            status: self.status.as_deref().map(Into::into),
            later: self.later.as_deref().map(Into::into),
        };
        let around = Facts { fields: of(info.around), tags: around_tags, ..Facts::default() };
        Resource {
            facts: Some(Arc::new(facts)),
            around: info.scope.map(|_| Arc::new(around)),
            course: self.course,
            ..Resource::new(id, self.initial)
        }
    }
}
