//! The values that are kept of a JSON response.

use std::borrow::Cow;

/// A value of a field that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json<'a> {
    /// `null`, which says as little as no field at all.
    Null,
    Bool(bool),
    Number(Box<str>),
    Text(Cow<'a, str>),
    List {
        is_empty: bool,
    },
    Object(Object<'a>),
    /// The field is there twice, in two spellings, or in one that no service has.
    Twice,
}

/// The fields of an object that are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Object<'a> {
    pub(super) fields: Vec<(&'static str, Json<'a>)>,
    /// What is kept of the objects in other fields, where an error may be nested in one.
    pub(super) others: Vec<Object<'a>>,
    /// Whether it has any field, kept or not.
    pub(super) has_fields: bool,
}

impl<'a> Json<'a> {
    /// Returns the text or the number that a code can be.
    pub(crate) fn as_code(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(number) => Some(number),
            Self::Null | Self::Bool(_) | Self::List { .. } | Self::Object(_) | Self::Twice => None,
        }
    }

    /// Returns whether it is neither `null` nor an empty text.
    pub(crate) fn says(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Text(text) => !text.is_empty(),
            Self::Bool(_) | Self::Number(_) | Self::List { .. } | Self::Object(_) | Self::Twice => true,
        }
    }

    /// Returns the object.
    pub(crate) const fn as_object(&self) -> Option<&Object<'a>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }
}

impl<'a> Object<'a> {
    /// Returns a field.
    pub(crate) fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.fields.iter().find_map(|(name, value)| (*name == key).then_some(value))
    }

    /// Returns the text of a field.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        if let Json::Text(text) = self.get(key)? { Some(text) } else { None }
    }

    /// Returns the object in a field.
    pub(crate) fn object(&self, key: &str) -> Option<&Object<'a>> {
        self.get(key)?.as_object()
    }

    /// Returns whether a field is there and is neither `null` nor an empty text.
    pub(crate) fn says(&self, key: &str) -> bool {
        self.get(key).is_some_and(Json::says)
    }

    /// Returns the fields that are kept.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, &Json<'a>)> {
        self.fields.iter().map(|(name, value)| (*name, value))
    }

    /// Returns the objects in its fields, of whatever names.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object<'a>> {
        self.fields.iter().filter_map(|(_, value)| value.as_object()).chain(&self.others)
    }

    /// Returns whether it has no field at all.
    pub(crate) const fn is_empty(&self) -> bool {
        !self.has_fields
    }

    /// Takes in a field; one that is there already then says nothing.
    pub(super) fn insert(&mut self, key: &'static str, value: Json<'a>) {
        match self.fields.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
            Some((_, known)) => *known = Json::Twice,
            None => self.fields.push((key, value)),
        }
    }
}
