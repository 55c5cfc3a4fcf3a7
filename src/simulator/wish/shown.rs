//! What a listing shows of a resource, for conditions to look at.

use std::borrow::Cow;

use super::super::service::Model;

/// What a listing shows of a resource at one moment.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct Shown<'a> {
    /// The model of the service that has it.
    pub(in crate::simulator) model: Model,
    /// The values of fields, by the names that plans use.
    pub(in crate::simulator) fields: Vec<(&'a str, Cow<'a, str>)>,
    /// The service's word for its state.
    pub(in crate::simulator) status: Option<&'a str>,
    /// Keys and values of its tags; `None` if they are not shown.
    pub(in crate::simulator) tags: Option<Vec<(&'a str, &'a str)>>,
    /// When it began, as the service writes it.
    pub(in crate::simulator) since: Option<Cow<'a, str>>,
    /// Whether it is a part of another one.
    pub(in crate::simulator) is_child: bool,
}

impl Shown<'_> {
    /// Returns the value of a field.
    pub(in crate::simulator) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| *key == name).map(|(_, value)| &**value)
    }
}
