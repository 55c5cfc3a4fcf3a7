//! Reads a JSON text.

use super::lenient;
use super::search::Search;
use super::seed::{Scope, ValueSeed};
use super::value::Json;

/// How many levels of objects are kept: of a success, the response and the object in a field of it.
const SHALLOW: u8 = 2;

/// How many levels of objects are kept where an error may be nested.
const DEEP: u8 = 5;

/// A text that is no JSON value.
#[derive(Debug)]
pub(in crate::provider) struct Unreadable {
    /// Whether it only ends too early.
    pub(in crate::provider) is_cut_short: bool,
}

/// Reads what is kept of a text: strictly, or, where that fails, past what is wrong in it.
///
/// Keeps `fields` besides those of the envelopes. `is_deep` keeps the objects in all other fields, too. `search` takes in
/// the list that it searches.
pub(in crate::provider) fn read<'a>(
    bytes: &'a [u8],
    fields: &'static [&'static str],
    is_deep: bool,
    mut search: Option<&mut Search<'_>>,
) -> Result<Json<'a>, Unreadable> {
    // A long response may have many objects, and no listing has anything below its list.
    let levels = if is_deep && search.is_none() { DEEP } else { SHALLOW };
    let seed = ValueSeed { fields, is_deep, levels, scope: scope(search.as_deref_mut()) };
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
    whole(ValueSeed { fields, is_deep, levels, scope: scope(search) }, reader)
        .map_err(|error| Unreadable { is_cut_short: error.is_eof() })
}

/// Reads a text into a type that names all that it keeps: strictly, or, where that fails, past what is wrong in it.
/// `None` if it is no such thing.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes)
        .or_else(|_| serde_json::from_str(&lenient::mended(&String::from_utf8_lossy(bytes))))
        .ok()
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
