//! The parts of a JSON answer that a decision depends on, and nothing else of it.
//!
//! Reads only the fields that have a meaning to some service, so that whatever else an answer holds costs no memory
//! and cannot spoil it. A field that is there twice says nothing: nobody knows which of the two is meant. Of a long
//! list, only the entries that are looked for are kept.

use std::borrow::Cow;

mod lenient;
mod search;
mod seed;
#[cfg(test)]
mod tests;

pub(crate) use search::{Listed, Search};

use self::seed::{Scope, ValueSeed};

/// The fields that have a meaning, in every spelling of the two vendors, by the lengths of their names: each field of
/// each answer is looked up here.
const KEPT: [&[&str]; 11] = [
    &[],
    &[],
    &["id"],
    &["job"],
    &["Code", "code", "Name"],
    &["Error", "error"],
    &["Status", "status", "Result", "result", "Errors", "errors"],
    &["Message", "message", "Success", "success", "flow_id"],
    &["errorMsg", "FlowName"],
    &["RequestId", "requestId", "errorCode", "ErrorCode", "error_msg"],
    &["request_id", "error_code", "instanceId"],
];

/// How many levels of objects are kept: of a success, the answer and what a field of it shows.
const SHALLOW: u8 = 2;

/// How many levels of objects are kept where an error may be nested.
const DEEP: u8 = 5;

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
    fields: Vec<(&'static str, Json<'a>)>,
    /// What is kept of the objects in other fields, where an error may be nested in one.
    others: Vec<Object<'a>>,
    /// Whether it has any field, kept or not.
    has_fields: bool,
}

/// A text that is no JSON value.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Whether it only ends too early.
    pub(super) is_cut_short: bool,
}

/// Reads what is kept of a text: strictly, or, where that fails, past what is wrong in it.
///
/// `is_deep` keeps objects in fields without a meaning, too. `search` takes in the list that it looks for.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    is_deep: bool,
    mut search: Option<&mut Search<'_>>,
) -> Result<Json<'a>, Unreadable> {
    // A long answer may have many objects, and no listing has anything below its list.
    let levels = if is_deep && search.is_none() { DEEP } else { SHALLOW };
    let seed = ValueSeed { is_deep, levels, scope: scope(search.as_deref_mut()) };
    // Text is taken for UTF-8 as a whole, not string by string.
    let strictly = match std::str::from_utf8(bytes) {
        Ok(text) => whole(seed, serde_json::Deserializer::from_str(text)),
        Err(_) => whole(seed, serde_json::Deserializer::from_slice(bytes)),
    };
    let error = match strictly {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Unreadable { is_cut_short: error.is_eof() });
    }
    if let Some(search) = search.as_deref_mut() {
        search.forget();
    }
    let text = lenient::mended(&String::from_utf8_lossy(bytes));
    // A reader lends no texts, so that what is read outlives the mended copy.
    let reader = serde_json::Deserializer::from_reader(text.as_bytes());
    whole(ValueSeed { is_deep, levels, scope: scope(search) }, reader)
        .map_err(|error| Unreadable { is_cut_short: error.is_eof() })
}

fn scope<'s, 'k>(search: Option<&'s mut Search<'k>>) -> Scope<'s, 'k> {
    search.map_or(Scope::Elsewhere, Scope::Above)
}

fn whole<'a, R: serde_json::de::Read<'a>>(
    seed: ValueSeed<'_, '_>,
    mut from: serde_json::Deserializer<R>,
) -> serde_json::Result<Json<'a>> {
    let value = serde::de::DeserializeSeed::deserialize(seed, &mut from)?;
    from.end()?;
    Ok(value)
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

    /// Tells whether it is neither `null` nor an empty text.
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

    /// Tells whether a field is there and is neither `null` nor an empty text.
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

    /// Tells whether it has no field at all.
    pub(crate) const fn is_empty(&self) -> bool {
        !self.has_fields
    }

    /// Takes in a field; one that is there already then says nothing.
    fn insert(&mut self, key: &'static str, value: Json<'a>) {
        match self.fields.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
            Some((_, known)) => *known = Json::Twice,
            None => self.fields.push((key, value)),
        }
    }
}
